import gzip
import io
import json
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from cptv import CPTVWriter, Frame

from drivers.cameras.recording import RecordingCamera, write_npz
from drivers.errors import DeviceDisconnected, OpenFailed
from station.core.frames import FrameStatus

STARTED_AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
RECORDINGS = Path(__file__).parents[3] / "shared" / "recordings"
COUNT = 4


def pictures(count=COUNT, shape=(120, 160), seed=1):
    """Pictures around 30 °C with noise, centikelvin."""
    rng = np.random.default_rng(seed)
    return rng.integers(30_200, 30_400, (count, *shape)).astype(np.uint16)


def write_cptv(path, frames, *, model=b"lepton3.5", shutter_before_s=10.0):
    writer = CPTVWriter(path.open("wb"))
    writer.timestamp = STARTED_AT
    writer.device_name = b"test"
    writer.model = model
    for i, pixels in enumerate(frames):
        on = timedelta(seconds=100) + timedelta(milliseconds=111 * i)
        shutter = timedelta(seconds=100 - shutter_before_s)
        writer.write_frame(Frame(pixels, on, shutter, 30.0, 30.0))
    writer.close()
    return path


def write_our_own(path, frames, *, is_shutter=None, step_ns=111_000_000):
    shutter = np.zeros(len(frames), dtype=bool) if is_shutter is None else np.array(is_shutter)
    times_ns = 7_000_000_000 + step_ns * np.arange(len(frames), dtype=np.int64)
    write_npz(path, frames, times_ns, shutter, model="M", device="D", started_at=STARTED_AT)
    return path


def play(path, **options):
    """All frames, and the error that ended them, if any."""
    frames = []
    with RecordingCamera(path, **options) as camera:
        try:
            while (frame := camera.read(1.0)) is not None:
                frames.append(frame)
        except DeviceDisconnected as error:
            return frames, error
    return frames, None


@pytest.fixture
def cptv(tmp_path):
    return write_cptv(tmp_path / "a.cptv", pictures())


def test_centikelvin_become_celsius_and_every_frame_is_counted(cptv):
    frames, error = play(cptv, camera_id="lane-1")
    assert error is None
    assert [frame.sequence for frame in frames] == list(range(COUNT))
    for frame, pixels in zip(frames, pictures(), strict=True):
        # float32 at 300 K has steps of 3e-5 K.
        np.testing.assert_allclose(frame.temperature_c, pixels / 100 - 273.15, atol=1e-4)
    assert {frame.camera_id for frame in frames} == {"lane-1"}
    assert {frame.status for frame in frames} == {FrameStatus.LIVE}


def test_times_and_the_shutters_age_come_from_the_file(cptv):
    frames, _ = play(cptv)
    assert frames[0].captured_at == STARTED_AT
    assert frames[2].captured_at - STARTED_AT == timedelta(milliseconds=222)
    assert frames[2].monotonic_s - frames[0].monotonic_s == pytest.approx(0.222)
    assert frames[2].shutter_age_s == pytest.approx(10.222)


def test_a_camera_without_radiometry_gives_counts_that_are_marked(tmp_path):
    frames, _ = play(write_cptv(tmp_path / "a.cptv", pictures(), model=b"lepton3"))
    assert {frame.status for frame in frames} == {FrameStatus.NOT_RADIOMETRIC}
    np.testing.assert_array_equal(frames[1].temperature_c, pictures()[1].astype(np.float32))


def test_our_own_format_comes_back_as_it_was_written(tmp_path):
    stored = pictures(shape=(6, 8))
    frames, error = play(write_our_own(tmp_path / "a.npz", stored, is_shutter=[0, 1, 0, 0]))
    assert error is None
    assert [frame.status for frame in frames] == [
        FrameStatus.LIVE,
        FrameStatus.SHUTTER,
        FrameStatus.LIVE,
        FrameStatus.LIVE,
    ]
    np.testing.assert_allclose(frames[3].temperature_c, stored[3] / 100 - 273.15, atol=1e-4)
    assert frames[3].captured_at - STARTED_AT == timedelta(milliseconds=333)


@pytest.mark.parametrize("kind", ["cptv", "npz"])
def test_a_repeated_picture_is_stale(tmp_path, kind):
    stored = pictures()
    stored[2] = stored[1]
    write = write_cptv if kind == "cptv" else write_our_own
    frames, _ = play(write(tmp_path / "a", stored))
    assert [frame.status for frame in frames] == [
        FrameStatus.LIVE,
        FrameStatus.LIVE,
        FrameStatus.STALE,
        FrameStatus.LIVE,
    ]


def test_the_format_is_told_by_content_not_by_name(tmp_path, cptv):
    ours = write_our_own(tmp_path / "really_npz.cptv", pictures())
    theirs = cptv.rename(tmp_path / "really_cptv.npz")
    assert len(play(ours)[0]) == len(play(theirs)[0]) == COUNT


def test_the_picture_is_turned_upright(cptv):
    frames, _ = play(cptv, orientation="antitranspose")
    assert frames[0].shape == (160, 120)
    upright = pictures()[0][::-1, ::-1].T / 100 - 273.15
    np.testing.assert_allclose(frames[0].temperature_c, upright, atol=1e-4)


def test_pacing_waits_as_long_as_the_recording_did(tmp_path, monkeypatch):
    slept_s = []
    monkeypatch.setattr("drivers.cameras.recording.time.monotonic", lambda: 50.0)
    monkeypatch.setattr("drivers.cameras.recording.time.sleep", slept_s.append)
    play(write_our_own(tmp_path / "a.npz", pictures(shape=(2, 2))), is_paced=True)
    assert slept_s == pytest.approx([0.111, 0.222, 0.333])


def test_a_file_cut_anywhere_gives_its_whole_frames_and_then_says_so(tmp_path, cptv):
    whole = cptv.read_bytes()
    stored = pictures()
    counts = set()
    for size in [*range(1, len(whole), 997), len(whole) - 1]:
        cut = tmp_path / f"cut{size}.cptv"
        cut.write_bytes(whole[:size])
        try:
            frames, error = play(cut)
        except OpenFailed as refused:
            assert cut.name in str(refused)
            continue
        assert error is not None, f"a file of {size} of {len(whole)} bytes seemed whole"
        assert f"torn after {len(frames)} whole frames" in str(error)
        for frame, pixels in zip(frames, stored, strict=False):
            np.testing.assert_allclose(frame.temperature_c, pixels / 100 - 273.15, atol=1e-4)
        counts.add(len(frames))
    assert {0, 1, COUNT} <= counts | {COUNT}
    assert len(counts) > 2


def test_a_file_cut_right_after_its_header_is_torn(cptv):
    whole = cptv.read_bytes()
    header = zlib.decompressobj(wbits=31)
    header.decompress(whole)
    cptv.write_bytes(whole[: len(whole) - len(header.unused_data)])
    frames, error = play(cptv)
    assert frames == []
    assert "4 frames are announced" in str(error)


# cptv 1.5.5 still calls logger.warn when it meets a field that it does not know.
@pytest.mark.filterwarnings("ignore:The 'warn' method is deprecated")
def test_a_flipped_byte_is_never_a_bug(tmp_path, cptv):
    whole = cptv.read_bytes()
    for at in range(0, len(whole), 4999):
        damaged = tmp_path / "damaged.cptv"
        damaged.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        try:
            play(damaged)
        except OpenFailed:
            continue


FOREIGN = {
    "empty": (b"", "is empty"),
    "text": (b"hello, world", "it starts with 68 65 6c 6c"),
    "jpeg": (b"\xff\xd8\xff\xe0 and so on", "is no radiometric JPEG of FLIR"),
    "gzip of something else": (gzip.compress(b"something else"), "header cannot be read"),
    "torn gzip": (b"\x1f\x8b\x08", "header cannot be read"),
    "torn zip": (b"PK\x03\x04 and no more", "header cannot be read"),
    "cptv of version 9": (gzip.compress(b"CPTV\x09H\x00"), "header cannot be read"),
    "cptv without fields": (gzip.compress(b"CPTV\x02H\x00"), "header cannot be read"),
}


@pytest.mark.parametrize("name", list(FOREIGN))
def test_a_foreign_file_is_refused_in_one_sentence(tmp_path, name):
    content, words = FOREIGN[name]
    path = tmp_path / "a.cptv"
    path.write_bytes(content)
    with pytest.raises(OpenFailed, match=words) as refused:
        RecordingCamera(path).open()
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("path", ["nothing.cptv", "."])
def test_a_missing_file_is_refused(tmp_path, path):
    with pytest.raises(OpenFailed, match="cannot be opened"):
        RecordingCamera(tmp_path / path).open()


GOOD_META = json.dumps({"started_at": STARTED_AT.isoformat()})
BROKEN = {
    "meta is a list": {"meta": np.array("[1]")},
    "meta is no JSON": {"meta": np.array("{")},
    "meta without time": {"meta": np.array("{}")},
    "time is a number": {"meta": np.array('{"started_at": 5}')},
    "frames are floats": {"frames": np.zeros((2, 3, 4))},
    "frames are flat": {"frames": np.zeros((2, 3), np.uint16)},
    "frames are huge": {"frames": np.zeros((1, 4000, 1001), np.uint16)},
    "too few times": {"t_ns": np.zeros(1, np.int64)},
    "times are text": {"t_ns": np.array(["a", "b"])},
    "times are pickled": {"t_ns": np.array([1, None], dtype=object)},
    "shutter is text": {"ffc": np.array(["a", "b"])},
}


@pytest.mark.parametrize("name", list(BROKEN))
def test_a_wrongly_made_archive_is_refused(tmp_path, name):
    parts = {
        "frames": np.zeros((2, 3, 4), np.uint16),
        "t_ns": np.zeros(2, np.int64),
        "ffc": np.zeros(2, np.uint8),
        "meta": np.array(GOOD_META),
    }
    out = io.BytesIO()
    np.savez(out, **(parts | BROKEN[name]))
    path = tmp_path / "a.npz"
    path.write_bytes(out.getvalue())
    with pytest.raises(OpenFailed):
        RecordingCamera(path).open()


def test_an_archive_without_frames_ends_at_once(tmp_path):
    assert play(write_our_own(tmp_path / "a.npz", pictures(0, (2, 2)))) == ([], None)


def test_an_absurd_picture_size_is_refused(tmp_path):
    fields = b"\x01C\x01" + b"\x08T" + bytes(8)
    fields += b"\x04X\xff\xff\x00\x00" + b"\x04Y\xff\xff\x00\x00"
    path = tmp_path / "a.cptv"
    path.write_bytes(gzip.compress(b"CPTV\x02H\x04" + fields))
    with pytest.raises(OpenFailed, match="65535x65535"):
        RecordingCamera(path).open()


def test_reopening_starts_again_from_the_first_frame(cptv):
    camera = RecordingCamera(cptv)
    camera.open()
    first = camera.read(1.0)
    camera.read(1.0)
    camera.open()
    again = camera.read(1.0)
    camera.close()
    camera.close()
    assert again.sequence == 0
    np.testing.assert_array_equal(first.temperature_c, again.temperature_c)
    with pytest.raises(DeviceDisconnected):
        camera.read(1.0)


@pytest.mark.skipif(
    not RECORDINGS.is_dir(), reason="needs the real recordings in ../shared/recordings"
)
@pytest.mark.parametrize("index", [0, 1, 4])
def test_real_recordings_play_to_their_end(index):
    path = sorted(RECORDINGS.glob("*.cptv"))[index]
    frames, error = play(path)
    assert error is None
    assert [frame.sequence for frame in frames] == list(range(len(frames)))
    assert frames[0].shape == (120, 160)
    if frames[0].status is FrameStatus.NOT_RADIOMETRIC:
        assert {frame.status for frame in frames} == {FrameStatus.NOT_RADIOMETRIC}
        return
    # Indoors and outdoors in New Zealand, with the body of the camera far below 60 °C.
    medians_c = [float(np.median(frame.temperature_c)) for frame in frames]
    assert -10 < min(medians_c) <= max(medians_c) < 60
    assert all(frame.shutter_age_s >= 0 for frame in frames)
    # 9 frames a second.
    steps_s = np.diff([frame.monotonic_s for frame in frames])
    assert np.median(steps_s) == pytest.approx(1 / 9, abs=0.01)
