"""What the cases that go on are looked at in: hand-over and registration."""

from dataclasses import replace

from station.core.cases import Case
from station.core.events import CaseChanged, FlowAnnounced
from station.core.identity import IdentityField
from station.core.link_events import LinkState
from station.core.registration import Medicine, Symptom
from tests.ui.making import FLOW, cases_that_go_on, link, pictured
from tests.ui.making_stations import calm_station
from tests.ui.screens import Stage, touch
from ui.entering.registering import IDENTITY
from ui.pinyin import Candidate
from ui.views.writing_pages import WritingPages


def going_on(stage: Stage) -> None:
    """One case at each stage; the operator is at one that is late."""
    stage.tell(*calm_station(), link(LinkState.OFFLINE, waiting=3, seconds=754))
    cases = cases_that_go_on()
    stage.tell(*(CaseChanged(one) for one in cases), pictured(cases[0]))
    _at(stage, cases[1])


def with_slip(stage: Stage) -> None:
    going_on(stage)
    stage.window.screens["cases"].slip.click()
    stage.settle()


def duty_page(stage: Stage) -> None:
    """Alerts have no receipt: the page for the duty desk, of a case with a whole history."""
    going_on(stage)
    # The site's own name stays as it is in both languages.
    stage.tell(FlowAnnounced(replace(FLOW, site_name="west-03")))
    _at(stage, cases_that_go_on()[-1])
    stage.window.screens["cases"].duty.click()
    stage.settle()


def duty_page_without_printer(stage: Stage) -> None:
    duty_page(stage)
    page = stage.window.screens["cases"].duty_page
    page.to_printer = lambda _: None
    page.print.click()
    stage.settle()


def registering_number(stage: Stage) -> None:
    _register(stage)


def registering_seat(stage: Stage) -> None:
    _register(stage, "G107", "5", "12")


def registering_by_keys(stage: Stage) -> None:
    _register(stage, "type", "G", "7")


def registering_health(stage: Stage) -> None:
    _register(stage, "G107", "5", "12", "F")
    view = stage.window.screens["cases"].registration
    view.symptoms.button(Symptom.COUGH).click()
    stage.settle()
    view.medicines.button(Medicine.NONE).click()
    stage.settle()


def registering_identity(stage: Stage) -> None:
    registering_health(stage)
    view = stage.window.screens["cases"].registration
    view.exposures.button(None).click()
    stage.settle()
    view.tabs.button(IDENTITY).click()
    stage.settle()


def writing_a_name(stage: Stage) -> None:
    """A surname is written, the given name's sound is typed."""
    registering_identity(stage)
    view = stage.window.screens["cases"].registration
    touch(view.lines[IdentityField.NAME])
    stage.settle()
    if stage.language.name == "en":
        view.writing.view.mode.click()
    _write(stage, view.writing, "z")
    view.writing.view.upper.button(Candidate("张", 1)).click()
    _write(stage, view.writing, "wei")


def writing_a_passport(stage: Stage) -> None:
    registering_identity(stage)
    view = stage.window.screens["cases"].registration
    touch(view.lines[IdentityField.DOCUMENT])
    stage.settle()
    _write(stage, view.writing, "E")
    view.writing.view.upper.button("4").click()
    stage.settle()


def _write(stage: Stage, pages: WritingPages, letters: str) -> None:
    for letter in letters:
        pages.view.keys[letter.upper()].click()
        stage.settle()


def _at(stage: Stage, one: Case) -> None:
    stage.window.screens["cases"].queue.chosen.emit(one.case_id)
    stage.settle()


def _register(stage: Stage, *answers: str) -> None:
    going_on(stage)
    screen = stage.window.screens["cases"]
    # The scene before may have left some answers.
    screen.registration.forget(stage.window.desk.model.at)
    screen.steps.button(screen.steps.keys[0]).click()
    stage.settle()
    for answer in answers:
        screen.registration.answers.button(answer).click()
        stage.settle()


SCENES = {
    "cases": (
        going_on,
        with_slip,
        duty_page,
        duty_page_without_printer,
        registering_number,
        registering_seat,
        registering_by_keys,
        registering_health,
        registering_identity,
        writing_a_name,
        writing_a_passport,
    ),
}
"""By the key of the screen."""
