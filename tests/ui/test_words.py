"""Every state has words in both languages, and the catalogue is complete and compiled."""

import shutil
import subprocess
import sys
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

import pytest

from simulators.faults import Fault
from station.core.cases import BodySite, CaseOutcome, CaseState, ClearCause, HandoverStep, Refusal
from station.core.cohort import CrowdState
from station.core.daily_sheet import SheetPoint, SheetVerdict
from station.core.events import DeviceState, RoomSource
from station.core.extraction import RejectReason
from station.core.health import DeviceDoubt
from station.core.lane_events import LaneFaultKind, LaneState
from station.core.linearity import Verdict
from station.core.link_events import LinkState
from station.core.reference import ReferenceState
from station.core.registration import Exposure, Field, HubKind, Medicine, Symptom
from station.core.screening import Outcome
from station.core.stages import CaseStage
from ui import case_texts, texts
from ui.language import Language
from ui.model import Loss
from ui.viewmodels.certificates import CERTIFIED
from ui.viewmodels.daily_sheet import SHEET_POINTS, VERDICTS
from ui.viewmodels.simulators import FAULTS, fault_words

I18N = Path(str(files("ui"))) / "i18n"
TOOLS = Path(sys.executable).parent

TABLES = [
    (texts.OUTCOMES, Outcome),
    (texts.REASONS, RejectReason),
    (texts.LANES, LaneState),
    (texts.CROWDS, CrowdState),
    (texts.ROOMS, RoomSource),
    (texts.LANE_FAULTS, LaneFaultKind),
    (texts.REFERENCES, ReferenceState),
    (texts.REFERENCE_HINTS, ReferenceState),
    (texts.LINKS, LinkState),
    (texts.LINK_HINTS, LinkState),
    (texts.CASES, CaseState),
    (texts.DEVICES, DeviceState),
    (texts.DEVICE_HINTS, DeviceState),
    (texts.DOUBTS, DeviceDoubt),
    (texts.REFUSALS, Refusal),
    (texts.LOSSES, Loss),
    (CERTIFIED, Verdict),
    (VERDICTS, SheetVerdict),
    (SHEET_POINTS, SheetPoint),
    (case_texts.STAGES, CaseStage),
    (case_texts.CAUSES, ClearCause),
    (case_texts.SITES, BodySite),
    (case_texts.FOUND, CaseOutcome),
    (case_texts.HANDOVERS, HandoverStep),
    (case_texts.NUMBERS, HubKind),
    (case_texts.FIELDS, Field),
    (case_texts.SYMPTOMS, Symptom),
    (case_texts.MEDICINES, Medicine),
    (case_texts.EXPOSURES, Exposure),
]


@pytest.mark.parametrize(("table", "states"), TABLES)
def test_every_state_has_words_in_both_languages(
    table: dict[StrEnum, str], states: type[StrEnum]
) -> None:
    assert set(table) == set(states)
    language = Language("zh")
    for state in states:
        assert _is_chinese(texts.say(table, state)), state
    language.switch()
    for state in states:
        assert texts.say(table, state).replace("°", "").isascii(), state


def test_every_fault_of_the_simulators_has_words_in_both_languages() -> None:
    assert set(FAULTS) == {fault.value for fault in Fault}
    language = Language("zh")
    for fault in Fault:
        assert _is_chinese(fault_words(fault.value)), fault
    language.switch()
    assert fault_words("made_up_by_others") == "made\nup_by_others"


def test_no_words_of_the_camera_speak_of_body_temperature_fever_or_pass() -> None:
    for table in (texts.OUTCOMES, texts.REASONS, texts.LANES):
        for source in table.values():
            for word in ("body", "fever", "pass ", "healthy", "normal"):
                assert word not in source.lower()


def test_the_catalogue_knows_every_text_of_the_kiosk(tmp_path: Path) -> None:
    _need("pyside6-lupdate")
    fresh = tmp_path / "fever_station_zh.ts"
    shutil.copy(I18N / fresh.name, fresh)
    _run(
        "pyside6-lupdate", "-extensions", "py", str(I18N.parent), "-ts", str(fresh), "-no-obsolete"
    )
    assert _messages(fresh) == _messages(I18N / fresh.name)


def test_every_text_is_translated_and_keeps_its_places() -> None:
    for (context, source), (translation, state) in _messages(I18N / "fever_station_zh.ts").items():
        assert state == "", f"{context}: {source} is {state}"
        assert translation.strip(), source
        assert _places(source) == _places(translation), source


def test_the_compiled_catalogue_is_the_catalogue(tmp_path: Path) -> None:
    _need("pyside6-lrelease")
    compiled = tmp_path / "fever_station_zh.qm"
    _run("pyside6-lrelease", str(I18N / "fever_station_zh.ts"), "-qm", str(compiled))
    assert compiled.read_bytes() == (I18N / compiled.name).read_bytes()


def _messages(path: Path) -> dict[tuple[str, str], tuple[str, str]]:
    found = {}
    for context in ElementTree.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            key = context.findtext("name", ""), message.findtext("source", "")
            found[key] = translation.text or "", translation.get("type", "")
    return found


def _places(text: str) -> set[str]:
    return {f"{{{i}}}" for i in range(5) if f"{{{i}}}" in text}


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


def _need(tool: str) -> None:
    if not (TOOLS / tool).exists():
        pytest.skip(f"{tool} is not installed beside this Python")


def _run(tool: str, *arguments: str) -> None:
    subprocess.run([str(TOOLS / tool), *arguments], check=True, capture_output=True)
