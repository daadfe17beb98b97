"""The same payloads judge drivers and simulators of video cameras, which never see each other."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from drivers.cameras import video
from drivers.cameras.lepton import LeptonCamera
from drivers.cameras.p2pro import P2ProCamera
from drivers.errors import DeviceError, DeviceTimeout
from drivers.transport.payloads import Payload
from simulators.clock import SceneClock
from simulators.devices.thermal_camera import ShutterPlan, ThermalCameraDevice
from simulators.dialects.lepton import LeptonPayloads
from simulators.dialects.p2pro import P2ProPayloads
from simulators.faults import Fault, Faults

FOLDER = Path(__file__).parent
TRANSCRIPTS = [path for model in ("lepton", "p2pro") for path in sorted((FOLDER / model).iterdir())]
DRIVERS = {"lepton": LeptonCamera, "p2pro": P2ProCamera}
LEPTON_BYTES, LEPTON_FRAME_COUNT = 39_040, 38_440
SHAPES = {"lepton": (120, 160), "p2pro": (192, 256)}


class Transcript:
    """One file's lines, by their first word."""

    def __init__(self, path):
        self.model = path.parent.name
        lines = [line.split() for line in path.read_text("utf-8").splitlines()]
        self._lines = [line for line in lines if line and not line[0].startswith("#")]

    def all(self, word):
        return [rest for first, *rest in self._lines if first == word]

    def one(self, word):
        (found,) = self.all(word)
        return found

    @property
    def parts(self):
        """The bytes that are laid down: where they begin, and what they are."""
        for start, end, *pattern in self.all("fill"):
            piece = bytes.fromhex("".join(pattern))
            yield int(start), piece * ((int(end) - int(start)) // len(piece))
        for start, *piece in self.all("at"):
            yield int(start), bytes.fromhex("".join(piece))

    @property
    def payload(self):
        payload = bytearray(int(self.one("size")[0]))
        for start, piece in self.parts:
            payload[start : start + len(piece)] = piece
        return bytes(payload)


@pytest.fixture(params=TRANSCRIPTS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def transcript(request):
    return Transcript(request.param)


class Stream:
    """Gives an older picture to open with, then the transcript's own."""

    def __init__(self, payload):
        older = bytearray(payload)
        # A pixel of a Lepton and one of a P2 Pro differ; what is empty stays so.
        for at in (0, -1):
            older[at] -= older[at] > 0
        if len(payload) == LEPTON_BYTES:
            older[LEPTON_FRAME_COUNT] = 9
        self._left = [bytes(older), payload]

    def read(self, timeout_s):
        if not self._left:
            raise DeviceTimeout("nothing more")
        return Payload(self._left.pop(0), datetime.now(UTC), 0.0)

    def close(self):
        pass


def halves_of(picture):
    middle = picture.shape[0] // 2
    return picture[:middle], picture[middle:]


def test_the_driver_keeps_to_the_transcript(transcript, monkeypatch):
    monkeypatch.setattr(video, "open_frames", lambda source, modes: Stream(transcript.payload))
    with DRIVERS[transcript.model](source="tcp://camera:1") as camera:
        if refused := transcript.all("refuse"):
            with pytest.raises(DeviceError, match=" ".join(refused[0])):
                camera.read(1.0)
            return
        frame = camera.read(1.0)
    status, age_s, *expected_c = transcript.one("frame")
    assert (frame.status, str(frame.shutter_age_s)) == (status, age_s)
    for half, value_c in zip(halves_of(frame.temperature_c), expected_c, strict=True):
        # A word of a P2 Pro is 1/64 K, half of which may be rounded away.
        np.testing.assert_allclose(half, float(value_c), atol=0.5 / 64)


class Halves:
    """A view of two temperatures."""

    def __init__(self, shape, halves_c):
        self._picture = np.empty(shape, dtype=np.float32)
        for half, value_c in zip(halves_of(self._picture), halves_c, strict=True):
            half[:] = float(value_c)

    def render(self, t_s, *, is_source_covered=False):
        return self._picture.copy()


def simulated(transcript):
    clock, faults = SceneClock(0.0), Faults()
    for (name,) in transcript.all("fault"):
        faults.set(Fault(name), is_on=True)
    view = Halves(SHAPES[transcript.model], transcript.one("scene"))
    device = ThermalCameraDevice(view, clock, faults, shutter=ShutterPlan(every_s=180.0))
    for (scene_s,) in transcript.all("after"):
        clock.step(float(scene_s))
    if transcript.model == "p2pro":
        return P2ProPayloads(device, faults)
    options = {name: value == "true" for name, value in transcript.all("option")}
    return LeptonPayloads(device, clock, faults, **options)


def test_the_simulator_keeps_to_the_transcript(transcript):
    _, payload = simulated(transcript).due(None)
    assert len(payload) == int(transcript.one("size")[0])
    for start, piece in transcript.parts:
        assert payload[start : start + len(piece)].hex() == piece.hex(), f"at byte {start}"
