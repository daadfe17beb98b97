"""The live lane: banner, thermal picture, and the line that says what this is."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from station.core.events import LaneUpdate
from station.runtime.bridge_frames import Picture
from ui.texts import translate
from ui.theme import NOTICE_COLORS
from ui.viewmodels import LATE_S, Notice
from ui.widgets.thermal import ThermalView


class LaneView(QWidget):
    """Shows one lane. `now_s` everywhere is one monotonic clock."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lane: str | None = None
        self._shown_at_s: float | None = None
        self._banner = QLabel(self)
        self._banner.setProperty("role", "big")
        self._banner.setWordWrap(True)
        self._rate = QLabel(self)
        self._rate.setProperty("role", "quiet")
        self._purpose = QLabel(self)
        self._purpose.setProperty("role", "quiet")
        self.picture = ThermalView(self)
        head = QFrame(self)
        head.setObjectName("panel")
        row = QHBoxLayout(head)
        row.setContentsMargins(18, 8, 18, 8)
        row.addWidget(self._banner, 1)
        row.addWidget(self._rate)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(head)
        layout.addWidget(self.picture, 1)
        layout.addWidget(self._purpose)

    def show_frame(self, picture: Picture, update: LaneUpdate, now_s: float) -> None:
        """Show a fresh picture of this lane."""
        self.lane = update.lane
        self._shown_at_s = now_s
        self.picture.show_picture(picture.temperature_c, update)
        rate = translate("lane", "Lane {0} · {1} pictures/s")
        self._rate.setText(rate.format(update.lane, f"{update.frames_per_s:.0f}"))

    def age_s(self, now_s: float) -> float | None:
        """Return how old the shown picture is, s, or None without one."""
        return None if self._shown_at_s is None else now_s - self._shown_at_s

    def set_notice(self, notice: Notice, now_s: float) -> None:
        """Show the banner, and cover a picture that is late."""
        self._banner.setText(notice.text)
        self._banner.setStyleSheet(f"color: {NOTICE_COLORS[notice.role]};")
        age_s = self.age_s(now_s)
        is_late = age_s is not None and age_s > LATE_S
        self.picture.set_late(notice.text if is_late else "")
        self.picture.setAccessibleName(notice.text)

    def retranslate(self) -> None:
        """Show the fixed words in the kiosk's language."""
        purpose = translate("lane", "Triage aid, not a diagnosis. Skin temperature, not body.")
        self._purpose.setText(purpose)
