"""The same transcripts judge the driver and the simulator, which never see each other."""

from pathlib import Path

import numpy as np
import pytest

from drivers.cameras import mcu90640
from drivers.cameras.mcu90640_codec import Mcu90640Parser
from drivers.errors import DeviceTimeout, ProtocolError
from simulators.clock import SceneClock
from simulators.devices.mcu90640_module import Mcu90640Device, Settings
from simulators.devices.thermal_camera import ThermalCameraDevice
from simulators.dialects.mcu90640 import Mcu90640Dialect
from simulators.faults import Fault, Faults
from simulators.line import Line

TRANSCRIPTS = sorted((Path(__file__).parent / "mcu90640").glob("*.txt"))
EVERY = pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)


def steps(path):
    for line in path.read_text(encoding="utf-8").splitlines():
        word, _, text = line.partition(" ")
        if word in {"host", "module"}:
            yield word, in_bytes(text)
        elif word not in {"#", ""}:
            yield word, text


def in_bytes(text):
    parts = (part.partition("*") for part in text.split())
    return b"".join(bytes.fromhex(word) * int(count or 1) for word, _, count in parts)


class ScriptedPort:
    """Stands in for the serial port: hears what the transcript says, in its order."""

    def __init__(self, *left):
        self.left = [step for step in left if step[0] in {"host", "module", "waiting"}]
        self.now_s = 1000.0

    def __call__(self, port, baud):
        assert (port, baud) == ("/dev/module", 115_200)
        return self

    def monotonic(self):
        return self.now_s

    def discard(self):
        return b""

    def write(self, data):
        assert self.left.pop(0) == ("host", data)

    def read(self, max_bytes, timeout_s):
        # What waits is there at once; the rest takes its time.
        if self.left and self.left[0][0] in {"waiting", "module" if timeout_s > 0 else ""}:
            data = self.left.pop(0)[1]
            assert len(data) <= max_bytes
            return data
        self.now_s += timeout_s
        return b""

    def close(self):
        pass


def scripted(monkeypatch, *left, **options):
    port = ScriptedPort(*left)
    monkeypatch.setattr(mcu90640, "SerialTransport", port)
    monkeypatch.setattr(mcu90640, "time", port)
    return port, mcu90640.Mcu90640Camera(port="/dev/module", **options)


@EVERY
def test_the_driver_keeps_to_the_transcript(path, monkeypatch):
    port, camera = scripted(monkeypatch, *steps(path))
    (value,) = [text for word, text in steps(path) if word == "value"]
    with camera:
        frame = camera.read(5.0)
        corner, warmer = frame.temperature_c[0, 0], frame.temperature_c[12, 15]
        assert f"{corner:.2f} {warmer:.2f} {frame.status} sensor={camera.sensor_c}" == value
    assert port.left == []


class Scene:
    """The pictures of the protocol page."""

    name = "cool"

    def render(self, t_s, *, is_source_covered=False):
        picture = np.full((24, 32), 25.0 if self.name == "cool" else 36.5, dtype=np.float32)
        if self.name == "warm":
            picture[12, 15] = 37.25
        return picture


class Simulated:
    """A module whose die is as warm as the page has it."""

    def __init__(self, **settings):
        self.clock, self.faults, self.scene = SceneClock(0.0), Faults(), Scene()
        camera = ThermalCameraDevice(self.scene, self.clock, self.faults)
        options = {"settings": Settings(**settings), "is_torn": False}
        self.device = Mcu90640Device(camera, self.clock, self.faults, **options)
        self.device.sensor_c = lambda: 27.0 if self.scene.name == "cool" else 28.12
        self.dialect = Mcu90640Dialect(self.device, self.clock, self.faults)
        self.line = Line(self.dialect, self.faults)

    def step(self, seconds):
        self.clock.step(seconds)
        return b"".join(self.line.due())

    def say(self, text):
        return b"".join(self.line.answer(bytes.fromhex(text)))


@EVERY
def test_the_simulator_keeps_to_the_transcript(path):
    is_automatic = ("query", "") not in list(steps(path))
    module = Simulated(is_automatic=is_automatic)
    expected, said = b"", b""
    for word, content in steps(path):
        match word:
            case "fault":
                module.faults.set(Fault(content), is_on=True)
            case "scene":
                module.scene.name = content
            case "step":
                said += module.step(float(content))
            case "host":
                said += module.say(content.hex())
            case "module":
                expected += content
    assert said.hex(" ") == expected.hex(" ")


def test_frames_come_at_the_pace_of_the_line():
    for options, expected_s in (
        # 1544 bytes of 10 bits take 1.61 s at 9600 baud, and 0.13 s as delivered.
        ({"baud": 9600, "rate_hz": 4.0}, [1.86, 3.47]),
        ({"rate_hz": 1.0}, [1.13, 2.13, 3.13]),
    ):
        module = Simulated(**options)
        came_s = [i / 100 for i in range(1, 401) if module.step(0.01)]
        assert came_s == pytest.approx(expected_s, abs=0.021)


def test_a_frame_is_sent_for_each_query_and_none_otherwise():
    module = Simulated()
    assert module.say("A5 35 01 DB") == b""
    assert len(module.step(1)) == 1544
    assert module.step(5) == b""


def test_speed_and_rate_hold_from_the_next_power_up_if_they_were_saved():
    module = Simulated()
    module.say("A5 15 03 BD A5 25 04 CE")
    module.dialect.power_cycle()
    assert (module.device.running.baud, module.device.running.rate_hz) == (115_200, 4.0)
    module.say("A5 15 03 BD A5 25 04 CE A5 65 01 0B")
    assert (module.device.running.baud, module.device.running.rate_hz) == (115_200, 4.0)
    module.dialect.power_cycle()
    assert (module.device.running.baud, module.device.running.rate_hz) == (460_800, 8.0)


def test_emissivity_changes_at_once_and_is_told():
    module = Simulated()
    assert module.say("A5 55 01 FB") == bytes.fromhex("5A 5A 5F 13")
    module.say("A5 45 62 4C")
    assert module.say("A5 55 01 FB") == bytes.fromhex("5A 5A 62 16")
    module.dialect.power_cycle()
    assert module.say("A5 55 01 FB") == bytes.fromhex("5A 5A 5F 13")


def test_commands_with_a_wrong_sum_or_value_change_nothing():
    module = Simulated()
    assert module.say("A5 35 01 DC A5 15 07 C1 A5 25 09 D3 A5 45 00 EA 00 A5 55 01 FB") != b""
    assert len(module.step(1)) == 1544
    assert module.device.running == Settings()


def test_the_simulated_halves_of_the_chess_board_are_one_frame_apart():
    module = Simulated()
    module.device._is_torn = True
    module.step(1)
    module.scene.name = "warm"
    (frame,) = Mcu90640Parser().feed(module.step(1))
    assert set(np.unique(frame.temperature_c[0])) == {np.float32(25), np.float32(36.5)}


COOL = in_bytes("5A5A0206 C409*768 8C0A E8B6")
SPOILT = in_bytes("5A5A0206 C409*768 8C0A E9B6")


def test_a_module_whose_sums_never_fit_is_refused_with_what_to_do(monkeypatch):
    _, camera = scripted(monkeypatch, *[("module", SPOILT)] * 8)
    with pytest.raises(ProtocolError, match='set checksum = "observe"'):
        camera.open()


def test_an_observed_module_is_read_and_its_sums_are_counted(monkeypatch):
    _, camera = scripted(monkeypatch, *[("module", SPOILT)] * 3, checksum="observe")
    with camera:
        assert camera.read(1.0).shape == (24, 32)
        assert camera.mismatch_count == 2


def test_a_port_with_nothing_behind_is_told(monkeypatch):
    port, camera = scripted(monkeypatch, ("host", bytes.fromhex("A5 35 02 DC")))
    with pytest.raises(DeviceTimeout, match="its speed is 115200"):
        camera.open()
    assert port.left == []


def test_another_device_gets_no_command(monkeypatch):
    port, camera = scripted(monkeypatch, *[("module", b"+023.4 C\r\n")] * 400)
    with pytest.raises(ProtocolError, match="no frame of a GY-MCU90640"):
        camera.open()
    assert len(port.left) > 50


def test_bytes_without_a_frame_are_told_and_silence_is_silence(monkeypatch):
    _, camera = scripted(monkeypatch, ("module", COOL), ("module", COOL[:800]))
    with camera:
        with pytest.raises(ProtocolError):
            camera.read(1.0)
        with pytest.raises(DeviceTimeout):
            camera.read(1.0)


def test_a_late_reader_gets_the_newest_frame(monkeypatch):
    warm = in_bytes("5A5A0206 420E*400 8D0E 420E*367 FC0A A331")
    _, camera = scripted(monkeypatch, ("module", COOL), ("module", COOL), ("waiting", warm))
    with camera:
        frame = camera.read(1.0)
    assert (frame.sequence, frame.temperature_c[0, 0]) == (2, np.float32(36.5))


@pytest.mark.parametrize("options", [{"rate_hz": 3}, {"checksum": "never"}])
def test_options_that_are_none_are_refused(options):
    with pytest.raises(ValueError):
        mcu90640.Mcu90640Camera(port="/dev/module", **options)


def test_there_are_transcripts():
    assert len(TRANSCRIPTS) >= 3
