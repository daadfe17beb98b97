"""`python -m tests.ui.screens DIR`: draw the kiosk in every state, size and language."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import get_args

from PySide6.QtCore import QCoreApplication, QEvent

from station.core.cases import Refusal, TrustClass
from station.core.events import (
    CommandRefused,
    Event,
    LaneFault,
    LaneFaultKind,
    LaneState,
    PassageRecorded,
)
from station.core.reference import ReferenceState
from tests.ui.making import (
    FACES,
    FROZEN,
    LEARNING,
    NOON,
    FakeClock,
    bias,
    busy_station,
    calm_station,
    chilled_passage,
    picture,
    room,
    update,
    warm_passage,
)
from ui.app import make_application
from ui.bridge import StationBridge
from ui.language import Language, LanguageName
from ui.model import Loss
from ui.screens.table import SCREENS, ScreenEntry
from ui.window import KioskWindow

SIZES = ((1280, 800), (1920, 1080))


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
        self.settle()

    def tell(self, *events: Event) -> None:
        for event in events:
            self.window.take(event)
        self.settle()

    def show_faces(self, sequence: int = 1, *, lane: str = "1", **about: object) -> None:
        faces = FACES if about.pop("is_busy", True) else ()
        self.bridge.keep(picture(sequence, faces, lane=lane))
        self.bridge.keep(update(sequence, faces, lane=lane, captured_at=self.clock.now(), **about))
        self.settle()

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


def calm(stage: Stage) -> None:
    stage.tell(*calm_station())
    stage.show_faces(is_busy=False, state=LaneState.READY, crowd=LEARNING)


def busy(stage: Stage) -> None:
    stage.tell(*busy_station())
    stage.show_faces()


def decided(stage: Stage) -> None:
    """Case 42 has its second reading; a command was refused."""
    busy(stage)
    stage.lane.case_view.queue.buttons[1].click()
    stage.settle()
    stage.lane.case_view.readings.buttons[0].click()
    command: object = stage.bridge.sent[-1]
    text = "Switch the thermometer to body mode and measure again."
    refused = CommandRefused(command.command_id, text, Refusal.NO_BODY_TEMPERATURE)
    stage.tell(refused)
    stage.show_faces(2)


def typing(stage: Stage) -> None:
    """Staff type a reading in."""
    busy(stage)
    stage.lane.case_view.typing_asked.emit()
    stage.lane.typing_view.kinds[TrustClass.TYMPANIC].click()
    stage.settle()
    stage.lane.typing_view.keys["3"].click()
    stage.settle()


def no_reference(stage: Stage) -> None:
    stage.tell(*busy_station())
    stage.show_faces(state=LaneState.NO_REFERENCE, reference=ReferenceState.OUT_OF_BAND)


def late(stage: Stage) -> None:
    busy(stage)
    stage.clock.advance(4)
    stage.settle()


def lost(stage: Stage) -> None:
    busy(stage)
    stage.bridge.lost.emit(Loss.NO_ANSWER)
    stage.settle()


def two_lanes(stage: Stage) -> None:
    stage.tell(LaneFault("2", NOON, "The camera is silent.", LaneFaultKind.NO_PICTURES))
    busy(stage)
    stage.lane.lane_view.lane_asked.emit("1")


def watches(stage: Stage) -> None:
    """The crowd has shifted, a camera differs, somebody is warm, others rest or have rested."""
    stage.tell(*busy_station(), room(), bias())
    stage.tell(
        PassageRecorded(chilled_passage(61, rest_s=-20)),
        PassageRecorded(chilled_passage(62, rest_s=252)),
        PassageRecorded(warm_passage(63)),
    )
    stage.show_faces(crowd=FROZEN)


def nothing(stage: Stage) -> None:
    """The very first moment."""


SCENES: dict[str, Callable[[Stage], None]] = {
    scene.__name__: scene
    for scene in (
        nothing,
        calm,
        busy,
        decided,
        typing,
        no_reference,
        late,
        lost,
        two_lanes,
        watches,
    )
}


def draw_all(folder: Path) -> list[Path]:
    """Draw every scene at every size in both languages and return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for size in SIZES:
        for name in get_args(LanguageName):
            for scene, play in SCENES.items():
                stage = Stage(name, size)
                play(stage)
                path = folder / f"{scene}_{size[0]}x{size[1]}_{name}.png"
                stage.window.grab().save(str(path))
                paths.append(path)
                stage.close()
    return paths


if __name__ == "__main__":
    application = make_application()
    for drawn in draw_all(Path(sys.argv[1])):
        sys.stdout.write(f"{drawn}\n")
