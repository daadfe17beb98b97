"""The traveller's side: keeps each lane's wish readable, shows it and lets it be heard."""

import logging
from enum import StrEnum

from PySide6.QtCore import QObject, QRect, Qt, QTimer
from PySide6.QtGui import QGuiApplication

from ui.desk import Desk
from ui.theme import style_sheet
from ui.viewmodels.prompts import Steady, prompt_of
from ui.views.traveller import TravellerView
from ui.window import KioskWindow

logger = logging.getLogger(__name__)

_LOOK_MS = 100
# Of the fonts that its signs then fit to their places.
_TEXT_PX = 18
# The operator's window is made for this width; less than the other nobody reads from afar.
_OPERATOR_PX, _LEAST_PX = 1280, 320
# Wider screens give the traveller's window this part.
_SPLIT_PART = 1 / 3


class TravellerPlace(StrEnum):
    """Where travellers see what they are told."""

    AUTO = "auto"
    """On the second screen, if there is one."""
    SPLIT = "split"
    """At the right of the only screen."""
    OFF = "off"
    """Nowhere; sounds are heard all the same."""


class TravellerSide(QObject):
    """Looks at the lanes and tells their travellers what to do.

    Args:
        desk: what the kiosk knows; its speaker and its travellers' views are used.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._steady: dict[str, Steady] = {}
        self.window: TravellerView | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Go on looking; called once the window is on show."""
        self._timer.start(_LOOK_MS)

    def stop(self) -> None:
        """Stop, and close the travellers' window."""
        self._timer.stop()
        self._desk.speaker.close()
        if self.window is not None:
            self.window.close()

    def look(self) -> None:
        """Show what each lane's travellers are told, and let what is new be heard."""
        model, now_s = self._desk.model, self._desk.clock.monotonic_s()
        ages = self._desk.ages_s()
        told = {}
        for lane in model.lane_names() or [""]:
            steady = self._steady.setdefault(lane, Steady())
            before = steady.shown
            told[lane] = steady.take(prompt_of(model, lane, ages), now_s)
            if told[lane] is not before:
                self._desk.speaker.tell(told[lane])
        for view in self._desk.traveller_views:
            view.show_prompts(told)

    def open(self, place: TravellerPlace, operator: KioskWindow) -> None:
        """Show the travellers' window where it belongs, the operator's beside it."""
        screens = QGuiApplication.screens()
        if place is TravellerPlace.AUTO and len(screens) > 1:
            self._make().setGeometry(screens[1].geometry())
            self._make().showFullScreen()
        if place is TravellerPlace.SPLIT:
            parts = split(screens[0].availableGeometry())
            if parts is None:
                least_px = _OPERATOR_PX + _LEAST_PX
                logger.warning("the screen is too narrow to split: %d pixels at least", least_px)
                return
            operator.showNormal()
            operator.setGeometry(parts[0])
            self._make().setGeometry(parts[1])
            self._make().show()

    def _make(self) -> TravellerView:
        if self.window is None:
            self.window = TravellerView(None, self._desk.language)
            self.window.setWindowFlag(Qt.WindowType.FramelessWindowHint)
            # It must never take the keyboard from the operator.
            self.window.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
            self.window.setStyleSheet(style_sheet(_TEXT_PX))
            self._desk.traveller_views.append(self.window)
        return self.window


def split(screen: QRect) -> tuple[QRect, QRect] | None:
    """Return the operator's and the travellers' part of one screen; None if it is too narrow."""
    width = min(round(screen.width() * _SPLIT_PART), screen.width() - _OPERATOR_PX)
    if width < _LEAST_PX:
        return None
    left = QRect(screen.x(), screen.y(), screen.width() - width, screen.height())
    return left, QRect(left.right() + 1, screen.y(), width, screen.height())
