"""The duty desk's page: as it is printed, to be read out by telephone."""

from collections.abc import Callable

from PySide6.QtCore import QSizeF, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QTextDocument
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui.printing import print_page
from ui.sizes import PRIMARY_MM
from ui.texts import translate
from ui.theme import FONTS
from ui.viewmodels.duty_page import DutyPage, page_html, page_text
from ui.widgets.rows import GAP_PX
from ui.widgets.touch import TouchButton

_PAPER, _INK = "#ffffff", "#000000"
_WIDTH_PX, _MARGIN_PX = 900.0, 12.0


class DutySheet(QWidget):
    """Draws the page on white paper, as large as it fits."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._html = ""
        self.document = QTextDocument(self)
        self.document.setDocumentMargin(_MARGIN_PX)
        families = ", ".join(f"'{family}'" for family in FONTS)
        self.document.setDefaultStyleSheet(
            f"body, td, h2, p {{ color: {_INK}; font-family: {families}; }}"
        )
        self.document.setTextWidth(_WIDTH_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_html(self, html: str) -> None:
        """Show a page."""
        if html != self._html:
            self._html = html
            self.document.setHtml(f"<body>{html}</body>")
            self.update()

    @property
    def scale(self) -> float:
        """How much larger than laid out the page is drawn."""
        size: QSizeF = self.document.size()
        return min(self.width() / size.width(), self.height() / size.height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the page."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(_PAPER))
        painter.scale(self.scale, self.scale)
        self.document.drawContents(painter)
        painter.end()


class DutyView(QWidget):
    """Shows the page and prints it.

    Args:
        monotonic_s: the clock for touches.
    """

    closed = Signal()
    """Staff go back to the cases."""

    def __init__(self, parent: QWidget, monotonic_s: Callable[[], float]) -> None:
        super().__init__(parent)
        self._html = ""
        self.to_printer: Callable[[str], str | None] = print_page
        """Prints a page and returns the printer's name, None if there is none."""
        self.sheet = DutySheet(self)
        self._answer = QLabel(self)
        self._answer.setProperty("role", "caution")
        self._answer.setWordWrap(True)
        self.back, self.print = (
            TouchButton(self, role=role, height_mm=PRIMARY_MM, monotonic_s=monotonic_s)
            for role in ("", "primary")
        )
        self.back.touched.connect(lambda _: self.closed.emit())
        self.print.touched.connect(lambda _: self._on_print())
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP_PX)
        buttons.addWidget(self.back, 1)
        buttons.addWidget(self._answer, 2)
        buttons.addWidget(self.print, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP_PX)
        layout.addWidget(self.sheet, 1)
        layout.addLayout(buttons)

    def open_page(self, page: DutyPage) -> None:
        """Show a page for the first time."""
        self._answer.setText("")
        self.show_page(page)

    def show_page(self, page: DutyPage) -> None:
        """Show what the page says now."""
        self._html = page_html(page)
        self.sheet.show_html(self._html)
        self.sheet.setAccessibleName(page_text(page))

    def retranslate(self) -> None:
        """Show the fixed words in the kiosk's language."""
        self.back.set_words(translate("typing", "Back"))
        self.print.set_words(translate("cases", "Print"))

    def _on_print(self) -> None:
        printer = self.to_printer(self._html)
        if printer is None:
            words = translate("dutypage", "No printer is set up here: read the page out")
        else:
            words = translate("dutypage", "Sent to the printer {0}").format(printer)
        self._answer.setText(words)
