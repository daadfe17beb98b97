"""The slip for the traveller: the nearest fever clinics, in both languages, and as a QR code."""

from collections.abc import Sequence
from dataclasses import dataclass

import segno
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter

from station.core.case_flow import CaseFlow, Clinic

_MOST_CLINICS = 3
# The slip speaks both languages whatever the kiosk's is: its words are its own.
_TITLE = "发热门诊 / Fever clinics"
_ADVICE = (
    "请戴好口罩，尽快到下列医院就诊。",
    "Please wear a mask and see one of these clinics soon.",
)
_PAPER, _INK = "#ffffff", "#000000"


@dataclass(frozen=True, slots=True)
class Slip:
    """What the slip says; nothing in it tells who the traveller is."""

    lines: tuple[str, ...]
    """The words, the first one is the title."""
    code: str
    """What the QR code holds: the same words."""


def make_slip(flow: CaseFlow, case_number: int) -> Slip | None:
    """Return the slip of a case, or None where no clinic is known."""
    if not flow.clinics:
        return None
    lines = [_TITLE, *_ADVICE]
    for place, clinic in enumerate(flow.clinics[:_MOST_CLINICS], start=1):
        lines += _lines_of(place, clinic)
    lines.append(f"急救 / Ambulance: {flow.emergency}")
    lines.append(f"{flow.site_name} · {case_number}".strip(" ·"))
    return Slip(tuple(lines), "\n".join(lines))


def qr_image(text: str) -> QImage:
    """Return a text as a QR code, one pixel a module, with the quiet border of four."""
    rows: Sequence[bytearray] = segno.make_qr(text, error="m", encoding="utf-8").matrix
    border = 4
    side = len(rows) + 2 * border
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(QColor(_PAPER))
    for row, modules in enumerate(rows):
        for column, is_dark in enumerate(modules):
            if is_dark:
                image.setPixelColor(column + border, row + border, QColor(_INK))
    return image


def paint_slip(painter: QPainter, slip: Slip, area: QRectF) -> None:
    """Draw the slip: words at the left or top, the code where there is room."""
    painter.fillRect(area, QColor(_PAPER))
    painter.setPen(QColor(_INK))
    is_wide = area.width() > area.height()
    code_side = min(area.width() * 0.42, area.height()) if is_wide else area.height() * 0.42
    code = QRectF(area.right() - code_side, area.top(), code_side, code_side)
    words = QRectF(area)
    if is_wide:
        words.setRight(code.left())
    else:
        code.moveTopLeft(area.topLeft())
        words.setTop(code.bottom())
    painter.drawImage(code, qr_image(slip.code))
    _paint_words(painter, slip, words.adjusted(16, 12, -8, -8))


def _paint_words(painter: QPainter, slip: Slip, area: QRectF) -> None:
    font = QFont(painter.font())
    text = "\n".join(slip.lines)
    flags = int(Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap)
    size = max(8, round(area.height() / len(slip.lines) / 1.2))
    # As large as it fits.
    while size > 8:  # noqa: PLR2004
        font.setPixelSize(size)
        painter.setFont(font)
        if painter.boundingRect(area, flags, text).height() <= area.height():
            break
        size -= 1
    painter.drawText(area, flags, text)


def _lines_of(place: int, clinic: Clinic) -> list[str]:
    return [
        f"{place}. {clinic.name_zh} / {clinic.name_en}",
        f"   {clinic.address_zh} / {clinic.address_en}",
        f"   {clinic.telephone}",
    ]
