"""Builders of who is signed in, what they did, and what is open at the end of a shift."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from station.core.audit import AuditHead, AuditKind, AuditRow, made_entry, next_row
from station.core.people import Person, Role
from station.core.people_events import SessionChanged
from station.core.shift import (
    DeviceTrouble,
    OpenCase,
    ShiftHandover,
    ShiftMatters,
    ShiftOffer,
    ShiftStanding,
)
from station.core.stages import CaseStage
from station.core.threshold_change import Proposal, ThresholdStanding
from tests.ui.making import NOON


def session(name: str | None = "Wang Fang", role: Role = Role.OPERATOR) -> SessionChanged:
    """Somebody is signed in where people have to, or nobody is."""
    person = Person(name, role) if name else None
    names = ("Chen-01", "Li-02", "Wang-03", "Zhang-04", "Zhao-05", "Liu-06")
    return SessionChanged(
        person, is_required=True, names=names, lock_after_s=300, token="t" if person else ""
    )


def trail_rows() -> tuple[AuditRow, ...]:
    """Some steps of an audit trail, the newest first."""
    wang, chen = Person("Wang-03", Role.OPERATOR), Person("Chen-01", Role.SHIFT_LEAD)
    wu = Person("Wu-07", Role.TECHNICIAN)
    steps = (
        (None, AuditKind.SETTINGS, "", {"changed": "policies"}),
        (wang, AuditKind.SIGN_IN, "Wang-03", {"did": "sign in", "by": "card"}),
        (wang, AuditKind.ROOM, "", {"ambient_c": 21.5}),
        (wu, AuditKind.SIMULATION, "seek-1", {"fault": "video_unplugged", "on": True}),
        (wu, AuditKind.COPY, "backup", {"did": "made"}),
        (None, AuditKind.CASE, "42", {"state": "cleared", "note": "cleared: hot_drink", "id": 7}),
        (chen, AuditKind.ACCOUNT, "Zhao-05", {"did": "add", "role": "operator"}),
        (chen, AuditKind.THRESHOLD, "order-7", {"did": "propose", "to_c": 36.4, "order_c": 36.2}),
    )
    rows: list[AuditRow] = []
    head = AuditHead(1198, "ab12" * 16)
    for person, kind, subject, details in steps:
        row = next_row(head, made_entry(NOON, person, kind, subject, **details))
        head = AuditHead(row.number, row.digest)
        rows.append(row)
    return tuple(rows[::-1])


def standing(proposed_by: str = "", *, is_changed: bool = False) -> ThresholdStanding:
    """The shipped order's threshold, perhaps changed, perhaps with a proposal."""
    proposal = Proposal(UUID(int=7), 36.4, proposed_by, NOON) if proposed_by else None
    held = ThresholdStanding("order-7", 36.2, 36.2, 35.9, 36.5, proposal=proposal)
    if not is_changed:
        return held
    return replace(held, in_force_c=36.3, changed_by=("Chen-01", "Li-02"), changed_at=NOON)


def shift(offered_by: str = "", *, is_calm: bool = False) -> ShiftStanding:
    """What is open at the end of a shift, perhaps handed over already."""
    minutes = timedelta(minutes=1)
    offer = ShiftOffer(UUID(int=9), offered_by, NOON - 3 * minutes, "8-12: 104, 105")
    if is_calm:
        return ShiftStanding(ShiftMatters())
    matters = ShiftMatters(
        cases=(
            OpenCase(42, CaseStage.READING, NOON - 5 * minutes),
            OpenCase(41, CaseStage.ACCEPTANCE, None),
        ),
        waiting=12,
        oldest_waiting_at=NOON - 31 * minutes,
        set_aside=1,
        devices=(DeviceTrouble("gun-1", True), DeviceTrouble("camera-1", False)),
        unchecked=("gun-2",),
        threshold=standing(is_changed=True),
    )
    at = NOON - 480 * minutes
    latest = ShiftHandover(at, "Zhao-05", "Chen-01", "8-11: 102, 103", 3, 1, 0, 0, 1)
    return ShiftStanding(matters, offer if offered_by else None, latest)
