"""What became of every flag: the stations' journals against the CDC's inbox.

flagged    the station told its screens that the flag is durable (or the CDC has it)
at door    offered, but its process was killed before it could say that; not stored
stored     flags that the inbox holds
lost       flagged and not stored, and not noticed: lost in silence
noticed    flagged and not stored, taken by a damaged disk: the station does not have it any more
           and told its staff, and the CDC shows its number as missing
twice      flags with two alerts in the inbox, and alerts that the receiver told twice although
           its inbox had not been put back in between
ghosts     alerts in the inbox that no station was offered
"""

import json
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from uuid import UUID

from station.cdc.store import InboxStore
from station.ledger.database import known_errors, open_connection
from tests.chaos.door import flag_number
from tests.chaos.journal import read_journal

_ALL = 10_000_000


@dataclass
class Verdict:
    """The counts, with a few examples of what should not be."""

    flagged: int = 0
    at_door: int = 0
    stored: int = 0
    lost: int = 0
    noticed: int = 0
    twice: int = 0
    ghosts: int = 0
    waiting: int = 0
    """Messages that a station still wants to deliver."""
    examples: list = field(default_factory=list)

    @property
    def is_settled(self):
        """Whether nothing is on its way any more and nothing is missing."""
        return self.waiting == 0 and self.lost == 0

    @property
    def is_kept(self):
        """Whether the link's law was kept."""
        return not (self.lost or self.twice or self.ghosts or self.waiting)

    def complain(self, text):
        if len(self.examples) < 12:
            self.examples.append(text)


def judge(stations, receiver):
    """Compare; may be called while everything runs.

    Args:
        stations: each part with its `journal`.
        receiver: the receiver's part.

    Raises:
        KnownError: while the inbox cannot be read.
    """
    verdict = Verdict()
    rows, gaps = _inbox(receiver.disk.path)
    verdict.stored = len(rows)
    told = {part.name: read_journal(part.journal) for part in stations}
    for (name, flag), count in rows.items():
        if name not in told or flag not in told[name].offered:
            verdict.ghosts += 1
            verdict.complain(f"ghost: {name} flag {flag}")
        if count > 1:
            verdict.twice += 1
            verdict.complain(f"twice: {name} flag {flag}, {count} rows")
    for part in stations:
        _judge_station(part, told[part.name], rows, gaps, verdict)
    for report_id, count in _tellings(receiver).items():
        if count > 1:
            verdict.twice += 1
            verdict.complain(f"told twice: {report_id}")
    return verdict


def _inbox(path):
    """Return how often each flag is stored, and what is shown as missing."""
    with closing(InboxStore(path, read_only=True)) as inbox:
        gaps = [(g.station.station, str(g.epoch), g.first, g.last) for g in inbox.gaps(limit=_ALL)]
        with inbox._database.reading() as connection:
            found = connection.exec_driver_sql("SELECT station, lane FROM alert").all()
    return Counter((station, flag_number(lane)) for station, lane in found), gaps


def _judge_station(part, told, rows, gaps, verdict):
    held = _held(part)
    verdict.waiting += sum(held.values())
    for flag in told.offered:
        is_stored, promise = (part.name, flag) in rows, told.acknowledged.get(flag)
        if promise or is_stored:
            verdict.flagged += 1
        else:
            verdict.at_door += 1
        if is_stored or not promise:
            continue
        is_missing = any(
            (part.name, promise.epoch) == gap[:2] and gap[2] <= promise.sequence <= gap[3]
            for gap in gaps
        )
        is_taken = part.is_damaged and promise.report_id not in held
        if is_taken and is_missing and told.losses:
            verdict.noticed += 1
            continue
        verdict.lost += 1
        verdict.complain(
            f"lost: {part.name} flag {flag} {promise}, damaged {part.is_damaged}, in ledger "
            f"{promise.report_id in held}, gap {is_missing}, staff told {told.losses}"
        )


def _held(part):
    """Return what a station's outbox holds, and whether it waits there."""
    if not part.disk.path.exists():
        return {}
    with (
        known_errors(part.disk.path),
        closing(open_connection(part.disk.path, read_only=True)) as connection,
    ):
        found = connection.execute("SELECT report_id, state = 'waiting' FROM outbox")
        return {str(UUID(row[0])): row[1] for row in found}


def _tellings(receiver):
    told = Counter()
    for group, line in receiver.said():
        if line.startswith("{") and '"stored"' in line:
            told[group, json.loads(line)["stored"]] += 1
    return told
