"""The shipped oral estimate on the clinical tables beside the project, where they are present."""

import csv
from pathlib import Path

import pytest

from station.__main__ import main
from station.estimation.model_file import read_model, shipped_model

TABLES = [
    Path(__file__).parents[3] / "shared" / "clinical" / f"dev_{camera}.csv"
    for camera in ("irt1", "irt2")
]

pytestmark = pytest.mark.skipif(
    not all(path.exists() for path in TABLES), reason="no clinical tables in ../shared"
)


def test_the_shipped_model_scores_every_session_of_both_cameras(tmp_path, capsys):
    out = tmp_path / "scores.csv"
    assert main(["evaluate", "clinical", *map(str, TABLES), "--out", str(out)]) == 0
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 512 + 504
    assert {row["irt"] for row in rows} == {"irt1", "irt2"}
    assert {row["decision"] for row in rows} == {"above", "below"}
    assert "AUC" in capsys.readouterr().out


def test_fitting_on_the_tables_gives_the_shipped_parameters(tmp_path):
    out = tmp_path / "model.json"
    assert main(["fit", "oral", *map(str, TABLES), "--out", str(out)]) == 0
    fitted, shipped = read_model(out), shipped_model()
    # Another BLAS may round differently; a thousandth of a degree is far below the uncertainty.
    assert fitted.linear == pytest.approx(shipped.linear, abs=1e-4)
    assert fitted.several.cut_c == pytest.approx(shipped.several.cut_c, abs=0.005)
