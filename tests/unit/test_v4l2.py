"""USB cameras through OpenCV, whose capture is played by a fake."""

import threading
import time

import cv2
import numpy as np
import pytest

from drivers.errors import DeviceDisconnected, DeviceTimeout, OpenFailed, ProtocolError
from drivers.transport import v4l2
from drivers.transport.frames import open_frames
from drivers.transport.payloads import VideoMode

WISHED, OTHER = VideoMode("Y16 ", 122, 160), VideoMode("Y16 ", 120, 160)
MODES = (WISHED, OTHER)
NAMES = {
    cv2.CAP_PROP_FOURCC: "fourcc",
    cv2.CAP_PROP_FRAME_WIDTH: "width",
    cv2.CAP_PROP_FRAME_HEIGHT: "height",
    cv2.CAP_PROP_CONVERT_RGB: "convert",
    cv2.CAP_PROP_BUFFERSIZE: "buffers",
}


class FakeCapture:
    """Stands in for cv2.VideoCapture: a camera with its modes and a list of what it reads.

    At the end of the list reads block until `unblock`, as OpenCV's do for ten seconds.
    """

    def __init__(self, *pictures, modes=MODES, stuck=None, is_opened=True):
        self._pictures = list(pictures)
        self._offered = {(cv2.VideoWriter.fourcc(*m.fourcc), m.columns, m.rows) for m in modes}
        self._stuck = stuck or {}
        self._is_opened = is_opened
        self.told = []
        self._values = {"fourcc": 0, "width": 640, "height": 480, "convert": 1}
        self.unblock = threading.Event()
        self.is_reading = threading.Event()
        self.released_in = []
        self.was_released_while_reading = False

    def __call__(self, path, backend):
        assert backend == cv2.CAP_V4L2
        return self

    def isOpened(self):  # noqa: N802 - OpenCV names it so
        return self._is_opened

    def set(self, name, value):
        self.told.append(NAMES[name])
        self._values[NAMES[name]] = value
        return True

    def get(self, name):
        if NAMES[name] in self._stuck:
            return float(self._stuck[NAMES[name]])
        wished = tuple(self._values[key] for key in ("fourcc", "width", "height"))
        if NAMES[name] == "height" and wished not in self._offered:
            return 480.0
        return float(self._values[NAMES[name]])

    def read(self):
        if self._pictures:
            item = self._pictures.pop(0)
            if isinstance(item, Exception):
                raise item
            return item is not None, item
        self.is_reading.set()
        self.unblock.wait(60)
        self.is_reading.clear()
        return False, None

    def release(self):
        self.released_in.append(threading.current_thread().name)
        self.was_released_while_reading |= self.is_reading.is_set()


@pytest.fixture
def plugged(monkeypatch, tmp_path):
    """Open the transport on a fake camera."""
    opened = []
    path = tmp_path / "video0"
    path.touch()

    def plugged(capture, modes=MODES):
        monkeypatch.setattr(v4l2.cv2, "VideoCapture", capture)
        transport = open_frames(str(path), modes)
        opened.append((transport, capture))
        return transport

    yield plugged
    for transport, capture in opened:
        capture.unblock.set()
        transport.close()
    ends_s = time.monotonic() + 60
    while any(t.name.startswith("video ") for t in threading.enumerate()):
        assert time.monotonic() < ends_s
        time.sleep(0.005)


def picture(rows=122, value=30965):
    return np.full((rows, 160), value, dtype="<u2")


def test_modes_are_asked_for_in_opencvs_order_and_pixels_left_as_they_are(plugged):
    capture = FakeCapture(picture())
    transport = plugged(capture)
    assert capture.told == ["fourcc", "width", "height", "convert", "buffers"]
    assert transport.mode == WISHED
    payload = transport.read(2.0)
    assert payload.data == bytes.fromhex("F5 78") * (122 * 160)
    assert payload.received_at.tzinfo is not None


def test_a_refused_mode_gives_the_next_one(plugged):
    capture = FakeCapture(picture(120), modes=[OTHER])
    transport = plugged(capture)
    assert transport.mode == OTHER
    assert len(transport.read(2.0).data) == 120 * 160 * 2


@pytest.mark.parametrize("stuck", [{"convert": 1}, {"fourcc": 0x56595559}, {"width": 640}])
def test_a_camera_that_keeps_another_mode_without_a_word_is_refused_and_let_go(plugged, stuck):
    capture = FakeCapture(picture(), stuck=stuck)
    with pytest.raises(OpenFailed, match="offers none of Y16 160x122, Y16 160x120"):
        plugged(capture)
    assert len(capture.released_in) == 1


def test_a_camera_that_fails_while_it_is_asked_is_refused_and_let_go(plugged):
    capture = FakeCapture(picture())

    def fail(name, value):
        raise cv2.error("V4L2: VIDIOC_S_FMT")

    capture.set = fail
    with pytest.raises(OpenFailed, match="cannot be set up"):
        plugged(capture)
    assert len(capture.released_in) == 1


def test_a_camera_in_use_is_told(plugged):
    with pytest.raises(OpenFailed, match="no other program uses it"):
        plugged(FakeCapture(is_opened=False))


def test_a_camera_that_is_not_there_is_told(tmp_path):
    with pytest.raises(OpenFailed, match="plug it in"):
        open_frames(str(tmp_path / "none"), MODES)


@pytest.mark.parametrize(
    "shape_them",
    [
        lambda p: p.view(np.uint8).reshape(1, -1),
        lambda p: p.view(np.uint8).reshape(-1, 1),
        lambda p: p.view(np.uint8).reshape(122, 160, 2),
        lambda p: np.repeat(p, 2, axis=0)[::2],
    ],
    ids=["one row", "one column", "two channels", "not contiguous"],
)
def test_a_flattened_picture_is_the_same_payload(plugged, shape_them):
    transport = plugged(FakeCapture(shape_them(picture())))
    assert transport.read(2.0).data == picture().tobytes()


@pytest.mark.parametrize(
    "wrong",
    [np.zeros((122, 160, 3), np.uint8), np.zeros((122, 160), np.uint8), np.zeros((61, 160), "<u2")],
    ids=["converted to colours", "eight bits", "half"],
)
def test_a_wrong_byte_count_is_told_and_the_stream_goes_on(plugged, wrong):
    capture = FakeCapture(wrong)
    transport = plugged(capture)
    with pytest.raises(ProtocolError, match=f"sent {wrong.nbytes} bytes instead of 39040"):
        transport.read(2.0)
    capture._pictures.append(picture())
    capture.unblock.set()
    assert len(transport.read(2.0).data) == 39_040


def test_the_newest_picture_counts(plugged):
    capture = FakeCapture(*(picture(value=value) for value in (1, 2, 3)))
    transport = plugged(capture)
    assert capture.is_reading.wait(60)
    assert transport.read(2.0).data[:2] == b"\x03\x00"
    with pytest.raises(DeviceTimeout, match="sends no picture"):
        transport.read(0.02)


def test_failed_reads_are_forgiven_while_pictures_come_between(plugged):
    capture = FakeCapture(None, None, picture(), None, None, picture(value=7))
    transport = plugged(capture)
    assert capture.is_reading.wait(60)
    assert transport.read(2.0).data[:2] == b"\x07\x00"


def test_three_failed_reads_in_a_row_are_a_lost_camera(plugged):
    capture = FakeCapture(picture(), None, None, None)
    transport = plugged(capture)
    assert len(transport.read(2.0).data) == 39_040
    for _ in range(2):
        with pytest.raises(DeviceDisconnected, match="is gone"):
            transport.read(2.0)
    transport.close()
    assert len(capture.released_in) == 1


def test_an_error_of_opencv_is_a_failed_read(plugged):
    capture = FakeCapture(*[cv2.error("VIDIOC_DQBUF: No such device")] * 3)
    with pytest.raises(DeviceDisconnected):
        plugged(capture).read(2.0)


def test_closing_does_not_wait_for_a_blocked_read_and_the_device_is_released_after_it(plugged):
    capture = FakeCapture(picture())
    transport = plugged(capture)
    assert capture.is_reading.wait(60)
    begun_s = time.monotonic()
    transport.close()
    transport.close()
    # Both cores may be busy with other work.
    assert time.monotonic() - begun_s < 20
    assert capture.released_in == []
    capture.unblock.set()
    transport._thread.join(60)
    assert len(capture.released_in) == 1
    assert not capture.was_released_while_reading


def test_a_closed_camera_gives_no_more_pictures(plugged):
    capture = FakeCapture(picture())
    transport = plugged(capture)
    capture.unblock.set()
    transport.close()
    with pytest.raises(DeviceDisconnected):
        while True:
            transport.read(0.5)
