"""The same transcripts judge point thermometers, room sensors and their simulators."""

from collections import defaultdict, deque
from pathlib import Path

import pytest

from drivers.errors import ProtocolError
from drivers.room_sensors import modbus_room
from drivers.thermometers import calex_modbus, gy_mcu90614, optris_ct, point, raytek_mi3
from drivers.transport import modbus_line
from simulators.clock import SceneClock
from simulators.dialects.calex_modbus import CalexModbusDialect
from simulators.dialects.gy_mcu90614 import GyMcu90614Dialect
from simulators.dialects.optris_ct import OptrisCtDialect
from simulators.dialects.raytek_mi3 import RaytekMi3Dialect
from simulators.dialects.xy_md02 import XyMd02Dialect
from simulators.faults import Fault, Faults

WIRE = Path(__file__).parent
PERIOD_S = 0.07
POLLED = {
    "optris_ct": (optris_ct, "OptrisCt"),
    "raytek_mi3": (raytek_mi3, "RaytekMi3"),
    "calex_modbus": (calex_modbus, "CalexModbus"),
}


def transcripts(*folders):
    paths = [path for folder in folders for path in sorted((WIRE / folder).glob("*.txt"))]
    assert paths
    return pytest.mark.parametrize("path", paths, ids=lambda p: f"{p.parent.name}-{p.stem}")


def steps(path):
    lines = (line.strip() for line in path.read_text("utf-8").splitlines())
    return [line.partition(" ")[::2] for line in lines if line and not line.startswith("#")]


def texts(path, word):
    return [text for each, text in steps(path) if each == word]


def options(path):
    """The driver's options, as a site file would have them."""
    found = {}
    for pair in " ".join(texts(path, "options")).split():
        name, _, value = pair.partition("=")
        if value in {"true", "false"}:
            found[name] = value == "true"
        else:
            found[name] = value if value.isalpha() else float(value) if "." in value else int(value)
    return found


def encoded(path, word, text):
    if path.parent.name == "raytek_mi3":
        return text.encode() + (b"\r" if word == "host" else b"\r\n")
    return bytes.fromhex(text)


class Clock:
    now_s = 1000.0

    def monotonic(self):
        return self.now_s

    def sleep(self, seconds):
        self.now_s += seconds


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    for module in (point, modbus_line, modbus_room, gy_mcu90614, *(m for m, _ in POLLED.values())):
        monkeypatch.setattr(module, "time", clock, raising=False)
    return clock


class AskedPort:
    """Stands in for the serial port of a device that answers as the transcript says."""

    def __init__(self, path, clock):
        self.clock = clock
        self.answers = defaultdict(deque)
        self.asked = set()
        self.coming = b""
        asked = None
        for word, text in steps(path):
            if word == "host":
                asked = encoded(path, word, text)
            elif word in {"device", "other"}:
                self.answers[asked].append(encoded(path, word, text))

    def __call__(self, port, baud, **_):
        return self

    def write(self, data):
        assert data in self.answers, f"the transcript does not know {data}"
        self.asked.add(data)
        answers = self.answers[data]
        self.coming += answers.popleft() if len(answers) > 1 else answers[0]

    def read(self, max_bytes, timeout_s):
        self.clock.now_s += 0.01 if self.coming else timeout_s
        data, self.coming = self.coming[:max_bytes], self.coming[max_bytes:]
        return data

    def discard(self):
        thrown, self.coming = self.coming, b""
        return thrown

    def close(self):
        pass


@transcripts(*POLLED)
def test_a_polled_driver_keeps_to_the_transcript(path, clock, monkeypatch):
    module, name = POLLED[path.parent.name]
    port = AskedPort(path, clock)
    monkeypatch.setattr(module, "SerialTransport", port)
    thermometer = getattr(module, name)(port="/dev/point", **options(path))
    if refusal := "".join(texts(path, "refused")):
        with pytest.raises(ProtocolError, match=refusal):
            thermometer.open()
        return
    with thermometer:
        samples = [thermometer.read(5.0) for _ in range(2)]
        assert [str(s.temperature_c) for s in samples if s is not None] == texts(path, "value")
    assert port.asked == set(port.answers)
    assert [len(left) for left in port.answers.values()] == [1] * len(port.answers)


class ToldPort(AskedPort):
    """Of a device that streams: its messages come one period apart."""

    def __init__(self, path, clock):
        self.clock = clock
        self.heard = [encoded(path, "host", text) for text in texts(path, "host")]
        self.messages = [encoded(path, "device", text) for text in texts(path, "device")]

    def write(self, data):
        assert data == self.heard.pop(0)

    def read(self, max_bytes, timeout_s):
        self.clock.now_s += PERIOD_S
        return self.messages.pop(0) if self.messages else b""

    def discard(self):
        return b""


@transcripts("gy_mcu90614")
def test_the_streaming_driver_keeps_to_the_transcript(path, clock, monkeypatch):
    port = ToldPort(path, clock)
    monkeypatch.setattr(gy_mcu90614, "SerialTransport", port)
    with gy_mcu90614.GyMcu90614(port="/dev/point") as thermometer:
        # With nobody before it there is no sample, and a longer silence would be a fault.
        sample = thermometer.read(5.0 if texts(path, "value") else PERIOD_S / 2)
        assert ([] if sample is None else [str(sample.temperature_c)]) == texts(path, "value")
    assert (port.heard, port.messages) == ([], [])


@transcripts("modbus_room")
def test_the_room_sensors_driver_keeps_to_the_transcript(path, clock, monkeypatch):
    monkeypatch.setattr(modbus_room, "SerialTransport", AskedPort(path, clock))
    sensor = modbus_room.ModbusRoomSensor(port="/dev/room", **options(path))
    if refusal := "".join(texts(path, "refused")):
        with pytest.raises(ProtocolError, match=refusal):
            sensor.open()
        return
    sensor.open()
    samples = [sensor.read(1.0) for _ in texts(path, "value")]
    assert [f"{s.ambient_c} {s.humidity_pct}" for s in samples] == texts(path, "value")


class Seen:
    """What a simulated sensor has before it, as the transcript says."""

    now = (22.0, 22.0)
    emissivity = 0.95
    starts = 1

    def measure(self):
        return self.now

    def air_c(self):
        return self.now[0]

    def humidity_pct(self):
        return self.now[1]


def dialect_of(path, seen, clock, faults):
    driver = options(path)
    match path.parent.name:
        case "gy_mcu90614":
            return GyMcu90614Dialect(seen, clock)
        case "optris_ct":
            return OptrisCtDialect(
                seen,
                faults,
                is_hs=driver.get("is_hs", False),
                has_check=driver.get("family") != "cs",
                bus_address=driver.get("bus_address"),
            )
        case "raytek_mi3":
            return RaytekMi3Dialect(seen, clock, faults)
        case "calex_modbus":
            return CalexModbusDialect(seen, faults, kind=int((texts(path, "kind") or [17])[0]))
        case "modbus_room":
            return XyMd02Dialect(seen, faults)


@transcripts("gy_mcu90614", *POLLED, "modbus_room")
def test_the_simulator_keeps_to_the_transcript(path):
    seen, clock, faults = Seen(), SceneClock(0.0), Faults()
    dialect = dialect_of(path, seen, clock, faults)
    said = []
    for word, text in steps(path):
        match word:
            case "fault":
                faults.set(Fault(text), is_on=True)
            case "sees" | "air":
                seen.now = tuple(float(each) for each in text.split())
            case "filtered":
                dialect.filtered_c = float(text)
            case "period":
                clock.step(1 / 14)
                said = dialect.due()[-1:]
            case "host":
                said = dialect.answer(encoded(path, word, text))
            case "device":
                assert b"".join(said).hex(" ") == encoded(path, word, text).hex(" ")


@transcripts(*POLLED, "modbus_room")
def test_the_simulator_understands_questions_in_any_chunking_and_behind_noise(path):
    seen, faults = Seen(), Faults()
    dialect = dialect_of(path, seen, SceneClock(0.0), faults)
    host = encoded(path, "host", texts(path, "host")[0])
    at_once = dialect.answer(host)
    noise = b"" if path.parent.name in {"optris_ct", "raytek_mi3"} else b"\x00\x03"
    said = [message for byte in noise + host for message in dialect.answer(bytes([byte]))]
    assert said == at_once
    assert at_once


def test_the_simulated_ct_takes_no_setting_without_its_check_byte():
    seen = Seen()
    assert OptrisCtDialect(seen, Faults()).answer(bytes.fromhex("84 03 D4 00")) == []
    assert seen.emissivity == 0.95


def test_the_simulated_slave_refuses_what_it_does_not_know_and_hears_no_others():
    seen = Seen()
    dialect = CalexModbusDialect(seen, Faults())
    assert dialect.answer(bytes.fromhex("01 03 01 00 00 01 85 F6"))[0].hex(" ") == "01 83 02 c0 f1"
    assert dialect.answer(bytes.fromhex("02 03 00 00 00 04 44 3A")) == []
    # 255 is heard by every one of them, 0 by all without an answer.
    assert dialect.answer(bytes.fromhex("FF 03 00 00 00 04 51 D7"))[0][:2] == b"\x01\x03"
    assert dialect.answer(bytes.fromhex("00 06 00 17 26 48 22 49")) == []
    assert seen.emissivity == 0.98
