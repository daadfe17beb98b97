"""`fever-station evaluate twin` and the process that it starts."""

import json
import subprocess
import sys

import pytest

from config.loader import load_settings
from station.__main__ import main
from station.commands.twin_stream import Twin, at_site
from station.core.errors import KnownError
from station.vision.locator import HeatmapFaceLocator

pytestmark = pytest.mark.system


def twin(tmp_path, *options):
    return subprocess.run(
        [sys.executable, "-m", "simulators", "twin", *options],
        capture_output=True,
        check=False,
        timeout=200,
    )


def test_one_part_is_judged_printed_and_written(tmp_path, capsys):
    out = tmp_path / "figures.json"
    code = main(["evaluate", "twin", "--quick", "--only", "source", "--json", str(out)])
    figures = json.loads(out.read_text("utf-8"))["figures"]
    assert {"source_covered", "source_moved", "source_out_of_band"} <= figures.keys()
    assert all(figure["is_met"] for figure in figures.values())
    assert code == 0
    assert "bars reached, seed 1, a quick look" in capsys.readouterr().out


def test_the_same_seed_gives_the_same_bytes_and_another_one_others(tmp_path):
    streams = [
        twin(tmp_path, "patch", "--seed", seed, "--truth", str(tmp_path / "truth")).stdout
        for seed in ("3", "3", "4")
    ]
    assert streams[0] == streams[1] != streams[2]
    assert len(streams[0]) > 27 * 288 * 384 * 2


def test_a_lane_sees_the_twin_as_it_sees_a_camera():
    scene = Twin(
        "cold",
        {"--seed": 2, "--outdoor-c": 12.0, "--rest-min": 3.0},
        load_settings(None),
        HeatmapFaceLocator(),
    )
    (first,), (second,) = scene.runs()
    assert (first.facts["visit"], second.facts["visit"]) == (0, 1)
    assert len(first.moments) == 63
    assert first.room.outdoor_c == 12.0
    assert any(moment.step.faces for moment in first.moments)
    assert first.ended


def test_settings_of_the_place_reach_the_lane_and_unknown_ones_are_named():
    settings, camera = at_site(
        load_settings(None),
        {
            "reference.set_point_u_c": 0.05,
            "camera.calibration_valid_until": "2026-01-31",
            "policies.valid_until": "2026-02-01",
        },
    )
    assert settings.reference.set_point_u_c == 0.05
    assert camera.calibration_valid_until.isoformat() == "2026-01-31"
    assert settings.policies[0].valid_until.isoformat() == "2026-02-01"
    for name in ("camera.wings", "engine.power"):
        with pytest.raises(KnownError, match="does not know"):
            at_site(load_settings(None), {name: 1})


@pytest.mark.parametrize(
    "options", [["--seed", "-1"], ["--seed", "x"], ["--only", "dreams"], ["--quick", "more"]]
)
def test_options_that_do_not_fit_are_refused(options, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["evaluate", "twin", *options])
    assert stopped.value.code == 2
    assert "usage" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--json", "--picture"])
def test_a_place_that_cannot_be_written_is_named_before_the_work_begins(tmp_path, capsys, option):
    with pytest.raises(SystemExit) as stopped:
        main(["evaluate", "twin", option, str(tmp_path / "no" / "file")])
    assert stopped.value.code == 2
    assert "choose another place" in capsys.readouterr().err


def test_a_part_without_a_picture_is_named_before_the_work_begins(tmp_path, capsys):
    picture = str(tmp_path / "f.png")
    assert main(["evaluate", "twin", "--only", "source", "--picture", picture]) == 2
    assert "nothing to draw of source: judge faces, screening" in capsys.readouterr().err


def test_the_twin_refuses_what_it_cannot_do_in_one_sentence(tmp_path):
    truth = str(tmp_path / "truth")
    for options in (["dreams", "--truth", truth], ["patch", "--truth", truth, "--count", "0"]):
        done = twin(tmp_path, *options)
        assert done.returncode == 2
        assert b"Traceback" not in done.stderr
    done = twin(tmp_path, "patch", "--truth", str(tmp_path / "no" / "truth"))
    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1
    assert b"choose another place" in done.stderr


def test_a_reader_that_leaves_early_does_not_make_the_twin_complain(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-m", "simulators", "twin", "crossing", "--truth", str(tmp_path / "t")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(60) == 0
        assert process.stderr.read() == b""
