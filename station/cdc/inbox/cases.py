"""A case as the duty officer sees it: its messages in their order, and who has answered them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from station.core.cases import CaseState
from station.core.report import ReportKind
from station.reporting.messages.alert import RegistrationData
from station.reporting.topics import StationIdentity

UNDEMANDING_KINDS = frozenset(
    {
        ReportKind.SECOND_READING,
        ReportKind.HANDOVER,
        ReportKind.REGISTERED,
        ReportKind.OUTCOME,
        ReportKind.CORRECTED,
    }
)
"""What tells only how a case goes on, and asks for no answer of its own."""

_LATE = timedelta(minutes=1)
_COVERAGE = 2


class CaseKey(NamedTuple):
    """Which case: its station counts its cases for itself."""

    region: str
    site: str
    station: str
    case_id: str

    @property
    def identity(self) -> StationIdentity:
        """Whose."""
        return StationIdentity(self.region, self.site, self.station)


@dataclass(frozen=True, slots=True)
class Skin:
    """What the thermograph said: a temperature of the skin's surface, never of the body."""

    surface_c: float | None
    """Skin surface, °C; None when not measured."""
    standard_uncertainty_c: float | None
    """k=1, °C."""
    site: str
    """Measuring site; empty if there is none."""
    outcome: str
    """The answer's stored value."""
    reasons: tuple[str, ...]
    """Why not measured, as stored values."""

    @property
    def expanded_uncertainty_c(self) -> float | None:
        """k=2, °C."""
        u_c = self.standard_uncertainty_c
        return None if u_c is None else _COVERAGE * u_c


@dataclass(frozen=True, slots=True)
class Body:
    """One second reading: a clinical thermometer's body temperature."""

    body_c: float
    """Body, °C."""
    taken_at: datetime
    """When, aware."""
    device_id: str
    """Which thermometer."""
    trust: str
    """What kind of thermometer, as stored value."""
    site: str = ""
    """Where on the body, as stored value; empty if it was not said."""


@dataclass(frozen=True, slots=True)
class HandoverStage:
    """One step of the hand-over to the emergency service."""

    step: str
    """Which, as stored value."""
    at: datetime
    """When, aware."""
    to: str
    """The emergency service or the clinic; empty if nobody was named."""


@dataclass(frozen=True, slots=True)
class Update:
    """One message about a case."""

    position: int
    """Its place in the inbox: the order in which messages became visible."""
    report_id: str
    """Its id."""
    key: CaseKey
    """Whose."""
    epoch: str
    """The station's count that `sequence` belongs to."""
    sequence: int
    """Its number in that count."""
    epoch_position: int
    """Place of the first message that came of its count: tells which count began earlier."""
    kind: str
    """What it tells, as stored value."""
    state: str
    """The case's state after it, as stored value."""
    number: int
    """The short number that the station's staff call out."""
    lane: str
    """Where."""
    is_drill: bool
    """Whether this is an exercise."""
    flagged_at: datetime
    """When the traveller was flagged, by the station's clock, aware."""
    reported_at: datetime
    """When the message was made, by the station's clock, aware."""
    received_at: datetime
    """When it was stored, by the CDC's clock, aware."""
    skin: Skin
    """What the thermograph said."""
    body: tuple[Body, ...]
    """Second readings so far, oldest first."""
    handover: tuple[HandoverStage, ...]
    """Steps of the hand-over so far, oldest first."""
    is_clock_jumped: bool
    """Whether the station says that its times are in doubt."""
    registration: RegistrationData | None = None
    """What the traveller was asked, without identity; None if nothing."""
    outcome: str = ""
    """What the clinic found, as stored value; empty while it is not known."""
    sealed_until: datetime | None = None
    """Until when the identity that came with it is kept sealed, aware; None if none did."""
    acknowledged_by: str = ""
    """Who answered it; empty if nobody did."""
    acknowledged_at: datetime | None = None
    """When, aware."""

    @property
    def is_late(self) -> bool:
        """Whether it came long after it was made."""
        return self.received_at - self.reported_at > _LATE

    @property
    def is_demanding(self) -> bool:
        """Whether a person at the CDC must answer it.

        A flag and a verdict that is no clearance do; steps on the way do not.
        """
        return self.kind not in UNDEMANDING_KINDS and self.state != CaseState.CLEARED


@dataclass(frozen=True, slots=True)
class CdcCase:
    """All messages of one case."""

    updates: tuple[Update, ...]
    """At least one, in the station's order."""

    @property
    def key(self) -> CaseKey:
        """Which case."""
        return self.updates[0].key

    @property
    def latest(self) -> Update:
        """Where the case stands."""
        return self.updates[-1]

    @property
    def last_position(self) -> int:
        """Place of the message that came last."""
        return max(update.position for update in self.updates)

    def sealed_until(self, now: datetime) -> datetime | None:
        """Return until when an identity is kept sealed, aware; None if none is any more."""
        ends = [update.sealed_until for update in self.updates if update.sealed_until]
        return max((end for end in ends if end > now), default=None)

    @property
    def is_cleared(self) -> bool:
        """Whether the second check found no fever: nobody need answer any more.

        A clearance that was taken back is none.
        """
        is_cleared = False
        for update in self.updates:
            if update.state == CaseState.CLEARED:
                is_cleared = True
            elif update.kind == ReportKind.CORRECTED:
                is_cleared = False
        return is_cleared

    @property
    def waiting(self) -> Update | None:
        """The message that has waited longest for an answer, or None if none waits."""
        return min(self.unanswered, key=lambda update: update.received_at, default=None)

    @property
    def unanswered(self) -> tuple[Update, ...]:
        """The messages that wait for an answer."""
        if self.is_cleared:
            return ()
        return tuple(u for u in self.updates if u.is_demanding and u.acknowledged_at is None)

    def answered_by(self, name: str, at: datetime) -> str:
        """Return whose answer counts after somebody answered: theirs, or another one's before.

        Args:
            name: of whoever answered.
            at: when, aware.
        """
        given = [u for u in self.updates if u.is_demanding and u.acknowledged_at is not None]
        if not given or any((u.acknowledged_by, u.acknowledged_at) == (name, at) for u in given):
            return name
        return max(given, key=lambda update: update.position).acknowledged_by

    @property
    def acknowledgements(self) -> tuple[tuple[str, datetime], ...]:
        """Who answered, and when, oldest first; one answer to several messages stands once."""
        given = {
            (u.acknowledged_by, u.acknowledged_at)
            for u in self.updates
            if u.acknowledged_at is not None
        }
        return tuple(sorted(given, key=lambda one: one[1]))


def in_order(updates: Iterable[Update]) -> tuple[Update, ...]:
    """Return messages of one station in the order in which it counted them.

    They may have come in another one. Counts of which the first message came earlier go first: a
    station's old count ends before its new one begins.
    """
    return tuple(sorted(updates, key=lambda u: (u.epoch_position, u.epoch, u.sequence, u.position)))


def grouped(updates: Iterable[Update]) -> tuple[CdcCase, ...]:
    """Return the cases of these messages; the one with the newest message first."""
    by_case: dict[CaseKey, list[Update]] = {}
    for update in updates:
        by_case.setdefault(update.key, []).append(update)
    cases = (CdcCase(in_order(ones)) for ones in by_case.values())
    return tuple(sorted(cases, key=lambda case: case.last_position, reverse=True))
