"""The same transcripts judge the OS530E's driver and its simulator, which never see each other."""

from pathlib import Path

import pytest

from drivers.errors import DeviceError
from drivers.thermometers import omega_os530e, point
from simulators.clock import SceneClock
from simulators.devices.omega_os530e import OmegaOs530eDevice
from simulators.dialects.omega_os530e import OmegaOs530eDialect
from simulators.faults import Fault, Faults

TRANSCRIPTS = sorted((Path(__file__).parent / "omega_os530e").glob("*.txt"))
# Longer than the longest presentation, shorter than the silence that is told.
READ_S = 12.5
each_transcript = pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)


def steps(path):
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line.partition(" ")[::2] for line in lines if line and not line.startswith("#")]


def texts(path, word):
    return [text for each, text in steps(path) if each == word]


class Clock:
    now_s = 1000.0

    def monotonic(self):
        return self.now_s


class ScriptedPort:
    """Stands in for the serial port: hears what the transcript says, in its order."""

    def __init__(self, path, clock):
        self.left = [step for step in steps(path) if step[0] in {"host", "device"}]
        self.clock = clock

    def __call__(self, port, baud):
        assert (port, baud) == ("/dev/omega", 9600)
        return self

    def write(self, data):
        word, text = self.left.pop(0)
        assert (word, data) == ("host", text.encode() + b"\r")

    def read(self, max_bytes, timeout_s):
        # A line a second; whoever waits for less meets a pause.
        if self.left and self.left[0][0] == "device" and timeout_s >= 1.0:
            self.clock.now_s += 1.0
            return self.left.pop(0)[1].encode() + b"\r\n"
        self.clock.now_s += timeout_s
        return b""

    def close(self):
        pass


@each_transcript
def test_the_driver_keeps_to_the_transcript(path, monkeypatch):
    clock = Clock()
    port = ScriptedPort(path, clock)
    monkeypatch.setattr(omega_os530e, "SerialTransport", port)
    for module in (omega_os530e, point):
        monkeypatch.setattr(module, "time", clock)
    options = dict(pair.split("=") for pair in " ".join(texts(path, "options")).split())
    thermometer = omega_os530e.OmegaOs530e(
        port="/dev/omega", **{name: int(value) for name, value in options.items()}
    )
    if refusal := "".join(texts(path, "refused")):
        with pytest.raises(DeviceError, match=refusal):
            thermometer.open()
    else:
        with thermometer:
            samples = [thermometer.read(READ_S) for _ in texts(path, "value")]
        values = ["none" if sample is None else str(sample.temperature_c) for sample in samples]
        assert values == texts(path, "value")
    assert port.left == []


class Sensor:
    """What the handheld is held to, as the transcript says."""

    now = (22.0, 23.0)

    def measure(self):
        return self.now


@each_transcript
def test_the_simulator_keeps_to_the_transcript(path):
    sensor, clock, faults = Sensor(), SceneClock(0.0), Faults()
    dialect = OmegaOs530eDialect(OmegaOs530eDevice(sensor, faults), clock)
    said = b""
    for word, text in steps(path):
        match word:
            case "fault":
                faults.set(Fault(text), is_on=True)
            case "sees":
                sensor.now = tuple(float(each) for each in text.split())
            case "host":
                said += b"".join(dialect.answer(text.encode() + b"\r"))
            case "device":
                while not said:
                    clock.step(1.0)
                    said += b"".join(dialect.due())
                line, _, said = said.partition(b"\r\n")
                assert line.decode() == text


def test_there_are_transcripts():
    assert len(TRANSCRIPTS) >= 4
