"""The same transcripts judge the driver and the simulator, which never see each other."""

from pathlib import Path

import numpy as np
import pytest

from drivers.cameras import fslp
from drivers.cameras.boson import BosonCamera
from drivers.cameras.fslp_codec import Function, Reply, ReplyParser, encode_request
from drivers.errors import OpenFailed
from simulators.clock import SceneClock
from simulators.devices.boson import BosonDevice
from simulators.devices.thermal_camera import ShutterPlan, ThermalCameraDevice
from simulators.dialects.boson import BosonDialect, frame
from simulators.faults import Faults

FOLDER = Path(__file__).parent / "boson"


def steps(name):
    lines = (FOLDER / f"{name}.txt").read_text("utf-8").splitlines()
    return [line.partition(" ")[::2] for line in lines if line and not line.startswith("#")]


def whole(word):
    return int(word, 16)


class Wall:
    def render(self, t_s, *, is_source_covered=False):
        return np.full((256, 320), 25.0, dtype=np.float32)


@pytest.fixture
def dialect():
    clock, faults = SceneClock(0.0), Faults()
    plan = ShutterPlan(every_s=300.0, closed_s=0.5)
    camera = ThermalCameraDevice(Wall(), clock, faults, shutter=plan)
    return BosonDialect(BosonDevice(camera, clock, faults, rate_hz=9.0), faults)


def test_the_drivers_codec_keeps_to_the_page():
    parser = ReplyParser()
    for word, text in steps("page"):
        told, _, hexes = text.partition(" |")
        fields, data = told.split(), bytes.fromhex(hexes)
        sequence, function = whole(fields[0]), whole(fields[1])
        payload = bytes.fromhex(fields[-1].strip("-"))
        if word == "camera":
            reply = Reply(sequence, function, whole(fields[2]), payload)
            assert parser.feed(data) == [reply]
        elif data:
            assert encode_request(sequence, function, payload) == data


def test_the_simulator_keeps_to_the_page(dialect):
    for word, text in steps("page"):
        told, _, hexes = text.partition(" |")
        fields, data = told.split(), bytes.fromhex(hexes)
        if word == "host":
            # The page leaves one request out, and gives its reply.
            request = data or encode_request(whole(fields[0]), whole(fields[1]))
            said = b"".join(dialect.answer(request))
        else:
            assert said.hex(" ") == data.hex(" ")


def test_the_simulator_keeps_to_the_opening(dialect):
    script = steps("opening")
    for (_, request), (_, reply) in zip(script[::2], script[1::2], strict=True):
        said = b"".join(dialect.answer(bytes.fromhex(request)))
        assert said.hex(" ") == bytes.fromhex(reply).hex(" ")


class ScriptedPort:
    """Stands in for the serial port: hears what the transcript says, in its order."""

    def __init__(self, script):
        self.left = list(script)

    def __call__(self, port, baud):
        assert (port, baud) == ("/dev/boson", 921_600)
        return self

    def write(self, data):
        word, text = self.left.pop(0)
        assert (word, data.hex(" ").upper()) == ("host", text)

    def read(self, max_bytes, timeout_s):
        if self.left and self.left[0][0] == "camera":
            return bytes.fromhex(self.left.pop(0)[1])
        return b""

    def close(self):
        pass


def test_the_driver_keeps_to_the_opening(monkeypatch):
    port = ScriptedPort(steps("opening"))
    monkeypatch.setattr(fslp, "SerialTransport", port)
    # No video is behind it: the control line is through when the driver looks for it.
    camera = BosonCamera(source="tcp://127.0.0.1:1", port="/dev/boson")
    with pytest.raises(OpenFailed, match="frame stream"):
        camera.open()
    assert port.left == []


def test_a_camera_that_sends_temperatures_already_is_left_as_it_is(monkeypatch, dialect):
    script = steps("opening")
    for _, request in script[::2]:
        dialect.answer(bytes.fromhex(request))

    heard = []

    class Port(ScriptedPort):
        def write(self, data):
            heard.append(data)
            self.said = b"".join(dialect.answer(data))

        def read(self, max_bytes, timeout_s):
            return self.said

    monkeypatch.setattr(fslp, "SerialTransport", Port([]))
    with pytest.raises(OpenFailed, match="frame stream"):
        BosonCamera(source="tcp://127.0.0.1:1", port="/dev/boson").open()
    setters = (b"\x00\x0e\x00\x0d", b"\x00\x3e\x00\x01")
    assert len(heard) == 7
    assert not any(setter in data for data in heard for setter in setters)


def test_a_reply_to_an_earlier_request_of_the_same_kind_is_thrown_away(monkeypatch):
    def status(sequence, value):
        body = bytes(1) + sequence.to_bytes(4, "big") + (0x50054).to_bytes(4, "big") + bytes(4)
        return frame(body + value.to_bytes(4, "big"))

    class Port(ScriptedPort):
        said = [status(1, 2), status(1, 2) + status(2, 3)]

        def write(self, data):
            pass

        def read(self, max_bytes, timeout_s):
            return self.said.pop(0)

    monkeypatch.setattr(fslp, "SerialTransport", Port([]))
    link = fslp.FslpLink("/dev/boson")
    assert link.ask(Function.FFC_STATUS)[-1] == 2
    assert link.ask(Function.FFC_STATUS)[-1] == 3


@pytest.mark.parametrize(
    ("function", "status", "payload", "code"),
    [
        (0x50054, 0xFFFFFFFF, b"\0" * 4, 0x17E),
        (0x0E000D, 0xFFFFFFFF, b"\0\2", 0x17D),
        (0x0E000D, 0xFFFFFFFF, b"\0\0\0\3", 0x203),
        (0x50054, 0, b"", 0x162),
        (0x99, 0xFFFFFFFF, b"", 0x161),
    ],
)
def test_the_simulator_refuses_with_the_codes_of_the_page(dialect, function, status, payload, code):
    body = b"\0" + (9).to_bytes(4, "big") + function.to_bytes(4, "big")
    (said,) = dialect.answer(frame(body + status.to_bytes(4, "big") + payload))
    (reply,) = ReplyParser().feed(said)
    assert (reply.sequence, reply.function, reply.code, reply.payload) == (9, function, code, b"")


def test_every_setting_that_the_simulator_takes_is_told_again(dialect):
    def ask(function, payload=b""):
        (said,) = dialect.answer(encode_request(1, function, payload))
        (reply,) = ReplyParser().feed(said)
        assert reply.code == 0
        return reply.payload

    settings = {
        0x50008: b"\0\x14",
        0x5000A: b"\0\0\x46\x50",
        0x50012: b"\0\0\0\2",
        0x50014: b"\0\0\0\1",
        0x40001: b"\0\0\0\1",
        0x40003: b"\0\0\0\1",
        0x0E000D: b"\0\0\0\1",
        0x3E0001: b"\0\0\0\1",
        0x420077: b"\x3f\x7a\xe1\x48",
        0x420079: b"\x41\xb0\0\0",
        0x420000: b"\0\0\0\1",
    }
    for setter, value in settings.items():
        ask(setter, value)
        assert ask(setter + 1) == value
    for reader in (0x50002, 0x50006, 0x5000C, 0x50022, 0x50031, 0x50055, 0x5005D, 0x5005E):
        assert ask(reader)
    assert ask(0x3E0007) == ask(0x0E0001, b"\0\0\0\0") == b""


def test_the_simulator_hears_requests_in_any_chunking_and_nothing_else(dialect):
    noise = b"\x00\xae\x8e\x12\x34\xae\x8e\x9e\x55\xae"
    request = encode_request(2, 0x50002)
    torn = request[:6]
    said = [piece for byte in noise + torn + request for piece in dialect.answer(bytes([byte]))]
    (reply,) = ReplyParser().feed(b"".join(said))
    assert int.from_bytes(reply.payload, "big") == 143_502
    wrong = bytearray(request)
    wrong[-2] ^= 1
    assert dialect.answer(bytes(wrong)) == []
