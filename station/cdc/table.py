"""Stored alerts as a table that spreadsheets open without running anything in it."""

import csv
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TextIO

from station.cdc.store import Stored
from station.core.spreadsheets import Cell, cell_text

# What the traveller was asked, by the message's own names.
_ASKED = (
    "hub", "number", "car", "seat", "seat_actual", "symptoms", "medicine", "medicine_hours",
    "exposure",
)  # fmt: skip


def _asked(name: str, one: Stored) -> Cell:
    answer = getattr(one.alert.data.registration, name, None)
    # An empty answer is "none"; an empty cell was not asked.
    return " ".join(answer or ("none",)) if isinstance(answer, tuple) else answer


_COLUMNS: dict[str, Callable[[Stored], Cell]] = {
    "is_drill": lambda one: one.alert.data.is_drill,
    "reported_at": lambda one: one.alert.time,
    "received_at": lambda one: one.received_at,
    "clock": lambda one: one.alert.data.clock.value,
    "region": lambda one: one.alert.identity.region,
    "site": lambda one: one.alert.identity.site,
    "station": lambda one: one.alert.identity.station,
    "lane": lambda one: one.alert.data.case.lane,
    "case_number": lambda one: one.alert.data.case.number,
    "case_id": lambda one: str(one.alert.data.case.case_id),
    "flagged_at": lambda one: one.alert.data.case.flagged_at,
    "told": lambda one: one.alert.data.kind.value,
    "case_state": lambda one: one.alert.data.case.state.value,
    "handover_step": lambda one: _last(one.alert.data.handover, "step"),
    "handover_to": lambda one: _last(one.alert.data.handover, "to"),
    "skin_outcome": lambda one: one.alert.data.skin.outcome.value,
    "skin_surface_temperature_c": lambda one: one.alert.data.skin.skin_surface_temperature_c,
    "skin_standard_uncertainty_c": lambda one: one.alert.data.skin.standard_uncertainty_c,
    "skin_site": lambda one: one.alert.data.skin.site,
    "skin_reasons": lambda one: " ".join(one.alert.data.skin.reasons),
    "policy_id": lambda one: one.alert.data.skin.policy_id,
    "second_readings": lambda one: len(one.alert.data.body),
    "last_body_temperature_c": lambda one: _last(one.alert.data.body, "body_temperature_c"),
    "last_body_taken_at": lambda one: _last(one.alert.data.body, "taken_at"),
    "last_body_trust": lambda one: _last(one.alert.data.body, "trust"),
    "last_body_device": lambda one: _last(one.alert.data.body, "device_id"),
    "clinic_found": lambda one: one.alert.data.outcome and one.alert.data.outcome.value,
    **{f"asked_{name}": partial(_asked, name) for name in _ASKED},
    "report_id": lambda one: str(one.alert.id),
    "epoch": lambda one: str(one.alert.data.epoch),
    "sequence": lambda one: one.alert.data.sequence,
}


def write_table(stored: Iterable[Stored], file: TextIO) -> None:
    """Write the columns' names and one row for each alert, in the order in which they came.

    Text that a spreadsheet would take for a formula gets an apostrophe in front (CWE-1236).
    """
    writer = csv.writer(file)
    writer.writerow(_COLUMNS)
    writer.writerows([cell_text(read(one)) for read in _COLUMNS.values()] for one in stored)


def _last(parts: Sequence[object], name: str) -> Cell:
    value: Cell = getattr(parts[-1], name) if parts else None
    return value
