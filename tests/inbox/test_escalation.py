from datetime import UTC, datetime, timedelta

import pytest

from station.cdc.inbox.escalation import contact_for, level, next_step_at, steps
from station.cdc.inbox.settings import InboxSettings, load_settings
from station.core.errors import KnownError

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def after(**durations):
    return NOON + timedelta(**durations)


@pytest.mark.parametrize(
    ("waited_s", "expected"),
    [(0, 0), (119, 0), (120, 1), (299, 1), (300, 2), (599, 2), (600, 3), (86_400, 3)],
)
def test_an_alert_grows_louder_after_two_five_and_ten_minutes(waited_s, expected):
    assert level(NOON, after(seconds=waited_s), None) == expected


def test_an_acknowledged_alert_is_quiet_however_long_ago_it_came():
    assert level(NOON, after(hours=3), after(minutes=1)) == 0


def test_levels_reached_before_the_acknowledgement_stay_reached():
    reached = steps(NOON, after(hours=1), after(minutes=6))
    assert [(step.level, step.due_at) for step in reached] == [
        (1, after(minutes=2)),
        (2, after(minutes=5)),
    ]


def test_an_alert_from_the_future_is_shown_to_somebody_because_the_clock_is_in_doubt():
    assert level(after(hours=1), NOON, None) == 1
    assert level(after(seconds=2), NOON, None) == 0


def test_the_times_of_the_levels_are_settings():
    waits = (timedelta(minutes=1), timedelta(minutes=30))
    assert level(NOON, after(minutes=29), None, waits) == 1
    assert level(NOON, after(minutes=30), None, waits) == 2


def test_the_next_level_is_told_beforehand_and_none_follows_the_last():
    assert next_step_at(NOON, after(minutes=3)) == after(minutes=5)
    assert next_step_at(NOON, after(minutes=11)) is None


def test_each_level_calls_the_next_contact_and_then_the_last_one():
    assert [contact_for(("a", "b"), reached) for reached in range(4)] == ["", "a", "b", "b"]
    assert contact_for((), 3) == ""


def test_without_a_file_the_levels_are_two_five_and_ten_minutes():
    assert load_settings(None).escalate_after == tuple(timedelta(minutes=m) for m in (2, 5, 10))


def test_a_settings_file_names_times_and_contacts(tmp_path):
    path = tmp_path / "inbox.toml"
    path.write_text(
        'escalate_after_min = [1, 3.5]\n[[contacts]]\nname = "李医生"\nphone = "201"\n', "utf-8"
    )
    settings = load_settings(path)
    assert settings.escalate_after == (timedelta(minutes=1), timedelta(seconds=210))
    assert settings.called == ("李医生 · 201",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("escalate_after_min = [5, 2]", "rise"),
        ("escalate_after_min = []", "at least one"),
        ("escalate_after_min = [0]", "greater than 0"),
        ("escalate_after = [1]", "escalate_after"),
        ('time_zone = "Peking"', "IANA"),
        ('[[contacts]]\nname = "x"', "contacts.0.phone"),
        ("escalate_after_min = [", "no TOML"),
    ],
)
def test_a_faulty_settings_file_is_refused_with_its_fault(tmp_path, text, said):
    path = tmp_path / "inbox.toml"
    path.write_text(text)
    with pytest.raises(KnownError, match=said):
        load_settings(path)


def test_a_missing_settings_file_is_refused(tmp_path):
    with pytest.raises(KnownError, match="cannot be read"):
        load_settings(tmp_path / "none.toml")


def test_the_defaults_are_a_valid_file():
    assert InboxSettings.model_validate(InboxSettings().model_dump()) == InboxSettings()
