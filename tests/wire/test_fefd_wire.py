"""The same transcripts judge the driver and the simulator, which never see each other."""

from pathlib import Path

import pytest

from drivers.errors import ProtocolError
from drivers.thermometers import fefd
from simulators.devices.fefd_gun import FefdGunDevice
from simulators.dialects.fefd import SWITCH_OFF_ACKNOWLEDGE, SWITCH_OFF_REQUEST, FefdDialect
from simulators.faults import Fault, Faults
from simulators.line import Line

TRANSCRIPTS = sorted((Path(__file__).parent / "fefd").glob("*.txt"))


def steps(path):
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line.partition(" ")[::2] for line in lines if line and not line.startswith("#")]


class ScriptedPort:
    """Stands in for the serial port: hears what the transcript says, in its order."""

    def __init__(self, path):
        self.left = [s for s in steps(path) if s[0] in {"host", "gun", "noise"}]

    def __call__(self, port, baud):
        assert (port, baud) == ("/dev/gun", 9600)
        return self

    def write(self, data):
        word, text = self.left.pop(0)
        assert (word, data) == ("host", bytes.fromhex(text))

    def read(self, max_bytes, timeout_s):
        assert timeout_s > 0
        if self.left and self.left[0][0] != "host":
            data = bytes.fromhex(self.left.pop(0)[1])
            assert len(data) <= max_bytes
            return data
        self.clock.now_s += timeout_s
        return b""

    def close(self):
        pass


class Clock:
    now_s = 1000.0

    def monotonic(self):
        return self.now_s


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_the_driver_keeps_to_the_transcript(path, monkeypatch):
    port = ScriptedPort(path)
    port.clock = Clock()
    monkeypatch.setattr(fefd, "SerialTransport", port)
    monkeypatch.setattr(fefd, "time", port.clock)
    values = []
    with fefd.FefdThermometer(port="/dev/gun") as gun:
        while (sample := gun.read(5.0)) is not None:
            plausible = "" if sample.is_plausible else " implausible"
            values.append(f"{sample.temperature_c} {sample.mode}{plausible}")
    assert port.left == []
    assert values == [text for word, text in steps(path) if word == "value"]


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_the_simulator_keeps_to_the_transcript(path):
    faults = Faults()
    dialect = FefdDialect(FefdGunDevice(faults, error_c=0.0), faults)
    line = Line(dialect, faults)
    expected, said = b"", b""
    for word, text in steps(path):
        match word:
            case "fault":
                faults.set(Fault(text), is_on=True)
            case "host":
                said += b"".join(line.answer(bytes.fromhex(text)))
            case "trigger":
                said += b"".join(line.tell([dialect.measure(float(text))]))
            case "gun":
                expected += bytes.fromhex(text)
    assert said.hex(" ") == expected.hex(" ")


@pytest.mark.parametrize(("count", "is_refused"), [(8, False), (9, True)])
def test_a_few_stray_bytes_while_opening_are_no_other_device(count, is_refused, monkeypatch):
    port = ScriptedPort(Path(__file__).parent / "fefd" / "asleep.txt")
    port.left.insert(1, ("gun", "41 " * count))
    port.clock = Clock()
    monkeypatch.setattr(fefd, "SerialTransport", port)
    monkeypatch.setattr(fefd, "time", port.clock)
    gun = fefd.FefdThermometer(port="/dev/gun")
    if is_refused:
        with pytest.raises(ProtocolError, match="no FE FD thermometer"):
            gun.open()
    else:
        gun.open()
    assert gun.is_open is not is_refused


def test_the_simulator_understands_requests_in_any_chunking():
    faults = Faults()
    dialect = FefdDialect(FefdGunDevice(faults), faults)
    requests = b"\x00\xfe" + SWITCH_OFF_REQUEST
    said = [message for byte in requests for message in dialect.answer(bytes([byte]))]
    assert said == [SWITCH_OFF_ACKNOWLEDGE]


def test_there_are_transcripts():
    assert len(TRANSCRIPTS) >= 6
