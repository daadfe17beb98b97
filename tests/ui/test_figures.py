"""What the statistics page says of the ledger's figures."""

from dataclasses import replace
from datetime import timedelta

from station.core.cases import CaseState, ClearCause
from station.core.screening import Outcome
from station.core.statistics import SecondChecks, SkinCount, Statistics, TimeCount
from tests.ui import counted
from tests.ui.making import NOON
from ui.texts import in_one_line
from ui.viewmodels.charts import Column
from ui.viewmodels.figures import (
    MOST_CAMERAS,
    MOST_LINES,
    cameras_chart,
    causes_chart,
    flags_chart,
    headline,
    hours_chart,
    reasons_chart,
    skin_chart,
    verdicts_chart,
)

MADE = counted.statistics()


def checks(camera: str, cleared: int, confirmed: int, hour: int = 9) -> SecondChecks:
    verdicts = {CaseState.CLEARED: cleared, CaseState.CONFIRMED: confirmed}
    return SecondChecks(camera, hour, Outcome.ABOVE, verdicts)


def with_checks(*found: SecondChecks) -> Statistics:
    return replace(MADE, checks=found)


def test_the_headline_sums_everybody_up() -> None:
    times = (TimeCount(NOON, {Outcome.BELOW: 1_880, Outcome.ABOVE: 15, Outcome.REPEAT: 5}),)
    times += (TimeCount(NOON + timedelta(days=1), {Outcome.NOT_MEASURED: 100}),)
    words = headline(replace(MADE, times=times))
    assert "2,000 people" in words
    assert "20 (1.0%) flagged" in words
    assert "100 (5.0%) not measured" in words


def test_the_histogram_keeps_empty_bars_between_others() -> None:
    skin = (SkinCount(34.9, 3), SkinCount(35.0, 5), SkinCount(35.3, 1))
    chart = skin_chart(replace(MADE, skin=skin))
    assert chart.columns == (
        Column("", 3),
        Column("35", 5),
        Column("", 0),
        Column("", 0),
        Column("", 1),
    )
    assert chart.summary == "Median 35.0 °C, coldest 34.9 °C, hottest 35.3 °C"


def test_flags_tell_those_to_measure_again_apart() -> None:
    times = (TimeCount(NOON, {Outcome.ABOVE: 4, Outcome.REPEAT: 3, Outcome.BELOW: 900}),)
    chart = flags_chart(replace(MADE, times=times))
    assert [(one.value, one.marked) for one in chart.columns] == [(7, 3)]
    assert chart.top == 7


def test_many_days_are_put_together_to_weeks_and_nobody_is_lost() -> None:
    made = counted.statistics(days=365)
    chart = flags_chart(made)
    assert len(chart.columns) == 53
    assert sum(one.value for one in chart.columns) == sum(time.flagged for time in made.times)


def test_reasons_beyond_the_list_are_summed_up_as_others() -> None:
    chart = reasons_chart(MADE)
    assert len(chart.lines) == MOST_LINES
    rest = sum(sorted(MADE.reasons.values())[: -MOST_LINES + 1])
    assert chart.lines[-1].words == "Other reasons"
    assert chart.lines[-1].number.startswith(f"{rest:,} ")


def test_second_checks_show_also_who_still_waits() -> None:
    waiting = SecondChecks("camera-1", 9, Outcome.REPEAT, {CaseState.OPEN: 1})
    chart = verdicts_chart(with_checks(checks("camera-1", 2, 1), waiting))
    assert [(line.words, line.number) for line in chart.lines] == [
        ("Fever confirmed", "1 (25.0%)"),
        ("Cleared", "2 (50.0%)"),
        ("Unresolved", "0 (0.0%)"),
        ("Waiting for second check", "1 (25.0%)"),
    ]


def test_causes_are_told_by_how_often_they_were_found() -> None:
    made = replace(MADE, causes={ClearCause.EXERTION: 3, ClearCause.CAMERA: 1})
    assert [(line.words, line.number) for line in causes_chart(made).lines] == [
        ("Ran or carried much", "3 (75.0%)"),
        ("Camera saw something else", "1 (25.0%)"),
    ]


def test_a_buttons_words_read_well_in_one_line() -> None:
    assert in_one_line("Ran or\ncarried much") == "Ran or carried much"
    assert in_one_line("跑动或\n负重") == "跑动或负重"


def test_the_camera_with_most_false_alarms_stands_first_with_its_interval() -> None:
    chart = cameras_chart(with_checks(checks("door-1", 1, 9), checks("door-2", 5, 5)))
    assert [line.words for line in chart.lines] == ["door-2", "door-1"]
    # Wilson's interval of 5 of 10 is 24 to 76 %, of 1 of 10 it is 2 to 40 %.
    assert chart.lines[0].number == "5 (50.0%)  (24% – 76%)"
    assert chart.lines[1].number == "1 (10.0%)  (2% – 40%)"


def test_cameras_beyond_the_list_are_told() -> None:
    found = [checks(f"door-{number}", number, 1) for number in range(1, 11)]
    chart = cameras_chart(with_checks(*found))
    assert len(chart.lines) == MOST_CAMERAS
    assert chart.lines[0].words == "door-10"
    assert chart.summary == "5 more: choose a camera above"


def test_hours_show_their_own_share_of_false_alarms() -> None:
    found = checks("door-1", 1, 3, hour=7), checks("door-2", 3, 1, hour=8)
    chart = hours_chart(with_checks(*found))
    assert [chart.columns[hour].value for hour in (7, 8, 9)] == [0.25, 0.75, 0]
    assert chart.summary == "All hours: 4 (50.0%) cleared"


def test_a_new_station_says_that_nobody_came() -> None:
    made = counted.nobody()
    charts = skin_chart(made), flags_chart(made), hours_chart(made)
    assert [chart.summary for chart in charts] == [
        "Nobody was measured",
        "Nobody was flagged",
        "No flag was checked",
    ]
    lists = reasons_chart(made), verdicts_chart(made), cameras_chart(made)
    lists += (causes_chart(made),)
    assert [chart.summary for chart in lists] == [
        "Nobody was measured",
        "No second check",
        "No flag was checked",
        "No cause was told",
    ]
