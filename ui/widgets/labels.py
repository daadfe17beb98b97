"""Labels with a role in the style sheet."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget


def role_label(parent: QWidget, role: str, *, wraps: bool = False, is_top: bool = False) -> QLabel:
    """Return an empty label.

    Args:
        parent: what it lies on.
        role: its role in the style sheet; empty for plain text.
        wraps: whether long text goes on in the next line.
        is_top: whether text begins at the top of a taller label.
    """
    label = QLabel(parent)
    label.setProperty("role", role)
    label.setWordWrap(wraps)
    if is_top:
        label.setAlignment(Qt.AlignmentFlag.AlignTop)
    return label


def show_text(label: QLabel, text: str) -> None:
    """Show a text; the same text again costs no new layout."""
    if text != label.text():
        label.setText(text)
