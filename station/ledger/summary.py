"""Counts of passages by the hour, kept by the database itself in the passage's own transaction.

A million passages are too many to be counted while somebody waits. Two small tables hold how many
there were in each hour: `passage_count` by answer and first reason, `skin_count` by tenths of a
degree. Triggers keep them, so that no writer can forget it, and a search skips every hour in which
there is nothing to find.
"""

_HOUR = "CAST(strftime('%s', {row}last_at) AS INTEGER) / 3600"
FIRST_REASON = "substr({row}reasons, 1, instr({row}reasons || ' ', ' ') - 1)"
"""SQL of a passage's most frequent reason; empty when it was measured."""

_PLACE = f"{{row}}is_drill, {_HOUR}, {{row}}camera_id, {{row}}lane, {{row}}outcome"
_PASSAGE_COLUMNS = "is_drill, hour, camera_id, lane, outcome, reason"
_PASSAGE_KEY = f"{_PLACE}, {FIRST_REASON}"
_SKIN_COLUMNS = "is_drill, hour, camera_id, lane, outcome, tenths"
_SKIN_KEY = f"{_PLACE}, CAST({{row}}skin_c * 10 AS INTEGER)"
_COUNTED = "last_at, camera_id, lane, outcome, reasons, skin_c, is_drill"


def _change(row: str, by: int) -> str:
    """Return what a trigger does for one passage."""
    on_conflict = f"DO UPDATE SET number = number + ({by})"
    return (
        f"INSERT INTO passage_count ({_PASSAGE_COLUMNS}, number) "
        f"VALUES ({_PASSAGE_KEY.format(row=row)}, {by}) "
        f"ON CONFLICT ({_PASSAGE_COLUMNS}) {on_conflict}; "
        f"INSERT INTO skin_count ({_SKIN_COLUMNS}, number) "
        # SQLite reads ON after a SELECT as a join's; a WHERE in between ends the doubt.
        f"SELECT {_SKIN_KEY.format(row=row)}, {by} WHERE {row}skin_c IS NOT NULL "
        f"ON CONFLICT ({_SKIN_COLUMNS}) {on_conflict};"
    )


def _count_table(name: str, last_column: str, columns: str) -> str:
    return (
        f"CREATE TABLE {name} (is_drill BOOLEAN NOT NULL, hour INTEGER NOT NULL, "
        f"camera_id VARCHAR NOT NULL, lane VARCHAR NOT NULL, outcome VARCHAR NOT NULL, "
        f"{last_column} NOT NULL, number INTEGER NOT NULL, PRIMARY KEY ({columns})) WITHOUT ROWID"
    )


COUNTING = (
    _count_table("passage_count", "reason VARCHAR", _PASSAGE_COLUMNS),
    _count_table("skin_count", "tenths INTEGER", _SKIN_COLUMNS),
    f"INSERT INTO passage_count SELECT {_PASSAGE_KEY.format(row='')}, count(*) FROM passage "
    "GROUP BY 1, 2, 3, 4, 5, 6",
    f"INSERT INTO skin_count SELECT {_SKIN_KEY.format(row='')}, count(*) FROM passage "
    "WHERE skin_c IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6",
    f"CREATE TRIGGER passage_counted AFTER INSERT ON passage BEGIN {_change('NEW.', 1)} END",
    f"CREATE TRIGGER passage_uncounted AFTER DELETE ON passage BEGIN {_change('OLD.', -1)} END",
    f"CREATE TRIGGER passage_counted_once BEFORE UPDATE OF {_COUNTED} ON passage "
    "BEGIN SELECT RAISE(ABORT, 'what was counted of a passage never changes'); END",
    "CREATE INDEX case_opened ON case_ (opened_at)",
)
"""The migration's statements, frozen: later steps change what they make, this text stays as it is.
"""


def tenths(value_c: float) -> int:
    """Return the bar of a skin temperature, as the database counts it."""
    return int(value_c * 10)
