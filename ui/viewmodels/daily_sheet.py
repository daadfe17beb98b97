"""What the daily check shows and prints, as plain values: pure functions."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape

from station.core.about import StationDescribed
from station.core.daily_sheet import SheetLine, SheetPoint, SheetVerdict, verdict_of
from ui.texts import QT_TRANSLATE_NOOP, say, translate
from ui.viewmodels.rows import Row

VERDICTS: Mapping[SheetVerdict, str] = {
    SheetVerdict.PASS: QT_TRANSLATE_NOOP("texts", "PASS"),
    SheetVerdict.FAIL: QT_TRANSLATE_NOOP("texts", "FAIL"),
    SheetVerdict.OPEN: QT_TRANSLATE_NOOP("texts", "not yet"),
}
SHEET_POINTS: Mapping[SheetPoint, str] = {
    SheetPoint.REFERENCE: QT_TRANSLATE_NOOP("texts", "Sees the reference source"),
    SheetPoint.OFFSET: QT_TRANSLATE_NOOP("texts", "Error at the source, last minute"),
    SheetPoint.DRIFT: QT_TRANSLATE_NOOP("texts", "Drift within ten minutes"),
    SheetPoint.NOISE: QT_TRANSLATE_NOOP("texts", "Noise of a pixel (NETD)"),
    SheetPoint.PICTURES: QT_TRANSLATE_NOOP("texts", "Missing or late pictures"),
    SheetPoint.READINGS: QT_TRANSLATE_NOOP("texts", "Three readings of the source"),
}


def sheet_rows(lines: Sequence[SheetLine], selected: str | None) -> list[Row]:
    """Return one row an instrument with its verdict; a touch selects it."""
    rows = []
    for device_id in dict.fromkeys(line.device_id for line in lines):
        own = tuple(line for line in lines if line.device_id == device_id)
        verdict = verdict_of(own)
        detail = translate("sheetviews", "{0} of {1} points judged")
        judged = sum(line.verdict is not SheetVerdict.OPEN for line in own)
        rows.append(
            Row(
                key=device_id,
                title=f"{device_id} · {say(VERDICTS, verdict)}",
                detail=detail.format(judged, len(own)),
                is_selected=device_id == selected,
            )
        )
    return rows


def lines_text(lines: Sequence[SheetLine]) -> str:
    """Return an instrument's points, one a line."""
    told = []
    for line in lines:
        found = value_text(line)
        told.append(
            f"{say(VERDICTS, line.verdict)} · {say(SHEET_POINTS, line.point)}"
            + (f": {found}" if found else "")
        )
    return "\n".join(told)


def value_text(line: SheetLine) -> str:
    """Return what was found, with its limit; nothing if it is no number."""
    if line.value is None:
        return ""
    if line.point is SheetPoint.PICTURES:
        shown, limit = f"{100 * line.value:.1f} %", f"{100 * (line.limit or 0):.0f} %"
    elif line.point is SheetPoint.NOISE:
        shown, limit = f"{1000 * line.value:.0f} mK", f"{1000 * (line.limit or 0):.0f} mK"
    else:
        shown, limit = f"{line.value:+.2f} °C", f"±{line.limit or 0:.2f} °C"
    return translate("sheetviews", "{0} (limit {1})").format(shown, limit)


def sheet_html(about: StationDescribed, lines: Sequence[SheetLine], at: datetime) -> str:
    """Return the sheet as a page to print; the last lines are for pen and ink."""
    title = translate("sheetviews", "Daily check of station {0}").format(about.station_id)
    heads = (
        translate("sheetviews", "Instrument"),
        translate("sheetviews", "Point"),
        translate("sheetviews", "Found"),
        translate("sheetviews", "Verdict"),
    )
    rows = [
        (
            line.device_id,
            say(SHEET_POINTS, line.point),
            value_text(line),
            say(VERDICTS, line.verdict),
        )
        for line in lines
    ]
    body = "".join(_row("td", row) for row in rows)
    whole = translate("sheetviews", "Station: {0}").format(say(VERDICTS, verdict_of(tuple(lines))))
    signed = translate("sheetviews", "Checked by: ____________________   Date: ______________")
    program = translate("sheetviews", "Program {0}").format(about.program)
    return (
        f"<h2>{escape(title)}</h2><p>{at:%Y-%m-%d %H:%M} · {escape(program)}</p>"
        f'<table border="1" cellspacing="0" cellpadding="5" width="100%">'
        f"{_row('th', heads)}{body}</table><h3>{escape(whole)}</h3><p>{escape(signed)}</p>"
    )


def _row(cell: str, texts: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<{cell}>{escape(text)}</{cell}>' for text in texts)}</tr>"
