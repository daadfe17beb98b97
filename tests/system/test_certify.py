"""Certifying a camera end to end: simulated devices in their own process, on real wires."""

import json
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from station.core.linearity import Verdict
from station.service.certificates import latest_certificates
from tests.support import Control

pytestmark = [pytest.mark.system, pytest.mark.timeout(240)]

ROOT = Path(__file__).parents[2]
SITE = """\
[station]
station_id = "bench-1"
region = "110106"
site = "beijing-west"
ledger_path = "unused.sqlite"
export_folder = "{files}"

[reference]
regions = [[0.0, 0.75, 0.4, 1.0]]

[swept_source]
driver = "fluke418x"
region = [0.35, 0.25, 0.8, 0.65]
dwell_s = 0.1
[swept_source.options]
port = "{source_port}"

[[cameras]]
camera_id = "camera-1"
lane = "1"
driver = "hikvision-isapi"
warm_up_s = 0
[cameras.options]
url = "{camera_url}"
user = "admin"
password = "bench"
max_rate_hz = 60
"""


@contextmanager
def simulators(folder, *more):
    """Start a bench at 300 times the speed of a real source."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "simulators", "hub", "bench", "--set", "speed=300", *more),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    try:
        addresses = json.loads(process.stdout.readline())
        site = folder / "site.toml"
        devices = addresses["devices"]
        places = {"camera_url": devices["camera"]["url"], "source_port": devices["source"]["port"]}
        places["files"] = str(folder / "files")
        site.write_text(SITE.format(**places), encoding="utf-8")
        with closing(Control(addresses["control"])) as control:
            yield SimpleNamespace(control=control, site=site)
    finally:
        process.stdin.close()
        process.wait(60)
        process.stdout.close()


def command(bench, folder, *more):
    return [
        *(sys.executable, "-m", "station", "certify", "--config", str(bench.site)),
        *("--out", str(folder / "certificate.pdf"), "--json", str(folder / "figures.json")),
        *("--frames", "8", "--patience", "1.5", "--settle", "20", *more),
    ]


def certify(bench, folder, *more, answers=""):
    done = subprocess.run(
        command(bench, folder, *more),
        input=answers,
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=200,
        check=False,
    )
    figures = folder / "figures.json"
    found = json.loads(figures.read_text("utf-8")) if figures.exists() else None
    return SimpleNamespace(code=done.returncode, out=done.stdout, err=done.stderr, found=found)


def pages(folder):
    content = (folder / "certificate.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    return content.count(b"/Type /Page ") + content.count(b"/Type /Page\n")


def test_a_healthy_camera_passes_the_whole_sweep_with_its_certificate(tmp_path):
    with simulators(tmp_path) as bench:
        done = certify(bench, tmp_path, "--yes")
        assert done.code == 0, done.out + done.err
        assert "verdict: PASS" in done.out
        found = done.found
        assert found["is_whole_sweep"]
        assert [step["target_c"] for step in found["steps"]] == [
            34 + index * 0.25 for index in range(29)
        ]
        assert 0.98 <= found["slope"] <= 1.02
        assert abs(found["max_deviation_c"]) <= 0.1
        assert all(step["frames"] == 8 for step in found["steps"])
        facts = dict(found["facts"])
        assert facts["Camera"] == "DS-2TD2637B-10/P, serial SIMULATED0001"
        assert facts["Swept source"] == "Fluke 4180, serial SIMULATED418X"
        assert "no claim of conformity" in done.out
        assert pages(tmp_path) == 1
        (kept,) = latest_certificates(tmp_path / "files", 365)
        assert (kept.camera_id, kept.verdict, kept.is_whole) == ("camera-1", Verdict.PASS, True)
        assert kept.slope == found["slope"]
        truth = bench.control.do(do="truth", device="source")
        assert (truth["set_point_c"], truth["is_heating"]) == (35.0, False), "left as it was found"


def test_a_normalising_camera_is_refused(tmp_path):
    with simulators(tmp_path, "--fault", "camera.normalise") as bench:
        done = certify(bench, tmp_path, "--yes", "--step", "1")
        assert done.code == 1, done.out + done.err
        assert "verdict: normalising: do not use" in done.out
        assert "cannot notice this" in done.out
        assert done.found["slope"] < 0.98
        assert done.found["bend"]["slope"] < 0.5
        assert pages(tmp_path) == 1


@contextmanager
def running(bench, folder, *more):
    """A certify process whose words are read as they come."""
    process = subprocess.Popen(
        command(bench, folder, *more),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(60)
        process.stdin.close()
        process.stdout.close()


def test_the_fault_is_switched_by_the_control_port_and_a_source_set_by_hand_shows_it(tmp_path):
    sweep = ("--source", "manual", "--from", "35", "--to", "39", "--step", "1")
    with simulators(tmp_path) as bench, running(bench, tmp_path, *sweep) as process:
        bench.control.do(do="fault", device="camera", fault="normalise", on=True)
        said = ""
        while letter := process.stdout.read(1):
            said += letter
            # The technician: reads the question, sets the panel, waits, presses Enter.
            if said.endswith("leave the step out: "):
                target_c = float(said.rpartition("Set the source to ")[2].split()[0])
                bench.control.do(do="tell", device="source", command="panel", set_point_c=target_c)
                time.sleep(2.0)
                process.stdin.write("\n")
                process.stdin.flush()
        assert process.wait(60) == 1, said
        assert "verdict: normalising: do not use (shortened sweep" in said


def test_a_camera_that_is_cut_off_on_the_way_leaves_the_sweep_incomplete(tmp_path):
    with simulators(tmp_path) as bench, running(bench, tmp_path, "--yes") as process:
        said = ""
        for line in process.stdout:
            said += line
            if line.startswith(" 34.2"):
                bench.control.do(do="fault", device="camera", fault="disconnect", on=True)
        assert process.wait(60) == 2, said
        assert "verdict: INCOMPLETE" in said
        assert "the camera is lost" in said
        assert bench.control.do(do="truth", device="source")["is_heating"] is False


def test_a_covered_reference_and_an_unanswered_question_leave_the_sweep_incomplete(tmp_path):
    with simulators(tmp_path) as bench:
        bench.control.do(do="tell", device="source", command="panel", set_point_c=36.0)
        bench.control.do(do="fault", device="camera", fault="source_covered", on=True)
        done = certify(
            bench, tmp_path, *("--source", "manual", "--from", "36", "--to", "40"), "--step", "1",
            answers="\n36.9\nwarm\ns\n",
        )  # fmt: skip
        assert done.code == 2, done.out + done.err
        assert "verdict: INCOMPLETE" in done.out
        assert "the reference source is not found" in done.out
        assert "'warm' is no temperature" in done.out
        assert "the technician left it out" in done.out
        assert "39.00, 40.00 °C: the technician left it out" in done.out
        assert pages(tmp_path) == 1


def test_faults_of_the_source_are_named(tmp_path):
    with simulators(tmp_path) as bench:
        for fault, words in (
            ("unsettled", "has not settled within 2 s"),
            ("cut_out", "the source is lost: The reference source does not switch"),
        ):
            bench.control.do(do="fault", device="source", fault=fault, on=True)
            more = ("--from", "35", "--to", "37", "--step", "1", "--yes", "--settle", "2")
            done = certify(bench, tmp_path, *more)
            bench.control.do(do="fault", device="source", fault=fault, on=False)
            assert done.code == 2, done.out + done.err
            assert words in done.out
            assert "Not measured: 35.00, 36.00, 37.00 °C" in done.out


def test_nothing_is_changed_on_the_source_without_a_yes(tmp_path):
    with simulators(tmp_path) as bench:
        for answers in ("", "no\n"):
            done = certify(bench, tmp_path, answers=answers)
            assert done.code == 2
            assert "was not confirmed, and nothing was changed" in done.err
            assert "Its output is off and would be switched on" in done.out
        truth = bench.control.do(do="truth", device="source")
        assert (truth["set_point_c"], truth["is_heating"]) == (35.0, False)


def test_a_sweep_that_is_ended_early_does_not_leave_the_source_hot(tmp_path):
    with simulators(tmp_path) as bench, running(bench, tmp_path, "--yes") as process:
        assert any(line.startswith(" 34.2") for line in process.stdout)
        assert bench.control.do(do="truth", device="source")["is_heating"]
        process.terminate()
        assert process.wait(60) == 130
        truth = bench.control.do(do="truth", device="source")
        assert (truth["set_point_c"], truth["is_heating"]) == (35.0, False)


def test_an_emissivity_that_the_source_contradicts_is_refused(tmp_path):
    with simulators(tmp_path) as bench:
        done = certify(bench, tmp_path, "--yes", "--emissivity", "0.98")
    assert done.code == 2
    assert "for an emissivity of 0.95, the settings say 0.98" in done.err
    assert done.err.count("\n") == 1
