"""What the technician's screens are looked at in."""

from station.core.events import LaneState
from tests.ui.making_devices import well_kept_station
from tests.ui.screens import Stage


def trends(stage: Stage) -> None:
    """A camera with twenty minutes of curves, a source that drifts, a thermometer that passed."""
    stage.tell(*well_kept_station())
    stage.show_faces(is_busy=False, state=LaneState.READY)


def another_device(stage: Stage) -> None:
    """The technician looks at the reference source."""
    trends(stage)
    stage.window.screens["devices"].devices.chosen.emit("source-1")
    stage.settle()


SCENES = {
    "devices": (trends, another_device),
}
"""By the key of the screen."""
