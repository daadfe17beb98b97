"""What each screen of the kiosk is looked at in: scenes, the same for tests and pictures."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from station.core.audit import AuditHead, ChainFault, Finding, TrailVerdict
from station.core.cases import Case, CaseState, Refusal, TrustClass
from station.core.events import CaseChanged, CommandRefused, FlowAnnounced, PassageRecorded
from station.core.extraction import RejectReason
from station.core.identity import IdentityField
from station.core.lane_events import LaneFault, LaneFaultKind, LaneState
from station.core.link_events import LinkState
from station.core.people import Role
from station.core.people_events import AuditPage
from station.core.questions import (
    AuditVerified,
    ExportPassages,
    SearchPage,
    TableFormat,
    WorkProgress,
    WorkState,
)
from station.core.reference import ReferenceState
from station.core.registration import Medicine, Symptom
from station.core.shift import LONGEST_NOTE, ShiftStanding
from station.core.shift_commands import AskShift, ShiftTold
from station.core.threshold_change import SecondCheck, outlook
from station.core.threshold_commands import AskThreshold, ThresholdTold
from tests.support import POLICY
from tests.ui import counted, found, scenes_technician
from tests.ui.making import (
    DISK_FULL,
    FLOW,
    FROZEN,
    LEARNING,
    NOON,
    bias,
    case,
    cases_that_go_on,
    chilled_passage,
    link,
    pictured,
    reading,
    room,
    warm_passage,
)
from tests.ui.making_devices import simulated
from tests.ui.making_people import session, shift, standing, trail_rows
from tests.ui.making_stations import busy_station, calm_station
from tests.ui.screens import Stage, touch
from ui.model import Loss
from ui.periods import Period
from ui.pinyin import Candidate
from ui.registering import IDENTITY
from ui.searching import Facet
from ui.speaker import Programs
from ui.traveller import TravellerSide
from ui.widgets.palette import PaletteName
from ui.writing_pages import WritingPages

Scene = Callable[[Stage], None]


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


def refused(stage: Stage) -> None:
    """A command was refused in the station's own words."""
    busy(stage)
    stage.lane.case_view.readings.buttons[0].click()
    command: object = stage.bridge.sent[-1]
    stage.tell(CommandRefused(command.command_id, DISK_FULL))
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
    """A station of simulated devices is gone; the marks of the rehearsal stay."""
    busy(stage)
    stage.tell(simulated())
    stage.bridge.lost.emit(Loss.NO_ANSWER)
    stage.settle()


def two_lanes(stage: Stage) -> None:
    stage.tell(LaneFault("2", NOON, "The camera is silent.", LaneFaultKind.NO_PICTURES))
    busy(stage)
    stage.lane.lane_view.lane_asked.emit("1")
    stage.settle()


def all_lanes(stage: Stage) -> None:
    """Four lanes at once: one measures, one warms up, one is late, one is silent."""
    stage.show_faces(lane="3", is_busy=False)
    busy(stage)
    stage.tell(LaneFault("4", NOON, "The camera is silent.", LaneFaultKind.NO_PICTURES))
    stage.show_faces(lane="2", is_busy=False, state=LaneState.WARMING_UP)
    stage.lane.lane_view.all.click()
    stage.show_faces(2)


def frozen(stage: Stage) -> None:
    """The camera sends the same picture again and again; a flagged traveller is held."""
    busy(stage)
    stage.show_faces(2, state=LaneState.FAULT, blocked=RejectReason.STALE_FRAME.value)


def watches(stage: Stage) -> None:
    """The crowd has shifted, a camera differs, somebody is warm, others rest or have rested."""
    stage.tell(*busy_station(), room(), bias())
    stage.tell(
        PassageRecorded(chilled_passage(61, rest_s=-20)),
        PassageRecorded(chilled_passage(62, rest_s=252)),
        PassageRecorded(warm_passage(63)),
    )
    stage.show_faces(crowd=FROZEN)


def operator(stage: Stage) -> None:
    """An operator is signed in."""
    busy(stage)
    stage.tell(session("Wang-03"))


def auditor(stage: Stage) -> None:
    """Somebody is signed in who only looks."""
    busy(stage)
    stage.tell(session("A-Lindqvist-Ferreira-04", Role.AUDITOR))


def locked(stage: Stage) -> None:
    """Nobody is signed in; the lane goes on."""
    busy(stage)
    stage.tell(session(None))


def wrong_pin(stage: Stage) -> None:
    """Somebody has tried too many PINs."""
    locked(stage)
    stage.lane.sign_in_view.names.buttons[2].click()
    stage.settle()
    for digit in "135791":
        stage.lane.sign_in_view.keys[digit].click()
    stage.lane.sign_in_view.enter.click()
    asked: object = stage.bridge.sent[-1]
    until = stage.clock.now() + timedelta(seconds=38)
    text = "Too many wrong PINs: wait 38 s, and try again."
    stage.tell(CommandRefused(asked.command_id, text, Refusal.WAIT, until))
    stage.lane.sign_in_view.keys["1"].click()
    stage.settle()


def threshold_known(stage: Stage) -> None:
    """The shipped threshold holds; a shift lead looks at a higher one."""
    calm(stage)
    stage.tell(session("Chen-01", Role.SHIFT_LEAD), ThresholdTold(standing()))
    _tell_outlook(stage, 36.2)
    stage.window.screens["threshold"].up.click()
    _tell_outlook(stage, 36.3)


def threshold_lower(stage: Stage) -> None:
    """A change holds; a lower threshold would stop people whom nobody has checked."""
    calm(stage)
    stage.tell(session("Chen-01", Role.SHIFT_LEAD), ThresholdTold(standing(is_changed=True)))
    _tell_outlook(stage, 36.3, count=12)
    stage.window.screens["threshold"].down.click()
    _tell_outlook(stage, 36.2, count=12)


def threshold_proposed(stage: Stage) -> None:
    """A proposal waits; the same person may not confirm it."""
    calm(stage)
    stage.tell(session("Li-02", Role.SHIFT_LEAD), ThresholdTold(standing("Li-02")))
    _tell_outlook(stage, 36.4)


def threshold_to_confirm(stage: Stage) -> None:
    """A proposal waits, and somebody else has come."""
    calm(stage)
    stage.tell(session("Chen-01", Role.TECHNICIAN), ThresholdTold(standing("Li-02")))
    _tell_outlook(stage, 36.4)


def threshold_closed(stage: Stage) -> None:
    """An operator only looks."""
    calm(stage)
    stage.tell(session("Wang-03"), ThresholdTold(standing()))
    _tell_outlook(stage, 36.2)


def _tell_outlook(stage: Stage, other_c: float, count: int = 300) -> None:
    stage.settle()
    asked = next(one for one in reversed(stage.bridge.sent) if isinstance(one, AskThreshold))
    checks = [SecondCheck(36.0 + i % 12 / 10, i % 9 == 8) for i in range(count)]
    in_force_c = 36.3 if count == 12 else 36.2
    policy = replace(POLICY, skin_threshold_c=in_force_c)
    since = NOON - timedelta(days=30)
    told = outlook(checks, policy, other_c, more_stopped=214, since=since)
    stage.tell(ThresholdTold(standing(), asked.command_id, told))


def shift_leaving(stage: Stage) -> None:
    """A shift lead is about to leave; much is open."""
    calm(stage)
    stage.tell(session("Chen-01", Role.SHIFT_LEAD))
    _tell_shift(stage, shift())
    stage.window.screens["shift"].note.setText("8-12: 104, 105")


def shift_offered(stage: Stage) -> None:
    """They have handed over; nobody has come yet."""
    calm(stage)
    stage.tell(session("Chen-01", Role.SHIFT_LEAD))
    _tell_shift(stage, shift("Chen-01"))


def shift_to_take(stage: Stage) -> None:
    """The lead who comes has signed in; the note is as long as one may be."""
    calm(stage)
    stage.tell(session("Li-02", Role.SHIFT_LEAD))
    held = shift("Chen-01")
    _tell_shift(stage, replace(held, offer=replace(held.offer, note="8" * LONGEST_NOTE)))


def shift_of_nobody(stage: Stage) -> None:
    """Nobody signs in here, and nothing is open."""
    calm(stage)
    _tell_shift(stage, shift(is_calm=True))


def shift_closed(stage: Stage) -> None:
    """An operator only looks."""
    calm(stage)
    stage.tell(session("Wang-03"))
    _tell_shift(stage, shift())


def _tell_shift(stage: Stage, standing: ShiftStanding) -> None:
    stage.settle()
    asked = next(one for one in reversed(stage.bridge.sent) if isinstance(one, AskShift))
    stage.tell(ShiftTold(standing, asked.command_id))


def trail(stage: Stage) -> None:
    """A page of the trail, one step in full."""
    calm(stage)
    stage.tell(session("Liu-06", Role.AUDITOR))
    stage.settle()
    rows = trail_rows()
    stage.tell(AuditPage(rows, stage.bridge.sent[-1].command_id, False))
    stage.window.screens["audit"].steps.rows.buttons[1].click()
    stage.settle()


def trail_whole(stage: Stage) -> None:
    """The chain was recomputed and is whole."""
    trail(stage)
    _verify(stage, TrailVerdict(AuditHead(1203, "ab12" * 16), None))


def trail_altered(stage: Stage) -> None:
    """Somebody has altered a row."""
    trail(stage)
    finding = Finding(ChainFault.ALTERED, 17, "Row 17 was altered.")
    _verify(stage, TrailVerdict(AuditHead(1203, "ab12" * 16), finding))


def trail_exported(stage: Stage) -> None:
    """The trail was written into a file."""
    trail(stage)
    stage.window.screens["audit"].export.click()
    asked: object = stage.bridge.sent[-1]
    file = "audit-20261124-120000.csv"
    stage.tell(WorkProgress(asked.command_id, WorkState.DONE, 1203, 1203, file))


def _verify(stage: Stage, verdict: TrailVerdict) -> None:
    stage.window.screens["audit"].verify.click()
    stage.tell(AuditVerified(stage.bridge.sent[-1].command_id, verdict))


def found_page(stage: Stage) -> None:
    calm(stage)
    stage.tell(found.page(stage.bridge.sent[-1]))


def found_nothing(stage: Stage) -> None:
    calm(stage)
    stage.tell(SearchPage(stage.bridge.sent[-1].command_id, (), None, 0))


def search_refused(stage: Stage) -> None:
    calm(stage)
    stage.tell(CommandRefused(stage.bridge.sent[-1].command_id, "Nobody.", Refusal.NOT_SIGNED_IN))


def choosing_a_reason(stage: Stage) -> None:
    found_page(stage)
    stage.window.screens["ledger"].facets[Facet.REASON].click()
    stage.settle()


def choosing_a_time(stage: Stage) -> None:
    found_page(stage)
    stage.window.screens["ledger"].facets[Facet.TIME].click()
    stage.settle()


def typing_a_case(stage: Stage) -> None:
    found_page(stage)
    stage.window.screens["ledger"].facets[Facet.CASE].click()
    stage.settle()


def exporting(stage: Stage) -> None:
    """A file is half written."""
    offering_exports(stage)
    stage.window.screens["ledger"].export_view.forms[TableFormat.XLSX].click()
    stage.settle()
    _tell_progress(stage, WorkState.RUNNING, 345_000)


def exported(stage: Stage) -> None:
    exporting(stage)
    _tell_progress(stage, WorkState.DONE, 1_000_000)


def export_failed(stage: Stage) -> None:
    exporting(stage)
    asked = next(one for one in reversed(stage.bridge.sent) if isinstance(one, ExportPassages))
    stage.tell(WorkProgress(asked.command_id, WorkState.FAILED, 345_000, 1_000_000, "", DISK_FULL))


def offering_exports(stage: Stage) -> None:
    found_page(stage)
    stage.window.screens["ledger"].export.click()
    stage.settle()


def _tell_progress(stage: Stage, state: WorkState, done: int) -> None:
    asked = next(one for one in reversed(stage.bridge.sent) if isinstance(one, ExportPassages))
    file = "passages-20261124-120000.xlsx" if state is WorkState.DONE else ""
    stage.tell(WorkProgress(asked.command_id, state, done, 1_000_000, file))


def voice(stage: Stage) -> None:
    """Sounds and a voice are there, and muted for a while; two lanes tell different wishes."""
    stage.window.desk.speaker.programs = Programs(("aplay",), "espeak-ng")
    busy(stage)
    stage.window.header.silence.click()
    stage.send_faces(2)
    stage.send_faces(2, lane="2", is_busy=False, state=LaneState.READY)
    _tell_travellers(stage)


def no_voice(stage: Stage) -> None:
    """Sounds, but nobody who speaks; other colours are chosen."""
    stage.window.desk.speaker.programs = Programs(("aplay",))
    calm(stage)
    stage.window.screens["display"].palettes[PaletteName.GLOW].click()
    stage.send_faces(2, is_busy=False, state=LaneState.READY)
    _tell_travellers(stage)


def _tell_travellers(stage: Stage) -> None:
    stage.window.refresh()
    TravellerSide(stage.window.desk).look()
    stage.settle()


def figures(stage: Stage) -> None:
    calm(stage)
    stage.window.screens["statistics"].periods[Period.MONTH].click()
    stage.tell(counted.counted(stage.bridge.sent[-1], counted.statistics()))


def figures_of_a_day(stage: Stage) -> None:
    calm(stage)
    stage.tell(counted.counted(stage.bridge.sent[-1], counted.statistics(days=1)))


def figures_of_second_checks(stage: Stage) -> None:
    figures(stage)
    stage.window.screens["statistics"].turn.click()
    stage.settle()


def figures_of_nobody(stage: Stage) -> None:
    calm(stage)
    stage.tell(counted.counted(stage.bridge.sent[-1], counted.nobody()))


def figures_refused(stage: Stage) -> None:
    calm(stage)
    stage.tell(CommandRefused(stage.bridge.sent[-1].command_id, DISK_FULL))


def questions(stage: Stage) -> None:
    """Somebody without fever is cleared: why were they flagged?"""
    stage.tell(*calm_station())
    readings = (reading(1, 36.6), reading(3, 36.5))
    stage.tell(CaseChanged(case(42, skin_c=36.9, state=CaseState.REFERRED, readings=readings)))
    stage.lane.case_view.verdicts[CaseState.CLEARED].click()
    stage.settle()


def other_steps(stage: Stage) -> None:
    busy(stage)
    stage.lane.case_view.others.click()
    stage.settle()


def going_on(stage: Stage) -> None:
    """One case at each stage; the operator is at one that is late."""
    stage.tell(*calm_station(), link(LinkState.OFFLINE, waiting=3, seconds=754))
    cases = cases_that_go_on()
    stage.tell(*(CaseChanged(one) for one in cases), pictured(cases[0]))
    _at(stage, cases[1])


def at_each_stage(stage: Stage) -> None:
    going_on(stage)
    for one in cases_that_go_on():
        _at(stage, one)


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


def writing_a_note(stage: Stage) -> None:
    shift_leaving(stage)
    screen = stage.window.screens["shift"]
    touch(screen.note)
    stage.settle()


def writing_signs(stage: Stage) -> None:
    writing_a_note(stage)
    screen = stage.window.screens["shift"]
    screen.writing.view.signs.click()
    stage.settle()


def writing_a_search(stage: Stage) -> None:
    trail(stage)
    screen = stage.window.screens["audit"]
    touch(screen.text)
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


def nothing(stage: Stage) -> None:
    """The very first moment."""
    stage.settle()


def _named(*scenes: Scene) -> dict[str, Scene]:
    return {scene.__name__: scene for scene in scenes}


EVERYWHERE = _named(nothing, calm, busy, lost)
"""What happens around every screen."""

SCENES_OF: dict[str, dict[str, Scene]] = {
    "lane": _named(
        decided,
        refused,
        typing,
        no_reference,
        late,
        two_lanes,
        all_lanes,
        frozen,
        watches,
        questions,
        other_steps,
        operator,
        auditor,
        locked,
        wrong_pin,
    ),
    "cases": _named(
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
    "ledger": _named(
        found_page,
        found_nothing,
        search_refused,
        choosing_a_reason,
        choosing_a_time,
        typing_a_case,
        offering_exports,
        exporting,
        exported,
        export_failed,
    ),
    "display": _named(voice, no_voice),
    "audit": _named(trail, trail_whole, trail_altered, trail_exported, writing_a_search),
    "threshold": _named(
        threshold_known,
        threshold_lower,
        threshold_proposed,
        threshold_to_confirm,
        threshold_closed,
    ),
    "shift": _named(
        shift_leaving,
        shift_offered,
        shift_to_take,
        shift_of_nobody,
        shift_closed,
        writing_a_note,
        writing_signs,
    ),
    "statistics": _named(
        figures,
        figures_of_a_day,
        figures_of_second_checks,
        figures_of_nobody,
        figures_refused,
    ),
}
"""What happens on one screen, by its key; the screen is in sight when a scene begins."""
SCENES_OF |= {key: _named(*scenes) for key, scenes in scenes_technician.SCENES.items()}


def scenes_of(key: str) -> dict[str, Scene]:
    """Return every scene in which this screen is looked at."""
    return EVERYWHERE | SCENES_OF.get(key, {})
