"""What travellers see: a drawing and a wish in both languages at once, for each lane."""

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ui.language import Language
from ui.theme import BACKGROUND, LINE, PRIMARY, QUIET_TEXT, TEXT
from ui.viewmodels.prompts import LANE, PROMPTS, Prompt
from ui.widgets.pictogram import load_pictogram

# Parts of the height: the drawing, then Chinese, then English.
_DRAWING, _GAP = 0.40, 0.03
# Read from 3 m: about 1/15 of the height of a 15-inch screen is 13 mm.
_CHINESE_PART, _ENGLISH_PART, _LANE_PART = 1 / 13, 1 / 19, 1 / 26
_SMALLEST_PX = 9
# Clauses stay whole if their font keeps this part of its size.
_WHOLE_PART = 0.8
_MARKS, _JOINER = "，。！？", "\N{WORD JOINER}"


class LaneSign(QWidget):
    """One lane's drawing and words.

    The colours are the same for every wish: whoever must step aside is not shown up by them.

    Args:
        language: gives the Chinese words whatever the kiosk speaks.
        lane: the lane's name, shown if there are several.
    """

    def __init__(self, parent: QWidget, language: Language, lane: str) -> None:
        super().__init__(parent)
        self._language = language
        self._lane = lane
        self._shows_lane = False
        self._renderers: dict[Prompt, QSvgRenderer] = {}
        self.prompt = Prompt.WAIT
        # Both languages stand there at once, whatever the kiosk speaks.
        self.setProperty("bilingual", True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._name()

    def show_prompt(self, prompt: Prompt, *, shows_lane: bool) -> None:
        """Show a wish."""
        if (prompt, shows_lane) != (self.prompt, self._shows_lane):
            self.prompt, self._shows_lane = prompt, shows_lane
            self._name()
            self.update()

    def words(self) -> tuple[str, str]:
        """Return the wish in Chinese and in English."""
        source = PROMPTS[self.prompt]
        return self._language.in_chinese("prompts", source), source

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a small size; the place decides."""
        return QSize(160, 120)

    def places(self) -> list[tuple[QRectF, str, QFont]]:
        """Return where each text stands, with its font shrunk until it fits."""
        width, height = self.width(), self.height()
        top = height * (_DRAWING + 2 * _GAP + (_LANE_PART * 1.6 if self._shows_lane else 0))
        room = height - top - height * _GAP
        chinese, english = self.words()
        found = []
        for text, part, share in (
            (chinese, _CHINESE_PART, 0.55),
            (english, _ENGLISH_PART, 0.45),
        ):
            place = QRectF(width * 0.05, top, width * 0.9, room * share)
            found.append((place, *self._set(text, round(height * part), place)))
            top = place.bottom()
        return found

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the sign."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(BACKGROUND))
        height, top = float(self.height()), self.height() * _GAP
        if self._shows_lane:
            painter.setFont(self._font(round(height * _LANE_PART)))
            painter.setPen(QColor(QUIET_TEXT))
            line = QRectF(0, top, self.width(), height * _LANE_PART * 1.5)
            painter.drawText(line, int(Qt.AlignmentFlag.AlignCenter), self._lane_words())
            top = line.bottom()
            painter.setPen(QColor(LINE))
            painter.drawLine(QPointF(self.width() - 1, 0), QPointF(self.width() - 1, height))
        side = min(height * _DRAWING, self.width() * 0.8)
        drawing = QRectF((self.width() - side) / 2, top, side, side)
        self._renderer().render(painter, drawing)
        painter.setPen(QColor(TEXT))
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
        for place, text, font in self.places():
            painter.setFont(font)
            painter.drawText(place, int(flags | Qt.TextFlag.TextWordWrap), text)
        painter.end()

    def _renderer(self) -> QSvgRenderer:
        if self.prompt not in self._renderers:
            self._renderers[self.prompt] = load_pictogram(self.prompt.value, PRIMARY)
        return self._renderers[self.prompt]

    def _lane_words(self) -> str:
        return f"{self._language.in_chinese('prompts', LANE)}  {LANE}".format(self._lane)

    def _name(self) -> None:
        self.setAccessibleName(" ".join(self.words()))

    def _font(self, size_px: int) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(max(_SMALLEST_PX, size_px))
        font.setBold(True)
        return font

    def _set(self, text: str, size_px: int, place: QRectF) -> tuple[str, QFont]:
        """Return the text as it is wrapped, with its font; whole clauses unless that costs size."""
        font, whole = self._fitting(text, size_px, place), _unbroken(text)
        whole_font = self._fitting(whole, size_px, place)
        if whole_font.pixelSize() >= _WHOLE_PART * font.pixelSize():
            return whole, whole_font
        return text, font

    def _fitting(self, text: str, size_px: int, place: QRectF) -> QFont:
        font = self._font(size_px)
        while font.pixelSize() > _SMALLEST_PX and not fits(text, font, place):
            font.setPixelSize(font.pixelSize() - 1)
        return font


class TravellerView(QWidget):
    """A sign for each lane, side by side.

    Args:
        language: gives the Chinese words.
    """

    def __init__(self, parent: QWidget | None, language: Language) -> None:
        super().__init__(parent)
        self.setObjectName("window")
        self._language = language
        self.signs: dict[str, LaneSign] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)

    def show_prompts(self, prompts: Mapping[str, Prompt]) -> None:
        """Show what each lane's travellers are told."""
        if list(prompts) != list(self.signs):
            for sign in self.signs.values():
                sign.hide()
                self._row.removeWidget(sign)
                sign.deleteLater()
            self.signs = {lane: LaneSign(self, self._language, lane) for lane in prompts}
            for sign in self.signs.values():
                self._row.addWidget(sign)
        for lane, prompt in prompts.items():
            self.signs[lane].show_prompt(prompt, shows_lane=len(prompts) > 1)


def _unbroken(text: str) -> str:
    """Return the text with Chinese wrapped behind marks alone: no character stands by itself."""
    if text.isascii():
        return text
    joined = (letter if letter in _MARKS else letter + _JOINER for letter in text)
    return "".join(joined).rstrip(_JOINER)


def fits(text: str, font: QFont, place: QRectF) -> bool:
    """Whether a text can be written into a place, wrapped between words."""
    flags = int(Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap)
    needed = QFontMetricsF(font).boundingRect(place, flags, text)
    return needed.height() <= place.height() and needed.width() <= place.width()
