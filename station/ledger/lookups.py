"""What a ledger's writer is asked about its own rows."""

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, func, select

from station.core.cases import BodyReading, Case
from station.core.daily import DayCounts
from station.core.handhelds import DeviceCheck
from station.core.identity import IdentityEntry
from station.core.passages import Passage
from station.core.screening import Outcome
from station.ledger import rows
from station.ledger.counting import day_counts
from station.ledger.tables import case, device_check, identity, outbox, passage, reading
from station.ledger.writing import read_case


class Lookups(ABC):
    """The questions; whoever holds the file gives the connection.

    Args:
        is_drill: whether the rows of exercises are looked at, or the others.
    """

    def __init__(self, *, is_drill: bool) -> None:
        self._is_drill = is_drill

    @abstractmethod
    def reading_rows(self) -> AbstractContextManager[Connection]:
        """Give the connection for looking something up.

        Raises:
            KnownError: if the file or its disk cannot be used.
        """

    def case(self, case_id: UUID) -> Case | None:
        """Return one case with its readings."""
        return self._case_where(case.c.case_id == case_id)

    def case_numbered(self, number: int) -> Case | None:
        """Return the case with this short number."""
        return self._case_where(case.c.number == number)

    def unfinished_cases(self) -> tuple[Case, ...]:
        """Return the cases in which something is left to do, oldest first."""
        is_ours = case.c.is_drill == self._is_drill
        query = select(case).where(case.c.closed_at.is_(None), is_ours).order_by(case.c.number)
        with self.reading_rows() as connection:
            found = connection.execute(query).all()
            return tuple(read_case(connection, row) for row in found)

    def identity(self, case_id: UUID) -> IdentityEntry | None:
        """Return who the traveller of a case is, if it was recorded and is still kept."""
        query = select(identity).where(identity.c.case_id == case_id)
        with self.reading_rows() as connection:
            row = connection.execute(query).one_or_none()
            return None if row is None else rows.read_identity(row)

    def passage(self, passage_id: UUID) -> Passage | None:
        """Return one passage."""
        is_ours = passage.c.is_drill == self._is_drill
        query = select(passage).where(passage.c.passage_id == passage_id, is_ours)
        with self.reading_rows() as connection:
            row = connection.execute(query).one_or_none()
            return None if row is None else rows.read_passage(row)

    def reading(self, reading_id: UUID) -> BodyReading | None:
        """Return one handheld reading, attached or not."""
        query = select(reading).where(reading.c.reading_id == reading_id)
        with self.reading_rows() as connection:
            row = connection.execute(query).one_or_none()
            return None if row is None else rows.read_reading(row)

    def unattached_readings(self, since: datetime) -> tuple[BodyReading, ...]:
        """Return readings received since then and attached to no case, oldest first."""
        query = (
            select(reading)
            .where(reading.c.case_id.is_(None), reading.c.taken_at >= since)
            .order_by(reading.c.taken_at)
        )
        with self.reading_rows() as connection:
            return tuple(rows.read_reading(row) for row in connection.execute(query))

    def latest_checks(self, since: datetime) -> tuple[DeviceCheck, ...]:
        """Return each thermometer's latest daily check since then."""
        query = select(device_check).where(device_check.c.at >= since).order_by(device_check.c.at)
        with self.reading_rows() as connection:
            latest = {row.device_id: rows.read_check(row) for row in connection.execute(query)}
            return tuple(latest.values())

    def passages_by_hand(self, since: datetime) -> tuple[Passage, ...]:
        """Return passages since then that staff should measure and that have no case, in order."""
        is_doubtful = passage.c.outcome == Outcome.NOT_MEASURED.value
        is_warm = passage.c.crowd_excess_c.is_not(None)
        is_below = passage.c.outcome == Outcome.BELOW.value
        has_case = select(case.c.case_id).where(case.c.passage_id == passage.c.passage_id).exists()
        query = (
            select(passage)
            .where(passage.c.last_at >= since, is_doubtful | (is_below & is_warm), ~has_case)
            .where(passage.c.is_drill == self._is_drill)
            .order_by(passage.c.last_at)
        )
        with self.reading_rows() as connection:
            return tuple(rows.read_passage(row) for row in connection.execute(query))

    def day_counts(self, since: datetime, until: datetime) -> DayCounts:
        """Count passages and cases from a moment on, up to but without another."""
        with self.reading_rows() as connection:
            return day_counts(connection, since, until, is_drill=self._is_drill)

    def latest_of_kind(self, kind: str, until: datetime) -> datetime | None:
        """Return when, by a moment, the outbox last took such a message that is not about a case.

        What was sent later than now comes from a clock that was ahead, and says nothing.
        """
        query = select(func.max(outbox.c.created_at)).where(
            outbox.c.kind == kind,
            outbox.c.case_id.is_(None),
            outbox.c.created_at <= until,
            outbox.c.channel.startswith("drill/") == self._is_drill,
        )
        with self.reading_rows() as connection:
            latest: datetime | None = connection.scalar(query)
            return latest

    def _case_where(self, condition: ColumnElement[bool]) -> Case | None:
        with self.reading_rows() as connection:
            query = select(case).where(condition, case.c.is_drill == self._is_drill)
            row = connection.execute(query).one_or_none()
            return None if row is None else read_case(connection, row)
