"""The wheel holds all that the program needs, and nothing that it must not bring."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "uv", "build", "--wheel", "--quiet", "--out-dir", folder, ROOT],
        check=True,
        timeout=200,
    )
    (path,) = folder.glob("*.whl")
    return path


def test_weights_words_and_settings_are_inside_and_tests_are_not(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {
        "station/cdc/inbox/pages/board.html",
        "station/cdc/inbox/static/inbox.css",
        "station/cdc/inbox/static/inbox.js",
        "station/vision/weights/faces.onnx",
        "ui/i18n/fever_station_zh.qm",
        "config/defaults.toml",
        "config/sites/bench.toml",
        "config/sites/example.toml",
        "config/sites/recordings.toml",
    } <= names
    folders = {name.split("/")[0] for name in names}
    assert {f for f in folders if not f.endswith(".dist-info")} == {
        "config", "drivers", "simulators", "station", "ui",
    }  # fmt: skip


def test_the_installed_program_finds_its_files_without_the_source_tree(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    code = (
        "import config.loader as l, station.vision.locator as v, ui.language;"
        "l.load_settings(l.shipped_site('recordings')); v.HeatmapFaceLocator(); print(v.__file__)"
    )
    told = subprocess.run(
        [sys.executable, "-P", "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin"},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith(str(tmp_path))
