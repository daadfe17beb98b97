"""What `certify` refuses before it touches a device, and what stands on the certificate."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from config.loader import load_settings, shipped_site
from station.__main__ import main
from station.commands.certify import settings_hash, sweep_targets
from station.core.linearity import MissedStep, Step, Verdict, judge
from station.evaluation import certificate_page
from station.evaluation.certificate import STATEMENT, Certificate, notes, uncertainty_lines
from station.evaluation.certificate_page import draw, write_pdf

BENCH = str(shipped_site("bench"))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--region", "0.0,0.5,0.5,0.9"), "overlaps the reference source's region"),
        (("--from", "34", "--to", "80"), "go upwards between 20 and 50 °C"),
        (("--from", "40", "--to", "35"), "go upwards between 20 and 50 °C"),
        (("--step", "9"), "3 to 400 temperatures"),
        (("--step", "0.001"), "3 to 400 temperatures"),
        (("--camera", "camera-9"), "Name one of the cameras with --camera: camera-1"),
        (("--source", "mikron"), "there is no driver 'mikron' for references"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(more, words, capsys):
    assert main(["certify", "--config", BENCH, *more]) == 2
    told = capsys.readouterr().err
    assert words in told
    assert told.count("\n") == 1


@pytest.mark.parametrize(
    "more",
    [
        ("--region", "0.5,0.5,0.4,0.9"),
        ("--region", "0.1,0.2"),
        ("--emissivity", "1.2"),
        ("--frames", "1"),
        ("--step", "-1"),
        ("--from", "nan"),
        ("--out", "/nowhere/x.pdf"),
    ],
)
def test_arguments_without_sense_are_refused(more, capsys):
    with pytest.raises(SystemExit):
        main(["certify", "--config", BENCH, *more])
    assert more[0] in capsys.readouterr().err


def test_a_site_whose_reference_may_be_anywhere_is_told_to_narrow_it(tmp_path, capsys):
    site = tmp_path / "site.toml"
    site.write_text('[[cameras]]\ncamera_id = "c"\nlane = "1"\ndriver = "recording"\n', "utf-8")
    assert main(["certify", "--config", str(site)]) == 2
    assert "narrow [reference].regions" in capsys.readouterr().err


def test_other_commands_do_not_load_the_plotting_library():
    code = "import sys, station.__main__ as m; m.main(['check-config', sys.argv[1]]); "
    code += "sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code, BENCH], check=False).returncode == 0


def test_the_shipped_bench_site_is_correct(capsys):
    assert main(["check-config", BENCH]) == 0


@pytest.mark.parametrize("name", ["region = [0.5, 0.1, 0.4, 0.9]", "emissivity = 0", "u_c = 0"])
def test_faults_of_the_swept_source_in_a_site_file_are_named(name, tmp_path, capsys):
    site = tmp_path / "site.toml"
    site.write_text(f"[swept_source]\n{name}\n", "utf-8")
    assert main(["check-config", str(site)]) == 2
    assert f"line 2: 'swept_source.{name.split()[0]}' must" in capsys.readouterr().err


def test_the_whole_sweep_has_29_temperatures_and_holds_both_ends():
    targets = sweep_targets(34, 41, 0.25)
    assert targets == [34 + index * 0.25 for index in range(29)]
    assert sweep_targets(34, 41, 2) == [34, 36, 38, 40, 41]


def test_the_settings_hash_follows_the_settings_but_holds_no_password():
    settings = load_settings(Path(BENCH))
    (camera,) = settings.cameras
    other_word = replace(camera, options={**camera.options, "password": "another"})
    warmer = replace(settings, room=replace(settings.room, ambient_c=23.0))
    assert settings_hash(replace(settings, cameras=(other_word,))) == settings_hash(settings)
    assert settings_hash(warmer) != settings_hash(settings)


def certificate(respond=lambda t: t, *, lost=(), targets=None, facts=None):
    targets = np.arange(34, 41.01, 0.25) if targets is None else targets
    steps = tuple(Step(t, t, float(respond(t)), 20, 0.004, 0.18) for t in map(float, targets))
    missed = tuple(MissedStep(t, "the reference source is lost: uncover it") for t in lost)
    steps = tuple(step for step in steps if step.target_c not in lost)
    default = (("Camera", "DS-2TD, serial 1"), ("Site", "110106 / hub / gate-1"))
    return Certificate(
        judge(steps, missed),
        steps,
        missed,
        facts or default,
        datetime(2026, 11, 24, 12, 0, tzinfo=UTC),
        is_whole=not lost,
    )


def words(figure):
    return [text.get_text() for text in figure.findobj(lambda a: hasattr(a, "get_text"))]


@pytest.mark.parametrize(
    "drawn",
    [
        certificate(),
        certificate(lambda t: 37 + 0.1 * (t - 37)),
        certificate(lambda t: t + 0.3),
        certificate(lost=(34.0, 38.25, 41.0)),
        certificate(lost=tuple(np.arange(34, 41.01, 0.25))),
        certificate(targets=np.arange(34, 41.01, 0.05)),
        certificate(facts=tuple((f"Fact {i}", "long words " * 20) for i in range(10))),
    ],
    ids=["pass", "normalising", "offset", "incomplete", "nothing", "many", "long"],
)
def test_every_certificate_is_one_page_with_its_verdict_and_statement(drawn, tmp_path, monkeypatch):
    figure, path = draw(drawn), tmp_path / "certificate.pdf"
    monkeypatch.setattr(certificate_page, "draw", lambda _: figure)
    write_pdf(path, drawn)
    content = path.read_bytes()
    assert content.startswith(b"%PDF-")
    assert content.count(b"/Type /Page\n") + content.count(b"/Type /Page ") == 1
    told = words(figure)
    assert drawn.judgement.verdict.value in told
    assert STATEMENT.split(".")[0] in " ".join(told)
    # Nothing may reach over the page's edge.
    width, height = figure.bbox.width, figure.bbox.height
    for text in figure.texts:
        box = text.get_window_extent()
        assert box.x0 >= 0, text.get_text()
        assert box.x1 <= width, text.get_text()
        assert 0 <= box.y0 <= box.y1 <= height, text.get_text()


def test_the_page_is_drawn_without_a_chinese_font(tmp_path, monkeypatch):
    monkeypatch.setattr(certificate_page, "_CJK_NAMES", ("no such font",))
    write_pdf(tmp_path / "certificate.pdf", certificate())


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(certificate_page.KnownError, match="choose another place"):
        write_pdf(tmp_path, certificate())


def test_a_normalising_camera_s_certificate_says_why_nobody_noticed():
    bent = certificate(lambda t: 37 + 0.1 * (t - 37)).judgement
    assert bent.verdict is Verdict.NORMALISING
    assert "cannot notice this" in notes(bent)[0]
    assert notes(certificate().judgement) == []


def test_sources_less_certain_than_the_limit_are_admitted():
    steps = certificate().steps
    assert "±0.36 °C for all steps together" in uncertainty_lines(steps)[0]
    assert "less certain than the limit" in uncertainty_lines(steps)[1]
    sure = [replace(step, level_u_c=0.02) for step in steps]
    assert len(uncertainty_lines(sure)) == 1
