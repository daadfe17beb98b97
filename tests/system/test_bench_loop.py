"""`fever-station bench loop`: the twin in another process, a lane here, a floor beside it."""

import json

import pytest

from station.__main__ import main


@pytest.mark.system
@pytest.mark.timeout(180)  # films of six cases, up to 30 people, are painted first
def test_the_loop_is_timed_in_every_case_with_everybody_measured(tmp_path):
    out = tmp_path / "loop.json"
    assert main(["bench", "loop", "--frames", "6", "--soak", "30", "--json", str(out)]) == 0
    report = json.loads(out.read_text())
    cases = report["cases"]
    assert set(cases) == {
        "160x120, 1 people",
        "640x480, 1 people",
        "640x480, 10 people",
        "640x480, 20 people",
        "640x480, 30 people",
        "1024x768, 10 people",
    }
    ten = cases["640x480, 10 people"]
    assert ten["readings"] >= 8
    assert ten["mean_ratio"] == pytest.approx(ten["mean_ms"] / ten["floor_ms"], rel=0.02)
    assert report["soak"]["frames"] == 30


def test_figures_that_cannot_be_written_are_told(capsys, monkeypatch):
    monkeypatch.setattr("station.commands.bench._CASES", ())
    monkeypatch.setattr("station.commands.bench._report", lambda figures: {})
    assert main(["bench", "loop", "--json", "/dev/full"]) == 2
    assert "/dev/full cannot be written (No space left on device)" in capsys.readouterr().err
