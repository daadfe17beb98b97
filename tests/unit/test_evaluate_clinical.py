"""`fever-station evaluate clinical` and `fit oral` on made-up tables."""

import csv
import json

import numpy as np
import pytest

from station.__main__ import main
from station.core.estimation import OralEstimate
from station.evaluation.clinical import auc, bootstrap_auc, clinical_figures, roc
from tests.unit.clinical_making import made_sessions, write_table


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    table = write_table(folder / "dev.csv", made_sessions(110, seed=1))
    path = folder / "model.json"
    assert main(["fit", "oral", str(table), "--out", str(path), "--fitted-on", "2026-11-25"]) == 0
    return path


def evaluate(tmp_path, table, model, *more):
    out = tmp_path / "scores.csv"
    arguments = ["evaluate", "clinical", str(table), "--out", str(out), "--model", str(model)]
    code = main([*arguments, *map(str, more)])
    assert code == 0
    with out.open(newline="") as file:
        return list(csv.DictReader(file))


def test_every_row_gets_a_row_with_its_decision(tmp_path, model, capsys):
    sessions = made_sessions(30, seed=5)
    rows = evaluate(tmp_path, write_table(tmp_path / "t.csv", sessions), model)
    assert list(rows[0]) == ["subject_id", "irt", "estimate_oral_c", "u_c", "decision"]
    assert [(row["subject_id"], row["irt"]) for row in rows] == [
        (session.subject_id, session.irt) for session in sessions
    ]
    right = [
        (row["decision"] == "above") == (session.oral_c >= 37.5)
        for row, session in zip(rows, sessions, strict=True)
    ]
    assert np.mean(right) > 0.9
    printed = capsys.readouterr().out
    assert "irt1" in printed
    assert "without an estimate: 0 of 60" in printed


def test_scores_need_no_oral_reading_and_do_not_depend_on_it(tmp_path, model):
    sessions = made_sessions(20, seed=6)
    with_oral = evaluate(tmp_path, write_table(tmp_path / "a.csv", sessions), model)
    without = write_table(tmp_path / "b.csv", sessions, with_oral=False)
    assert evaluate(tmp_path, without, model) == with_oral


def test_blank_cells_never_become_nan(tmp_path, model):
    sessions = made_sessions(12, seed=7)
    first = [name for name in _columns(sessions) if name.startswith("r1_")]
    blank = {(0, name) for name in _columns(sessions)}
    blank |= {(1, "rel_humidity_pct"), (1, "distance_m"), (2, "r1_forehead_ext_max_c")}
    blank |= {(3, "ambient_c")} | {(4, name) for name in first}
    table = write_table(tmp_path / "t.csv", sessions, blank=blank)
    rows = evaluate(tmp_path, table, model)
    assert [row["decision"] for row in (rows[0], rows[3])] == ["not_measured"] * 2
    assert rows[0]["estimate_oral_c"] == rows[0]["u_c"] == ""
    measured = [row for row in rows if row["decision"] != "not_measured"]
    assert len(measured) == len(rows) - 2
    assert all(
        np.isfinite([float(row["estimate_oral_c"]), float(row["u_c"])]).all() for row in measured
    )
    single = evaluate(tmp_path, table, model, "--frame", "r1")
    assert single[4]["decision"] == "not_measured"
    assert rows[4]["decision"] != "not_measured"


def test_the_first_frame_alone_is_another_and_less_certain_answer(tmp_path, model):
    table = write_table(tmp_path / "t.csv", made_sessions(20, seed=8))
    rounds = evaluate(tmp_path, table, model)
    single = evaluate(tmp_path, table, model, "--frame", "r1")
    assert [row["estimate_oral_c"] for row in rounds] != [row["estimate_oral_c"] for row in single]
    assert np.mean([float(row["u_c"]) for row in single]) > np.mean(
        [float(row["u_c"]) for row in rounds]
    )


def test_a_picture_is_drawn_on_request(tmp_path, model):
    picture = tmp_path / "p.png"
    table = write_table(tmp_path / "t.csv", made_sessions(20, seed=9))
    evaluate(tmp_path, table, model, "--picture", picture)
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_a_fit_is_the_same_each_time(tmp_path, model):
    table = write_table(tmp_path / "dev.csv", made_sessions(110, seed=1))
    out = tmp_path / "again.json"
    arguments = ["fit", "oral", str(table), "--out", str(out), "--fitted-on", "2026-11-25"]
    assert main(arguments) == 0
    assert out.read_bytes() == model.read_bytes()


def test_a_fit_is_cross_validated_on_request(tmp_path, capsys):
    table = write_table(tmp_path / "dev.csv", made_sessions(110, seed=1))
    out = tmp_path / "model.json"
    arguments = ["fit", "oral", str(table), "--out", str(out), "--fitted-on", "2026-11-25"]
    assert main([*arguments, "--cross-validate", "1", "--folds", "2"]) == 0
    printed = capsys.readouterr().out
    assert "above the best baseline" in printed
    assert "fitted in rooms of group 1, tested in group 2" in printed
    stored = json.loads(out.read_text())["cross_validation"]
    assert set(stored["figures"]) == {
        f"{mode}, {camera}" for mode in ("rounds", "first frame") for camera in ("irt1", "irt2")
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "has no column 'subject_id'"),
        ("subject_id,irt,ambient_c,rel_humidity_pct\n", "has no column 'distance_m'"),
        ("subject_id,irt,ambient_c,rel_humidity_pct,distance_m\n", "has no rows"),
        ("subject_id,irt,ambient_c,rel_humidity_pct,distance_m\na,irt1,warm,3,1\n", "'warm'"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_in_one_sentence(
    tmp_path, model, capsys, text, words
):
    table = tmp_path / "t.csv"
    table.write_text(text)
    out = tmp_path / "o.csv"
    arguments = ["evaluate", "clinical", str(table), "--out", str(out), "--model", str(model)]
    assert main(arguments) == 2
    message = capsys.readouterr().err
    assert words in message
    assert message.count("\n") == 1


def test_the_area_counts_pairs_and_a_tie_as_a_half():
    score = np.array([36.0, 37.0, 37.0, 38.0])
    febrile = np.array([False, False, True, True])
    assert auc(score, febrile) == pytest.approx((1 + 0.5 + 1 + 1) / 4)
    false, true = roc(score, febrile)
    assert np.trapezoid(true, false) == pytest.approx(auc(score, febrile))


def test_the_interval_of_the_area_is_as_wide_as_theory_says():
    random = np.random.default_rng(1)
    febrile = np.repeat([True, False], 100)
    score = random.normal(0.0, 1.0, 200) + febrile
    area, (low, high) = auc(score, febrile), bootstrap_auc(score, febrile)
    # Source: Hanley and McNeil 1982, Radiology 143(1), equation 1.
    q1, q2 = area / (2 - area), 2 * area**2 / (1 + area)
    spread = area * (1 - area) + 99 * (q1 - area**2) + 99 * (q2 - area**2)
    assert low < area < high
    assert high - low == pytest.approx(2 * 1.96 * np.sqrt(spread / 100**2), rel=0.15)


def test_coverage_is_the_share_of_people_within_two_standard_uncertainties():
    sessions = made_sessions(12, cameras=("irt1",))
    off_c = (0.0, 0.3, -0.39, 0.41, -0.6, 0.1) * 2
    answers = [
        OralEstimate(one.oral_c + by_c, 0.2, one.oral_c > 37.5, 3, (), "made up")
        for one, by_c in zip(sessions, off_c, strict=True)
    ]
    assert clinical_figures(sessions, answers).coverage == pytest.approx(8 / 12)


def _columns(sessions):
    sites = sessions[0].frames[0]
    return [f"r{number}_{site}" for number in (1, 2, 3) for site in sites]
