import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
import shiboken6

# Before Qt starts: these tests need no display, and draw the same everywhere.
os.environ["QT_QPA_PLATFORM"] = "offscreen"

from tests.ui.screens import SIZES, Stage
from ui.app import make_application
from ui.language import LanguageName
from ui.screens.table import SCREENS, ScreenEntry

_HERE = Path(__file__).parent

MakeStage = Callable[..., Stage]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _HERE in item.path.parents:
            # The offscreen platform's own note, once for every window.
            item.add_marker(pytest.mark.qt_log_ignore("does not support propagateSizeHints"))


@pytest.fixture(scope="session", autouse=True)
def application(qapp: object) -> None:
    make_application()


@pytest.fixture
def make_stage(application: None) -> Iterator[MakeStage]:
    stages: list[Stage] = []

    def make(
        name: LanguageName = "en",
        size: tuple[int, int] = SIZES[0],
        screens: Sequence[ScreenEntry] = SCREENS,
    ) -> Stage:
        stages.append(Stage(name, size, screens))
        return stages[-1]

    yield make
    for stage in stages:
        if shiboken6.isValid(stage.window):
            stage.close()


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    return make_stage()
