"""What no screen may do; each check tells every fault that it finds in a window."""

import re
from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication, QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from tests.ui.looking import faults_of_layout, needed_size, words
from tests.ui.looks import RIM, Pixels, cut_out, drawn, inks, recolored
from ui.language import LanguageName
from ui.sizes import PRIMARY_MM, TARGET_MM, px
from ui.theme import MIN_CONTRAST

INPUTS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
)
PRIMARY_ROLES = {"primary", "confirm", "clear"}

# Names that are the same in both languages: units, abbreviations on devices, formats, our button.
_SAME_IN_BOTH = {
    "English",
    "mK",
    "中文",
    "CDC",
    "PIN",
    "QR",
    "USB",
    "NETD",
    "FFC",
    "CSV",
    "XLSX",
    "OK",
}
# A command, or a name from the settings or of a file: its letters come with digits, dots or lines.
_NAME = re.compile(
    r"\bfever-station(?: -*[a-z]+(?:-[a-z]+)*)+"
    r"|\[\w+\]|\b[\w/]*[A-Za-z][\w/]*(?:[-_./:][\w/]+)+\b|\b[A-Za-z]+\d+\b|°[CF]"
)
_WORD = re.compile(r"[A-Za-z]{2,}")
_CHINESE = re.compile(r"[\u4e00-\u9fff]+")


def cut_texts(window: QWidget) -> Iterator[str]:
    """Tell each text that is cut or lies outside of its place."""
    yield from faults_of_layout(window)


def low_contrasts(window: QWidget, pixels: Pixels | None = None) -> Iterator[str]:
    """Tell each text that stands out too little from what is really drawn behind it."""
    pixels = drawn(window) if pixels is None else pixels
    for widget, text in words(window).items():
        if not widget.visibleRegion().isEmpty() and widget.objectName() != "thermal":
            # A button's border is none of its words.
            middle = needed_size(widget) if isinstance(widget, QAbstractButton) else None
            found = inks(cut_out(pixels, window, widget, middle))
            if found is None or found.contrast < MIN_CONTRAST:
                contrast = found.contrast if found else 1.0
                yield f"{text!r} has a contrast of {contrast:.1f}:1"


def small_targets(window: QWidget) -> Iterator[str]:
    """Tell what a glove cannot hit, and what must be dragged."""
    least, primary = px(window, TARGET_MM), px(window, PRIMARY_MM)
    for widget in targets(window):
        name = widget.accessibleName() or type(widget).__name__
        size = min(widget.width(), widget.height())
        if size < least:
            yield f"{name!r} has only {size} px of {least}"
        if widget.property("role") in PRIMARY_ROLES and widget.height() < primary:
            yield f"{name!r} is primary and has only {widget.height()} px of {primary}"
    for bar in window.findChildren(QAbstractSlider):
        if bar.isVisible() and not bar.visibleRegion().isEmpty():
            yield f"{type(bar.parentWidget()).__name__} must be dragged"


def lying_over_each_other(window: QWidget) -> Iterator[str]:
    """Tell each target that another one covers, or that the window cuts."""
    places = [
        (widget, QRect(widget.mapTo(window, QPoint()), widget.size())) for widget in targets(window)
    ]
    for i, (widget, place) in enumerate(places):
        if not window.rect().contains(place):
            yield f"{widget.accessibleName()!r} leaves the window"
        for other, other_place in places[i + 1 :]:
            if place.intersects(other_place) and not widget.isAncestorOf(other):
                yield f"{widget.accessibleName()!r} and {other.accessibleName()!r} overlap"


def untranslated(window: QWidget, language: LanguageName) -> Iterator[str]:
    """Tell each word of the other language, also among those that only screen readers say."""
    pattern = _CHINESE if language == "en" else _WORD
    for widget in (window, *window.findChildren(QWidget)):
        # What travellers see says everything in both languages at once; so do people's names.
        is_both = any(one and one.property("bilingual") for one in (widget, widget.parentWidget()))
        if (widget is window or widget.isVisible()) and not is_both:
            for text in _said(widget):
                foreign = set(pattern.findall(_NAME.sub("", text))) - _SAME_IN_BOTH
                if foreign:
                    yield f"{text!r} says {sorted(foreign)}"


def nameless(window: QWidget) -> Iterator[str]:
    """Tell each target, and each picture, that a screen reader has no name for."""
    for widget in targets(window):
        # An empty place of a list is no target yet.
        if widget.property("role") != "empty" and not widget.accessibleName().strip():
            yield f"a {type(widget).__name__} has no name"
    for widget in window.findChildren(QWidget):
        # A sign lets touches through: the words beside it speak.
        is_sign = widget.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        if widget.isVisible() and _is_painted(widget) and not is_sign:
            if not widget.accessibleName().strip():
                yield f"a picture ({type(widget).__name__}) has no name"


def out_of_reach(window: QWidget) -> Iterator[str]:
    """Tell each target that the Tab key does not come to; the window must be active."""
    reached: set[QWidget] = set()
    window.setFocus()
    for _ in range(200):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        QCoreApplication.processEvents()
        focused = QApplication.focusWidget()
        if focused is None or focused in reached:
            break
        reached.add(focused)
    for widget in targets(window):
        if widget.isEnabled() and widget not in reached:
            yield f"{widget.accessibleName()!r} is out of the keyboard's reach"


Look = tuple[str, Pixels]


def looks(window: QWidget) -> dict[QWidget, Look]:
    """Return how everything small looks: its words, and its pixels."""
    pixels = drawn(window)
    return {
        widget: ("\n".join(_said(widget)), cut_out(pixels, window, widget, rim=RIM))
        for widget in window.findChildren(QWidget)
        if widget.isVisible() and (isinstance(widget, QAbstractButton) or not widget.children())
    }


def told_by_color_alone(before: dict[QWidget, Look], after: dict[QWidget, Look]) -> Iterator[str]:
    """Tell what changed between two moments in its colours, but neither in shape nor in words."""
    for widget, (said, pixels) in after.items():
        said_before, pixels_before = before.get(widget, ("", pixels))
        if said == said_before and recolored(pixels_before, pixels):
            yield f"{said or type(widget).__name__!r} changed its colour alone"


def targets(window: QWidget) -> list[QWidget]:
    """Return everything in sight that takes a touch."""
    found = []
    for kind in INPUTS:
        found += [widget for widget in window.findChildren(kind) if widget.isVisible()]
    return found


def _said(widget: QWidget) -> list[str]:
    shown = widget.text() if isinstance(widget, QLabel | QAbstractButton | QLineEdit) else ""
    hint = widget.placeholderText() if isinstance(widget, QLineEdit) else ""
    parts = (shown, hint, widget.accessibleName(), widget.toolTip(), widget.windowTitle())
    return [part for part in parts if part]


def _is_painted(widget: QWidget) -> bool:
    """Whether one of our own classes draws it."""
    ours = (kind for kind in type(widget).__mro__ if kind.__module__.startswith(("ui.", "tests.")))
    return any("paintEvent" in vars(kind) for kind in ours)
