"""A kiosk on a stage: its window, and a station made up by the test."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from station.core.events import (
    Event,
    FlowAnnounced,
)
from tests.ui.making import (
    FACES,
    FLOW,
    FakeClock,
    picture,
    update,
)
from ui.bridge import StationBridge
from ui.language import Language, LanguageName
from ui.screens.table import SCREENS, ScreenEntry
from ui.window import KioskWindow

SIZES = ((1280, 800), (1920, 1080))


def touch(widget: QWidget) -> None:
    """Touch the middle of a widget; most are clicked with less ado."""
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


class SilentClient:
    """A connection that nobody opens."""

    def connect(self) -> None:
        raise NotImplementedError

    def read(self) -> Event:
        raise NotImplementedError

    def send(self, command: object) -> None:
        raise NotImplementedError

    def close(self) -> None:
        pass


class RecordingBridge(StationBridge):
    """Keeps the commands that the kiosk sends; nothing leaves."""

    def __init__(self) -> None:
        super().__init__(SilentClient())
        self.sent: list[object] = []

    def send(self, command: object) -> None:
        self.sent.append(command)


class Stage:
    """A kiosk window with a station made up by the test."""

    def __init__(
        self,
        name: LanguageName = "en",
        size: tuple[int, int] = SIZES[0],
        screens: Sequence[ScreenEntry] = SCREENS,
    ) -> None:
        self.clock = FakeClock()
        self.bridge = RecordingBridge()
        self.language = Language(name)
        self.window = KioskWindow(self.bridge, self.language, self.clock, screens)
        self.window.stop()
        self.lane = self.window.screens["lane"]
        self.window.resize(*size)
        self.window.show()
        self.window.take(FlowAnnounced(FLOW))
        self.settle()

    def tell(self, *events: Event) -> None:
        for event in events:
            self.window.take(event)
        self.settle()

    def show_faces(self, sequence: int = 1, *, lane: str = "1", **about: object) -> None:
        self.send_faces(sequence, lane=lane, **about)
        self.settle()

    def send_faces(self, sequence: int = 1, *, lane: str = "1", **about: object) -> None:
        """Send a picture of a lane; nobody looks yet."""
        faces = FACES if about.pop("is_busy", True) else ()
        self.bridge.keep(picture(sequence, faces, lane=lane))
        self.bridge.keep(update(sequence, faces, lane=lane, captured_at=self.clock.now(), **about))

    def settle(self) -> None:
        """Let layouts and targets come to rest; half a second passes."""
        for _ in range(2):
            self.window.refresh()
            QCoreApplication.processEvents()
        self.clock.advance(0.6)
        self.window.refresh()
        QCoreApplication.processEvents()

    def close(self) -> None:
        if self.language.name == "zh":
            self.language.switch()
        self.window.close()
        self.window.deleteLater()
        # Without an event loop nobody else deletes it, and every window slows the next one down.
        QCoreApplication.sendPostedEvents(self.window, QEvent.Type.DeferredDelete)
