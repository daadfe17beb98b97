"""The same transcripts judge the driver and the simulator, which never see each other."""

from pathlib import Path

import pytest

from drivers.errors import DeviceError, DeviceTimeout, ProtocolError
from drivers.references import fluke418x
from simulators.clock import SceneClock
from simulators.devices.fluke418x_source import Fluke418xDevice
from simulators.dialects.fluke418x import Fluke418xDialect
from simulators.faults import Faults

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
    faults = Faults()
    device = Fluke418xDevice(SceneClock(0.0), faults)
    # The transcript cannot know the noise of the sensor.
    monkeypatch.setattr(device, "sensor_c", device.surface_c)
    return Fluke418xDialect(device, faults)


def test_the_simulator_keeps_to_the_transcripts(dialect):
    for word, text in steps("start") + steps("sweep"):
        if word == "host":
            said = b"".join(dialect.answer(text.encode() + b"\r"))
        elif word == "source":
            assert said == text.encode() + b"\r"
            said = b""


def test_the_simulator_hears_lines_in_any_chunking_and_any_case(dialect):
    heard = b"sour:spo 37.50\rSOUR:SPO?\n"
    said = [message for byte in heard for message in dialect.answer(bytes([byte]))]
    assert said == [b"37.50\r"]


def test_unknown_commands_and_impossible_values_go_to_the_error_queue(dialect):
    assert dialect.answer(b"SOUR:NOSE 3\rSOUR:SPO 900\rOUTP:STAT 7\rSOUR:SPO warm\r") == []
    said = dialect.answer(b"SYST:ERR?\r" * 5)
    assert said == [
        b'-113,"Undefined header"\r',
        *[b'-222,"Data out of range"\r'] * 3,
        b'0,"No error"\r',
    ]
    dialect.answer(b"SOUR:NOSE 3\r*CLS\r")
    assert dialect.answer(b"SYST:ERR?\r") == [b'0,"No error"\r']


def script(*lines):
    return [line.partition(" ")[::2] for line in lines]


OPENING = script(
    "host *IDN?",
    "source HART,4181,B7,0.9",
    "host *CLS",
    "host UNIT:TEMP C",
    "host SYST:DEC:FORM 0",
    "host SYST:ERR?",
)
FINE = script('source 0,"No error"', "host SOUR:EMIS?")


def scripted(monkeypatch, lines):
    port = ScriptedPort(lines)
    monkeypatch.setattr(fluke418x, "SerialTransport", port)
    return port, fluke418x.Fluke418x(port="/dev/source")


def test_old_firmware_that_does_not_know_the_emissivity_query_is_read_all_the_same(monkeypatch):
    more = script("host *CLS", "host *IDN?", "source HART,4181,B7,0.9", "host OUTP:STAT 0")
    answer = script("host OUTP:STAT?", "source 0")
    port, source = scripted(monkeypatch, OPENING + FINE + more[:1] + more[3:] + more[1:3] + answer)
    info = source.open()
    assert (info.model, info.serial_number, source.emissivity) == ("Hart 4181", "B7", None)
    source.stop_heating(1.0)
    assert port.left == []


def test_a_source_that_echoes_is_read(monkeypatch):
    echo = script("source outp:stat?", "source 0")
    lines = OPENING + FINE + script("source 0.95", "host OUTP:STAT 0", "host OUTP:STAT?") + echo
    port, source = scripted(monkeypatch, lines)
    source.open()
    source.stop_heating(1.0)
    assert port.left == []


def test_a_source_that_goes_on_heating_is_told(monkeypatch):
    lines = script("source 0.95", "host OUTP:STAT 0", "host OUTP:STAT?", "source 1")
    _, source = scripted(monkeypatch, OPENING + FINE + lines)
    source.open()
    with pytest.raises(DeviceError, match="keeps heating: switch it off at its panel"):
        source.stop_heating(1.0)


def test_settings_that_the_source_refuses_are_told_in_its_own_words(monkeypatch):
    _, source = scripted(monkeypatch, OPENING + script('source -221,"Settings conflict"'))
    with pytest.raises(DeviceError, match="Settings conflict"):
        source.open()


def test_nothing_is_asked_while_a_late_answer_may_still_come(monkeypatch):
    port, source = scripted(monkeypatch, OPENING + FINE + script("source 0.95"))
    source.open()
    for asked in ("host SOUR:PROT:TRIP?", "host *IDN?", ""):
        port.left = script(asked) if asked else []
        with pytest.raises(DeviceTimeout):
            source.read(0.02)
        assert port.left == []
    # Both come at last, in their order; only then the reading begins anew.
    late = script("source 0", "source HART,4181,B7,0.9")
    port.left = late + [step for step in steps("start") if step[0] != "value"][-10:]
    assert source.read(1.0).temperature_c == 22.0
    assert port.left == []


def test_who_answers_in_the_identity_s_place_is_told_at_once_and_asked_again(monkeypatch):
    port, source = scripted(monkeypatch, OPENING + FINE + script("source 0.95"))
    source.open()
    foreign = "source t:   36.98 C"
    for asked in ("host SOUR:PROT:TRIP?", "host *IDN?", "host *IDN?"):
        port.left = script(asked, foreign)
        with pytest.raises(ProtocolError, match=r"received: 74 3a"):
            source.read(5.0)
    back = script("host *IDN?", "source HART,4181,B7,0.9")
    port.left = back + [step for step in steps("start") if step[0] != "value"][-10:]
    assert source.read(1.0).set_point_c == 35.0
