"""What the live lane, and the travellers' display, are looked at in."""

from datetime import timedelta

from station.core.cases import CaseState, Refusal, TrustClass
from station.core.events import CaseChanged, CommandRefused, PassageRecorded
from station.core.extraction import RejectReason
from station.core.lane_events import LaneFault, LaneFaultKind, LaneState
from station.core.people import Role
from station.core.reference import ReferenceState
from tests.ui.making import (
    DISK_FULL,
    FROZEN,
    LEARNING,
    NOON,
    bias,
    case,
    chilled_passage,
    reading,
    room,
    warm_passage,
)
from tests.ui.making_devices import simulated
from tests.ui.making_people import session
from tests.ui.making_stations import busy_station, calm_station
from tests.ui.screens import Stage
from ui.model import Loss
from ui.palette import PaletteName
from ui.speaker import Programs
from ui.traveller import TravellerSide


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


SCENES = {
    "lane": (
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
    "display": (
        voice,
        no_voice,
    ),
}
"""By the key of the screen."""
