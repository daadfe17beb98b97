"""The hub: one scene, one camera, one gun, and the commands that reach into it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

from drivers.registry import DeviceKind, create
from simulators.hub import Hub
from simulators.scene import TravellerTruth
from simulators.serve import PortInUse
from station.core.faces import Box

OPTIONS = {
    "seed": 7,
    "travellers": 3,
    "febrile_every": 2,
    "spacing_s": 1.0,
    "speed": 0.0,
    "camera_port": 0,
    "control_port": 0,
    "password": "pw",
}


@pytest.fixture
def hub(tmp_path):
    hub = Hub(**OPTIONS, gun_link=tmp_path / "gun")
    yield hub
    hub.close()
    hub.close()


class Control:
    def __init__(self, address):
        self._socket = socket.create_connection(tuple(address), timeout=5)
        self._lines = self._socket.makefile("rwb")

    def send(self, line):
        self._lines.write(line + b"\n")
        self._lines.flush()
        return json.loads(self._lines.readline())

    def do(self, **message):
        return self.send(json.dumps(message).encode())

    def close(self):
        self._lines.close()
        self._socket.close()


@pytest.fixture
def control(hub):
    control = Control(hub.control.address)
    yield control
    control.close()


@pytest.fixture
def gun(hub):
    with create(DeviceKind.THERMOMETER, "fefd", port=hub.gun.port) as gun:
        yield gun


def stand_at(hub, scene_s):
    hub._clock.step(scene_s - hub._clock.now_s())


def test_presenting_the_gun_to_a_face_measures_that_traveller(hub, control, gun):
    stand_at(hub, 3.0)
    people = hub._scene.truth(3.0)
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
    who = hub._scene.truth(3.0)[0]
    row, column = who.box.center
    time.sleep(0.02)
    control.do(do="speed", factor=1)
    stand_at(hub, 100.0)
    answer = control.do(do="present", captured_at=captured_at, row=row, column=column)
    assert answer["traveller"] == who.name


def test_of_two_travellers_behind_each_other_the_gun_goes_to_the_face_that_was_hit(hub, control):
    near = TravellerTruth("near", Box(0, 0, 80, 60), None, 35.0, 36.5, 1.7, True)
    far = TravellerTruth("far", Box(60, 60, 84, 78), None, 37.0, 38.5, 4.0, True)

    class Queue:
        def truth(self, t_s):
            return near, far

    hub._scene = Queue()
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
    assert control.do(do="trigger", temperature_c=38.4) == {"temperature_c": 38.4}
    assert gun.read(2.0).temperature_c == pytest.approx(38.4, abs=0.5)


def test_truth_tells_who_is_in_view(hub, control):
    stand_at(hub, 3.0)
    told = control.do(do="truth")["travellers"]
    assert [who["name"] for who in told] == [who.name for who in hub._scene.truth(3.0)]
    assert {"core_c", "canthus_c", "distance_m", "facing"} <= told[0].keys()


def test_the_scene_begins_again_with_new_names(hub):
    first = {who.name for t in range(12) for who in hub._scene.truth(t)}
    later = {who.name for t in range(12, 40) for who in hub._scene.truth(t)}
    assert later - first
    assert not any(name in first for name in {who.name for who in hub._scene.truth(25.0)})


def test_a_fault_on_command_is_seen_by_a_client(hub, control):
    control.do(do="speed", factor=1)
    with create(
        DeviceKind.CAMERA, "hikvision-isapi", url=hub.camera.url, user="admin", password="pw"
    ) as camera:
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
        b'{"do": "trigger", "temperature_c": "hot"}',
        b'{"do": "trigger", "temperature_c": NaN}',
        b'{"do": "speed", "factor": -1}',
        b'{"do": "speed", "factor": 1e400}',
    ],
)
def test_a_command_that_does_not_fit_is_answered_and_the_next_one_obeyed(control, line):
    assert list(control.send(line)) == ["error"]
    assert control.do(do="speed", factor=0) == {"factor": 0.0}


def test_a_taken_port_leaves_nothing_behind(hub, tmp_path):
    link = tmp_path / "second"
    taken = OPTIONS | {"control_port": hub.control.address[1]}
    with pytest.raises(PortInUse, match="choose another one"):
        Hub(**taken, gun_link=link)
    assert not os.path.lexists(link)


def start(*options, stdin=subprocess.PIPE):
    return subprocess.Popen(
        [sys.executable, "-m", "simulators", "hub", "--camera-password", "pw", *options],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.system
@pytest.mark.parametrize("end", ["stdin", "SIGTERM", "SIGINT"])
def test_the_program_tells_its_addresses_and_ends_cleanly(tmp_path, end):
    link = tmp_path / "gun"
    with start("--gun-link", str(link)) as program:
        ready = json.loads(program.stdout.readline())
        assert ready.keys() == {"camera_url", "gun_port", "control"}
        control = Control(ready["control"])
        assert control.do(do="speed", factor=2) == {"factor": 2.0}
        if end == "stdin":
            program.stdin.close()
        else:
            program.send_signal(signal.Signals[end])
        assert program.wait(10) == 0
        assert program.stderr.read() == b""
        control.close()
    assert not os.path.lexists(link)


@pytest.mark.system
def test_the_program_says_in_one_sentence_that_a_port_is_taken(hub, tmp_path):
    port = hub.camera.url.rpartition(":")[2]
    with start("--gun-link", str(tmp_path / "g"), "--camera-port", port) as program:
        assert program.wait(20) == 2
        complaint = program.stderr.read().decode()
    assert complaint.count("\n") == 1
    assert f"port {port} cannot be used" in complaint


@pytest.mark.system
def test_the_program_runs_on_in_the_background(tmp_path):
    with start("--gun-link", str(tmp_path / "g"), stdin=subprocess.DEVNULL) as program:
        assert json.loads(program.stdout.readline())
        time.sleep(0.1)
        assert program.poll() is None
        program.terminate()
        assert program.wait(10) == 0
