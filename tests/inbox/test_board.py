import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from station.cdc import inbox
from station.cdc.inbox import board
from station.cdc.inbox.board import Doubts, banner, cards, station_lines
from station.cdc.inbox.escalation import DEFAULT_AFTER
from station.cdc.inbox.heard import Heard
from station.cdc.inbox.presence import LanePresence, Presence, Roll, read_status
from station.cdc.inbox.queries import CaseFilter, find_cases, waiting_cases
from station.cdc.inbox.words import COUNTS, STORED, WORDS, Language, say_count, say_stored
from station.cdc.marks import BackCause
from station.core.screening import Outcome
from station.reporting.messages.status import StationState
from station.reporting.topics import StationIdentity

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
EAST = StationIdentity("440100", "hub", "east")


@pytest.fixture
def waiting(database):
    def look():
        with database.reading() as connection:
            return waiting_cases(connection)

    return look


def test_what_waits_longest_stands_first_and_drills_after_real_cases(alerted, database, waiting):
    alerted(number=1, is_drill=True, at=NOON)
    alerted(number=2, at=NOON + timedelta(minutes=2))
    alerted(number=3, at=NOON + timedelta(minutes=1))
    cleared = alerted(number=4, at=NOON)
    alerted(case_id=cleared, number=4, kind="verdict", state="cleared")
    with database.reading() as connection:
        everything = find_cases(connection, CaseFilter(), 50)
    shown = cards(waiting(), everything, NOON + timedelta(minutes=4), DEFAULT_AFTER)
    assert [(card.case.latest.number, card.level) for card in (*shown.first, *shown.rest)] == [
        (3, 1),
        (2, 1),
        (1, 1),
        (4, 0),
    ]


def test_of_very_many_that_wait_the_most_urgent_and_the_newest_are_shown(
    alerted, database, waiting, monkeypatch
):
    monkeypatch.setattr(board, "MOST_URGENT", 2)
    for number in range(1, 6):
        alerted(number=number, at=NOON + timedelta(minutes=number))
    with database.reading() as connection:
        newest = find_cases(connection, CaseFilter(), 2)
    shown = cards(waiting(), newest, NOON + timedelta(minutes=6), DEFAULT_AFTER)
    assert [card.case.latest.number for card in shown.first] == [1, 2]
    assert [card.case.latest.number for card in shown.rest] == [5, 4]
    assert shown.unseen == 1


def test_the_banner_counts_drills_apart_and_is_as_loud_as_the_real_alerts(alerted, waiting):
    alerted(at=NOON, is_drill=True)
    five_later = NOON + timedelta(minutes=5)
    alone = banner(waiting(), five_later, DEFAULT_AFTER, ("first", "second"))
    assert (alone.waiting, alone.drills, alone.level, alone.contact) == (0, 1, 2, "second")
    alerted(at=NOON + timedelta(minutes=3))
    told = banner(waiting(), five_later, DEFAULT_AFTER, ("first", "second"))
    assert (told.waiting, told.drills, told.level, told.contact) == (1, 1, 1, "first")


def test_nobody_waiting_makes_a_quiet_banner():
    told = banner((), NOON, DEFAULT_AFTER, ("first",))
    assert (told.waiting, told.level, told.contact) == (0, 0, "")


def lines(presence, *, missing=0, back=False, is_overdue=False):
    (line,) = station_lines(
        [Heard(EAST, NOON, NOON, NOON, 1)],
        {EAST: presence} if presence else {},
        Doubts({EAST: missing}, {EAST: BackCause.NOTICED} if back else {}, [EAST] * is_overdue),
        (),
    )
    return line


def test_a_station_that_is_there_and_measures_is_well():
    assert not lines(Presence(StationState.ONLINE, NOON)).is_troubled


@pytest.mark.parametrize(
    "line",
    [
        lines(Presence(StationState.LOST, NOON)),
        lines(Presence(StationState.OFFLINE, None)),
        lines(Presence(StationState.ONLINE, NOON, (LanePresence("A", False, "no_reference"),))),
        lines(Presence(StationState.ONLINE, NOON, is_ledger_writing=False)),
        lines(Presence(StationState.ONLINE, NOON), missing=3),
        lines(Presence(StationState.ONLINE, NOON), back=True),
        lines(Presence(StationState.ONLINE, NOON), is_overdue=True),
    ],
)
def test_whatever_needs_a_look_marks_the_station(line):
    assert line.is_troubled


def test_a_station_that_never_sent_an_alert_is_shown_too():
    (line,) = station_lines((), {EAST: Presence(StationState.ONLINE, NOON)}, Doubts({}, {}, ()), ())
    assert (line.identity, line.last_at) == (EAST, None)


def test_a_station_of_which_all_is_missing_is_shown_too():
    (line,) = station_lines((), {}, Doubts({EAST: 3}, {}, ()), ())
    assert (line.identity, line.missing, line.is_troubled) == (EAST, 3, True)


def status(state, *, is_drill=False, lanes=(), station="east"):
    kind = "drill.status" if is_drill else "status"
    return json.dumps(
        {
            "specversion": "1.0",
            "id": str(uuid4()),
            "source": f"/fs/440100/hub/{station}",
            "type": f"org.fever-station.{kind}.v1",
            "time": "2026-11-24T11:00:00Z",
            "datacontenttype": "application/json",
            "data": {
                "schema_version": "1.1",
                "is_drill": is_drill,
                "state": state,
                "lanes": lanes,
                "is_ledger_writing": True,
            },
        }
    ).encode()


def test_a_stations_status_tells_its_lanes_and_since_when():
    lanes = [{"lane": "A", "is_measuring": False, "reason": "shutter"}]
    payload = status("attention", lanes=lanes)
    said = read_status("fs/v1/440100/hub/east/status", payload, NOON, is_retained=True)
    blocked = (LanePresence("A", False, "shutter"),)
    hour_ago = NOON - timedelta(hours=1)
    assert said == (EAST, Presence(StationState.ATTENTION, hour_ago, blocked))
    _, live = read_status("fs/v1/440100/hub/east/status", payload, NOON, is_retained=False)
    assert live.since == NOON


def test_since_when_a_kept_last_will_holds_is_not_known():
    topic = "fs/v1/440100/hub/east/status"
    _, told = read_status(topic, status("lost"), NOON, is_retained=True)
    assert told.since is None


def test_a_drills_status_is_marked():
    topic = "fs/v1/440100/hub/east/drill/status"
    _, told = read_status(topic, status("online", is_drill=True), NOON, is_retained=False)
    assert told.is_drill


def test_a_station_that_says_the_same_again_has_been_so_since_it_said_it_first():
    roll, later = Roll(), NOON + timedelta(minutes=5)
    for state, at in ((StationState.ONLINE, NOON), (StationState.ONLINE, later)):
        assert roll.take(EAST, Presence(state, at))
    assert roll.stations()[EAST].since == NOON
    roll.take(EAST, Presence(StationState.LOST, later))
    assert roll.stations()[EAST].since == later


def test_what_a_station_says_in_earnest_comes_before_its_exercise():
    roll = Roll()
    roll.take(EAST, Presence(StationState.ATTENTION, NOON))
    roll.take(EAST, Presence(StationState.ONLINE, NOON, is_drill=True))
    assert roll.stations() == {EAST: Presence(StationState.ATTENTION, NOON)}


def test_made_up_stations_push_out_none_and_fill_no_memory():
    roll, online = Roll(most=2), Presence(StationState.ONLINE, NOON)
    others = [replace(EAST, station=f"s{number}") for number in range(5)]
    assert [roll.take(who, online) for who in (EAST, *others)] == [True, True, *[False] * 4]
    assert roll.take(EAST, Presence(StationState.LOST, NOON))
    assert set(roll.stations()) == {EAST, others[0]}


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("fs/v1/440100/hub/east/status", b""),
        ("fs/v1/440100/hub/east/status", b"[]"),
        ("fs/v1/440100/hub/east/status", b"\xff"),
        ("fs/v1/440100/hub/east/status", b"1" * 70_000),
        ("fs/v1/440100/hub/east/status", status("well")),
        ("fs/v1/440100/hub/east/status", status("online", is_drill=True)),
        ("fs/v1/440100/hub/east/status", status("online", station="west")),
        ("fs/v1/440100/hub/east/alert", status("online")),
        ("fs/v1/440100/hub/east", status("online")),
    ],
)
def test_what_is_no_status_of_that_station_is_passed_over(topic, payload):
    assert read_status(topic, payload, NOON, is_retained=False) is None


@pytest.mark.parametrize("enum", STORED)
def test_every_stored_value_has_words_in_both_languages(enum):
    assert {member.value for member in enum} <= set(STORED[enum])
    for english, chinese in STORED[enum].values():
        assert english.isascii() and re.search("[\u4e00-\u9fff]", chinese)


def test_every_word_of_the_page_has_both_languages():
    for key, (english, chinese) in WORDS.items():
        is_sign = key in ("coverage", "colon")
        assert english and (is_sign or re.search("[\u4e00-\u9fff]", chinese)), key


def test_every_count_is_right_for_one_and_for_several_in_both_languages():
    for key, (one, several, chinese) in COUNTS.items():
        assert one != several and re.search("[\u4e00-\u9fff]", chinese), key
        for words in (one, several, chinese):
            assert "{0}" in words
    assert say_count(Language.EN, "aside", 1).startswith("1 message was ")
    assert say_count(Language.EN, "aside", 2).startswith("2 messages were ")


def test_what_a_newer_station_says_is_shown_as_it_is():
    assert say_stored(Language.ZH, (Outcome,), "brand_new") == "brand_new"


_CSS = (Path(inbox.__file__).parent / "static" / "inbox.css").read_text("utf-8")


def _luminance(color):
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one, other):
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_every_text_stands_out_from_every_ground_at_seven_to_one():
    on_screen = _CSS.split("@media print")[0]
    colors = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", on_screen))
    bright = ("primary", "good", "caution", "alarm", "loud", "drill")
    pairs = [
        (text, ground) for text in ("text", "quiet", *bright) for ground in ("ground", "panel")
    ]
    pairs += [(text, "raised") for text in ("text", "quiet", "caution", "primary")]
    pairs += [("on-bright", ground) for ground in bright]
    faint = {pair: _contrast(colors[pair[0]], colors[pair[1]]) for pair in pairs}
    assert {pair: ratio for pair, ratio in faint.items() if ratio < 7} == {}
    # No colour is written beside the list above.
    assert not re.search(r"(?<!: )#[0-9a-f]{3,8}\b", _CSS.split("}", 1)[1])
