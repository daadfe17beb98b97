"""The office's book of checkpoints and the outline of its region, as files say them."""

import json
import os

import pytest

from station.cdc.inbox.checkpoints import Checkpoint, CheckpointBook, read_checkpoints
from station.cdc.inbox.outline import MOST_POINTS, read_outline
from station.core.errors import KnownError
from station.reporting.topics import StationIdentity

HEAD = "region,site,station,name,phone,latitude,longitude\n"
EAST = StationIdentity("440100", "hub", "east")
WEST = StationIdentity("440100", "hub", "west")


def test_a_station_has_its_own_line_and_takes_the_rest_from_its_sites():
    book = HEAD + "440100,hub,,广州东站,020-1,23.15,113.32\n440100,hub,east,,020-2,,\n"
    known = read_checkpoints(book.encode())
    assert known.of(EAST) == Checkpoint("广州东站", "020-2", (23.15, 113.32))
    assert known.of(WEST) == Checkpoint("广州东站", "020-1", (23.15, 113.32))
    assert known.of(StationIdentity("440100", "port", "east")) == Checkpoint()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_spreadsheets_file_is_read_in_the_encodings_that_it_writes(encoding):
    book = HEAD.replace("\n", "\r\n") + "440100,hub,east,广州东站,020-1,,\r\n,,,,,,\r\n"
    assert read_checkpoints(book.encode(encoding)).of(EAST).name == "广州东站"


def test_a_book_without_places_needs_no_columns_for_them():
    book = b"region,site,station,phone\n440100,hub,east,020-1\n"
    assert read_checkpoints(book).of(EAST) == Checkpoint("", "020-1")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("440100,hub,east,,,23.1,\n", "line 2: give latitude and longitude both"),
        ("440100,hub,east,,,113.3,23.1\n", "line 2: latitude or longitude is outside"),
        ("440100,hub,east,,,nan,23.1\n", "line 2: latitude or longitude is outside"),
        ("440100,hub,ea/st,,,,\n", "line 2: write region, site and station"),
        ("440100,hub,east,,,,\n440100,hub,east,,,,\n", "line 3: it stands there twice"),
        ("440100,hub,east,,,,,x\n", "line 2: it has more fields"),
        (f"440100,hub,east,{'x' * 91},,,\n", "line 2: its name is longer"),
        ('440100,hub,east,"a\tb",,,\n', "line 2: its name is longer than 90 signs, or no plain"),
        ("a b,c,d,,,,\n" * 12, "and 2 more"),
    ],
)
def test_a_faulty_line_is_told_with_its_number(rows, said):
    with pytest.raises(KnownError, match=said):
        read_checkpoints((HEAD + rows).encode())


@pytest.mark.parametrize("content", [b"", b"name,phone\n", b"region,site,colour\n", b"\xff\xff"])
def test_what_is_no_book_is_refused(content):
    with pytest.raises(KnownError):
        read_checkpoints(content)


def test_a_book_that_changes_counts_at_once_and_a_faulty_one_leaves_the_old_one(tmp_path):
    path = tmp_path / "book.csv"

    def write(text):
        path.write_text(HEAD + text, "utf-8")
        os.utime(path, ns=(0, write.times * 10**9))
        write.times += 1

    write.times = 1
    write("440100,hub,east,,020-1,,\n")
    book = CheckpointBook(path)
    write("440100,hub,east,,020-2,,\n")
    book.look()
    assert (book.checkpoints.of(EAST).phone, book.trouble, book.changes) == ("020-2", "", 1)
    write("440100,hub,east,,020-3,1,\n")
    book.look()
    assert book.checkpoints.of(EAST).phone == "020-2" and "line 2" in book.trouble
    path.unlink()
    book.look()
    assert book.checkpoints.of(EAST).phone == "020-2" and "cannot be read" in book.trouble
    write("440100,hub,east,,020-4,,\n")
    book.look()
    assert (book.checkpoints.of(EAST).phone, book.trouble) == ("020-4", "")


RING = [[113, 23], [114, 23], [114, 24], [113, 23]]
POLYGON = {"type": "Polygon", "coordinates": [RING]}


@pytest.mark.parametrize(
    "document",
    [
        POLYGON,
        {"type": "MultiPolygon", "coordinates": [[RING]]},
        {"type": "Feature", "properties": None, "geometry": POLYGON},
        {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 2]}},
                {"type": "Feature", "geometry": {"type": "GeometryCollection",
                                                 "geometries": [POLYGON]}},
            ],
        },
    ],
)  # fmt: skip
def test_an_outline_is_read_from_every_form_that_holds_areas(document):
    (ring,) = read_outline(json.dumps(document).encode()).rings
    assert ring == ((23, 113), (23, 114), (24, 114), (23, 113))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[" * 5000,
        b"[]",
        b'{"type": "Point", "coordinates": [1, 2]}',
        b'{"type": "FeatureCollection"}',
        b'{"type": "Feature", "geometry": 5}',
        b'{"type": "Polygon", "coordinates": [5]}',
        json.dumps({"type": "Polygon", "coordinates": [RING[:3]]}).encode(),
        json.dumps({"type": "Polygon", "coordinates": [[["a", "b"]] * 4]}).encode(),
        json.dumps({"type": "Polygon", "coordinates": [[[12_600_000, 2_600_000]] * 4]}).encode(),
        b'{"type": "Polygon", "coordinates": [[[NaN, 1], [1, 1], [1, 2], [1, 1]]]}',
        b'{"type": "Polygon", "coordinates": [[[1e999, 1], [1, 1], [1, 2], [1, 1]]]}',
        json.dumps({"type": "Polygon", "coordinates": [[[1, 1]] * (MOST_POINTS + 1)]}).encode(),
    ],
)  # fmt: skip
def test_what_is_no_outline_or_far_too_large_is_refused(content):
    with pytest.raises(KnownError):
        read_outline(content)
