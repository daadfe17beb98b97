"""The same transcripts judge the driver and the simulator, which never see each other."""

import re
from pathlib import Path

import numpy as np
import pytest

from drivers.cameras import htpa
from drivers.cameras.htpa_codec import ARRAYS, FrameAssembler, decode_identity
from drivers.errors import DeviceTimeout, OpenFailed
from simulators.clock import SceneClock
from simulators.devices.htpa_module import ARRAY_TYPES, HtpaModuleDevice
from simulators.devices.thermal_camera import ThermalCameraDevice
from simulators.dialects.htpa import HtpaDialect
from simulators.faults import Fault, Faults

TRANSCRIPTS = sorted((Path(__file__).parent / "htpa").glob("*.txt"))
EVERY = pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
HOST = ("127.0.0.1", 30444)
ROOM_C = 21.85


def steps(path):
    """Each line as its word and its bytes, or its text where it has none."""
    for line in path.read_text(encoding="utf-8").splitlines():
        word, _, text = line.partition(" ")
        match word:
            case "host" | "module":
                yield word, text.encode().decode("unicode_escape").encode("latin-1")
            case "datagram":
                yield "module", words(text)
            case "#" | "":
                pass
            case _:
                yield word, text


def words(text):
    parts = (part.partition("*") for part in text.split())
    return b"".join(bytes.fromhex(word) * int(count or 1) for word, _, count in parts)


class ScriptedSocket:
    """Stands in for the UDP socket: hears what the transcript says, in its order."""

    def __init__(self, transcript):
        self.left = [step for step in transcript if step[0] in {"host", "module"}]
        self.now_s = 1000.0

    def __call__(self, host, port, *, local_host, local_port):
        assert (host, port, local_host, local_port) == ("192.168.4.1", 30444, "", 30444)
        return self

    def monotonic(self):
        return self.now_s

    def send(self, data):
        assert self.left.pop(0) == ("host", data)

    def receive(self, timeout_s):
        if self.left and self.left[0][0] == "module":
            return self.left.pop(0)[1]
        self.now_s += timeout_s
        return None

    def close(self):
        pass


def told(frame, sensor_c):
    rows, columns = frame.shape
    first, last = frame.temperature_c[0, 0], frame.temperature_c[-1, -1]
    return f"{columns}x{rows} {first:.2f} {last:.2f} {frame.status} sensor={sensor_c}"


def scripted(monkeypatch, transcript):
    wire = ScriptedSocket(transcript)
    monkeypatch.setattr(htpa, "UdpTransport", wire)
    monkeypatch.setattr(htpa, "time", wire)
    return wire, htpa.HtpaCamera(host="192.168.4.1")


@EVERY
def test_the_driver_keeps_to_the_transcript(path, monkeypatch):
    wire, camera = scripted(monkeypatch, steps(path))
    said = dict(steps(path))
    values = [text for word, text in steps(path) if word == "value"]
    if "refused" in said:
        with pytest.raises(OpenFailed, match=said["refused"]):
            camera.open()
    else:
        assert camera.open().serial_number == "0000004711"
        for value in values:
            assert told(camera.read(5.0), camera.sensor_c) == value
        camera.close()
    assert wire.left == []


RESTART = list(steps(Path(__file__).parent / "htpa" / "restart.txt"))


def test_a_frame_that_a_silence_tore_is_not_completed_afterwards(monkeypatch):
    transcript = [step for step in RESTART if step[0] in {"host", "module"}]
    # Up to "K" and one of two datagrams; after the silence only the second one comes.
    second, third = transcript[6], transcript[7:12]
    wire, camera = scripted(monkeypatch, [*transcript[:6], *third, second, transcript[-1]])
    with camera, pytest.raises(DeviceTimeout):
        camera.read(3.5)
    assert wire.left == []


def test_a_module_that_does_not_let_itself_be_bound_is_told(monkeypatch):
    call, who, bind = RESTART[:3]
    release = RESTART[-1]
    _, camera = scripted(monkeypatch, [call, who, bind, bind, bind, release])
    with pytest.raises(DeviceTimeout, match="does not let itself be bound: switch it off"):
        camera.open()


def test_frames_that_flow_already_do_not_hide_who_answers(monkeypatch):
    call, who, bind, bound, stream, first, second, *_ = RESTART
    release = RESTART[-1]
    transcript = [call, first, second, who, bind, second, bound, stream, first, second, release]
    wire, camera = scripted(monkeypatch, transcript)
    with camera:
        assert camera.read(1.0).shape == (32, 32)
    assert wire.left == []


def test_frames_without_an_answer_are_no_other_device(monkeypatch):
    call, release = RESTART[0], RESTART[-1]
    _, camera = scripted(monkeypatch, [call, RESTART[5], call, RESTART[6], call, release])
    with pytest.raises(DeviceTimeout, match="does not answer"):
        camera.open()


class Wall:
    """A wall of 36.55 °C with one cold corner."""

    def __init__(self, array):
        self.shape = (array.rows, array.columns)

    def render(self, t_s, *, is_source_covered=False):
        picture = np.full(self.shape, 36.55, dtype=np.float32)
        picture[0, 0] = 25.05
        return picture


def simulated(name, faults, monkeypatch):
    array, clock = ARRAY_TYPES[name], SceneClock(0.0)
    camera = ThermalCameraDevice(Wall(array), clock, faults)
    device = HtpaModuleDevice(array, camera, clock, faults, room_c=ROOM_C)
    # The transcript cannot know the noise of the offsets.
    monkeypatch.setattr(device, "_offset_noise", lambda: 0)
    return HtpaDialect(device, clock, faults)


@EVERY
def test_the_simulator_keeps_to_the_transcript(path, monkeypatch):
    number = re.search(r"Arraytype (\d+)", path.read_text(encoding="utf-8"))[1]
    name = next(name for name, kind in ARRAY_TYPES.items() if kind.number == int(number))
    faults = Faults()
    dialect = simulated(name, faults, monkeypatch)
    expected, said = [], []
    for word, content in steps(path):
        match word:
            case "fault":
                faults.set(Fault(content), is_on=True)
            case "bound":
                dialect.partner = (HOST[0], 1)
            case "restart":
                dialect.restart()
            case "host":
                sent = dialect.answer(content, HOST) + dialect.due()
                assert {host for _, host in sent} <= {HOST}
                said += [data for data, _ in sent]
            case "module":
                expected.append(content)
    assert [data.hex(" ") for data in said] == [data.hex(" ") for data in expected]


@pytest.mark.parametrize("array", ARRAYS, ids=lambda array: array.name)
def test_every_array_of_the_simulator_is_read(array, monkeypatch):
    dialect = simulated(array.name, Faults(), monkeypatch)
    ((who, _),) = dialect.answer(b"Calling HTPA series devices", HOST)
    assert decode_identity(who).array_number == array.number
    dialect.answer(b"Bind HTPA series device", HOST)
    dialect.answer(b"K", HOST)
    assembler = FrameAssembler(array)
    *torn, frame = [assembler.feed(data) for data, _ in dialect.due()]
    assert not any(torn)
    assert round(float(frame.values[0, 0]), 2) == 25.05
    assert round(float(frame.values[-1, -1]), 2) == 36.55
    assert frame.sensor_c == (None if array.name == "160x120d" else ROOM_C)


@pytest.fixture
def dialect(monkeypatch):
    return simulated("80x64d", Faults(), monkeypatch)


def test_the_simulated_module_hears_its_partner_alone(dialect):
    dialect.answer(b"Bind HTPA series device", HOST)
    stranger = ("127.0.0.9", 30444)
    assert dialect.answer(b"Calling HTPA series devices", stranger) == []
    assert dialect.answer(b"Bind HTPA series device", stranger) == []
    assert dialect.answer(b"Bind HTPA series device", HOST) == [(b"Device already bound\n\r", HOST)]
    dialect.answer(b"x Release HTPA series device", HOST)
    assert dialect.answer(b"Calling HTPA series devices", stranger) != []


def test_the_simulated_module_sends_to_the_port_that_spoke_last(dialect):
    dialect.answer(b"Bind HTPA series device", HOST)
    dialect.answer(b"K", (HOST[0], 5))
    assert {host for _, host in dialect.due()} == {(HOST[0], 5)}


def test_the_simulated_module_obeys_every_command_of_the_document(dialect):
    assert dialect.answer(b"K", HOST) == []
    assert dialect.due() == []
    dialect.answer(b"Bind HTPA series device", HOST)

    def said(command):
        return [data for data, _ in dialect.answer(command, HOST)]

    assert len(said(b"k")) == 10
    assert said(b"Set Emission to 098") == [b"Emission changed to 98%\r\n\r\n"]
    assert said(b"X") == [b"STOP!\r\n"]
    assert said(b"G")[0].startswith(b"HTPA")
    assert {len(data) for data in said(b"h")} == {1000}
    assert said(b"K\r\n") == []
    assert dialect.trim_writes == 1
    said(b"a")
    assert dialect.trim_writes == 2
    said(b"t")
    assert len(dialect.due()) == 10
    said(b"x")
    dialect._clock.step(5.0)
    assert dialect.due() == []


def test_the_sensor_warms_up_and_begins_again_after_a_restart(dialect):
    device = dialect._device
    cold_c = device.ambient_c()
    device._clock.step(1000)
    assert 5.9 < device.ambient_c() - cold_c < 6.0
    dialect.restart()
    assert device.ambient_c() == cold_c


def test_there_are_transcripts():
    assert len(TRANSCRIPTS) >= 7
