"""The oral estimate: what it does with warm, cold and missing inputs, and how it is fitted."""

from dataclasses import replace
from math import isfinite, nan

import numpy as np
import pytest

from station.core.errors import KnownError
from station.core.estimation import (
    Calibration,
    NoEstimate,
    NoEstimateReason,
    OralEstimate,
    OralModel,
    Surroundings,
    calibrate,
    estimate_oral,
)
from station.estimation.fitting import FEATURES, fit_oral, inner_folds
from station.estimation.model_file import shipped_model
from tests.unit.clinical_making import made_sessions

ROOM = Surroundings(ambient_c=24.0, rel_humidity_pct=30.0, distance_m=0.7)


def calibration(**changes):
    plain = Calibration(0.5, 0.3, 37.4, 0.06, (36.0, 38.0), (0.2, 0.4), 37.5)
    return replace(plain, **changes)


def small_model(**changes):
    """Canthi, face and room: 37 °C and half a degree for each deviation of either site."""
    plain = OralModel(
        name="small",
        version="7",
        features=("canthi", "face", "ambient_c"),
        required=("canthi",),
        mean=np.array([35.5, 36.0, 24.0]),
        scale=np.array([0.5, 0.5, 1.5]),
        lowest=np.array([34.0, 34.5, 20.0]),
        highest=np.array([38.0, 38.5, 28.0]),
        correlation=np.array([[1.0, 0.9, 0.3], [0.9, 1.0, 0.3], [0.3, 0.3, 1.0]]),
        unit_slope_above_c=36.5,
        intercept_c=36.5,
        linear=np.array([0.3, 0.2, -0.05]),
        frequencies=np.full((3, 1), 0.01),
        phases=np.zeros(1),
        waves=np.array([0.01]),
        single=calibration(u_c=(0.3, 0.5)),
        several=calibration(),
    )
    return replace(plain, **changes)


def skin(canthi=35.5, face=36.0):
    return {"canthi": canthi, "face": face}


def test_a_warmer_face_gives_a_warmer_estimate_with_its_model_named():
    model = small_model()
    cold = estimate_oral(model, [skin()], ROOM)
    warm = estimate_oral(model, [skin(36.0, 36.5)], ROOM)
    assert isinstance(cold, OralEstimate)
    assert warm.oral_c > cold.oral_c + 0.4
    assert cold.model == "small 7"
    assert not cold.is_above


@pytest.mark.parametrize("hidden", [None, nan, "absent"])
def test_a_missing_site_is_inferred_and_widens_the_uncertainty(hidden):
    model = small_model()
    sites = {"canthi": 36.0} if hidden == "absent" else {"canthi": 36.0, "face": hidden}
    whole = estimate_oral(model, [skin(36.0, 36.45)], ROOM)
    partial = estimate_oral(model, [sites], ROOM)
    assert partial.inferred == ("face",)
    assert partial.u_c > whole.u_c
    # The face goes with the canthi: 0.9 deviations for one.
    assert partial.oral_c == pytest.approx(whole.oral_c, abs=0.02)


def test_a_site_that_cannot_be_is_taken_as_missing():
    odd = estimate_oral(small_model(), [skin(face=-5.0)], ROOM)
    assert odd.inferred == ("face",)
    assert odd.oral_c == pytest.approx(estimate_oral(small_model(), [skin()], ROOM).oral_c, abs=0.2)


@pytest.mark.parametrize(
    ("frames", "room", "reason"),
    [
        ([], ROOM, NoEstimateReason.NO_FRAME),
        ([{"face": 36.0}], ROOM, NoEstimateReason.NO_FRAME),
        ([skin()], Surroundings(None), NoEstimateReason.ROOM_UNKNOWN),
        ([skin()], Surroundings(nan), NoEstimateReason.ROOM_UNKNOWN),
        ([skin()], Surroundings(5.0), NoEstimateReason.ROOM_OUT_OF_RANGE),
        ([skin()], Surroundings(36.0), NoEstimateReason.ROOM_OUT_OF_RANGE),
        ([skin(canthi=30.0)], ROOM, NoEstimateReason.SKIN_OUT_OF_RANGE),
        ([skin(canthi=60.0)], ROOM, NoEstimateReason.SKIN_OUT_OF_RANGE),
    ],
)
def test_doubt_gives_no_estimate_and_its_reason(frames, room, reason):
    assert estimate_oral(small_model(), frames, room) == NoEstimate(reason)


def test_blank_humidity_and_distance_still_give_a_finite_estimate():
    answer = estimate_oral(
        shipped_model(), [dict.fromkeys(FEATURES[:-3], 35.5)], Surroundings(24.0, None, nan)
    )
    assert isfinite(answer.oral_c)
    assert isfinite(answer.u_c)
    assert set(answer.inferred) == {"rel_humidity_pct", "distance_m"}


def test_a_frame_that_hid_the_canthi_does_not_pull_the_person_down():
    model = small_model()
    steady = estimate_oral(model, [skin(), skin(), skin()], ROOM)
    blinked = estimate_oral(model, [skin(), skin(34.5, 35.0), skin()], ROOM)
    mean_drop = (0.3 * 2 + 0.2 * 2) / 3
    assert steady.oral_c - blinked.oral_c == pytest.approx(mean_drop / 2, abs=0.02)
    assert blinked.frame_count == 3


def test_one_frame_is_calibrated_for_one_and_less_certain():
    model = small_model()
    assert (
        estimate_oral(model, [skin()], ROOM).u_c > estimate_oral(model, [skin(), skin()], ROOM).u_c
    )


def test_the_calibration_never_has_a_slope_below_one():
    at_c = np.arange(34.0, 42.0, 0.01)
    values = [calibrate(calibration(), value) for value in at_c]
    assert (np.diff(values) / 0.01 > 1 - 1e-9).all()


def test_the_shipped_model_bends_no_fever_towards_the_normal():
    """Sites of a face at rest, from the means of the model, warmed as a whole."""
    model = shipped_model()
    rest = dict(zip(model.features, model.mean, strict=True))
    room = Surroundings(rest["ambient_c"], rest["rel_humidity_pct"], rest["distance_m"])
    warmth_c = np.arange(1.5, 6.01, 0.25)
    estimates = [
        estimate_oral(model, [{name: value + warmer for name, value in rest.items()}], room).oral_c
        for warmer in warmth_c
    ]
    slopes = np.diff(estimates) / 0.25
    assert estimates[0] > 37.9
    assert slopes.min() > 0.9
    assert slopes.max() < 1.3


def test_fitting_twice_gives_the_same_model():
    sessions = made_sessions(60)
    first = fit_oral(sessions, name="oral", version="t")
    again = fit_oral(sessions, name="oral", version="t")
    assert np.array_equal(first.linear, again.linear)
    assert np.array_equal(first.waves, again.waves)
    assert first.several == again.several
    assert first.single == again.single


def test_a_fit_finds_oral_temperature_in_people_it_has_not_seen():
    model = fit_oral(made_sessions(150, seed=1), name="oral", version="t")
    errors = []
    for session in made_sessions(80, seed=2):
        answer = estimate_oral(model, [s for s in session.frames if s], session.surroundings)
        errors.append(answer.oral_c - session.oral_c)
    assert np.sqrt(np.mean(np.square(errors))) < 0.3
    assert abs(np.mean(errors)) < 0.1


def test_the_second_thermometer_and_the_person_are_no_inputs():
    assert not {"oral_fast_c", "gender", "age_band_y", "ethnicity"} & set(shipped_model().features)


def test_a_fit_needs_people_on_both_sides_of_fever():
    sessions = [replace(session, oral_c=36.8) for session in made_sessions(60)]
    with pytest.raises(KnownError, match="below and above"):
        fit_oral(sessions, name="oral", version="t")


def test_a_fit_needs_people():
    with pytest.raises(KnownError, match="at least 40 people"):
        fit_oral(made_sessions(10), name="oral", version="t")


def test_both_cameras_of_a_person_are_on_one_side_of_a_fold():
    sessions = made_sessions(50)
    subjects = [session.subject_id for session in sessions]
    folds = inner_folds(subjects, 5, 3)
    assert (folds.sum(axis=0) == 1).all()
    for subject in set(subjects):
        rows = [row for row, name in enumerate(subjects) if name == subject]
        assert (folds[:, rows] == folds[:, rows[:1]]).all()
