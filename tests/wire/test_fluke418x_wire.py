"""The same transcripts judge the driver and the simulator, which never see each other."""

from pathlib import Path

import pytest

from drivers.references import fluke418x
from simulators.clock import SceneClock
from simulators.devices.fluke418x_source import Fluke418xDevice
from simulators.dialects.fluke418x import Fluke418xDialect
from simulators.faults import SOURCE_FAULTS, Faults

FOLDER = Path(__file__).parent / "fluke418x"


def steps(name):
    lines = (FOLDER / f"{name}.txt").read_text("utf-8").splitlines()
    lines = [line.strip() for line in lines]
    return [line.partition(" ")[::2] for line in lines if line and not line.startswith("#")]


class ScriptedPort:
    """Stands in for the serial port: hears what the transcript says, in its order."""

    def __init__(self, script):
        self.left = [s for s in script if s[0] in {"host", "source"}]
        self.heard = b""

    def __call__(self, port, baud):
        assert (port, baud) == ("/dev/source", 9600)
        return self

    def write(self, data):
        word, text = self.left.pop(0)
        assert (word, data) == ("host", text.encode() + b"\r")

    def read(self, max_bytes, timeout_s):
        if timeout_s and self.left and self.left[0][0] == "source":
            return self.left.pop(0)[1].encode() + b"\r"
        return b""

    def close(self):
        pass


def test_the_driver_keeps_to_the_transcripts(monkeypatch):
    script = steps("start") + steps("sweep")
    port = ScriptedPort(script)
    monkeypatch.setattr(fluke418x, "SerialTransport", port)
    with fluke418x.Fluke418x(port="/dev/source") as source:
        state = source.read(1.0)
        told = (
            f"{state.temperature_c} {state.set_point_c} stable={state.is_stable} "
            f"heating={state.is_heating}"
        )
        assert [text for word, text in script if word == "value"] == [told]
        (target,) = [text for word, text in script if word == "change"]
        assert source.change_set_point(float(target), lambda _: True, 1.0)
    assert port.left == []


@pytest.fixture
def dialect(monkeypatch):
    faults = Faults(SOURCE_FAULTS)
    device = Fluke418xDevice(SceneClock(0.0), faults)
    # The transcript cannot know the noise of the sensor.
    monkeypatch.setattr(device, "sensor_c", device.surface_c)
    return Fluke418xDialect(device, faults)


def test_the_simulator_keeps_to_the_transcripts(dialect):
    for word, text in steps("start") + steps("sweep"):
        if word == "host":
            said = dialect.answer(text.encode() + b"\r")
        elif word == "source":
            assert said == text.encode() + b"\r"
            said = b""


def test_the_simulator_hears_lines_in_any_chunking_and_any_case(dialect):
    heard = b"sour:spo 37.50\rSOUR:SPO?\n"
    assert b"".join(dialect.answer(bytes([b])) for b in heard) == b"37.50\r"


def test_unknown_commands_and_impossible_values_go_to_the_error_queue(dialect):
    assert dialect.answer(b"SOUR:NOSE 3\rSOUR:SPO 900\rOUTP:STAT 7\rSOUR:SPO warm\r") == b""
    said = dialect.answer(b"SYST:ERR?\r" * 5)
    assert said.split(b"\r")[:-1] == [
        b'-113,"Undefined header"',
        *[b'-222,"Data out of range"'] * 3,
        b'0,"No error"',
    ]
    dialect.answer(b"SOUR:NOSE 3\r*CLS\r")
    assert dialect.answer(b"SYST:ERR?\r") == b'0,"No error"\r'
