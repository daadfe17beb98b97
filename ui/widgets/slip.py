"""Shows the traveller's slip, and prints it."""

import logging

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.slip import Slip, paint_slip
from ui.texts import translate

logger = logging.getLogger(__name__)


class SlipPicture(QWidget):
    """The slip as it is printed; travellers may photograph it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._slip: Slip | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the least at which it can be read and photographed."""
        return QSize(420, 240)

    def show_slip(self, slip: Slip | None) -> None:
        """Show a slip."""
        if slip != self._slip:
            self._slip = slip
            self.update()
        self.setAccessibleName(translate("slip", "Fever clinics as words and as a QR code"))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the slip."""
        if self._slip is not None:
            painter = QPainter(self)
            paint_slip(painter, self._slip, QRectF(self.rect()))
            painter.end()


def has_printer() -> bool:
    """Whether a printer is set up."""
    return not QPrinterInfo.defaultPrinter().isNull()


def print_slip(slip: Slip) -> bool:
    """Print a slip on the default printer and return whether it took it."""
    printer = QPrinter(QPrinterInfo.defaultPrinter(), QPrinter.PrinterMode.HighResolution)
    painter = QPainter()
    if not painter.begin(printer):
        logger.error("the printer %s does not take the slip", printer.printerName())
        return False
    page = printer.pageRect(QPrinter.Unit.DevicePixel)
    paint_slip(painter, slip, QRectF(0, 0, page.width(), page.height()))
    return painter.end()
