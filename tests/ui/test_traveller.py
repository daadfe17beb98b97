"""The traveller's side: a friendly wish for every state, read and heard by everybody."""

import io
import re
import stat
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRect
from pytestqt.qtbot import QtBot

from station.core.extraction import RejectReason
from station.core.faces import Box
from station.core.lane_events import LaneFault, LaneFaultKind, LaneState
from station.core.screening import Outcome
from tests.ui import checks
from tests.ui.conftest import MakeStage
from tests.ui.making import NOON, FakeClock, face, update
from tests.ui.screens import Stage
from ui.language import Language
from ui.model import KioskModel, Loss
from ui.muting import MUTED_S
from ui.sounds import RATE_HZ, Sound, samples, wave_bytes
from ui.speaker import Programs, Speaker
from ui.theme import style_sheet
from ui.traveller import TravellerPlace, TravellerSide, split
from ui.viewmodels.prompts import OF_REASON, PROMPTS, Prompt, Steady, prompt_of
from ui.views.traveller import TravellerView, fits
from ui.widgets.pictogram import load_pictogram

NEAR = Box(60, 100, 160, 180)
FAR = Box(60, 200, 100, 230)


def told(*faces: object, state: LaneState = LaneState.MEASURED, age_s: float = 0.1) -> Prompt:
    model = KioskModel()
    model.take(update(1, faces, state=state))
    return prompt_of(model, "1", {"1": age_s})


@pytest.mark.parametrize("prompt", Prompt)
def test_every_wish_has_a_drawing_and_words_in_both_languages(prompt: Prompt) -> None:
    assert load_pictogram(prompt.value, "#ffffff").isValid()
    chinese = Language("en").in_chinese("prompts", PROMPTS[prompt])
    assert re.search(r"[\u4e00-\u9fff]", chinese)
    assert PROMPTS[prompt].isascii()


@pytest.mark.parametrize("prompt", Prompt)
def test_no_wish_blames_frightens_or_names_a_temperature(prompt: Prompt) -> None:
    words = PROMPTS[prompt] + Language("en").in_chinese("prompts", PROMPTS[prompt])
    english = r"\d|°|fever|\bhot\b|sick|\bill\b|flag|alarm|warn|danger|fail|wrong|must"
    assert not re.search(f"{english}|发热|发烧|异常|警|危", words, re.IGNORECASE)


@pytest.mark.parametrize("state", LaneState)
def test_every_state_of_a_lane_tells_something(state: LaneState) -> None:
    measures = {LaneState.READY, LaneState.TRACKING, LaneState.MEASURED}
    waits = {LaneState.SETTLING}
    prompt = told(state=state)
    assert (prompt is Prompt.STAFF) == (state not in measures | waits)


@pytest.mark.parametrize("reason", RejectReason)
def test_every_reason_tells_what_to_do(reason: RejectReason) -> None:
    assert told(face(1, NEAR, None, None, reason)) is OF_REASON[reason]


def test_whoever_is_above_or_at_the_limit_hears_the_same_words() -> None:
    above = told(face(1, NEAR, Outcome.ABOVE, 37.4))
    limit = told(face(1, NEAR, Outcome.REPEAT, 36.4))
    assert above is limit is Prompt.STEP_ASIDE


def test_the_nearest_who_can_do_something_is_told_before_the_next() -> None:
    glasses = face(1, NEAR, None, None, RejectReason.GLASSES)
    far = face(2, FAR, None, None, RejectReason.TOO_FAR)
    assert told(far, glasses) is Prompt.REMOVE_GLASSES
    assert told(face(1, NEAR, Outcome.BELOW, 35.9), far) is Prompt.COME_CLOSER
    assert told(face(1, NEAR, Outcome.BELOW, 35.9)) is Prompt.GO_ON
    assert told() is Prompt.WALK_SLOWLY


def test_nobody_is_sent_on_by_a_late_picture_a_fault_or_a_lost_station() -> None:
    below = face(1, NEAR, Outcome.BELOW, 35.9)
    assert told(below, age_s=3) is Prompt.STAFF
    model = KioskModel()
    model.take(update(1, (below,)))
    model.take(LaneFault("1", NOON, "", LaneFaultKind.NO_PICTURES))
    assert prompt_of(model, "1", {"1": 0.1}) is Prompt.STAFF
    model.take(update(2, (below,)))
    model.loss = Loss.NO_ANSWER
    assert prompt_of(model, "1", {"1": 0.1}) is Prompt.STAFF


def test_a_wish_stays_long_enough_to_be_read() -> None:
    steady = Steady()
    assert steady.take(Prompt.STAND_STILL, 0.0) is Prompt.STAND_STILL
    assert steady.take(Prompt.GO_ON, 0.5) is Prompt.STAND_STILL
    assert steady.take(Prompt.GO_ON, 2.0) is Prompt.GO_ON


def test_a_second_check_is_told_at_once_and_stays_when_the_traveller_has_walked_on() -> None:
    steady = Steady()
    steady.take(Prompt.GO_ON, 0.0)
    assert steady.take(Prompt.STEP_ASIDE, 0.1) is Prompt.STEP_ASIDE
    assert steady.take(Prompt.WALK_SLOWLY, 5.0) is Prompt.STEP_ASIDE
    assert steady.take(Prompt.WALK_SLOWLY, 6.2) is Prompt.WALK_SLOWLY


@pytest.mark.parametrize("lanes", [1, 2, 4])
@pytest.mark.parametrize("size", [(1920, 1080), (1280, 800), (640, 1080), (440, 300)])
def test_no_wish_is_cut_at_any_size(lanes: int, size: tuple[int, int]) -> None:
    view = TravellerView(None, Language("zh"))
    view.setStyleSheet(style_sheet(18))
    view.resize(*size)
    view.show_prompts({str(lane): Prompt.WAIT for lane in range(lanes)})
    view.show()
    cut = []
    for prompt in Prompt:
        view.show_prompts(dict.fromkeys(view.signs, prompt))
        for place, text, font in next(iter(view.signs.values())).places():
            if not fits(text, font, place):
                cut.append((prompt, text))
    view.close()
    assert not cut


def test_every_sign_looks_the_same_but_for_its_drawing_and_words() -> None:
    """Whoever must step aside is not shown up by a colour."""
    view = TravellerView(None, Language("en"))
    view.setStyleSheet(style_sheet(18))
    view.resize(400, 300)
    view.show_prompts({"1": Prompt.STEP_ASIDE})
    view.show()
    grounds = set()
    for prompt in Prompt:
        view.show_prompts({"1": prompt})
        found = checks.inks(checks.drawn(view))
        assert found is not None
        assert found.contrast > 7
        grounds.add(found.ground)
    view.close()
    assert len(grounds) == 1


def test_the_three_sounds_differ_in_melody_and_length_and_are_not_loud() -> None:
    lengths = {sound: len(samples(sound)) / RATE_HZ for sound in Sound}
    assert lengths[Sound.GO_ON] < 0.2 < lengths[Sound.STEP_ASIDE] < lengths[Sound.STAFF]
    for sound in Sound:
        assert 0.1 < float(np.abs(samples(sound)).max()) < 0.5
        with wave.open(io.BytesIO(wave_bytes(sound))) as file:
            assert (file.getframerate(), file.getnchannels()) == (RATE_HZ, 1)
            assert file.getnframes() == len(samples(sound))


class Machine:
    """Programs that write down what they are told to play and to speak."""

    def __init__(self, folder: Path) -> None:
        self._heard = folder / "heard"
        player, voice = folder / "play", folder / "speak"
        player.write_text(f'#!/bin/sh\nbasename "$1" >> {self._heard}\n')
        voice.write_text('#!/bin/sh\nwhile [ "$1" != -w ]; do shift; done\necho "$3" > "$2"\n')
        for program in (player, voice):
            program.chmod(program.stat().st_mode | stat.S_IXUSR)
        self.programs = Programs((str(player),), str(voice))
        self.mute = Programs((str(player),))

    def heard(self) -> list[str]:
        return self._heard.read_text().split() if self._heard.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def speaker(clock: FakeClock) -> Iterator[Speaker]:
    language = Language("en")
    made = Speaker(lambda source: language.in_chinese("prompts", source), clock.monotonic_s)
    yield made
    made.close()


def test_a_second_check_is_heard_as_a_sound_and_in_both_languages(
    speaker: Speaker, machine: Machine, qtbot: QtBot
) -> None:
    speaker.open(machine.programs, None)
    speaker._maker.join(60)
    speaker.tell(Prompt.STEP_ASIDE)
    wanted = ["step_aside.wav", "step_aside_zh.wav", "step_aside_en.wav"]
    qtbot.waitUntil(lambda: machine.heard() == wanted, timeout=60_000)


def test_without_a_voice_the_sound_alone_is_heard(
    speaker: Speaker, machine: Machine, qtbot: QtBot
) -> None:
    speaker.open(machine.mute, None)
    assert (speaker.can_play, speaker.can_speak) == (True, False)
    speaker.tell(Prompt.STEP_ASIDE)
    qtbot.waitUntil(lambda: machine.heard() == ["step_aside.wav"], timeout=60_000)


def test_recorded_prompts_go_before_the_voice(
    speaker: Speaker, machine: Machine, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "stand_still_zh.wav").write_bytes(b"RIFF")
    speaker.open(machine.mute, tmp_path)
    speaker.tell(Prompt.STAND_STILL)
    qtbot.waitUntil(lambda: machine.heard() == ["stand_still_zh.wav"], timeout=60_000)


def test_the_same_is_not_said_again_at_once(
    speaker: Speaker, machine: Machine, clock: FakeClock, qtbot: QtBot
) -> None:
    speaker.open(machine.mute, None)
    for wait_s in (0.0, 3.0, 8.0):
        clock.advance(wait_s)
        speaker.tell(Prompt.GO_ON)
        qtbot.waitUntil(lambda: speaker._process.state().value == 0, timeout=60_000)
    assert machine.heard() == ["go_on.wav"] * 2


def test_silence_holds_for_its_time_and_ends_by_itself(
    speaker: Speaker, machine: Machine, clock: FakeClock, qtbot: QtBot
) -> None:
    speaker.open(machine.mute, None)
    speaker.toggle_mute()
    speaker.tell(Prompt.STEP_ASIDE)
    clock.advance(MUTED_S - 1)
    assert speaker.left_s() == pytest.approx(1)
    assert machine.heard() == []
    clock.advance(1)
    speaker.tell(Prompt.STEP_ASIDE)
    qtbot.waitUntil(lambda: machine.heard() == ["step_aside.wav"], timeout=60_000)


def test_a_machine_without_any_program_is_silent_and_says_so(stage: Stage) -> None:
    desk = stage.window.desk
    desk.speaker.open(Programs(), None)
    desk.speaker.tell(Prompt.STEP_ASIDE)
    stage.window.show_screen("display")
    assert not any(button.isVisible() for button in stage.window.screens["display"].tries.values())
    assert "No sound" in stage.window.screens["display"]._heard.text()


def test_the_header_shows_how_long_the_silence_lasts(stage: Stage) -> None:
    silence = stage.window.header.silence
    assert silence.text() == "Mute"
    silence.click()
    assert silence.text() == "Silent\n2:00"
    stage.clock.advance(61)
    stage.window.refresh()
    assert silence.text() == "Silent\n0:59"
    silence.click()
    assert silence.text() == "Mute"


def test_each_lane_tells_its_own_travellers(make_stage: MakeStage) -> None:
    stage = make_stage("zh")
    stage.send_faces(lane="1")
    stage.send_faces(lane="2", is_busy=False, state=LaneState.READY)
    stage.window.show_screen("display")
    TravellerSide(stage.window.desk).look()
    signs = stage.window.screens["display"].travellers.signs
    prompts = {lane: sign.prompt for lane, sign in signs.items()}
    assert prompts == {"1": Prompt.STEP_ASIDE, "2": Prompt.WALK_SLOWLY}
    assert signs["1"].accessibleName().endswith(PROMPTS[Prompt.STEP_ASIDE])


def test_a_wide_screen_is_split_and_a_narrow_one_is_left_to_the_operator() -> None:
    left, right = split(QRect(0, 0, 1920, 1080))
    assert left.width() >= 1280
    assert right.width() == 640
    assert left.right() + 1 == right.left()
    assert split(QRect(0, 0, 1280, 800)) is None


def test_one_screen_has_no_window_for_travellers_unless_it_is_wished(stage: Stage) -> None:
    side = TravellerSide(stage.window.desk)
    side.open(TravellerPlace.AUTO, stage.window)
    assert side.window is None
    side.stop()
