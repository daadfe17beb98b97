"""Rows of one sound ledger, attached as `old`, that another has not are added to it."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Table

from station.core.audit import AuditEntry, AuditKind, digest_of
from station.core.cases import Progress
from station.core.errors import KnownError
from station.ledger.carrying import forget_identities
from station.ledger.missing import Span, spans_of
from station.ledger.people_tables import account, audit
from station.ledger.rows import progress_values
from station.ledger.salvage_figures import first_number, highest_told
from station.ledger.tables import (
    case,
    case_step,
    collection_order,
    device_check,
    handover,
    identity,
    outbox,
    passage,
    reading,
)

# When a row `m` of the ledger in use is the row `o`.
_SAME: Mapping[str, str] = {
    collection_order.name: "m.order_id = o.order_id",
    account.name: "m.name = o.name",
    passage.name: "m.passage_id = o.passage_id",
    case.name: "m.case_id = o.case_id",
    case_step.name: "m.case_id = o.case_id AND m.at = o.at AND m.actor = o.actor "
    "AND m.state = o.state AND m.note = o.note",
    reading.name: "m.reading_id = o.reading_id",
    device_check.name: "m.check_id = o.check_id",
    outbox.name: "m.report_id = o.report_id",
    audit.name: "m.number = o.number AND m.digest = o.digest",
}
_OF_NEW_CASE = "o.case_id IN (SELECT case_id FROM temp.new_case)"
# A reading stays where it was, unless its case has got another one there since.
_ATTACHED = (
    f"({_OF_NEW_CASE} OR NOT EXISTS (SELECT 1 FROM main.reading AS m "  # noqa: S608 - our names
    "WHERE m.case_id = o.case_id AND m.position = o.position))"
)
# Whoever was registered under an order that is not the same here has no rule any more.
_RULE_HOLDS = (
    "(o.order_id = '' OR EXISTS ("
    "SELECT * FROM main.collection_order WHERE order_id = o.order_id INTERSECT "
    "SELECT * FROM old.collection_order WHERE order_id = o.order_id))"
)
_NUMBER_IS_FREE = (
    "NOT EXISTS (SELECT 1 FROM main.outbox AS m "
    "WHERE m.epoch = o.epoch AND m.sequence = o.sequence)"
)


def _absent(name: str) -> str:
    return f"NOT EXISTS (SELECT 1 FROM main.{name} AS m WHERE {_SAME[name]})"  # noqa: S608


_WAITING = (
    f"SELECT count(*) FROM old.outbox AS o WHERE {_absent(outbox.name)} "  # noqa: S608 - our names
    f"AND {_NUMBER_IS_FREE} AND o.state = 'waiting'"
)

_SETTLED = (
    "UPDATE main.outbox SET state = o.state, settled_at = o.settled_at, reason = o.reason "
    "FROM old.outbox AS o WHERE o.report_id = outbox.report_id "
    "AND outbox.state = 'waiting' AND o.state <> 'waiting'"
)
_PROGRESS = ", ".join(("state", *progress_values(Progress())))
_IS_FURTHER = "case_id IN (SELECT case_id FROM temp.further_case)"
_FURTHER = (
    "CREATE TEMP TABLE further_case AS SELECT DISTINCT o.case_id FROM old.case_step AS o "  # noqa: S608
    "WHERE o.case_id IN (SELECT case_id FROM main.case_ INTERSECT SELECT case_id FROM old.case_) "
    f"AND {_absent(case_step.name)} AND NOT EXISTS ("
    "SELECT 1 FROM main.case_step AS m WHERE m.case_id = o.case_id AND NOT EXISTS ("
    f"SELECT 1 FROM old.case_step AS o WHERE {_SAME[case_step.name]}))",
    f"UPDATE main.case_ SET ({_PROGRESS}) = (SELECT {_PROGRESS} FROM old.case_ AS o "  # noqa: S608
    f"WHERE o.case_id = case_.case_id) WHERE {_IS_FURTHER}",
    f"DELETE FROM main.handover WHERE {_IS_FURTHER}",  # noqa: S608
    f"DELETE FROM main.identity WHERE {_IS_FURTHER}",  # noqa: S608
    "UPDATE main.reading SET case_id = o.case_id, position = o.position, body_site = o.body_site "  # noqa: S608
    f"FROM old.reading AS o WHERE o.reading_id = reading.reading_id AND o.{_IS_FURTHER}",
    "INSERT INTO temp.new_case SELECT case_id FROM temp.further_case",
)

_UNSENDABLE = (
    f"SELECT count(*) FROM old.outbox AS o WHERE {_absent(outbox.name)} "  # noqa: S608 - our names
    "AND o.state = 'waiting'"
)


@dataclass(slots=True)
class Joined:
    """What was added, and what was not."""

    added: dict[str, int] = field(default_factory=dict)
    """Rows of each table."""
    left: dict[str, int] = field(default_factory=dict)
    """Rows of each table for which the ledger in use has no place."""
    waiting: int = 0
    """Messages among the added that have not left."""
    unsendable: int = 0
    """Messages that have not left and never will: their numbers were given again."""
    numbers: dict[int, int] = field(default_factory=dict)
    """The new short numbers of cases whose own were given again meanwhile."""
    further: int = 0
    """Cases that were there and had gone on in the other ledger."""
    found: dict[str, list[Span]] = field(default_factory=dict)
    """Numbers of added records that the audit trail knows, by table."""

    @property
    def is_anything(self) -> bool:
        """Whether anything was added."""
        return self.further > 0 or any(self.added.values())


class Joiner:
    """Adds, inside the caller's transaction.

    Args:
        connection: to the ledger in use; the other one is attached to it as `old`, and changed.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._joined = Joined(added=dict.fromkeys(_SAME, 0))

    def refuse_strangers(self, name: str, *, is_known: bool) -> None:
        """Make sure that both are the same station's.

        Args:
            name: the other file's.
            is_known: whether the audit trail tells of a salvage of a file of that name.

        Raises:
            KnownError: if not.
        """
        same_row = "SELECT count(*) FROM main.audit AS m JOIN old.audit AS o USING (number, digest)"
        if first_number(self._connection, same_row):
            return
        ours, theirs = self._stations("main"), self._stations("old")
        if theirs and ours and not ours & theirs:
            raise KnownError(
                f"{name} is of the station {min(theirs)}, the ledger is {min(ours)}'s: nothing is "
                "added."
            )
        if not (is_known or ours & theirs):
            raise KnownError(
                f"Nothing in {name} tells that it is this station's: give it back the name that it "
                "had beside the ledger."
            )

    def _stations(self, schema: str) -> set[str]:
        query = (
            f"SELECT DISTINCT json_extract(CAST(payload AS TEXT), '$.source') FROM {schema}.outbox"  # noqa: S608
        )
        return {str(source) for (source,) in self._connection.execute(query)}

    def join(self) -> Joined:
        """Add every row that is not there yet."""
        self._connection.execute(
            "CREATE TEMP TABLE new_case AS SELECT case_id FROM old.case_ AS o "  # noqa: S608 - ours
            f"WHERE {_absent(case.name)}"
        )
        self._take_further_cases()
        self._number_cases()
        self._copy_cards()
        for table in (collection_order, account, passage, case):
            self._copy(table, _absent(table.name))
        self._copy_numbered(case_step, "step_id")
        self._copy(handover, _OF_NEW_CASE)
        places = {
            name: f"CASE WHEN {_ATTACHED} THEN o.{name} END"
            for name in ("case_id", "position", "body_site")
        }
        self._copy(reading, _absent(reading.name), places)
        self._copy(identity, f"{_OF_NEW_CASE} AND {_RULE_HOLDS}")
        self._copy_numbered(device_check, "rowid")
        self._joined.waiting = first_number(self._connection, _WAITING)
        self._connection.execute(_SETTLED)
        self._copy(outbox, f"{_absent(outbox.name)} AND {_NUMBER_IS_FREE}", {"position": "NULL"})
        self._joined.unsendable = first_number(self._connection, _UNSENDABLE)
        self._copy_trail()
        forget_identities(self._connection)
        for name in ("new_case", "further_case"):
            self._connection.execute(f"DROP TABLE temp.{name}")
        for name in _SAME:
            query = f"SELECT count(*) FROM old.{name} AS o WHERE {_absent(name)}"  # noqa: S608
            if left := first_number(self._connection, query):
                self._joined.left[name] = left
        return self._joined

    def _take_further_cases(self) -> None:
        """Bring cases up to date that went on in the other ledger, as after a restored backup.

        Steps are only ever added: where the other ledger has all of a case's and more, the case is
        as it says, and its readings and hand-over with it.
        """
        for statement in _FURTHER:
            self._connection.execute(statement)
        further = "SELECT count(*) FROM temp.further_case"
        self._joined.further = first_number(self._connection, further)

    def _number_cases(self) -> None:
        """Give cases whose short number another one has here the next numbers."""
        highest = max(
            first_number(self._connection, f"SELECT max(number) FROM {schema}.case_")  # noqa: S608
            for schema in ("main", "old")
        )
        taken = (
            "SELECT o.case_id, o.number FROM old.case_ AS o "
            "JOIN temp.new_case USING (case_id) JOIN main.case_ AS m ON m.number = o.number "
            "ORDER BY o.number"
        )
        for case_id, number in self._connection.execute(taken).fetchall():
            highest += 1
            self._joined.numbers[number] = highest
            change = "UPDATE old.case_ SET number = ? WHERE case_id = ?"
            self._connection.execute(change, (highest, case_id))

    def _copy_cards(self) -> None:
        """Take the salt over by which cards find their accounts, unless a card was given since."""
        self._connection.execute(
            "UPDATE main.card_salt SET salt = (SELECT salt FROM old.card_salt) "
            "WHERE NOT EXISTS (SELECT 1 FROM main.account WHERE card_hash IS NOT NULL)"
        )

    def _copy(self, table: Table, condition: str, columns: Mapping[str, str] | None = None) -> None:
        """Add the rows that meet a condition, some of their columns made of something else."""
        picked = {column.name: f"o.{column.name}" for column in table.columns} | dict(columns or {})
        # An account's card may be another one's by now.
        done = self._connection.execute(
            f"INSERT OR IGNORE INTO main.{table.name} ({', '.join(picked)}) "  # noqa: S608 - ours
            f"SELECT {', '.join(picked.values())} FROM old.{table.name} AS o "
            f"WHERE {condition} ORDER BY o.rowid"
        )
        if table.name in self._joined.added:
            self._joined.added[table.name] += done.rowcount

    def _copy_numbered(self, table: Table, key: str) -> None:
        """Add records of which the audit trail tells by number; they keep it where it is free."""
        name = table.name
        taken = f"EXISTS (SELECT 1 FROM main.{name} AS m WHERE m.{key} = o.{key})"  # noqa: S608
        free = f"{_absent(name)} AND NOT {taken}"
        numbers = f"SELECT o.{key} FROM old.{name} AS o WHERE {free}"  # noqa: S608
        found = [number for (number,) in self._connection.execute(numbers)]
        self._copy(table, free, {key: f"o.{key}"})
        if found:
            self._joined.found[name] = spans_of(found)
        last = max(
            highest_told(self._connection, name),
            *(
                first_number(self._connection, f"SELECT max({key}) FROM {schema}.{name}")  # noqa: S608
                for schema in ("main", "old")
            ),
        )
        self._copy(table, _absent(name), {key: f"{last} + row_number() OVER (ORDER BY o.{key})"})

    def _copy_trail(self) -> None:
        """Add the rows of the audit trail that fit into its gaps."""
        query = f"SELECT o.* FROM old.audit AS o WHERE {_absent(audit.name)} ORDER BY o.number"  # noqa: S608
        found = [row for row in self._connection.execute(query).fetchall() if self._fits(*row)]
        places = ", ".join("?" * len(audit.columns))
        self._connection.executemany(f"INSERT INTO main.audit VALUES ({places})", found)  # noqa: S608
        self._joined.added[audit.name] = len(found)
        if found:
            self._joined.found[audit.name] = spans_of(number for number, *_ in found)

    def _fits(self, number: int, *told: str) -> bool:
        """Whether a row is whole and does not contradict its neighbours in the ledger in use."""
        at, actor, role, kind, subject, details, previous, digest = told
        moment = datetime.fromisoformat(at).astimezone(UTC)
        entry = AuditEntry(moment, actor, role, AuditKind(kind), subject, details)
        query = "SELECT number, previous, digest FROM main.audit WHERE number BETWEEN ? AND ?"
        near = {
            at: (before, own)
            for at, before, own in self._connection.execute(query, (number - 1, number + 1))
        }
        head = first_number(self._connection, "SELECT max(number) FROM main.audit")
        return (
            number < head
            and number not in near
            and digest_of(number, entry, previous) == digest
            and (number - 1 not in near or near[number - 1][1] == previous)
            and (number + 1 not in near or near[number + 1][0] == digest)
        )
