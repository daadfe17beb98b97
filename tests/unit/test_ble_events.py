"""Bluetooth events as lines, and what the driver makes of them."""

from collections import deque

import pytest

from drivers.errors import DriverUnavailable, OpenFailed, ProtocolError
from drivers.thermometers import ble
from drivers.thermometers.health_thermometer import HealthThermometer
from drivers.thermometers.health_thermometer_codec import MEASUREMENT
from drivers.transport.ble import decode_event, open_ble
from drivers.transport.ble_events import Awake, Connected, Gone, Notified


@pytest.mark.parametrize(
    ("line", "event"),
    [
        (b"AWAKE FORA IR42", Awake("FORA IR42")),
        (b"AWAKE", Awake("")),
        (b"CONNECTED", Connected()),
        (b"NOTIFY 00002A1C 006e", Notified("00002a1c", b"\x00\x6e")),
        (b"GONE out of reach\r", Gone("out of reach")),
    ],
)
def test_each_line_is_an_event(line, event):
    assert decode_event(line) == event


@pytest.mark.parametrize("line", [b"", b"HTTP/1.1 200 OK", b"NOTIFY x zz", b"\xff\xfe"])
def test_other_lines_are_refused(line):
    with pytest.raises(ProtocolError, match="another address"):
        decode_event(line)


def test_nobody_at_the_address_is_said():
    with pytest.raises(OpenFailed, match="check the address"):
        open_ble("tcp://127.0.0.1:1", ())


def test_a_machine_without_a_radio_says_what_is_missing():
    with pytest.raises((OpenFailed, DriverUnavailable)):
        open_ble("AA:BB:CC:DD:EE:FF", (MEASUREMENT,))


class Radio:
    """Tells what the test says; a None is silence."""

    def __init__(self, *events):
        self.events = deque(events)
        self.did = []

    def next_event(self, timeout_s):
        return self.events.popleft() if self.events else None

    def connect(self):
        self.did.append("connect")

    def write(self, characteristic, data):
        self.did.append(("write", data))

    def disconnect(self):
        self.did.append("disconnect")

    def close(self):
        self.did.append("close")


def record(tenths, second):
    stamp = bytes.fromhex("EA070B181E09") + bytes([second])
    return Notified(MEASUREMENT, b"\x02" + tenths.to_bytes(3, "little") + b"\xff" + stamp)


@pytest.fixture
def play(monkeypatch):
    def play(*events):
        radio = Radio(*events)
        monkeypatch.setattr(ble, "open_ble", lambda address, characteristics: radio)
        values = []
        with HealthThermometer(address="x") as thermometer:
            while radio.events:
                if (sample := thermometer.read(0.05)) is not None:
                    values.append(sample.temperature_c)
        return values, radio.did

    return play


def test_of_stored_records_only_the_last_was_just_measured(play):
    values, _ = play(Awake(""), Connected(), record(365, 1), record(366, 2), record(371, 3), None)
    assert values == [37.1]


def test_a_record_told_again_at_the_next_connection_is_not_read_again(play):
    first = (Awake(""), Connected(), record(371, 3), Gone(""))
    again = (Awake(""), Connected(), record(371, 3), Gone(""))
    values, _ = play(*first, *again, None, None)
    assert values == [37.1]


def test_a_radio_put_back_tells_no_stored_record_again(monkeypatch):
    told = [Awake(""), Connected(), record(371, 3), Gone("")]
    radios = [Radio(*told), Radio(*told)]
    monkeypatch.setattr(ble, "open_ble", lambda address, characteristics: radios.pop(0))
    thermometer, values = HealthThermometer(address="x"), []
    for _ in range(2):
        with thermometer:
            for _ in range(6):
                if (sample := thermometer.read(0.01)) is not None:
                    values.append(sample.temperature_c)
    assert values == [37.1]


def test_two_people_with_the_same_temperature_are_two_readings(play):
    first = (Awake(""), Connected(), record(371, 3), Gone(""))
    second = (Awake(""), Connected(), record(371, 3), record(371, 40), Gone(""))
    values, _ = play(*first, *second, None)
    assert values == [37.1, 37.1]


def test_a_connection_that_fails_is_tried_again_when_the_device_shows_itself(play):
    _, did = play(Awake(""), Gone("timeout"), Awake(""), None)
    assert did == ["connect", "connect", "close"]
