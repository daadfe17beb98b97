import cv2
import numpy as np
import pytest

from station.commands.twin_picture import Pictured, save
from station.core.errors import KnownError
from station.evaluation.twin_runs import Snapshot
from station.evaluation.twin_screening import ScreeningJudge
from station.evaluation.twin_temperature import SkinJudge
from tests.twin_runs import CROWD, LEFT, moment, observed, reading, screened, skin_run, true


def pictured():
    skin, screening = SkinJudge(), ScreeningJudge(36.2, CROWD)
    for error_c in (0.1, 0.9):
        skin.take(skin_run(error_c))
    screening.take(screened(36.8, 35.5))
    screening.take(screened(38.5, 37.0))
    picture_c = np.full((480, 640), 22.0, dtype=np.float32)
    face = observed(LEFT, 7, reading(LEFT, 36.4))
    crowd = Snapshot(picture_c, moment(0.0, [true("a", LEFT)], [face]))
    return Pictured([crowd], skin, screening)


def test_crowd_errors_and_thresholds_become_one_picture(tmp_path):
    path = tmp_path / "twin.png"
    save(path, pictured())
    image = cv2.imread(str(path))
    assert image.shape == (960, 1280, 3)
    # The found face's frame is blue where the reading is valid; plots are white sheets.
    row, column = round(LEFT.top), round(LEFT.center[1])
    blue, _, red = (int(v) for v in image[row, column])
    assert blue > red + 100
    assert (image[:480, 640:] == 255).all(axis=2).mean() > 0.8


def test_one_panel_alone_and_no_panel_at_all(tmp_path):
    path = tmp_path / "twin.png"
    save(path, Pictured(crowds=pictured().crowds))
    assert cv2.imread(str(path)).shape == (480, 640, 3)
    with pytest.raises(KnownError, match="nothing to draw"):
        save(path, Pictured())
    with pytest.raises(KnownError, match="choose another place"):
        save(tmp_path / "no" / "twin.png", pictured())
