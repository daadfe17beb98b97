"""A made-up ledger of any size: months of a hub with four lanes, its cases and second readings."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from station.core.cases import ClearCause
from station.core.extraction import RejectReason
from station.ledger.store import SqlLedger

LAST_DAY = datetime(2026, 11, 24, tzinfo=UTC)
CAMERAS = 4
THRESHOLD_C, GUARD_C = 36.2, 0.2
COMMON_REASONS = (
    (RejectReason.GLASSES, 30),
    (RejectReason.TURNED_AWAY, 25),
    (RejectReason.TOO_FEW_FRAMES, 20),
    (RejectReason.BLURRED, 10),
    (RejectReason.COLD_ARRIVAL, 8),
    (RejectReason.NO_REFERENCE, 5),
    (RejectReason.CLOCK, 2),
)

_PER_HOUR = 300
_OPEN_FROM_H, _OPEN_H = 22, 17  # 06:00 to 23:00 in Beijing, as hours of UTC
_SCREENING = "outcome, skin_c, u_c, site, frame_count, mm_per_px, is_pre_screen, reasons"
_INSERT_PASSAGE = (
    "INSERT INTO passage (passage_id, lane, camera_id, traveller, first_at, last_at, "
    "first_sequence, last_sequence, reference, facing_frames, "
    f"{_SCREENING}, policy_id) VALUES (?, ?, ?, ?, ?, ?, 1, 9, 'healthy', 9, "
    "?, ?, ?, ?, ?, ?, ?, ?, 'order-7')"
)
_INSERT_CASE = (
    "INSERT INTO case_ (case_id, number, opened_at, lane, traveller, passage_id, state, "
    "cause, verdict_at, closed_at, "
    f"{_SCREENING}, policy_id) VALUES ({', '.join('?' * 18)}, 'order-7')"
)
_INSERT_STEP = "INSERT INTO case_step (case_id, at, actor, state, note) VALUES (?, ?, 'x', ?, '')"
_INSERT_READING = (
    "INSERT INTO reading (reading_id, taken_at, body_c, mode, device_id, is_plausible, case_id, "
    "position) VALUES (?, ?, ?, 'body', 'gun-1', 1, ?, 0)"
)
_ROWS_AT_ONCE = 20_000

Row = tuple[object, ...]


def build(path: Path, passages: int, seed: int = 1) -> None:
    """Write a ledger with so many passages, the newest of `LAST_DAY`; cases come with them."""
    SqlLedger(path).close()
    made = _passages(passages, random.Random(seed))
    with closing(sqlite3.connect(path)) as raw:
        # Nothing but the making is quicker for it: the file is the same.
        raw.execute("PRAGMA synchronous = OFF")
        number = 0
        while chunk := list(islice(made, _ROWS_AT_ONCE)):
            raw.executemany(_INSERT_PASSAGE, chunk)
            flagged = [row for row in chunk if row[6] in ("above", "repeat")]
            _write_cases(raw, flagged, number, random.Random(seed + number))
            number += len(flagged)
            raw.commit()


def _passages(passages: int, rng: random.Random) -> Iterator[Row]:
    hours = -(-passages // _PER_HOUR)
    days = -(-hours // _OPEN_H)
    start = LAST_DAY - timedelta(days=days - 1)
    made = 0
    for day in range(days):
        for hour in range(_OPEN_H):
            at = start + timedelta(days=day - 1, hours=_OPEN_FROM_H + hour)
            for second in sorted(rng.random() * 3600 for _ in range(_PER_HOUR)):
                if made == passages:
                    return
                made += 1
                yield _passage(made, at + timedelta(seconds=second), rng)


def _passage(number: int, at: datetime, rng: random.Random) -> Row:
    camera = rng.randrange(CAMERAS) + 1
    first, last = _text(at - timedelta(seconds=4)), _text(at)
    place = f"{rng.getrandbits(128):032x}", f"{camera}", f"camera-{camera}", number, first, last
    if rng.random() < 0.07:
        reasons, weights = zip(*COMMON_REASONS, strict=True)
        reason = rng.choices(reasons, weights)[0]
        return *place, "not_measured", None, None, None, None, None, None, reason.value
    # One camera flags more than the others, and now and then somebody is really hot.
    skin_c = rng.gauss(34.9 + 0.05 * camera, 0.45) + (1.9 if rng.random() < 0.002 else 0.0)
    if skin_c >= THRESHOLD_C:
        outcome = "above"
    else:
        outcome = "repeat" if skin_c >= THRESHOLD_C - GUARD_C else "below"
    return *place, outcome, round(skin_c, 3), 0.2, "inner_canthus", 9, 0.9, 0, ""


def _write_cases(
    raw: sqlite3.Connection, flagged: list[Row], number: int, rng: random.Random
) -> None:
    cases, steps, readings = [], [], []
    for offset, row in enumerate(flagged, 1):
        passage_id, lane, _, traveller, _, at, outcome, skin_c, *_ = row
        is_hot = float(skin_c) > 36.6  # type: ignore[arg-type]
        verdict = "unresolved" if rng.random() < 0.03 else "confirmed" if is_hot else "cleared"
        case_id = f"{rng.getrandbits(128):032x}"
        cause = rng.choice(list(ClearCause)).value if verdict == "cleared" else ""
        head = case_id, number + offset, at, lane, traveller, passage_id, verdict, cause, at, at
        cases.append((*head, outcome, skin_c, *row[8:14]))
        steps += [(case_id, at, "open"), (case_id, at, "referred"), (case_id, at, verdict)]
        body_c = 38.2 if is_hot else 36.6
        readings.append((f"{rng.getrandbits(128):032x}", at, body_c, case_id))
    raw.executemany(_INSERT_CASE, cases)
    raw.executemany(_INSERT_STEP, steps)
    raw.executemany(_INSERT_READING, readings)


def _text(at: datetime) -> str:
    return f"{at.replace(tzinfo=None).isoformat(timespec='microseconds')}Z"
