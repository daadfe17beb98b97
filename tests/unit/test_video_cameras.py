"""What the drivers of video cameras make of a stream, payload by payload."""

from datetime import UTC, datetime, timedelta
from itertools import count, pairwise

import numpy as np
import pytest

from drivers.cameras import video
from drivers.cameras.lepton import LeptonCamera
from drivers.cameras.p2pro import P2ProCamera
from drivers.errors import (
    DeviceDisconnected,
    DeviceError,
    DeviceTimeout,
    OpenFailed,
    ProtocolError,
)
from drivers.transport.payloads import Payload
from station.core.frames import FrameStatus

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LIVE, SHUTTER, STALE = FrameStatus.LIVE, FrameStatus.SHUTTER, FrameStatus.STALE


class Stream:
    """Stands in for the transport: gives what is listed, a tenth of a second apart."""

    def __init__(self, items):
        self.left = list(items)
        self.asked_s = []
        self.is_closed = False
        self._times = count()

    def read(self, timeout_s):
        self.asked_s.append(timeout_s)
        if not self.left:
            raise DeviceTimeout("no more")
        item = self.left.pop(0)
        if isinstance(item, Exception):
            raise item
        elapsed_s = next(self._times) / 10
        return Payload(item, NOON + timedelta(seconds=elapsed_s), elapsed_s)

    def close(self):
        self.is_closed = True


@pytest.fixture
def opened(monkeypatch):
    """Open a driver on a list of payloads; the first one is what it opens with."""

    def opened(camera_class, *items, **options):
        stream = Stream(items)
        monkeypatch.setattr(video, "open_frames", lambda source, modes: stream)
        camera = camera_class(source="tcp://camera:1", **options)
        camera.stream = stream
        camera.told = camera.open()
        return camera

    return opened


def statuses(camera):
    """Read to the end; a duplicate gives nothing."""
    found = []
    while True:
        try:
            found.append(camera.read(1.0))
        except DeviceTimeout:
            return [frame.status for frame in found], found


def lepton(number=0, *, frame_count=None, status=0x30, uptime_ms=60_000, last_ms=0, is_on=1):
    """A payload with telemetry; the picture is the number's own."""
    pixels = np.full((120, 160), 29515, dtype="<u2")
    pixels[0, 0] += 1 + number
    words = np.zeros(320, dtype="<u2")
    words[208], words[209] = is_on, 1
    numbers = (
        (1, uptime_ms),
        (3, status),
        (20, number * 3 if frame_count is None else frame_count),
    )
    for at, value in (*numbers, (30, last_ms)):
        words[at], words[at + 1] = value & 0xFFFF, value >> 16
    return pixels.tobytes() + words.tobytes()


def plain(number):
    return lepton(number)[:38_400]


def p2pro(number, word=18_900):
    raw = np.full((192, 256), word, dtype="<u2")
    raw[0, 0] += number
    return bytes(98_304) + (raw if word else raw * 0).tobytes()


def test_a_lepton_tells_frames_that_were_lost(opened):
    camera = opened(LeptonCamera, *(lepton(n) for n in (0, 1, 2, 5, 6)))
    told, frames = statuses(camera)
    assert told == [LIVE] * 4
    assert [frame.sequence for frame in frames] == [0, 1, 4, 5]


def test_a_lepton_that_started_anew_goes_on(opened):
    camera = opened(
        LeptonCamera, *(lepton(n, frame_count=c) for n, c in enumerate((900, 903, 0, 3)))
    )
    told, frames = statuses(camera)
    assert told == [LIVE] * 3
    assert [frame.sequence for frame in frames] == [0, 1, 2]


def test_a_frame_that_comes_again_is_no_second_measurement(opened):
    camera = opened(LeptonCamera, *(lepton(n) for n in (0, 1, 1, 2, 2, 2, 3)))
    assert statuses(camera)[0] == [LIVE] * 3


@pytest.mark.parametrize("payload", [lepton, plain])
def test_the_picture_that_a_camera_opens_with_is_not_measured_when_it_comes_again(opened, payload):
    camera = opened(LeptonCamera, payload(0), payload(0), payload(1))
    assert statuses(camera)[0] == [LIVE]


def test_a_frame_counter_that_stands_is_stale_in_the_end(opened):
    camera = opened(LeptonCamera, *(lepton(n, frame_count=7) for n in range(6)))
    assert statuses(camera)[0] == [STALE, STALE]


def test_a_picture_that_stands_while_the_counter_runs_is_stale(opened):
    camera = opened(LeptonCamera, lepton(0), lepton(1), lepton(1, frame_count=6), lepton(3))
    assert statuses(camera)[0] == [LIVE, STALE, LIVE]


@pytest.mark.parametrize(
    ("status", "expected"), [(0x00, SHUTTER), (0x10, SHUTTER), (0x20, SHUTTER), (0x30, LIVE)]
)
def test_nothing_is_measured_before_and_during_a_correction(opened, status, expected):
    camera = opened(LeptonCamera, lepton(0), lepton(1, status=status))
    assert camera.read(1.0).status is expected


def test_the_age_of_a_correction_comes_with_each_frame(opened):
    camera = opened(LeptonCamera, lepton(0), lepton(1, uptime_ms=61_500, last_ms=60_000))
    assert camera.read(1.0).shutter_age_s == 1.5


@pytest.mark.parametrize(("bit", "match"), [(20, "too hot"), (15, "cannot move its shutter")])
def test_a_lepton_outside_its_temperatures_says_what_to_do_and_heals(opened, bit, match):
    camera = opened(LeptonCamera, lepton(0), lepton(1, status=0x30 | 1 << bit), lepton(2))
    with pytest.raises(DeviceError, match=match):
        camera.read(1.0)
    assert camera.read(1.0).status is LIVE


def test_counts_are_not_radiometric(opened):
    camera = opened(LeptonCamera, lepton(0), lepton(1, is_on=0))
    assert camera.read(1.0).status is FrameStatus.NOT_RADIOMETRIC


def test_a_flat_picture_is_a_closed_shutter(opened):
    flat = np.full((120, 160), 29515, dtype="<u2").tobytes()
    camera = opened(LeptonCamera, plain(0), flat)
    assert camera.read(1.0).status is SHUTTER
    word = np.full((192, 256), 18_900, dtype="<u2").tobytes()
    camera = opened(P2ProCamera, p2pro(1), bytes(98_304) + word)
    assert camera.read(1.0).status is SHUTTER


def test_without_telemetry_a_lepton_repeats_itself_long_when_the_shutter_is_closed(opened):
    camera = opened(LeptonCamera, *(plain(n) for n in (0, 1, 2, 2, 3, 3, 3, 3, 3, 3, 4)))
    told, frames = statuses(camera)
    assert told == [LIVE, LIVE, LIVE, SHUTTER, SHUTTER, LIVE]
    assert [frame.shutter_age_s for frame in frames[:3]] == [None] * 3
    assert frames[-1].shutter_age_s == 0.0
    assert camera.told.capabilities == frozenset()


def test_a_p2pro_that_repeats_itself_has_its_shutter_closed(opened):
    camera = opened(P2ProCamera, *(p2pro(n) for n in (0, 1, 1, 1, 2, 3)))
    told, frames = statuses(camera)
    assert told == [LIVE, SHUTTER, SHUTTER, LIVE, LIVE]
    assert [frame.shutter_age_s for frame in frames][-2:] == [0.0, pytest.approx(0.1)]


def test_a_picture_that_stands_longer_than_any_shutter_is_stale(opened):
    camera = opened(P2ProCamera, *(p2pro(1) for _ in range(53)))
    told, _ = statuses(camera)
    assert told == [SHUTTER] * 50 + [STALE] * 2


def test_a_p2pro_that_is_not_ready_is_waited_for(opened):
    camera = opened(P2ProCamera, p2pro(0, word=0), p2pro(0, word=0), p2pro(1))
    assert camera.read(1.0).status is LIVE
    camera = opened(P2ProCamera, p2pro(0, word=0), p2pro(0, word=0))
    with pytest.raises(DeviceTimeout, match="give it time to start"):
        camera.read(1.0)


def test_a_silent_camera_is_told_as_its_cable_tells_it(opened):
    with pytest.raises(DeviceTimeout, match="no more"):
        opened(P2ProCamera, p2pro(0)).read(1.0)


def test_duplicates_do_not_make_the_wait_longer(opened):
    camera = opened(LeptonCamera, *(lepton(n) for n in (0, 0, 0, 1)))
    camera.read(1.0)
    asked_s = camera.stream.asked_s[1:]
    assert asked_s[0] <= 1.0
    assert all(later < earlier for earlier, later in pairwise(asked_s))


def test_a_stream_that_begins_in_the_middle_of_a_frame_is_opened(opened):
    camera = opened(P2ProCamera, p2pro(0)[5000:], p2pro(0), p2pro(1))
    assert camera.read(1.0).status is LIVE


@pytest.mark.parametrize(
    ("items", "error"),
    [
        ([b"\xff\xd8\xff"] * 9, ProtocolError),
        ([b"\xff\xd8\xff"], ProtocolError),
        ([b"\xff\xd8\xff", DeviceDisconnected("gone")], ProtocolError),
        ([DeviceDisconnected("gone")], OpenFailed),
        ([], DeviceTimeout),
    ],
)
def test_another_camera_or_none_is_refused_and_let_go(opened, monkeypatch, items, error):
    stream = Stream(items)
    monkeypatch.setattr(video, "open_frames", lambda source, modes: stream)
    with pytest.raises(error) as refused:
        LeptonCamera(source="tcp://camera:1").open()
    assert stream.is_closed
    assert error is not ProtocolError or "received: ff d8 ff" in str(refused.value)


def test_old_firmware_is_refused_with_what_to_do(opened):
    with pytest.raises(ProtocolError, match="update PureThermal firmware"):
        opened(LeptonCamera, *[bytes(80 * 60 * 2)] * 3)


def test_frames_are_turned_upright_and_named(opened):
    camera = opened(LeptonCamera, lepton(0), lepton(5), camera_id="door", orientation="rot90")
    frame = camera.read(1.0)
    assert frame.shape == (160, 120)
    assert frame.camera_id == "door"
    # The upper left pixel comes to the lower left.
    assert np.unravel_index(frame.temperature_c.argmax(), frame.shape) == (159, 0)
