"""Every screen of the table, in every scene: nothing that the checks forbid."""

import pytest
from pytestqt.qtbot import QtBot

from tests.ui import checks
from tests.ui.conftest import MakeStage
from tests.ui.scenes import scenes_of
from tests.ui.screens import SIZES
from ui.language import LanguageName
from ui.screens.table import SCREENS

KEYS = [entry.key for entry in SCREENS]
# In Chinese a window that grows shows both sizes; in English each is played from its beginning.
EVERYWHERE = [("zh", SIZES), ("en", SIZES[:1]), ("en", SIZES[1:])]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(("name", "sizes"), EVERYWHERE, ids=["zh", "en-small", "en-large"])
def test_words_sizes_and_names_are_right(
    make_stage: MakeStage, key: str, name: LanguageName, sizes: tuple[tuple[int, int], ...]
) -> None:
    faults = {}
    for scene, play in scenes_of(key).items():
        stage = make_stage(name, sizes[0])
        stage.window.show_screen(key)
        play(stage)
        for size in sizes:
            if stage.window.size().toTuple() != size:
                stage.window.resize(*size)
                stage.settle()
            assert stage.window.size().toTuple() == size
            faults[scene, size] = [
                *checks.cut_texts(stage.window),
                *checks.small_targets(stage.window),
                *checks.lying_over_each_other(stage.window),
                *checks.untranslated(stage.window, name),
                *checks.nameless(stage.window),
            ]
        stage.close()
    assert {scene: found for scene, found in faults.items() if found} == {}


@pytest.mark.parametrize("key", KEYS)
def test_colours_are_readable_and_never_the_only_sign(make_stage: MakeStage, key: str) -> None:
    """One kiosk goes through all scenes, so that each widget is seen in many states."""
    stage, faults, before = make_stage("zh"), {}, {}
    stage.window.show_screen(key)
    for scene, play in scenes_of(key).items():
        stage.bridge.connected.emit()
        play(stage)
        now = checks.looks(stage.window)
        faults[scene] = [
            *checks.low_contrasts(stage.window),
            *checks.told_by_color_alone(before, now),
        ]
        before |= now
    assert {scene: found for scene, found in faults.items() if found} == {}


@pytest.mark.parametrize("key", KEYS)
def test_the_keyboard_comes_to_everything(make_stage: MakeStage, key: str, qtbot: QtBot) -> None:
    stage = make_stage("en")
    qtbot.addWidget(stage.window)
    with qtbot.waitActive(stage.window):
        stage.window.activateWindow()
    stage.window.show_screen(key)
    scenes_of(key)["busy"](stage)
    assert list(checks.out_of_reach(stage.window)) == []
