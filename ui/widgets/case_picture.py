"""The small picture by which staff find a traveller who waits."""

import base64

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QImage, QPaintEvent
from PySide6.QtWidgets import QWidget

from station.core.events import CasePictured
from ui.theme import LINE
from ui.widgets.still import draw_still


class CasePicture(QWidget):
    """Shows a picture, or nothing; touches go through to what lies below.

    Args:
        side_px: its width and height.
    """

    def __init__(self, parent: QWidget, side_px: int) -> None:
        super().__init__(parent)
        self.setFixedSize(side_px, side_px)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._shown: CasePictured | None = None
        self._image: QImage | None = None
        self.hide()

    def show_picture(self, picture: CasePictured | None) -> None:
        """Show a picture; None forgets the one before."""
        if picture is not self._shown:
            self._shown = picture
            self._image = None if picture is None else _image(picture)
            self.update()
        self.setVisible(picture is not None)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Forget the pixels: nobody looks at the time of what is not in sight."""
        self._shown = self._image = None
        super().hideEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the picture as large as it fits."""
        if self._image is not None:
            draw_still(self, self._image, LINE, 2)


def _image(picture: CasePictured) -> QImage:
    rows, columns = picture.shape
    pixels = base64.b64decode(picture.pixels)
    image = QImage(pixels, columns, rows, columns, QImage.Format.Format_Grayscale8)
    # A copy: the bytes end here.
    return image.copy()
