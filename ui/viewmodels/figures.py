"""What the statistics page shows: pure functions from the station's figures to charts and words."""

from math import ceil

from station.core.cases import CaseState
from station.core.extraction import RejectReason
from station.core.screening import Outcome
from station.core.statistics import Share, Statistics, TimeCount
from ui.case_texts import CAUSES
from ui.texts import CASES, REASONS, in_one_line, say, translate
from ui.viewmodels.charts import Column, ColumnChart, Line, LineChart

MOST_LINES = 8
"""Of the list of reasons, the sum of all others included."""
MOST_CAMERAS = 5
"""Of the list of cameras."""

_MOST_LABELS = 8
_MOST_COLUMNS = 62
_SHOWN_VERDICTS = (
    CaseState.CONFIRMED,
    CaseState.CLEARED,
    CaseState.UNRESOLVED,
    CaseState.OPEN,
)


def headline(made: Statistics) -> str:
    """Return the stretch of time and its sums."""
    outcomes = made.outcomes()
    everybody = sum(outcomes.values())
    flagged = outcomes[Outcome.ABOVE] + outcomes[Outcome.REPEAT]
    return translate("figures", "{0} to {1} · {2} people · {3} flagged · {4} not measured").format(
        f"{made.since.astimezone():%m-%d %H:%M}",
        f"{made.until.astimezone():%m-%d %H:%M}",
        f"{everybody:,}",
        _of(Share(flagged, everybody)),
        _of(Share(outcomes[Outcome.NOT_MEASURED], everybody)),
    )


def skin_chart(made: Statistics) -> ColumnChart:
    """Return the histogram of skin temperatures."""
    title = translate("figures", "Skin temperature, °C")
    if not made.skin:
        return ColumnChart(title, (), 1, "", translate("figures", "Nobody was measured"))
    numbers = {round(bar.lowest_c * 10): bar.number for bar in made.skin}
    tenths = range(min(numbers), max(numbers) + 1)
    columns = tuple(Column(f"{t // 10}" if t % 10 == 0 else "", numbers.get(t, 0)) for t in tenths)
    most = max(numbers.values())
    middle = _median(numbers)
    summary = translate("figures", "Median {0} °C, coldest {1} °C, hottest {2} °C").format(
        f"{middle / 10:.1f}", f"{tenths[0] / 10:.1f}", f"{tenths[-1] / 10:.1f}"
    )
    return ColumnChart(title, columns, most, f"{most:,}", summary)


def flags_chart(made: Statistics) -> ColumnChart:
    """Return the flags by hour or day: above the threshold solid, to be repeated hatched."""
    title = (
        translate("figures", "Flagged by hour: second check, hatched measure again")
        if made.is_hourly
        else translate("figures", "Flagged by day: second check, hatched measure again")
    )
    times = _weekly(made.times) if len(made.times) > _MOST_COLUMNS else list(made.times)
    step = max(1, ceil(len(times) / _MOST_LABELS))
    columns = tuple(
        Column(
            _time_label(one, is_hourly=made.is_hourly) if i % step == 0 else "",
            one.flagged,
            one.outcomes.get(Outcome.REPEAT, 0),
        )
        for i, one in enumerate(times)
    )
    most = max(times, key=lambda one: one.flagged, default=None)
    if most is None or not most.flagged:
        return ColumnChart(title, columns, 1, "1", translate("figures", "Nobody was flagged"))
    summary = translate("figures", "Most: {0} from {1} on").format(
        f"{most.flagged:,}", f"{most.since.astimezone():%m-%d %H:%M}"
    )
    return ColumnChart(title, columns, most.flagged, f"{most.flagged:,}", summary)


def reasons_chart(made: Statistics) -> LineChart:
    """Return why people were not measured, most frequent first."""
    whole = sum(made.reasons.values())
    counts = [(say(REASONS, RejectReason(reason)), n) for reason, n in made.reasons.items()]
    own = MOST_LINES if len(counts) == MOST_LINES else MOST_LINES - 1
    shown, rest = counts[:own], sum(n for _, n in counts[own:])
    if rest:
        shown.append((translate("figures", "Other reasons"), rest))
    lines = tuple(Line(words, _of(Share(n, whole)), n / whole) for words, n in shown)
    empty = (
        translate("figures", "Everybody was measured")
        if any(one.screened for one in made.times)
        else translate("figures", "Nobody was measured")
    )
    return LineChart(translate("figures", "Not measured: reasons"), lines, "" if lines else empty)


def verdicts_chart(made: Statistics) -> LineChart:
    """Return how second checks ended."""
    verdicts = made.verdicts()
    whole = sum(verdicts.values())
    lines = tuple(
        Line(say(CASES, state), _of(Share(verdicts.get(state, 0), whole)), _part(verdicts, state))
        for state in _SHOWN_VERDICTS
        if whole
    )
    empty = translate("figures", "No second check")
    return LineChart(translate("figures", "Second checks"), lines, "" if lines else empty)


def causes_chart(made: Statistics) -> LineChart:
    """Return why those were flagged who were cleared, most frequent first."""
    whole = sum(made.causes.values())
    lines = tuple(
        Line(in_one_line(say(CAUSES, cause)), _of(Share(n, whole)), n / whole)
        for cause, n in made.causes.items()
    )
    empty = translate("figures", "No cause was told")
    return LineChart(translate("figures", "Cleared: causes"), lines, "" if lines else empty)


def cameras_chart(made: Statistics) -> LineChart:
    """Return each camera's share of false alarms, with its 95 % interval, the worst first."""
    names = sorted({one.camera_id for one in made.checks if one.outcome is Outcome.ABOVE})
    shares = [(name, made.false_alarms(camera_id=name)) for name in names]
    shares.sort(key=lambda one: -(one[1].value or 0.0))
    lines = tuple(_camera_line(name, share) for name, share in shares[:MOST_CAMERAS])
    left = len(names) - len(lines)
    summary = "" if lines else translate("figures", "No flag was checked")
    if left:
        summary = translate("figures", "{0} more: choose a camera above").format(left)
    return LineChart(translate("figures", "False alarms by camera (95 % interval)"), lines, summary)


def hours_chart(made: Statistics) -> ColumnChart:
    """Return the share of false alarms by hour of the day."""
    title = translate("figures", "False alarms by hour of the day, share of checked flags")
    shares = [made.false_alarms(hour=hour) for hour in range(24)]
    columns = tuple(
        Column(f"{hour}" if hour % 3 == 0 else "", share.value or 0.0)
        for hour, share in enumerate(shares)
    )
    whole = made.false_alarms()
    if not whole.whole:
        return ColumnChart(title, columns, 1, "100 %", translate("figures", "No flag was checked"))
    summary = translate("figures", "All hours: {0} cleared").format(_of(whole))
    return ColumnChart(title, columns, 1, "100 %", summary)


def _camera_line(name: str, share: Share) -> Line:
    if share.value is None or share.interval is None:
        return Line(name, translate("figures", "none checked"), 0.0)
    low, high = share.interval
    return Line(name, f"{_of(share)}  ({low:.0%} – {high:.0%})", share.value)


def _of(share: Share) -> str:
    """Return how many of how many, and that in percent."""
    if share.value is None:
        return "0"
    return f"{share.part:,} ({share.value:.1%})"


def _part(verdicts: dict[CaseState, int], state: CaseState) -> float:
    return verdicts.get(state, 0) / sum(verdicts.values())


def _median(numbers: dict[int, int]) -> int:
    left = sum(numbers.values()) / 2
    for tenths in sorted(numbers):
        left -= numbers[tenths]
        if left <= 0:
            return tenths
    raise ValueError("a median needs somebody")


def _time_label(one: TimeCount, *, is_hourly: bool) -> str:
    local = one.since.astimezone()
    return f"{local:%H}" if is_hourly else f"{local:%m-%d}"


def _weekly(times: tuple[TimeCount, ...]) -> list[TimeCount]:
    """Return days put together to weeks: a bar of less than a few pixels tells nothing."""
    weeks = []
    for start in range(0, len(times), 7):
        days = times[start : start + 7]
        outcomes = {o: sum(day.outcomes.get(o, 0) for day in days) for o in Outcome}
        weeks.append(TimeCount(days[0].since, outcomes))
    return weeks
