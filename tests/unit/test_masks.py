"""Masked areas: whoever's face is inside is not looked for, and the reference stays in sight."""

import tomllib
from dataclasses import replace
from uuid import uuid4

import numpy as np
import pytest

from config.device_settings import CameraSettings
from config.editing import with_masks
from config.loader import load_settings
from config.versions import SiteVersions
from station.core.errors import KnownError
from station.core.faces import Box, FaceRegion
from station.core.masks import UnmaskedLocator, hidden, mask_at
from station.core.people import Person, Role
from station.core.service_commands import SetMasks, SetRegions, SetSweptPlace
from station.runtime.clock import SystemClock
from station.runtime.lanes import build_lane
from station.runtime.service import ServiceDesk, SiteFile, describe

WU = Person("Wu", Role.TECHNICIAN)
LAMP = (0.0, 0.5, 0.25, 0.75)
SOURCE = (0.0, 0.8, 0.2, 1.0)
WHOLE = (0.0, 0.0, 1.0, 1.0)
SITE = f"""\
[reference]
regions = [{list(SOURCE)}]
[[cameras]]
camera_id = "camera-1"
lane = "1"
driver = "recording"
[[ cameras ]] # the other way
camera_id = "camera-2"
lane = "2"
driver = "recording"
masks = [
  [0.5, 0.0, 0.6, 0.1],
]
[cameras.options]
file = "x"
"""
PICTURE = np.zeros((200, 400), np.float32)


def face(top, left):
    return FaceRegion(Box(top, left, top + 40, left + 30), 0.9, 1.0)


class Finder:
    """Finds always the same faces."""

    def __init__(self, *faces):
        self.faces = faces
        self.asked = []

    def locate(self, temperature_c, rows=None):
        self.asked.append(rows)
        return self.faces


def test_a_face_whose_middle_is_in_a_masked_area_is_no_traveller():
    # The lamp covers rows 0 to 50 and columns 200 to 300.
    inside, beside, reaching_in = face(10, 220), face(10, 320), face(45, 220)
    finder = Finder(inside, beside, reaching_in)
    locator = UnmaskedLocator(finder, (LAMP,))
    assert locator.locate(PICTURE, slice(0, 100)) == (beside, reaching_in)
    assert finder.asked == [slice(0, 100)]


def test_an_areas_end_is_outside():
    assert mask_at((LAMP,), (0.0, 0.5)) == LAMP
    assert mask_at((LAMP,), (0.25, 0.5)) is None
    assert mask_at((LAMP,), (0.0, 0.75)) is None


@pytest.mark.parametrize(
    ("cover", "is_hidden"),
    [
        ((0.0, 0.8, 0.3, 1.0), True),
        ((0.0, 0.91, 0.3, 1.0), False),
        ((0.5, 0.0, 1.0, 0.5), False),
        ((0.0, 0.0, 1.0, 1.0), True),
    ],
)
def test_a_source_is_hidden_when_more_than_half_of_its_region_is_covered(cover, is_hidden):
    assert (hidden((SOURCE,), (cover,)) == SOURCE) == is_hidden
    assert (hidden((WHOLE, SOURCE), (cover,)) is not None) == is_hidden


def test_a_lane_looks_beside_its_cameras_masked_areas_only():
    settings, finder = load_settings(None), Finder(face(10, 220))
    plain = CameraSettings("camera-1", "1", "still")
    for masks, count in (((), 1), ((LAMP,), 0)):
        lane = build_lane(settings, replace(plain, masks=masks), finder, uuid4)
        assert len(lane._locator.locate(PICTURE)) == count


@pytest.fixture
def site(tmp_path):
    path = tmp_path / "site.toml"
    path.write_text(SITE)
    return path


@pytest.fixture
def desk(site):
    """Return what a technician asks, and a list of the restarts that come of it."""
    versions = SiteVersions(site)
    versions.begin(SystemClock().now())
    versions.prove()
    restarts = []
    file = SiteFile(site, versions, lambda: restarts.append(load_settings(site)))
    settings = load_settings(site)
    return (
        ServiceDesk(settings, file, note=None, snapshot=list, clock=SystemClock(), answers=None),
        restarts,
    )


def test_masked_areas_of_one_camera_are_written_into_its_table_alone(site):
    for camera in (0, 1):
        changed = with_masks(SITE, camera, (LAMP, (0.5, 0.0, 0.6, 0.1)))
        site.write_text(changed)
        cameras = load_settings(site).cameras
        assert cameras[camera].masks == (LAMP, (0.5, 0.0, 0.6, 0.1))
        assert cameras[1].options == {"file": "x"}
        assert "# the other way" in changed
    assert tomllib.loads(with_masks(SITE, 1, ()))["cameras"][1]["masks"] == []
    with pytest.raises(ValueError, match="by hand"):
        with_masks("cameras = [{ lane = '1' }]\n", 0, (LAMP,))


def test_a_technicians_area_holds_after_the_restart_and_is_in_the_file_s_versions(desk):
    service, restarts = desk
    answer = service.answer(SetMasks(uuid4(), "2", (LAMP,)), WU)
    assert answer.is_restarting
    assert [camera.masks for camera in restarts[0].cameras] == [(), (LAMP,)]
    assert answer.versions[0].actor == "Wu"
    assert describe(restarts[0], is_drill=False).cameras[1].masks == (LAMP,)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (SetMasks(uuid4(), "1", ((0.0, 0.7, 0.3, 1.0),)), "would hide the reference source"),
        (SetMasks(uuid4(), "3", (LAMP,)), "no lane 3"),
        (SetMasks(uuid4(), "1", ((0.3, 0.0, 1.0, 0.7),)), "more than a quarter"),
        (SetMasks(uuid4(), "1", ((0.3, 0.3, 0.4, 0.4),) * 5), "may be 4"),
        (SetRegions(uuid4(), ((0.5, 0.0, 0.6, 0.15),)), "lane 2 hides the reference source"),
        (SetSweptPlace(uuid4(), (0.0, 0.7, 0.3, 1.0), (0.02, 0.2)), "before the reference source"),
    ],
)
def test_what_would_hide_the_reference_source_or_blind_a_lane_is_refused(desk, command, words):
    service, restarts = desk
    with pytest.raises(KnownError, match=words):
        service.answer(command, WU)
    assert restarts == []
