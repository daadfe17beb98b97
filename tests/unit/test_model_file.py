"""The model file: what it holds, and one clear sentence for each way in which it can be broken."""

import json

import numpy as np
import pytest

from station.core.errors import KnownError
from station.estimation.fitting import fit_oral
from station.estimation.model_file import (
    FORMAT,
    Provenance,
    read_model,
    shipped_model,
    write_model,
)
from tests.unit.clinical_making import made_sessions


@pytest.fixture(scope="module")
def model():
    return fit_oral(made_sessions(60), name="oral", version="t")


def written(path, model):
    write_model(path, model, Provenance("2026-11-25", (("a.csv", "00ff"),), {"repeats": 2}))
    return path


def changed(path, model, change):
    content = json.loads(written(path, model).read_text())
    change(content)
    path.write_text(json.dumps(content))
    return path


def test_a_model_is_read_as_it_was_written(tmp_path, model):
    again = read_model(written(tmp_path / "m.json", model))
    assert np.array_equal(again.linear, model.linear)
    assert np.array_equal(again.frequencies, model.frequencies)
    assert (again.single, again.several) == (model.single, model.several)
    assert (again.name, again.version, again.features) == ("oral", "t", model.features)


def test_the_same_model_gives_the_same_bytes(tmp_path, model):
    first, second = (written(tmp_path / name, model).read_bytes() for name in ("a", "b"))
    assert first == second


def test_the_file_says_when_and_on_what_it_was_fitted(tmp_path, model):
    content = json.loads(written(tmp_path / "m.json", model).read_text())
    assert content["format"] == FORMAT
    assert content["fitted_on"] == "2026-11-25"
    assert content["tables"] == [{"name": "a.csv", "sha256": "00ff"}]
    assert content["cross_validation"] == {"repeats": 2}


def test_the_shipped_model_is_whole():
    model = shipped_model()
    assert model.several.cut_c > 37.0
    assert model.single.step_c >= 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda c: c.update(format="fever-station oral model 2"), "has format .* reads"),
        (lambda c: c.pop("format"), "has format None"),
        (lambda c: c.pop("linear"), "has no 'linear'"),
        (lambda c: c["single"].pop("cut_c"), "has no 'single.cut_c'"),
        (lambda c: c["linear"].pop(), "linear has the shape"),
        (lambda c: c["scale"].__setitem__(0, 0), "scale must be above 0"),
        (lambda c: c["linear"].__setitem__(0, float("nan")), "linear is not finite"),
        (lambda c: c["linear"].__setitem__(0, "warm"), "cannot be"),
        (lambda c: c["several"].update(step_c=-0.1), "step must not be negative"),
        (lambda c: c["several"].update(u_c=[]), "uncertainty must be above 0"),
        (lambda c: c.update(required=["nose"]), "'nose', which is no feature"),
        (lambda c: c.update(single=3), "cannot be"),
    ],
)
def test_a_broken_model_is_refused_in_one_sentence(tmp_path, model, change, words):
    with pytest.raises(KnownError, match=words) as error:
        read_model(changed(tmp_path / "m.json", model, change))
    assert "\n" not in str(error.value)
    assert "fit it again" in str(error.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "\x00"])
def test_what_is_no_model_is_refused(tmp_path, text):
    path = tmp_path / "m.json"
    path.write_text(text)
    with pytest.raises(KnownError, match=r"m\.json"):
        read_model(path)


def test_an_absent_model_is_named(tmp_path):
    with pytest.raises(KnownError, match=r"absent\.json cannot be read"):
        read_model(tmp_path / "absent.json")
