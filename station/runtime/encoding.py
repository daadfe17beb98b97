"""The exact bytes of what this station tells the CDC."""

from datetime import datetime
from uuid import UUID, uuid4

from station.core.daily import DailyFigures
from station.core.identity import IdentityEntry
from station.core.report import Channel, Encoded, Report
from station.core.status import StationStatus
from station.reporting.composing import encode_figures, encode_report, encode_status
from station.reporting.messages.status import StationState
from station.reporting.persons import Place, seal_person
from station.reporting.sealing import Sealing
from station.reporting.topics import StationIdentity
from station.runtime.clock import SystemClock


class StationEncoder:
    """Writes a station's messages in its name, each marked with how far its clock is right.

    Args:
        identity: who it is.
        time_zone: name of the zone in which its days begin and end.
        is_drill: whether every message is marked as an exercise.
        clock: the machine's clocks.
        sealing: the CDC's key; without it no identity leaves the station.
    """

    def __init__(
        self,
        identity: StationIdentity,
        time_zone: str,
        *,
        is_drill: bool,
        clock: SystemClock,
        sealing: Sealing | None = None,
    ) -> None:
        self._identity = identity
        self._time_zone = time_zone
        self._is_drill = is_drill
        self._clock = clock
        # Whoever takes part in an exercise is never told of.
        self._sealing = None if is_drill else sealing

    def report(
        self, report: Report, epoch: UUID, sequence: int, person: IdentityEntry | None = None
    ) -> Encoded:
        """Return an alert; who the traveller is goes with it, sealed, if the rule says so."""
        sealed = None
        if self._sealing is not None and person is not None and person.is_shared:
            place = Place(self._identity.source, report.report_id, report.case_id)
            sealed = seal_person(self._sealing, person, place)
        payload = encode_report(
            report,
            self._identity,
            epoch,
            sequence,
            is_drill=self._is_drill,
            clock=self._clock.quality(),
            person=sealed,
        )
        return Encoded(Channel.ALERT.for_drill(self._is_drill), payload)

    def figures(
        self, figures: DailyFigures, event_id: UUID, at: datetime, epoch: UUID, sequence: int
    ) -> Encoded:
        """Return the figures of a day."""
        payload = encode_figures(
            figures,
            self._time_zone,
            self._identity,
            epoch,
            sequence,
            event_id=event_id,
            at=at,
            is_drill=self._is_drill,
            clock=self._clock.quality(),
        )
        return Encoded(Channel.REPORT.for_drill(self._is_drill), payload)

    def status(self, state: StationState | None, status: StationStatus) -> Encoded:
        """Return the station's status; a state of None takes the one that the status gives."""
        payload = encode_status(
            state,
            status,
            self._identity,
            event_id=uuid4(),
            at=self._clock.now(),
            is_drill=self._is_drill,
            clock=self._clock.quality(),
        )
        return Encoded(Channel.STATUS.for_drill(self._is_drill), payload)
