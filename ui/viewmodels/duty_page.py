"""What the duty desk is told by telephone or on paper, as plain values: pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from station.core.cases import BodyReading, Case, Handover
from ui.case_texts import HANDOVERS, SITES, STAGES
from ui.model import KioskModel
from ui.texts import CASES, OUTCOMES, TRUSTS, say, translate
from ui.viewmodels.ages import age_text


@dataclass(frozen=True, slots=True)
class DutyPage:
    """An alert that cannot wait for the line to the CDC; nothing tells who the traveller is."""

    title: str
    """What it is, and whom to ring."""
    lines: tuple[tuple[str, str], ...]
    """What is told, each with its name."""
    signature: str
    """What is filled in by hand."""


def duty_page(model: KioskModel, case: Case, now: datetime) -> DutyPage:
    """Return the page of a case: what the alert says, never its registration or an identity."""
    title = translate("dutypage", "Alert to the duty desk: case {0}").format(case.number)
    lines = [
        (translate("dutypage", "Duty desk"), model.flow.duty_desk or "–"),
        (translate("dutypage", "Station"), model.flow.site_name or "–"),
        (translate("dutypage", "As of"), _time(now)),
        (translate("dutypage", "Alerts without receipt"), _waiting(model, now)),
        (translate("dutypage", "Flagged"), _time(case.opened_at)),
        (translate("dutypage", "Lane"), case.lane),
        (translate("dutypage", "Skin temperature"), _skin(case)),
        *_readings(case.readings),
        (translate("dutypage", "Second check"), say(CASES, case.state)),
        (translate("dutypage", "Now due"), say(STAGES, model.flow.stage(case, now))),
        (translate("dutypage", "Hand-over"), _handover(case)),
    ]
    signature = translate("dutypage", "Told by: ______________  To: ______________  At: ________")
    return DutyPage(title, tuple(lines), signature)


def page_html(page: DutyPage) -> str:
    """Return the page as it is shown and printed."""
    rows = "".join(
        f'<tr valign="middle"><td width="25%">{escape(name)}</td>'
        f"<td><b>{escape(value)}</b></td></tr>"
        for name, value in page.lines
    )
    return (
        f"<h2>{escape(page.title)}</h2>"
        f'<table border="1" cellspacing="0" cellpadding="3" width="100%">{rows}</table>'
        f"<p>{escape(page.signature)}</p>"
    )


def page_text(page: DutyPage) -> str:
    """Return the page in words, for whoever hears the screen."""
    told = [f"{name}: {value}" for name, value in page.lines]
    return "\n".join([page.title, *told])


def _waiting(model: KioskModel, now: datetime) -> str:
    link = model.link
    if link is None or not link.waiting or link.oldest_waiting_at is None:
        return translate("dutypage", "none")
    words = translate("dutypage", "{0}, the oldest for {1}")
    return words.format(link.waiting, age_text(now, link.oldest_waiting_at))


def _skin(case: Case) -> str:
    found = case.screening.measurement
    if found is None:
        return say(OUTCOMES, case.screening.outcome)
    words = translate("dutypage", "{0} °C, uncertain by ±{1} °C (k=2)")
    return words.format(f"{found.skin_c:.1f}", f"{2 * found.u_c:.1f}")


def _readings(readings: Sequence[BodyReading]) -> list[tuple[str, str]]:
    if not readings:
        return [(translate("dutypage", "Second readings"), translate("dutypage", "none"))]
    name = translate("dutypage", "Second reading {0}")
    return [(name.format(place), _reading(one)) for place, one in enumerate(readings, start=1)]


def _reading(reading: BodyReading) -> str:
    unknown = translate("dutypage", "not told")
    site = say(SITES, reading.site) if reading.site else unknown
    words = translate("dutypage", "{0} °C · place: {1} · thermometer: {2} · {3}")
    at = f"{reading.taken_at.astimezone():%H:%M}"
    return words.format(f"{reading.body_c:.1f}", site, say(TRUSTS, reading.trust), at)


def _handover(case: Case) -> str:
    steps = []
    if case.progress.isolated_at is not None:
        isolated = translate("caseviews", "isolation room {0}")
        steps.append(isolated.format(f"{case.progress.isolated_at.astimezone():%H:%M}"))
    steps += [_step(step) for step in case.handover]
    return " · ".join(steps) or translate("dutypage", "not begun")


def _step(step: Handover) -> str:
    told = say(HANDOVERS, step.step).format(f"{step.at.astimezone():%H:%M}")
    return f"{told} ({step.to})" if step.to else told


def _time(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M %z}"
