"""A kiosk that was killed comes back to the case and the lane that the operator was at."""

import stat
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from station.core.events import CaseChanged
from tests.ui.making import case, update
from tests.ui.making_people import session
from tests.ui.screens import Stage
from ui.care import Care
from ui.keeping import NOWHERE, PlaceFile, TokenFile
from ui.model import KioskModel, Place

HERE = Place(UUID(int=7), "2")


def test_the_place_is_kept_in_a_file_for_this_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "place"
    PlaceFile(path).keep(HERE)
    assert PlaceFile(path).read() == HERE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_file_knows_nobody(tmp_path: Path) -> None:
    path = tmp_path / "place"
    PlaceFile(path).keep(HERE)
    assert path.read_text() == f'{{"case_id": "{HERE.case_id}", "lane": "2", "asking": null}}'


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"case_id": "x", "lane": 3}', "\0"])
def test_a_broken_file_is_a_kiosk_that_begins_anew(tmp_path: Path, text: str) -> None:
    path = tmp_path / "place"
    path.write_text(text)
    assert PlaceFile(path).read() == NOWHERE


def test_a_disk_that_takes_nothing_stops_no_kiosk(tmp_path: Path) -> None:
    PlaceFile(tmp_path / "missing" / "place").keep(HERE)


def test_the_operator_is_brought_back_when_the_station_tells_of_the_case() -> None:
    first, second = case(1, seconds_ago=90), case(2)
    model = KioskModel()
    model.go_back(Place(second.case_id, "2"))
    for event in (update(lane="1"), CaseChanged(first), CaseChanged(second), update(lane="2")):
        model.take(event)
    assert model.place() == Place(second.case_id, "2")


def test_a_station_that_comes_back_does_not_move_the_operator_to_another_case() -> None:
    first, second = case(1, seconds_ago=90), case(2)
    model = KioskModel()
    model.take(CaseChanged(first))
    model.take(CaseChanged(second))
    model.selected = second.case_id
    model = model.renewed()
    model.take(CaseChanged(first))
    model.take(CaseChanged(second))
    assert model.selected == second.case_id


def test_a_case_that_was_ended_meanwhile_leads_to_the_next_one() -> None:
    model = KioskModel()
    model.go_back(Place(UUID(int=99), None))
    model.take(CaseChanged(case(1)))
    assert model.selected == case(1).case_id


class Manager:
    def __init__(self) -> None:
        self.told: list[str] = []

    def ready(self) -> None:
        self.told.append("ready")

    def alive(self) -> None:
        self.told.append("alive")

    def status(self, text: str) -> None:
        self.told.append(text)

    def stopping(self) -> None:
        self.told.append("stopping")


def test_a_kiosk_tells_what_is_on_show_and_keeps_the_place(stage: Stage, tmp_path: Path) -> None:
    file, manager = PlaceFile(tmp_path / "place"), Manager()
    token_file = TokenFile(tmp_path / "session")
    care = Care(stage.window.desk, file, token_file, manager)  # type: ignore[arg-type]
    care.begin()
    stage.tell(CaseChanged(case(4)))
    care.look()
    care.end()
    assert manager.told[0] == "ready"
    assert "alive" in manager.told
    assert any(text.endswith("case 4") for text in manager.told)
    assert manager.told[-1] == "stopping"
    assert PlaceFile(tmp_path / "place").read().case_id == case(4).case_id


def test_a_session_outlives_its_kiosk_in_a_file_for_this_user_alone(
    stage: Stage, tmp_path: Path
) -> None:
    path, manager = tmp_path / "session", Manager()
    care = Care(
        stage.window.desk,
        PlaceFile(tmp_path / "place"),
        TokenFile(path),
        manager,  # type: ignore[arg-type]
    )
    stage.tell(replace(session(), token="secret"))
    care.look()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert TokenFile(path).read() == "secret"
    stage.window.desk.lock()
    care.look()
    assert not path.exists()
