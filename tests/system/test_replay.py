"""`fever-station replay` on recordings made from the simulated scene, and on broken ones."""

import gzip
import json
from datetime import UTC, datetime

import numpy as np
import pytest

from drivers.cameras.recording_codec import encode_npz
from simulators.scene import ReferenceSource, Scene, Traveller
from station.__main__ import main
from station.core.frames import Orientation

RATE_HZ = 9


@pytest.fixture(scope="module")
def clip():
    """Twelve seconds of two people on a portrait picture, one with a fever, centikelvin."""
    people = (
        Traveller("well", 36.6, 0.0, lane_offset=0.1),
        Traveller("febrile", 39.0, 6.0, lane_offset=0.3),
    )
    # At the replay site's place and size: lower half, right edge.
    source = ReferenceSource(center=(0.8, 0.88), radius=0.045)
    scene = Scene(shape=(160, 120), travellers=people, reference=source, seed=5)
    pictures = [scene.render(i / RATE_HZ) for i in range(12 * RATE_HZ)]
    return np.round((np.array(pictures) + 273.15) * 100).astype(np.uint16)


def write(path, frames):
    times_ns = np.arange(len(frames), dtype=np.int64) * (1_000_000_000 // RATE_HZ)
    data = encode_npz(
        frames,
        times_ns,
        np.zeros(len(frames), dtype=bool),
        model="simulated",
        device="twin",
        started_at=datetime(2026, 11, 24, tzinfo=UTC),
    )
    path.write_bytes(data)
    return path


def replay(tmp_path, *arguments):
    out = tmp_path / "out.jsonl"
    code = main(["replay", *map(str, arguments), "--jsonl", str(out)])
    return code, [json.loads(line) for line in out.read_text().splitlines()]


def test_every_frame_is_a_line_and_every_traveller_a_passage(tmp_path, clip):
    path = write(tmp_path / "clip.npz", clip)
    code, lines = replay(tmp_path, path, "--orientation", "none")
    frames = [line for line in lines if line["type"] == "frame"]
    passages = [line for line in lines if line["type"] == "passage"]
    assert code == 0
    assert [frame["index"] for frame in frames] == list(range(len(clip)))
    assert [passage["outcome"] for passage in passages] == ["below", "above"]
    assert {frame["reference"]["state"] for frame in frames[5:]} == {"healthy"}


def test_a_line_has_exactly_the_documented_fields(tmp_path, clip):
    path = write(tmp_path / "clip.npz", clip)
    _, lines = replay(tmp_path, path, "--orientation", "none")
    frame = next(line for line in lines if line["type"] == "frame" and line["faces"])
    assert set(frame) == {"type", "recording", "index", "lane", "reference", "faces"}
    assert set(frame["reference"]) == {"state", "box", "apparent_c"}
    assert set(frame["faces"][0]) == {
        "traveller", "box", "site", "point", "skin_c", "u_c", "valid", "reasons",
        "outcome", "mm_per_px", "frontality",
    }  # fmt: skip
    passage = next(line for line in lines if line["type"] == "passage")
    assert set(passage) == {
        "type", "recording", "traveller", "first", "last", "outcome", "skin_c", "u_c", "reasons",
        "site", "mm_per_px", "pre_screen", "oral_c", "oral_u_c",
        "facing_frames",
    }  # fmt: skip


def test_the_same_recording_gives_the_same_lines(tmp_path, clip):
    path = write(tmp_path / "clip.npz", clip)
    first, second = (replay(tmp_path, path, "--orientation", "none") for _ in range(2))
    assert first == second


def test_a_wrong_orientation_is_noticed_and_its_mirror_named_too(tmp_path, clip, capsys):
    stored = np.stack([Orientation.TRANSPOSE.upright(picture) for picture in clip])
    path = write(tmp_path / "clip.npz", stored)
    replay(tmp_path, path, "--orientation", "none")
    told = " ".join(capsys.readouterr().err.split())
    assert "upright faces with --orientation none" in told
    assert "check how the camera was mounted" in told
    # A face is the same in a mirror, give or take a pixel: either may be named first.
    either = ("with transpose (or mirrored, rot270", "with rot270 (or mirrored, transpose")
    assert any(words in told for words in either)


def test_the_right_orientation_is_not_doubted(tmp_path, clip, capsys):
    path = write(tmp_path / "clip.npz", clip)
    replay(tmp_path, path, "--orientation", "none")
    assert "--orientation" not in capsys.readouterr().err


def test_an_unknown_orientation_is_refused_with_the_known_ones(tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["replay", "x.cptv", "--jsonl", "o", "--orientation", "sideways"])
    assert ended.value.code == 2
    assert "transpose" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"GIF89a and more", "is not a CPTV, NPZ, TIFF or FLIR JPEG recording"),
        (gzip.compress(b"no recording inside", mtime=0), "cannot be read"),
        (b"PK\x03\x04 torn", "cannot be read"),
    ],
)
def test_a_broken_file_is_named_and_the_others_are_done(tmp_path, clip, capsys, content, words):
    broken = tmp_path / "broken.cptv"
    broken.write_bytes(content)
    whole = write(tmp_path / "clip.npz", clip)
    code, lines = replay(tmp_path, broken, whole, "--orientation", "none")
    told = " ".join(capsys.readouterr().err.split())
    assert code == 1
    assert words in told
    assert "Traceback" not in told
    assert {line["recording"] for line in lines} == {"clip.npz"}


def test_a_file_that_is_not_there_is_named(tmp_path, capsys):
    code, lines = replay(tmp_path, tmp_path / "gone.cptv")
    assert (code, lines) == (1, [])
    assert "cannot be opened" in " ".join(capsys.readouterr().err.split())


def test_an_output_that_cannot_be_written_is_told(tmp_path, clip, capsys):
    path = write(tmp_path / "clip.npz", clip)
    code = main(["replay", str(path), "--jsonl", str(tmp_path / "no" / "folder.jsonl")])
    assert code == 2
    assert "cannot be written" in capsys.readouterr().err


def test_a_full_disk_is_told(tmp_path, clip, capsys):
    path = write(tmp_path / "clip.npz", clip)
    assert main(["replay", str(path), "--jsonl", "/dev/full", "--orientation", "none"]) == 2
    assert "No space left on device" in capsys.readouterr().err
