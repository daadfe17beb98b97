"""What each screen of the kiosk is looked at in: scenes, the same for tests and pictures."""

from collections.abc import Callable, Iterable

from tests.ui import scenes_cases, scenes_lane, scenes_lead, scenes_ledger, scenes_technician
from tests.ui.scenes_lane import busy, calm, lost
from tests.ui.screens import Stage

Scene = Callable[[Stage], None]


def nothing(stage: Stage) -> None:
    """The very first moment."""
    stage.settle()


def _named(scenes: Iterable[Scene]) -> dict[str, Scene]:
    return {scene.__name__: scene for scene in scenes}


EVERYWHERE = _named((nothing, calm, busy, lost))
"""What happens around every screen."""

SCENES_OF = {
    key: _named(scenes)
    for subject in (scenes_lane, scenes_cases, scenes_ledger, scenes_lead, scenes_technician)
    for key, scenes in subject.SCENES.items()
}
"""What happens on one screen, by its key; the screen is in sight when a scene begins."""


def scenes_of(key: str) -> dict[str, Scene]:
    """Return every scene in which this screen is looked at."""
    return EVERYWHERE | SCENES_OF.get(key, {})
