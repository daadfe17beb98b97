"""The live lane: banner, thermal picture, and the line that says what this is."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from station.core.events import LaneUpdate
from station.runtime.bridge_frames import Picture
from ui.texts import translate
from ui.theme import NOTICE_COLORS
from ui.viewmodels import LaneSwitch, Notice
from ui.widgets.thermal import ThermalView
from ui.widgets.touch import TouchButton, set_role


class LaneView(QWidget):
    """Shows one lane.

    Args:
        monotonic_s: the clock for touches.
    """

    lane_asked = Signal(object)
    """Somebody wants to see this lane (its name)."""

    def __init__(self, parent: QWidget, monotonic_s: Callable[[], float]) -> None:
        super().__init__(parent)
        self._banner = QLabel(self)
        self._banner.setProperty("role", "big")
        self._banner.setWordWrap(True)
        self._role = ""
        self._rate = QLabel(self)
        self._rate.setProperty("role", "quiet")
        self.switch = TouchButton(self, monotonic_s=monotonic_s)
        self.switch.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.switch.touched.connect(self.lane_asked)
        self._crowd = QLabel(self)
        self._crowd.setWordWrap(True)
        self._crowd.setProperty("role", "quiet")
        self._purpose = QLabel(self)
        self._purpose.setProperty("role", "quiet")
        self.picture = ThermalView(self)
        head = QFrame(self)
        head.setObjectName("panel")
        row = QHBoxLayout(head)
        row.setContentsMargins(18, 8, 10, 8)
        row.addWidget(self._banner, 1)
        row.addWidget(self._rate)
        row.addSpacing(8)
        row.addWidget(self.switch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(head)
        layout.addWidget(self.picture, 1)
        foot = QVBoxLayout()
        foot.setSpacing(2)
        foot.addWidget(self._crowd)
        foot.addWidget(self._purpose)
        layout.addLayout(foot)
        self.show_switch(None)

    def show_frame(self, picture: Picture, update: LaneUpdate) -> None:
        """Show a picture of the lane with what was found in it."""
        self.picture.show_picture(picture.temperature_c, update)
        rate = translate("lane", "Lane {0} · {1} pictures/s")
        self._rate.setText(rate.format(update.lane, f"{update.frames_per_s:.0f}"))

    def show_nothing(self) -> None:
        """Take the picture away: it belongs to another lane."""
        self.picture.clear()
        self._rate.setText("")

    def show_notice(self, notice: Notice, *, is_late: bool) -> None:
        """Show the banner, and cover a picture that must not be taken for the present."""
        if self._banner.text() != notice.text:
            self._banner.setText(notice.text)
            self.picture.setAccessibleName(notice.text)
        if self._role != notice.role:
            self._role = notice.role
            self._banner.setStyleSheet(f"color: {NOTICE_COLORS[notice.role]};")
        self.picture.set_late(notice.text if is_late else "")
        self._rate.setVisible(not is_late)

    def show_crowd(self, notice: Notice) -> None:
        """Show what the watch against the crowd rests on."""
        if self._crowd.text() != notice.text:
            self._crowd.setText(notice.text)
        set_role(self._crowd, "caution small" if notice.role == "caution" else "quiet")
        self._crowd.setVisible(bool(notice.text))

    def show_switch(self, switch: LaneSwitch | None) -> None:
        """Show the way to the next lane, if there is one."""
        self.switch.setVisible(switch is not None)
        if switch is None:
            return
        self.switch.set_target(switch.lane)
        self.switch.set_words(switch.text)
        set_role(self.switch, "fault" if switch.has_fault else "")

    def retranslate(self) -> None:
        """Show the fixed words in the kiosk's language."""
        purpose = translate("lane", "Triage aid, not a diagnosis. Skin temperature, not body.")
        self._purpose.setText(purpose)
