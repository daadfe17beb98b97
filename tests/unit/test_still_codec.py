"""TIFF and FLIR JPEG played as a camera."""

import builtins

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.cameras.recording import RecordingCamera
from drivers.errors import DriverUnavailable, OpenFailed
from station.core.frames import FrameStatus
from tests.unit.flir_jpeg import flir_jpeg

CENTIKELVIN = np.arange(29_515, 29_515 + 12, dtype=np.uint16).reshape(3, 4)


def play(path):
    with RecordingCamera(path) as camera:
        frames = []
        while (frame := camera.read(1.0)) is not None:
            frames.append(frame)
    return frames


def write(path, data):
    path.write_bytes(data)
    return path


def test_each_page_of_a_tiff_is_a_frame_nine_a_second(tmp_path):
    path = tmp_path / "clip.tiff"
    cv2.imwritemulti(str(path), [CENTIKELVIN, CENTIKELVIN + 1])
    first, second = play(path)
    assert first.status is second.status is FrameStatus.LIVE
    np.testing.assert_allclose(first.temperature_c[0, 0], 22.0, atol=0.001)
    np.testing.assert_allclose(second.temperature_c[0, 0], 22.01, atol=0.001)
    assert second.monotonic_s - first.monotonic_s == pytest.approx(1 / 9)
    assert first.captured_at.tzinfo is not None


def test_counts_in_a_tiff_are_no_temperatures(tmp_path):
    path = tmp_path / "counts.tiff"
    cv2.imwrite(str(path), np.full((8, 8), 8_000, np.uint16))
    assert play(path)[0].status is FrameStatus.NOT_RADIOMETRIC


@pytest.mark.parametrize("pixels", [np.zeros((8, 8), np.uint8), np.zeros((8, 8, 3), np.uint16)])
def test_a_tiff_of_another_kind_is_refused(tmp_path, pixels):
    path = tmp_path / "photo.tiff"
    cv2.imwrite(str(path), pixels)
    with pytest.raises(OpenFailed, match="16-bit grey"):
        play(path)


def test_a_torn_tiff_is_refused(tmp_path, capfd):
    path = tmp_path / "clip.tiff"
    cv2.imwrite(str(path), CENTIKELVIN)
    with pytest.raises(OpenFailed, match="copy it again"):
        play(write(path, path.read_bytes()[:30]))
    capfd.readouterr()


def test_a_flir_jpeg_gives_apparent_temperatures_whatever_its_emissivity_says(tmp_path):
    celsius = np.linspace(20, 40, 6 * 8).reshape(6, 8)
    (frame,) = play(write(tmp_path / "still.jpg", flir_jpeg(celsius, emissivity=0.7)))
    # A count of the made-up camera is 0.02 °C wide, hundredths of a kelvin are stored.
    np.testing.assert_allclose(frame.temperature_c, celsius, atol=0.02)
    assert frame.status is FrameStatus.LIVE


def test_an_ordinary_jpeg_is_refused(tmp_path):
    photo = bytes(cv2.imencode(".jpg", np.zeros((16, 16), np.uint8))[1])
    with pytest.raises(OpenFailed, match="stored with its temperatures"):
        play(write(tmp_path / "photo.jpg", photo))


@given(cut=st.integers(4, 1200), flip=st.integers(4, 1200))
def test_a_damaged_flir_jpeg_is_a_picture_or_refused(tmp_path_factory, cut, flip):
    data = bytearray(flir_jpeg(np.full((6, 8), 30.0))[:cut])
    if flip < len(data):
        data[flip] ^= 0x41
    path = tmp_path_factory.mktemp("jpeg") / "still.jpg"
    try:
        play(write(path, bytes(data)))
    except OpenFailed:
        pass


def test_a_directory_longer_than_the_file_is_refused_at_once(tmp_path):
    data = bytearray(flir_jpeg(np.full((6, 8), 30.0)))
    count_at = data.index(b"FFF\x00") + 28
    data[count_at : count_at + 4] = b"\xff\xff\xff\xff"
    with pytest.raises(OpenFailed, match="damaged"):
        play(write(tmp_path / "still.jpg", bytes(data)))


def test_without_the_library_the_command_to_install_it_is_named(tmp_path, monkeypatch):
    real = builtins.__import__

    def missing(name, *more):
        if name == "flyr":
            raise ImportError(name="flyr")
        return real(name, *more)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(DriverUnavailable, match="pip install"):
        play(write(tmp_path / "still.jpg", flir_jpeg(np.full((6, 8), 30.0))))
