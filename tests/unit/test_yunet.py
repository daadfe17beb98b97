import json
from pathlib import Path

import numpy as np
import pytest

from config.screening_settings import LocatorSettings
from drivers.cameras.recording import RecordingCamera
from station.core.errors import KnownError
from station.evaluation.recordings import box_of
from station.runtime.lanes import build_locator
from station.vision.locator import HeatmapFaceLocator
from station.vision.yunet import YuNetFaceLocator

SHARED = Path(__file__).parents[3] / "shared"
MODEL = SHARED / "models" / "yunet_2026may.onnx"
RECORDINGS = SHARED / "recordings"


def test_a_file_that_is_no_yunet_is_refused_with_what_to_do(tmp_path):
    garbage = tmp_path / "faces.onnx"
    garbage.write_bytes(b"not a network")
    for file in (garbage, tmp_path / "none.onnx"):
        with pytest.raises(KnownError, match="own locator"):
            YuNetFaceLocator(file, min_score=0.4)


def test_the_programs_own_network_is_no_yunet():
    own = Path(__file__).parents[2] / "station" / "vision" / "weights" / "faces.onnx"
    with pytest.raises(KnownError):
        YuNetFaceLocator(own, min_score=0.4)


def test_without_a_file_the_programs_own_locator_is_built():
    assert isinstance(build_locator(LocatorSettings()), HeatmapFaceLocator)


@pytest.mark.skipif(not MODEL.exists(), reason="needs a YuNet file beside the checkout")
def test_an_operators_yunet_finds_the_annotated_faces_and_shows_its_hash():
    locator = build_locator(LocatorSettings("yunet", MODEL, 0.4))
    assert locator.sha256.startswith("ebafce4e3c11")
    index = json.loads((RECORDINGS / "index.json").read_text("utf-8"))["recordings"]
    (entry,) = (e for e in index if e["file"] == "3fbf26f03765.cptv")
    wanted = {
        a["frame"]: box_of(f["box_upright"])
        for a in entry["annotated_frames"]
        for f in a["faces"]
        if not f["uncertain"]
    }
    found = 0
    with RecordingCamera(RECORDINGS / entry["file"], orientation="transpose") as camera:
        while (frame := camera.read(1.0)) is not None:
            if frame.sequence in wanted:
                faces = locator.locate(frame.temperature_c)
                found += any(face.box.iou(wanted[frame.sequence]) > 0.4 for face in faces)
    assert found == len(wanted) > 0


@pytest.mark.skipif(not MODEL.exists(), reason="needs a YuNet file beside the checkout")
def test_an_operators_yunet_finds_nobody_in_an_empty_room():
    locator = YuNetFaceLocator(MODEL, min_score=0.4)
    assert locator.locate(np.full((120, 160), 22.0, np.float32)) == ()
