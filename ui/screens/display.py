"""Picture, sound and the traveller's side: what staff set for their shift."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.desk import Desk
from ui.palette import PALETTES, PaletteName
from ui.screens.base import Screen
from ui.sounds import Sound
from ui.texts import PALETTE_WORDS, SOUNDS, say, translate
from ui.views.traveller import TravellerView
from ui.widgets.touch import TouchButton

_GAP_PX = 8


class _Strip(QWidget):
    """A palette from cold to hot."""

    def __init__(self, parent: QWidget, palette: PaletteName) -> None:
        super().__init__(parent)
        self._palette = palette
        self.setFixedHeight(24)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw it."""
        painter = QPainter(self)
        gradient = QLinearGradient(0, 0, self.width(), 0)
        for step in range(0, 256, 15):
            red, green, blue = (int(part) for part in PALETTES[self._palette][step])
            gradient.setColorAt(step / 255, QColor(red, green, blue))
        painter.fillRect(QRectF(self.rect()), gradient)
        painter.end()


class DisplayScreen(Screen):
    """Three groups: the picture's colours, the sounds, and what travellers see now."""

    def __init__(self, parent: QWidget, desk: Desk) -> None:
        super().__init__(parent, desk)
        self._titles = {key: QLabel(self) for key in ("colours", "sound", "travellers")}
        for label in self._titles.values():
            label.setProperty("role", "title")
        self.palettes = {name: self._palette_button(name) for name in PaletteName}
        self._strips = {name: _Strip(self, name) for name in PaletteName}
        self.tries = {sound: self._try_button(sound) for sound in Sound}
        self._heard = QLabel(self)
        self._heard.setWordWrap(True)
        self._heard.setProperty("role", "quiet")
        self._about = QLabel(self)
        self._about.setWordWrap(True)
        self._about.setProperty("role", "quiet")
        self.travellers = TravellerView(self, desk.language)
        self.desk.traveller_views.append(self.travellers)
        self._lay_out()

    def refresh(self, now: datetime) -> None:
        """Show what is chosen and what the machine can do."""
        for name, button in self.palettes.items():
            button.setChecked(name is self.desk.palette)
        self._show_heard()

    def retranslate(self) -> None:
        """Show the fixed words in the kiosk's language."""
        self._titles["colours"].setText(translate("display", "Colours of the picture"))
        self._titles["sound"].setText(translate("display", "Sounds for travellers"))
        self._titles["travellers"].setText(translate("display", "What travellers see now"))
        for name, button in self.palettes.items():
            button.set_words(say(PALETTE_WORDS, name))
            self._strips[name].setAccessibleName(
                translate("display", "cold to hot in {0}").format(say(PALETTE_WORDS, name))
            )
        for sound, button in self.tries.items():
            button.set_words(say(SOUNDS, sound))
        self._about.setText(
            translate(
                "display",
                "Travellers see no temperature and no picture. A second screen shows this by "
                "itself; on a single wide screen a technician can set it beside this window.",
            )
        )
        self._show_heard()

    def _show_heard(self) -> None:
        speaker = self.desk.speaker
        for button in self.tries.values():
            button.setVisible(speaker.can_play)
        if not speaker.can_play:
            heard = translate(
                "display",
                "No sound: this machine has no program that plays it. A technician can install "
                "one. Travellers are told by drawings and words.",
            )
        elif not speaker.can_speak:
            heard = translate(
                "display",
                "No voice is installed: travellers hear the sounds alone, and are told by drawings "
                "and words.",
            )
        else:
            heard = translate("display", "Prompts are spoken in Chinese and English.")
        if self._heard.text() != heard:
            self._heard.setText(heard)

    def _palette_button(self, name: PaletteName) -> TouchButton:
        button = self._button(lambda: self._choose(name))
        button.setCheckable(True)
        return button

    def _try_button(self, sound: Sound) -> TouchButton:
        return self._button(lambda: self.desk.speaker.play(sound))

    def _button(self, on_touch: Callable[[], None]) -> TouchButton:
        button = TouchButton(self, monotonic_s=self.desk.clock.monotonic_s)
        button.touched.connect(lambda _: on_touch())
        return button

    def _choose(self, name: PaletteName) -> None:
        self.desk.palette = name
        self.refresh(self.desk.clock.now())

    def _lay_out(self) -> None:
        colours = QGridLayout()
        colours.setSpacing(_GAP_PX)
        for place, name in enumerate(PaletteName):
            colours.addWidget(self.palettes[name], 0, place)
            colours.addWidget(self._strips[name], 1, place)
        tries = QHBoxLayout()
        tries.setSpacing(_GAP_PX)
        for button in self.tries.values():
            tries.addWidget(button)
        left = QVBoxLayout()
        left.setSpacing(_GAP_PX)
        left.addWidget(self._titles["colours"])
        left.addLayout(colours)
        left.addSpacing(2 * _GAP_PX)
        left.addWidget(self._titles["sound"])
        left.addLayout(tries)
        left.addWidget(self._heard)
        left.addStretch(1)
        frame = QFrame(self)
        frame.setObjectName("panel")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(10, 10, 10, 10)
        inside.addWidget(self.travellers)
        right = QVBoxLayout()
        right.setSpacing(_GAP_PX)
        right.addWidget(self._titles["travellers"])
        right.addWidget(frame, 1)
        right.addWidget(self._about)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(20)
        layout.addLayout(left, 1)
        layout.addLayout(right, 1)
