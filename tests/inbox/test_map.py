"""The map of stations: what stands where, and what it says without colour."""

import math
import re
from datetime import UTC, datetime

import pytest

from station.cdc.inbox.board import StationLine
from station.cdc.inbox.checkpoints import Checkpoint
from station.cdc.inbox.outline import Outline
from station.cdc.inbox.presence import Presence
from station.cdc.inbox.settings import load_settings
from station.cdc.inbox.station_map import LARGE, SMALL, Area, MarkState, draw, state_of
from station.reporting.messages.status import StationState
from station.reporting.topics import StationIdentity

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
BOOK = """region,site,station,name,phone,latitude,longitude
440100,hub,east,广州东站,020-8111,23.15,113.32
440100,hub,west,,020-8222,23.10,113.20
440100,hub,dark,"<b>x</b>",,23.00,113.25
"""


def line(name, at, *, state=StationState.ONLINE, waiting=0, missing=0, called=""):
    return StationLine(
        identity=StationIdentity("440100", "hub", name),
        presence=Presence(state, NOON) if state else None,
        last_at=None,
        missing=missing,
        counts=1,
        went_back=None,
        is_overdue=False,
        waiting=waiting,
        checkpoint=Checkpoint(called, "", at),
    )


@pytest.mark.parametrize(
    ("state", "missing", "said"),
    [
        (StationState.ONLINE, 0, MarkState.ONLINE),
        (StationState.ONLINE, 2, MarkState.ATTENTION),
        (StationState.ATTENTION, 0, MarkState.ATTENTION),
        (StationState.OFFLINE, 2, MarkState.OFFLINE),
        (StationState.LOST, 0, MarkState.LOST),
        (None, 0, MarkState.UNKNOWN),
        (None, 2, MarkState.ATTENTION),
    ],
)
def test_a_mark_says_what_is_most_wrong(state, missing, said):
    assert state_of(line("east", (23, 113), state=state, missing=missing)) is said


def test_north_is_up_east_is_right_and_distances_are_true():
    lines = [line(n, at) for n, at in (("a", (40, 116)), ("n", (41, 116)), ("e", (40, 117)))]
    view = draw(lines, Outline(), None, LARGE)
    marks = {mark.lines[0].identity.station: mark for mark in view.marks}
    up = marks["a"].y_px - marks["n"].y_px
    right = marks["e"].x_px - marks["a"].x_px
    assert up > 0 and right / up == pytest.approx(math.cos(math.radians(40.5)), abs=0.01)
    assert marks["n"].x_px == pytest.approx(marks["a"].x_px)
    assert view.scale_px / view.scale_km == pytest.approx(up / 111.2, rel=0.01)


def test_every_station_with_a_place_is_in_one_mark_and_no_two_marks_touch():
    places = [(23 + (i * 7 % 97) / 60, 113 + (i * 13 % 89) / 50) for i in range(1000)]
    lines = [line(f"s{i}", at, waiting=i % 50 == 0) for i, at in enumerate(places)]
    for size in (LARGE, SMALL):
        marks = draw([*lines, line("nowhere", None)], Outline(), None, size).marks
        shown = [one.identity.station for mark in marks for one in mark.lines]
        assert sorted(shown) == sorted(one.identity.station for one in lines)
        spots = [(mark.x_px, mark.y_px) for mark in marks]
        nearest = min(math.dist(a, b) for i, a in enumerate(spots) for b in spots[:i])
        assert nearest >= size.apart_px
        assert all(0 < x < size.width_px and 0 < y < size.height_px for x, y in spots)
        assert sum(mark.waiting for mark in marks) == 20


def test_the_most_urgent_station_gives_a_mark_its_state_and_its_place():
    lines = [line("a", (23.0, 113.0)), line("b", (23.0001, 113.0), state=StationState.LOST)]
    far = line("far", (24, 114))
    (mark,) = [m for m in draw([*lines, far], Outline(), None, LARGE).marks if len(m.lines) == 2]
    assert mark.lines[0].identity.station == "b"
    assert (mark.state, mark.as_bad) == (MarkState.LOST, 1)


def test_a_closer_look_takes_marks_apart_even_those_at_one_place():
    lines = [line(f"s{i}", (23.0, 113.0)) for i in range(3)] + [line("far", (24, 114))]
    (mark,) = [m for m in draw(lines, Outline(), None, LARGE).marks if len(m.lines) == 3]
    area = Area.parse(str(mark.area))
    assert len(draw(lines, Outline(), area, LARGE).marks) == 3


@pytest.mark.parametrize(
    "text", ["", "1,2,3", "a,b,c,d", "2,1,1,2", "nan,0,1,1", "-999,0,1,1", "0,0,inf,1", "1,2,3,4,5"]
)
def test_an_area_that_makes_no_sense_is_none(text):
    assert Area.parse(text) is None


def test_an_outline_is_cut_at_the_maps_edge_and_goes_on_around_it():
    square = ((20.0, 110.0), (20.0, 116.0), (26.0, 116.0), (26.0, 110.0), (20.0, 110.0))
    lines = [line("east", (23.0, 113.0))]
    view = draw(lines, Outline((square,)), Area(112, 22, 114, 24), LARGE)
    numbers = [float(number) for number in re.findall(r"-?\d+", view.outline)]
    # The area lies inside: the line runs all around it, just outside.
    assert min(numbers) == -10 and max(numbers) == LARGE.width_px + 10
    away = ((1.0, 1.0), (1.0, 2.0), (2.0, 2.0), (1.0, 1.0))
    assert draw(lines, Outline((away,)), Area(112, 22, 114, 24), LARGE).outline == ""


def test_no_station_with_a_place_gives_no_map():
    assert draw([line("east", None)], Outline(), None, LARGE) is None


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "book.csv").write_text(BOOK, "utf-8")
    path = tmp_path / "inbox.toml"
    path.write_text('checkpoints_file = "book.csv"\n', "utf-8")
    return load_settings(path)


def test_the_page_tells_the_telephone_where_somebody_must_call(client, sign_in, alerted):
    alerted(station="east")
    alerted.unreadable("west")
    sign_in("Chen Yu")
    page = client.get("/").text
    card = page.split("<article", 1)[1].split("</article>", 1)[0]
    assert "广州东站" in card and "Duty desk <b>020-8111</b>" in card
    newer = page.split('id="newer"', 1)[1].split("</details>", 1)[0]
    assert "020-8222" in newer


def test_a_station_without_a_number_says_so(client, sign_in, alerted):
    alerted(station="north")
    sign_in("Chen Yu")
    page = client.get("/").text
    assert page.count("no telephone number in the book") == 3  # its card, its line, and dark's
    assert "not on the map" in page


@pytest.mark.parametrize("place", ["/map", "/map/part"])
def test_the_map_says_each_state_by_shape_and_word_and_how_many_wait(
    client, sign_in, alerted, place
):
    alerted(station="east")
    sign_in("Chen Yu")
    page = client.get(place).text
    svg = page.split("<svg viewBox", 1)[1].split("</svg>", 1)[0]
    (east,) = [part for part in svg.split("<a ") if 'href="/?station=east' in part]
    assert "广州东站 · not known" in east and "1 alert waits for an answer" in east
    assert '<path class="shape unknown"' in east and "! 1</text>" in east
    assert "&lt;b&gt;x" in svg and "<b>x" not in page


def test_the_map_narrows_the_list_to_the_part_that_is_shown(client, sign_in, alerted):
    alerted(station="north")
    sign_in("Chen Yu")
    listed = client.get("/map?area=113.3,23.1,113.4,23.2").text.split("<aside", 1)[1]
    assert "east" in listed and "west" not in listed and "north" not in listed
    whole = client.get("/map?area=nonsense").text
    assert "1 station has no coordinates" in whole
    assert "north" in whole.split("<aside", 1)[1]
