"""The transcripts of Hart 9132/9133 and M340 judge driver and simulator, each for itself."""

from pathlib import Path

import pytest

from drivers.errors import DeviceError, DeviceTimeout, ProtocolError
from drivers.references import hart913x, m340
from simulators.clock import SceneClock
from simulators.devices.plain_source import PlainSourceDevice
from simulators.dialects.hart913x import Hart913xDialect
from simulators.dialects.m340 import M340Dialect
from simulators.faults import Faults

# Name, driver, module where the port is opened, dialect, what stands around an answer, the line.
HART = ("hart913x", hart913x.Hart913x, hart913x, Hart913xDialect, (b"", b"\r\n"), (2400, 8, "N"))
LUMA = ("m340", m340.M340, m340, M340Dialect, (b"\n", b"\r"), (1200, 7, "O"))


@pytest.fixture(params=[HART, LUMA], ids=lambda source: source[0])
def kind(request):
    return request.param


def steps(name, part):
    text = (Path(__file__).parent / name / f"{part}.txt").read_text("utf-8")
    lines = [line.strip() for line in text.splitlines()]
    return [line.partition(" ")[::2] for line in lines if line and not line.startswith("#")]


class ScriptedPort:
    """Stands in for the serial port: hears what the script says, in its order."""

    def __init__(self, script, around):
        self.left = [s for s in script if s[0] in {"host", "source", "raw"}]
        self.around = around
        self.line = None

    def __call__(self, port, baud, *, data_bits=8, parity="N"):
        assert port == "/dev/source"
        self.line = (baud, data_bits, parity)
        return self

    def write(self, data):
        word, text = self.left.pop(0)
        assert (word, data) == ("host", text.encode() + b"\r")

    def read(self, max_bytes, timeout_s):
        if not timeout_s or not self.left or self.left[0][0] == "host":
            return b""
        word, text = self.left.pop(0)
        before, after = self.around
        return text if word == "raw" else before + text.encode() + after

    def close(self):
        pass


def opened(monkeypatch, kind, script):
    _, driver, module, _, around, _ = kind
    port = ScriptedPort(script, around)
    monkeypatch.setattr(module, "SerialTransport", port)
    source = driver(port="/dev/source")
    source.open()
    return source, port


def opening(kind):
    return steps(kind[0], "start")[:4]


def test_the_driver_keeps_to_the_transcripts(monkeypatch, kind):
    script = steps(kind[0], "start") + steps(kind[0], "sweep")
    source, port = opened(monkeypatch, kind, script)
    assert port.line == kind[5]
    state = source.read(1.0)
    told = f"{state.temperature_c} {state.set_point_c}"
    assert [text for word, text in script if word == "value"] == [told]
    (target,) = [text for word, text in script if word == "change"]
    assert source.change_set_point(float(target), lambda _: True, 1.0)
    assert port.left == []


def test_the_simulator_keeps_to_the_transcripts(monkeypatch, kind):
    name, _, _, dialect, (before, after), _ = kind
    faults = Faults()
    device = PlainSourceDevice(SceneClock(0.0), faults)
    # The transcript cannot know the noise of the sensor.
    monkeypatch.setattr(device, "sensor_c", device.surface_c)
    spoken = dialect(device, faults)
    for word, text in steps(name, "start") + steps(name, "sweep"):
        if word == "host":
            said = b"".join(spoken.answer(text.encode() + b"\r"))
        elif word == "source":
            assert said == before + text.encode() + after


def test_the_page_s_own_example_bytes_are_read(monkeypatch):
    example = ("raw", bytes.fromhex("0A 23 30 31 52 30 30 3D 33 37 2E 30 43 0D"))
    ask = ("host", "#01R00")
    script = [*opening(LUMA), ask, example, ask, example, *steps("m340", "start")[2:4]]
    source, _ = opened(monkeypatch, LUMA, script)
    assert source.read(1.0).temperature_c == 37.0


def test_an_answer_without_its_line_feed_or_with_an_echo_before_it_is_read(monkeypatch):
    bare = ("raw", b"#01R00\r#01R00=36.9C\r")
    ask = ("host", "#01R00")
    script = [*opening(LUMA), ask, bare, ask, bare, *steps("m340", "start")[2:4]]
    source, _ = opened(monkeypatch, LUMA, script)
    assert source.read(1.0).temperature_c == 36.9


def test_unasked_readings_and_late_answers_are_never_taken_for_the_set_point(monkeypatch):
    late = ("raw", b"s\r\nt: 36.11 C\r\nset: 35.00 C\r\n")
    script = [*steps("hart913x", "start")[:-2], late]
    source, port = opened(monkeypatch, HART, script)
    state = source.read(1.0)
    assert (state.temperature_c, state.set_point_c) == (35.0, 35.0)
    assert port.left == []


def test_what_only_one_answer_of_two_says_is_no_value(monkeypatch, kind):
    spoiled = [(word, text.replace("35.0", "33.0", 1)) for word, text in opening(kind)[1:2]]
    script = [opening(kind)[0], *spoiled, *opening(kind)[2:]]
    with pytest.raises(ProtocolError, match=r"33\.00 °C and then 35\.00 °C: check its cable"):
        opened(monkeypatch, kind, script)


def test_a_value_far_from_the_last_is_asked_for_again(monkeypatch, kind):
    script = steps(kind[0], "start") + steps(kind[0], "start")[4:6]
    odd, right = [(w, t.replace("35.0", "85.0", 1)) for w, t in script[-1:]], script[4:6]
    source, _ = opened(monkeypatch, kind, [*script[:-1], *odd, *right])
    source.read(1.0)
    with pytest.raises(ProtocolError, match=r"85\.00 °C and then 35\.00"):
        source.read(1.0)


def test_bytes_with_a_parity_bit_tell_how_to_set_the_port(monkeypatch):
    garbage = ("raw", bytes(b | 0x80 if b.bit_count() % 2 == 0 else b for b in b"\n#01R01=35.0C\r"))
    with pytest.raises(ProtocolError, match="1200 baud, 7 data bits, odd parity"):
        opened(monkeypatch, LUMA, [opening(LUMA)[0], garbage])


def test_the_answer_of_another_address_is_no_answer(monkeypatch):
    other = ("raw", b"\n#02R01=80.0C\r")
    with pytest.raises(DeviceTimeout, match="its address 1"):
        monkeypatch.setattr("drivers.references.plain._OPEN_TIMEOUT_S", 0.05)
        opened(monkeypatch, LUMA, [opening(LUMA)[0], other])


def test_a_set_point_finer_than_the_m340_takes_is_refused_and_nothing_sent(monkeypatch):
    script = opening(LUMA) + steps("m340", "sweep")[1:5]
    script = [*script[:6], *script[4:]]
    source, port = opened(monkeypatch, LUMA, script)
    with pytest.raises(DeviceError, match=r"whole tenths of a degree, not 37\.25"):
        source.change_set_point(37.25, lambda _: True, 1.0)
    assert port.left == []


def test_no_wire_switches_such_a_source_off(monkeypatch, kind):
    source, port = opened(monkeypatch, kind, opening(kind))
    with pytest.raises(DeviceError, match="switch it off at its panel"):
        source.stop_heating(1.0)
    assert port.left == []
