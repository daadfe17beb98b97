"""Colours, fonts and the contrast that every text keeps."""

from dataclasses import dataclass

from PySide6.QtGui import QColor

from station.core.screening import Outcome

BACKGROUND = "#0e151b"
PANEL = "#17212a"
RAISED = "#22303c"
LINE = "#3a4c5b"
CLOSED_LINE = "#8296a5"
"""Dashed around what cannot be touched: it tells so without its colour."""
TEXT = "#f4f7f9"
QUIET_TEXT = "#c3ced7"
SELECTED = "#1c3d54"
PRIMARY = "#8fd3ff"
PRIMARY_TEXT = "#06131c"
GOOD = "#8fd6c0"
CAUTION = "#ffd166"
ALARM = "#ff9e7a"

SHADE = "#060c11"
"""Laid over the picture, under words."""
SHADE_ALPHA = 225
"""How much of the picture it hides, of 255."""

NOTICE_COLORS = {"good": GOOD, "caution": CAUTION, "alarm": ALARM}
"""Text colour of a notice by its role."""

FONTS = ("Noto Sans CJK SC", "Noto Sans", "Microsoft YaHei", "Segoe UI", "sans-serif")
"""Families that show Chinese and Latin well, the first installed one wins."""

_SMALLEST_TEXT_PX, _LARGEST_TEXT_PX = 18, 26
_LINES_OF_TEXT = 48

MIN_CONTRAST = 7.0
"""Contrast of every text on its ground (WCAG 2.2, level AAA)."""

TEXT_PAIRS = (
    (TEXT, BACKGROUND),
    (TEXT, PANEL),
    (TEXT, RAISED),
    (TEXT, SELECTED),
    (QUIET_TEXT, BACKGROUND),
    (QUIET_TEXT, PANEL),
    (QUIET_TEXT, RAISED),
    (QUIET_TEXT, SELECTED),
    (PRIMARY_TEXT, PRIMARY),
    (PRIMARY, RAISED),
    (PRIMARY_TEXT, GOOD),
    (PRIMARY_TEXT, CAUTION),
    (PRIMARY_TEXT, ALARM),
    (ALARM, PANEL),
    (CAUTION, PANEL),
    (GOOD, PANEL),
    (ALARM, BACKGROUND),
    (CAUTION, BACKGROUND),
    (GOOD, BACKGROUND),
)
"""Every (text, ground) that the kiosk uses."""


@dataclass(frozen=True, slots=True)
class OutcomeStyle:
    """How an outcome is drawn: colour and shape each tell it alone."""

    color: str
    """Colour, safe for the common colour blindnesses."""
    corners: int
    """Corners of its sign: 0 a circle, 3 a triangle, 4 a square, 6 a hexagon."""
    is_dashed: bool
    """Whether the box's line is broken and the sign is hatched."""


OUTCOME_STYLES = {
    Outcome.BELOW: OutcomeStyle("#8fd6c0", 0, False),
    Outcome.ABOVE: OutcomeStyle("#ff9e7a", 3, False),
    Outcome.REPEAT: OutcomeStyle("#ffd166", 4, False),
    Outcome.NOT_MEASURED: OutcomeStyle("#d9dee2", 6, True),
}


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21.

    Source: WCAG 2.2, definition of contrast ratio.
    """
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(name: str) -> float:
    color = QColor(name)
    parts = (color.redF(), color.greenF(), color.blueF())
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4  # noqa: PLR2004
        for value in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def text_px(height_px: int) -> int:
    """Return the base text size for a window of this height."""
    return min(max(_SMALLEST_TEXT_PX, round(height_px / _LINES_OF_TEXT)), _LARGEST_TEXT_PX)


def style_sheet(text_px: int) -> str:
    """Return the application's style sheet for a base text size in pixels."""
    families = ", ".join(f'"{family}"' for family in FONTS)
    return f"""
    * {{ font-family: {families}; font-size: {text_px}px; color: {TEXT}; }}
    QWidget#window {{ background: {BACKGROUND}; }}
    QFrame#panel {{ background: {PANEL}; border-radius: 10px; }}
    QLabel {{ background: transparent; }}
    QLabel[role="title"] {{ font-size: {round(text_px * 1.15)}px; font-weight: 600; }}
    QLabel[role="title on primary"] {{ color: {PRIMARY_TEXT};
        font-size: {round(text_px * 1.15)}px; font-weight: 600; }}
    QLabel[role="quiet on primary"] {{ color: {PRIMARY_TEXT};
        font-size: {round(text_px * 0.88)}px; }}
    QLabel[role="big"] {{ font-size: {round(text_px * 1.6)}px; font-weight: 700; }}
    QLabel[role="quiet"] {{ color: {QUIET_TEXT}; font-size: {round(text_px * 0.88)}px; }}
    QLabel[role="action"] {{ color: {PRIMARY}; font-weight: 600; }}
    QLabel[role="alarm"] {{ color: {ALARM}; font-weight: 600; }}
    QLabel[role="caution"] {{ color: {CAUTION}; font-weight: 600; }}
    QLabel[role="caution small"] {{ color: {CAUTION}; font-size: {round(text_px * 0.88)}px; }}
    QLabel[role="good"] {{ color: {GOOD}; font-weight: 600; }}
    QLineEdit {{ background: {BACKGROUND}; border: 2px solid {LINE}; border-radius: 10px;
        padding: 4px 12px; placeholder-text-color: {QUIET_TEXT};
        selection-background-color: {PRIMARY}; selection-color: {PRIMARY_TEXT}; }}
    QLineEdit:focus {{ border-color: {PRIMARY}; }}
    QPlainTextEdit {{ background: {PANEL}; border: 2px solid {LINE}; border-radius: 10px;
        padding: 6px; font-size: {round(text_px * 0.88)}px; selection-background-color: {PRIMARY};
        selection-color: {PRIMARY_TEXT}; }}
    QPlainTextEdit:focus {{ border-color: {PRIMARY}; }}
    QPushButton {{ background: {RAISED}; border: 2px solid {LINE}; border-radius: 10px;
        padding: 4px 14px; font-weight: 600; text-align: center; }}
    QPushButton[role="key"], QLineEdit[role="key"] {{ font-size: {round(text_px * 1.4)}px; }}
    QPushButton:focus {{ border-color: {PRIMARY}; }}
    QPushButton:pressed {{ background: {SELECTED}; }}
    QPushButton:checked {{ background: {SELECTED}; border-color: {PRIMARY}; }}
    QPushButton:disabled {{ color: {QUIET_TEXT}; border: 2px dashed {CLOSED_LINE}; }}
    QPushButton[role="confirm"]:enabled {{ background: {ALARM}; color: {PRIMARY_TEXT};
        border-color: {ALARM}; }}
    QPushButton[role="clear"]:enabled {{ background: {GOOD}; color: {PRIMARY_TEXT};
        border-color: {GOOD}; }}
    QLabel[role="rail"] {{ font-size: {round(text_px * 0.88)}px; font-weight: 600; }}
    QPushButton[role="rail"] {{ background: {PANEL}; border-color: {PANEL}; padding: 0; }}
    QPushButton[role="rail"]:focus {{ border-color: {PRIMARY}; }}
    QPushButton[role="rail"]:checked {{ background: {SELECTED}; border-color: {PRIMARY}; }}
    QPushButton[role="tile"] {{ background: {PANEL}; padding: 0; }}
    QPushButton[role="tile"]:focus {{ border-color: {PRIMARY}; }}
    QPushButton[role="empty"] {{ background: {PANEL}; border-color: {PANEL}; }}
    QPushButton[role="fault"]:enabled {{ background: {ALARM}; color: {PRIMARY_TEXT};
        border-color: {ALARM}; }}
    QPushButton[role="primary"]:enabled {{ background: {PRIMARY}; color: {PRIMARY_TEXT};
        border-color: {PRIMARY}; }}
    """
