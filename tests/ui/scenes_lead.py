"""What threshold, shift and audit trail are looked at in."""

from dataclasses import replace
from datetime import timedelta

from station.core.audit import AuditHead, ChainFault, Finding, TrailVerdict
from station.core.people import Role
from station.core.people_events import AuditPage
from station.core.questions import AuditVerified, WorkProgress, WorkState
from station.core.shift import LONGEST_NOTE, ShiftStanding
from station.core.shift_commands import AskShift, ShiftTold
from station.core.threshold_change import SecondCheck, outlook
from station.core.threshold_commands import AskThreshold, ThresholdTold
from tests.support import POLICY
from tests.ui.making import NOON
from tests.ui.making_people import session, shift, standing, trail_rows
from tests.ui.scenes_lane import calm
from tests.ui.screens import Stage, touch


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


SCENES = {
    "audit": (
        trail,
        trail_whole,
        trail_altered,
        trail_exported,
        writing_a_search,
    ),
    "threshold": (
        threshold_known,
        threshold_lower,
        threshold_proposed,
        threshold_to_confirm,
        threshold_closed,
    ),
    "shift": (
        shift_leaving,
        shift_offered,
        shift_to_take,
        shift_of_nobody,
        shift_closed,
        writing_a_note,
        writing_signs,
    ),
}
"""By the key of the screen."""
