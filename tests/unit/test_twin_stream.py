"""The twin's films: the same seed gives the same bytes, and every fault is in them."""

import io
import json
from itertools import pairwise

import numpy as np
import pytest

from simulators.twin.chill import canthus_chill_c, face_chill_c
from simulators.twin.clips import Clip, Sensors, afebrile_core_c, febrile_core_c
from simulators.twin.crowds import Arrivals, Walk, arrival_times_s, without_collisions
from simulators.twin.injections import reason_clips, source_clips
from simulators.twin.people import Traveller, Waypoint
from simulators.twin.scenarios import SCENARIOS, Wish
from simulators.twin.scene import Scene
from simulators.twin.sensor import Sensor, Shutter
from simulators.twin.stream import send

SHAPE = (60, 80)


def clip(seed=1, sensor=None, **more):
    scene = Scene(travellers=[Traveller("A", 37.0, 0.0)], shape=SHAPE, seed=seed, sensor=sensor)
    sensors = Sensors(22.0, 0.5)
    return Clip("c", scene, SHAPE, seconds=1.0, sensors=sensors, facts={"why": "test"}, **more)


def sent(*clips):
    frames, truth = io.BytesIO(), io.StringIO()
    send(clips, frames, truth)
    return frames.getvalue(), truth.getvalue()


def parsed(data):
    """Return the stream's messages and pictures, read as its documentation says."""
    stream, messages, pictures = io.BytesIO(data), [], []
    while True:
        message = json.loads(stream.readline())
        messages.append(message)
        if message["kind"] == "end":
            assert stream.read() == b""
            return messages, pictures
        if message["kind"] == "frame":
            counts = np.frombuffer(stream.read(message["bytes"]), "<u2")
            pictures.append(counts.reshape(messages[0]["rows"], messages[0]["columns"]))


def test_same_seed_same_bytes_other_seed_other_bytes():
    assert sent(clip(1)) == sent(clip(1))
    assert sent(clip(1))[0] != sent(clip(2))[0]


@pytest.mark.parametrize(("is_told", "marked"), [(True, "shutter"), (False, "live")])
def test_a_shutter_stops_the_picture_and_marks_it_only_if_the_camera_tells(is_told, marked):
    shutter = Shutter(0.3, is_told=is_told, lasts_s=0.3)
    messages, pictures = parsed(sent(clip(sensor=Sensor(shutters=(shutter,))))[0])
    frames = [m for m in messages if m["kind"] == "frame"]
    closed = [i for i, m in enumerate(frames) if 0.3 <= m["t_s"] < 0.6]
    assert {frames[i]["status"] for i in closed} == {marked}
    assert all(np.array_equal(pictures[i], pictures[closed[0]]) for i in closed)
    assert {m["status"] for i, m in enumerate(frames) if i not in closed} == {"live"}


@pytest.mark.parametrize("scenario", ["patch", "cold", "crossing"])
def test_a_scenario_is_drawn_from_its_seed_alone(scenario):
    first, again, other = (
        next(SCENARIOS[scenario](Wish(seed=seed, count=1))) for seed in (4, 4, 5)
    )
    pictures = [c.scene.render(c.start_s + 2.0) for c in (first, again, other)]
    assert np.array_equal(pictures[0], pictures[1])
    assert not np.array_equal(pictures[0], pictures[2])
    assert first.site == again.site


def test_frames_are_centikelvin_and_the_truth_comes_line_by_line():
    data, truth = sent(clip())
    messages, pictures = parsed(data)
    lines = [json.loads(line) for line in truth.splitlines()]
    assert [m["kind"] for m in messages] == ["clip", *["frame"] * 9, "end"]
    assert len(lines) == 10
    assert lines[0] == {"clip": "c", "facts": {"why": "test"}}
    rendered = clip().scene.render(0.0)
    assert np.abs(pictures[0] / 100 - 273.15 - rendered).max() <= 0.0051
    assert [line["people"][0]["name"] for line in lines[1:]] == ["A"] * 9
    assert "truth" not in data.decode("latin-1")


def test_a_frozen_camera_repeats_its_frame_and_a_clock_jumps():
    messages, pictures = parsed(sent(clip(frozen_s=(0.5, 0.8), clock_jump=(0.5, 3600.0)))[0])
    frames = [m for m in messages if m["kind"] == "frame"]
    same = [np.array_equal(a, b) for a, b in pairwise(pictures)]
    assert same == [False] * 4 + [True] * 3 + [False]
    times = [m["captured_at"] for m in frames]
    assert times[4].startswith("2026-03-02T12:00")
    assert times[5].startswith("2026-03-02T13:00")


def test_counts_of_a_camera_without_temperatures_are_marked():
    messages, _ = parsed(sent(clip(is_radiometric=False))[0])
    assert {m["status"] for m in messages if m["kind"] == "frame"} == {"not_radiometric"}


def test_every_fault_of_the_source_changes_the_frames():
    for faulty in source_clips(1):
        from_s = faulty.facts["from_s"] + faulty.start_s
        before, after = (faulty.scene.render(t) for t in (from_s - 0.1, from_s + 0.5))
        # Noise of 0.05 °C gives no mean change of a disc of 10 px radius.
        change = np.abs(after - before)[20:90, 280:380]
        assert np.sort(change.ravel())[-100:].mean() > 0.17, faulty.name


def test_each_reason_of_the_field_rules_has_an_injection():
    wanted = {
        "warming_up", "no_reference", "reference_moved", "reference_unstable",
        "reference_out_of_band", "shutter", "blurred", "too_far", "turned_away", "glasses",
        "covered_eyes", "sun_or_reflection", "room_out_of_band", "cold_arrival", "faces_too_near",
        "stale_frame", "clock", "calibration_expired",
    }  # fmt: skip
    assert wanted <= {c.facts["reason"] for c in reason_clips(1)}


def test_chilled_faces_warm_up_as_measured_and_mild_weather_chills_nobody():
    # Dzien et al. 2020: 33.2, 35.8 and 36.6 °C at 0, 3 and 60 min after -5.5 to 0 °C.
    assert face_chill_c(-2.75, 0) == pytest.approx(36.6 - 33.2)
    assert face_chill_c(-2.75, 3) == pytest.approx(36.6 - 35.8)
    assert face_chill_c(-2.75, 60) == 0
    assert face_chill_c(20.0, 0) == 0
    assert face_chill_c(-15.0, 1) > face_chill_c(-5.0, 1)
    # Micheletti et al. 2022: the canthus loses 0.6 °C where the forehead loses 2.8.
    assert canthus_chill_c(-5.0, 1) / face_chill_c(-5.0, 1) == pytest.approx(0.6 / 2.8)


@pytest.mark.parametrize("kind", Arrivals)
def test_arrivals_fill_their_time_in_their_own_way(kind):
    times_s = arrival_times_s(np.random.default_rng(1), kind, 400, 100.0)
    assert times_s == sorted(times_s)
    assert 0 <= times_s[0]
    assert times_s[-1] <= 100.0
    early = sum(t < 25 for t in times_s) / 400
    assert early == pytest.approx({"poisson": 0.25, "train": 0.63, "queue": 0.25}[kind], abs=0.06)
    gaps = np.diff(times_s)
    is_even = gaps.std() < 0.5 * gaps.mean()
    assert is_even == (kind is Arrivals.QUEUE)


def test_febrile_cores_begin_at_38_and_healthy_ones_stay_below():
    rng = np.random.default_rng(1)
    assert min(febrile_core_c(rng) for _ in range(500)) >= 38.0
    healthy = [afebrile_core_c(rng) for _ in range(500)]
    assert max(healthy) < 38.0
    assert np.mean(healthy) == pytest.approx(36.9, abs=0.05)


def test_nobody_walks_through_anybody():
    clip = next(SCENARIOS["crossing"](Wish(seed=1, count=1, people=10)))
    nearest_m = []
    for t_s in np.arange(0.0, 12.0, 0.2):
        places = [who.place(clip.start_s + t_s) for who in clip.scene.travellers]
        there = np.array([place for place in places if place is not None]).reshape(-1, 2)
        apart = np.hypot(*(there[:, None] - there[None]).transpose(2, 0, 1))
        nearest_m += apart[np.triu_indices(len(there), 1)].tolist()
    assert len(nearest_m) > 200
    assert min(nearest_m) > 0.3


def test_ways_that_leave_no_room_are_avoided_if_there_are_others():
    rng = np.random.default_rng(1)

    def draw(number):
        side_m = float(rng.choice((0.0, 1.0, 2.0)))
        return Walk(0.0, (Waypoint(0.0, side_m, 5.0), Waypoint(5.0, side_m, 2.0)))

    walks = without_collisions(3, draw, 5.0)
    assert sorted(walk.path[0].side_m for walk in walks) == [0.0, 1.0, 2.0]
