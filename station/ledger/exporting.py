"""Passages as a table: CSV or XLSX, row by row, however many there are; nothing tells a person."""

import csv
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, tzinfo
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, TextIO

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from station.core.errors import KnownError
from station.core.questions import TableFormat
from station.core.search import CaseBrief, FoundPassage, PassageFilter
from station.core.spreadsheets import Cell, cell_text
from station.ledger.reader import LedgerReader

_ROWS_AT_ONCE = 1_000
# A sheet of Office Open XML ends at 1,048,576 rows.
_MOST_ROWS_OF_A_SHEET = 1_048_576
_DATE_FORMAT = "yyyy-mm-dd hh:mm:ss.000"


def _of_case(read: Callable[[CaseBrief], Cell]) -> Callable[[FoundPassage], Cell]:
    return lambda one: None if one.case is None else read(one.case)


def _of_last_reading(name: str) -> Callable[[FoundPassage], Cell]:
    def read(one: FoundPassage) -> Cell:
        readings = one.case.readings if one.case else ()
        value: Cell = getattr(readings[-1], name) if readings else None
        return value

    return read


def _of_measurement(name: str) -> Callable[[FoundPassage], Cell]:
    def read(one: FoundPassage) -> Cell:
        value: Cell = getattr(one.passage.screening.measurement, name, None)
        return value

    return read


def _of_oral(name: str) -> Callable[[FoundPassage], Cell]:
    def read(one: FoundPassage) -> Cell:
        measured = one.passage.screening.measurement
        value: Cell = getattr(measured.oral if measured else None, name, None)
        return value

    return read


COLUMNS: Mapping[str, Callable[[FoundPassage], Cell]] = {
    "ended_at": lambda one: one.passage.last_at,
    "began_at": lambda one: one.passage.first_at,
    "lane": lambda one: one.passage.lane,
    "camera": lambda one: one.passage.camera_id,
    "outcome": lambda one: one.passage.screening.outcome.value,
    "reasons": lambda one: " ".join(one.passage.screening.reasons),
    "skin_surface_temperature_c": _of_measurement("skin_c"),
    "skin_standard_uncertainty_c": _of_measurement("u_c"),
    "skin_site": _of_measurement("site"),
    "is_pre_screen": _of_measurement("is_pre_screen"),
    "mm_per_px": _of_measurement("mm_per_px"),
    "valid_frames": _of_measurement("frame_count"),
    "facing_frames": lambda one: one.passage.facing_frames,
    "reference": lambda one: one.passage.reference.value,
    "policy_id": lambda one: one.passage.screening.policy_id,
    "oral_estimate_c": _of_oral("oral_c"),
    "oral_standard_uncertainty_c": _of_oral("u_c"),
    "crowd_excess_c": lambda one: one.passage.warning.excess_c if one.passage.warning else None,
    "rest_until": lambda one: one.passage.rest_until,
    "case_number": _of_case(lambda case: case.number),
    "case_state": _of_case(lambda case: case.state.value),
    "verdict": _of_case(lambda case: case.verdict.value if case.verdict else None),
    "second_readings": _of_case(lambda case: len(case.readings)),
    "last_body_temperature_c": _of_last_reading("body_c"),
    "last_body_taken_at": _of_last_reading("taken_at"),
    "last_body_trust": _of_last_reading("trust"),
    "last_body_device": _of_last_reading("device_id"),
    "passage_id": lambda one: str(one.passage.passage_id),
}
"""The table's columns; temperatures in °C, uncertainties k=1, times in the station's zone."""


def export_passages(
    reader: LedgerReader,
    wanted: PassageFilter,
    form: TableFormat,
    path: Path,
    *,
    zone: tzinfo,
    on_rows: Callable[[int], None],
) -> int:
    """Write passages into a file that this user alone may read, and return how many.

    The file appears whole or not at all; a file that was there before is replaced.

    Args:
        reader: the ledger; each thousand rows are a short read of their own.
        wanted: which passages.
        form: as what.
        path: the file.
        zone: of the times.
        on_rows: told again and again how many are written; may raise to end the work.

    Raises:
        KnownError: if the ledger or the file cannot be used.
        Cancelled: if the reader's owner ends the work.
    """
    write = _write_csv if form is TableFormat.CSV else _write_xlsx
    part = path.with_name(f"{path.name}.part")
    try:
        with suppress(FileNotFoundError):
            part.unlink()
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        os.close(descriptor)
        with part.open("r+b") as file:
            done = write(file, _rows(reader, wanted, zone), on_rows)
        os.replace(part, path)
    except (OSError, XlsxWriterException) as error:
        why = getattr(error, "strerror", None) or error
        raise KnownError(
            f"{path} cannot be written ({why}): check the folder and the room on its disk."
        ) from error
    finally:
        with suppress(OSError):
            part.unlink()
    return done


def _rows(reader: LedgerReader, wanted: PassageFilter, zone: tzinfo) -> Iterator[list[list[Cell]]]:
    after = None
    while True:
        found, after = reader.page(wanted, _ROWS_AT_ONCE, after)
        yield [[_local(read(one), zone) for read in COLUMNS.values()] for one in found]
        if after is None:
            return


def _local(value: Cell, zone: tzinfo) -> Cell:
    return value.astimezone(zone) if isinstance(value, datetime) else value


def _write_csv(
    file: BinaryIO, chunks: Iterator[list[list[Cell]]], on_rows: Callable[[int], None]
) -> int:
    done = 0
    # With the mark that tells spreadsheets that it is UTF-8.
    text: TextIO
    with open(os.dup(file.fileno()), "w", encoding="utf-8-sig", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(COLUMNS)
        for chunk in chunks:
            writer.writerows([cell_text(cell) for cell in row] for row in chunk)
            done += len(chunk)
            on_rows(done)
    return done


def _write_xlsx(
    file: BinaryIO, chunks: Iterator[list[list[Cell]]], on_rows: Callable[[int], None]
) -> int:
    done = 0
    with TemporaryDirectory(prefix=".export-", dir=Path(file.name).parent) as folder:
        # Constant memory: a row is on the disk when the next one begins.
        book = xlsxwriter.Workbook(file, {"constant_memory": True, "tmpdir": folder})
        date_format = book.add_format({"num_format": _DATE_FORMAT})
        sheet, row_number = _new_sheet(book), 1
        try:
            for chunk in chunks:
                for row in chunk:
                    if row_number == _MOST_ROWS_OF_A_SHEET:
                        sheet, row_number = _new_sheet(book), 1
                    _write_row(sheet, row_number, row, date_format)
                    row_number += 1
                done += len(chunk)
                on_rows(done)
        except BaseException:
            # Half a book is not worth its packing, which its destructor would do.
            book.fileclosed = True
            for one in book.worksheets():
                one.row_data_fh.close()
            raise
        book.close()
    return done


def _new_sheet(book: xlsxwriter.Workbook) -> xlsxwriter.worksheet.Worksheet:
    sheet = book.add_worksheet()
    for column, name in enumerate(COLUMNS):
        sheet.write_string(0, column, name)
    sheet.freeze_panes(1, 1)
    return sheet


def _write_row(
    sheet: xlsxwriter.worksheet.Worksheet,
    number: int,
    row: Sequence[Cell],
    date_format: xlsxwriter.format.Format,
) -> None:
    for column, cell in enumerate(row):
        match cell:
            case None:
                pass
            case bool():
                sheet.write_boolean(number, column, cell)
            case int() | float():
                sheet.write_number(number, column, cell)
            case datetime():
                # A sheet knows no zones: the station's own time.
                sheet.write_datetime(number, column, cell.replace(tzinfo=None), date_format)
            case _:
                # As a string whatever it begins with: nothing of it is a formula.
                sheet.write_string(number, column, cell)
