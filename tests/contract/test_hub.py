"""The hub: one scene, one camera, one gun, and the commands that reach into it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime

import pytest

from drivers.registry import DeviceKind, create, list_drivers
from simulators.hub_file import HubFileError, read_hub_file, start_hub
from simulators.scene import TravellerTruth
from simulators.serve.tcp import PortInUse
from station.core.faces import Box
from tests.support import Control

SETTINGS = ("speed=0", "people.count=3", "people.febrile_every=2", "people.spacing_s=1")


def start_demo(folder, *settings):
    return start_hub(read_hub_file("demo", [*SETTINGS, *settings]), folder)


@pytest.fixture
def hub(tmp_path):
    hub = start_demo(tmp_path)
    yield hub
    hub.close()
    hub.close()


@pytest.fixture
def control(hub):
    with closing(Control(hub.control.address)) as control:
        yield control


@pytest.fixture
def gun(hub):
    with create(DeviceKind.THERMOMETER, "fefd", **hub.devices["gun"].address) as gun:
        yield gun


def people_of(hub):
    return hub.devices["camera"].view.truth


def stand_at(hub, scene_s):
    hub.site.clock.step(scene_s - hub.site.clock.now_s())


def test_presenting_the_gun_to_a_face_measures_that_traveller(hub, control, gun):
    stand_at(hub, 3.0)
    people = people_of(hub)(3.0)
    assert len(people) > 1
    for who in people:
        row, column = who.box.center
        now = datetime.now(UTC).isoformat()
        answer = control.do(do="present", captured_at=now, row=row, column=column)
        assert answer == {"traveller": who.name, "core_c": who.core_c}
        # The gun's error is 0.1 °C (one sigma) before rounding to 0.1 °C.
        assert gun.read(2.0).temperature_c == pytest.approx(who.core_c, abs=0.5)


def test_the_traveller_is_found_at_the_pictures_time_not_at_now(hub, control):
    stand_at(hub, 3.0)
    time.sleep(0.02)
    captured_at = datetime.now(UTC).isoformat()
    who = people_of(hub)(3.0)[0]
    row, column = who.box.center
    time.sleep(0.02)
    control.do(do="speed", factor=1)
    stand_at(hub, 100.0)
    answer = control.do(do="present", captured_at=captured_at, row=row, column=column)
    assert answer["traveller"] == who.name


def test_of_two_travellers_behind_each_other_the_gun_goes_to_the_face_that_was_hit(
    hub, control, monkeypatch
):
    near = TravellerTruth("near", Box(0, 0, 80, 60), None, 35.0, 36.5, 1.7, True)
    far = TravellerTruth("far", Box(60, 60, 84, 78), None, 37.0, 38.5, 4.0, True)

    class Queue:
        def truth(self, t_s):
            return near, far

    monkeypatch.setattr(hub.devices["camera"].view, "truth", Queue().truth)
    now = datetime.now(UTC).isoformat()
    for who, (row, column) in ((far, (70, 66)), (near, (45, 35))):
        answer = control.do(do="present", captured_at=now, row=row, column=column)
        assert answer["traveller"] == who.name


def test_nobody_at_a_pixel_is_an_error(hub, control):
    now = datetime.now(UTC).isoformat()
    assert control.do(do="present", captured_at=now, row=0, column=0) == {
        "error": "nobody was there"
    }


def test_a_trigger_measures_what_it_is_told(control, gun):
    assert control.do(do="tell", device="gun", command="trigger", temperature_c=38.4) == {
        "temperature_c": 38.4
    }
    assert gun.read(2.0).temperature_c == pytest.approx(38.4, abs=0.5)


def test_truth_tells_who_is_in_view(hub, control):
    stand_at(hub, 3.0)
    told = control.do(do="truth")["travellers"]
    assert [who["name"] for who in told] == [who.name for who in people_of(hub)(3.0)]
    assert {"core_c", "canthus_c", "distance_m", "facing"} <= told[0].keys()


def test_the_scene_begins_again_with_new_names(hub):
    first = {who.name for t in range(12) for who in people_of(hub)(t)}
    later = {who.name for t in range(12, 40) for who in people_of(hub)(t)}
    assert later - first
    assert not any(name in first for name in {who.name for who in people_of(hub)(25.0)})


def test_a_fault_on_command_is_seen_by_a_client(hub, control):
    control.do(do="speed", factor=1)
    address = hub.devices["camera"].address
    with create(DeviceKind.CAMERA, "hikvision-isapi", **address) as camera:
        switched = control.do(do="fault", device="camera", fault="freeze_flag", on=True)
        assert switched == {"fault": "freeze_flag", "on": True}
        assert camera.read(5.0).status == "shutter"
        control.do(do="fault", device="camera", fault="freeze_flag", on=False)
        assert camera.read(5.0).status == "live"


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"not json",
        b"[]",
        b"5",
        b"{}",
        b'{"do": "fly"}',
        b'{"do": ["list"]}',
        b'{"do": "fault", "device": "camera", "fault": "fahrenheit", "on": true}',
        b'{"do": "fault", "device": "gun", "fault": "busy", "on": true}',
        b'{"do": "fault", "device": "oven", "fault": "busy", "on": true}',
        b'{"do": "fault", "device": "camera", "fault": "busy", "on": "false"}',
        b'{"do": "fault", "device": "camera", "fault": "tired", "on": true}',
        b'{"do": "present", "captured_at": "2026-01-01T00:00:00", "row": 1, "column": 1}',
        b'{"do": "present", "captured_at": 5, "row": 1, "column": 1}',
        b'{"do": "tell", "device": "gun", "command": "trigger", "temperature_c": "hot"}',
        b'{"do": "tell", "device": "gun", "command": "trigger", "temperature_c": NaN}',
        b'{"do": "tell", "device": "gun", "command": "fly"}',
        b'{"do": "people", "count": -1}',
        b'{"do": "people", "count": 0, "once": true}',
        b'{"do": "people", "count": 1, "once": "yes"}',
        b'{"do": "people", "count": 1, "looks": ["hat"]}',
        b'{"do": "people", "count": 5, "spacing_s": 0}',
        b'{"do": "speed", "factor": -1}',
        b'{"do": "speed", "factor": 1e400}',
    ],
)
def test_a_command_that_does_not_fit_is_answered_and_the_next_one_obeyed(control, line):
    assert list(control.send(line)) == ["error"]
    assert control.do(do="speed", factor=0) == {"factor": 0.0}


def test_other_people_come_when_they_are_sent(hub, control):
    assert control.do(do="people", count=1, febrile_every=1) == {"count": 1}
    stand_at(hub, 3.0)
    (who,) = control.do(do="truth")["travellers"]
    assert who["core_c"] > 38


def test_guests_come_once_look_as_they_are_told_and_leave_the_others_their_turn(hub, control):
    stand_at(hub, 100.0)
    guests = {"do": "people", "count": 2, "spacing_s": 1, "once": True}
    assert control.do(**guests, febrile_every=1, looks=["glasses"]) == {"count": 2}
    told = control.do(do="list")["people"]
    assert (told, hub.site.guests.from_s) == (3, pytest.approx(100.0))
    assert all(who.glasses and not who.turned_away for who in hub.site.guests.people)
    before = people_of(hub)(99.9)
    stand_at(hub, 102.5)
    assert [who.core_c > 38 for who in people_of(hub)(102.5)] == [True, True]
    assert people_of(hub)(99.9) == before
    after_s = hub.site.guests.until_s
    names = {who.name for second in range(30) for who in people_of(hub)(after_s + second)}
    assert names and all("-" in name for name in names)
    first = hub.site.guests.people
    control.do(**guests)
    assert hub.site.guests.people != first
    hub.devices["camera"].view.render(hub.site.clock.now_s() + 2.0)


def test_nobody_comes_when_nobody_is_sent(hub, control):
    control.do(do="people", count=0)
    assert [people_of(hub)(t_s) for t_s in (0.0, 3.0, 100.0)] == [()] * 3


def test_the_list_tells_each_device_with_its_faults_and_commands(hub, control):
    control.do(do="fault", device="gun", fault="silent", on=True)
    camera, gun = control.do(do="list")["devices"]
    assert (camera["name"], camera["model"], camera["on"]) == ("camera", "hikvision-isapi", [])
    assert (gun["on"], gun["commands"]) == (["silent"], ["trigger"])
    assert "fahrenheit" in gun["faults"]


def test_the_list_tells_the_site_too(control):
    control.do(do="people", count=5)
    control.do(do="speed", factor=3)
    told = control.do(do="list")
    site = {name: told[name] for name in ("scene", "room_c", "humidity_pct", "speed", "people")}
    assert site == {
        "scene": "checkpoint", "room_c": 22.0, "humidity_pct": 40.0, "speed": 3.0, "people": 5,
    }  # fmt: skip


def test_the_checkpoint_has_a_driver_for_each_device_and_its_sources_are_settled(tmp_path):
    kinds = {entry.name: entry.kind for entry in list_drivers()}
    with closing(start_hub(read_hub_file("checkpoint", ["speed=0"]), tmp_path)) as hub:
        found = Counter(kinds[plugged.model] for plugged in hub.devices.values())
        assert found[DeviceKind.CAMERA] == 4
        assert found[DeviceKind.THERMOMETER] == 6
        assert found[DeviceKind.REFERENCE] == 2
        for name in ("source-1", "source-2"):
            truth = hub.devices[name].truth()
            assert truth["is_heating"]
            assert truth["is_stable"]
            assert truth["surface_c"] == pytest.approx(37.0, abs=0.01)


def test_a_source_cannot_be_settled_outside_its_range(tmp_path):
    with pytest.raises(HubFileError, match="-15 to 120"):
        start_hub(read_hub_file("bench", ["source.settled_at_c=200.0", "camera.rows=72"]), tmp_path)


def test_a_taken_port_leaves_nothing_behind(hub, tmp_path):
    folder = tmp_path / "second"
    folder.mkdir()
    with pytest.raises(PortInUse, match="choose another one"):
        start_demo(folder, f"control_port={hub.control.address[1]}")
    assert not os.listdir(folder)


def start(*options, stdin=subprocess.PIPE):
    return subprocess.Popen(
        [sys.executable, "-m", "simulators", "hub", "demo", *options],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.system
@pytest.mark.parametrize("end", ["stdin", "SIGTERM", "SIGINT"])
def test_the_program_tells_its_addresses_and_ends_cleanly(tmp_path, end):
    link = tmp_path / "gun"
    with start("--folder", str(tmp_path)) as program:
        ready = json.loads(program.stdout.readline())
        assert ready.keys() == {"devices", "control"}
        control = Control(ready["control"])
        assert control.do(do="speed", factor=2) == {"factor": 2.0}
        if end == "stdin":
            program.stdin.close()
        else:
            program.send_signal(signal.Signals[end])
        assert program.wait(60) == 0
        assert program.stderr.read() == b""
        control.close()
    assert not os.path.lexists(link)


@pytest.mark.system
def test_the_program_says_in_one_sentence_that_a_port_is_taken(hub, tmp_path):
    port = hub.devices["camera"].address["url"].rpartition(":")[2]
    with start("--folder", str(tmp_path), "--set", f"camera.port={port}") as program:
        assert program.wait(60) == 2
        complaint = program.stderr.read().decode()
    assert complaint.count("\n") == 1
    assert f"port {port} cannot be used" in complaint


@pytest.mark.system
def test_the_program_runs_on_in_the_background(tmp_path):
    with start("--folder", str(tmp_path), stdin=subprocess.DEVNULL) as program:
        assert json.loads(program.stdout.readline())
        time.sleep(0.1)
        assert program.poll() is None
        program.terminate()
        assert program.wait(60) == 0
