"""Runs of the twin made by hand, for its judges and their picture."""

from datetime import timedelta
from uuid import UUID

from station.core.anatomy import FaceTemperatures, Spot
from station.core.cohort import CrowdLimits
from station.core.extraction import Site, SkinReading
from station.core.faces import Box, FaceRegion
from station.core.lane_events import LaneState
from station.core.lane_steps import EndedPassage, FaceObservation, LaneStep
from station.core.passages import Passage
from station.core.reference import ReferenceReading, ReferenceState
from station.core.room import Room
from station.core.screening import Measurement, Outcome, Screening
from station.core.uncertainty import Budget
from station.evaluation.twin_runs import Moment, Run, TrueFace
from tests.support import NOON

LEFT, RIGHT = Box(100, 100, 180, 160), Box(100, 300, 180, 360)
CROWD = CrowdLimits(
    window_people=150,
    newest_people=25,
    max_age_s=7200.0,
    max_gap_s=1800.0,
    warn_c=0.7,
    warn_spreads=2.8,
    shift_c=0.3,
    shift_sigmas=4.5,
)
HEALTHY = ReferenceReading(ReferenceState.HEALTHY)


def true(name, box, *, canthus_c=35.5, core_c=36.8, mm_per_px=0.9, visible=1.0):
    return TrueFace(name, box, canthus_c, core_c, True, visible, mm_per_px)


def reading(box, skin_c, *, mm_per_px=0.9, site=Site.INNER_CANTHUS):
    spot = Spot(skin_c, box.center)
    seen = FaceTemperatures(spot, spot, spot, spot, 34.0, 34.0, 34.0, 34.0)
    budget = Budget(0.15, 0.02, 0.05, 0.1, 0.05)
    return SkinReading(skin_c, budget, site, box.center, 0, skin_c, mm_per_px, False, seen)


def answer(skin_c, u_c=0.2, outcome=Outcome.BELOW, site=Site.INNER_CANTHUS):
    return Screening(outcome, Measurement(skin_c, u_c, site, 9, 0.9, False), (), "p")


def observed(box, number, result, screening=None):
    key = None if number is None else UUID(int=number)
    return FaceObservation(FaceRegion(box, 0.9, 0.9, None), number, result, screening, key)


def moment(t_s, people, faces, *, reference=HEALTHY, blocked=None, middle_c=30.0):
    step = LaneStep(LaneState.READY, blocked, reference, tuple(faces), (), ())
    return Moment(t_s, tuple(people), step, middle_c)


def ended(number, screening):
    passage = Passage(
        UUID(int=number), "1", "c", number, NOON, NOON + timedelta(seconds=5), 0, 40, screening,
        ReferenceState.HEALTHY, 20,
    )  # fmt: skip
    return EndedPassage(passage, False, None)


def run(moments, ends=(), **facts):
    return Run("clip", facts, Room(22.0, 0.5), 9.0, tuple(moments), tuple(ends))


def skin_run(error_c, mm_per_px=0.9, u_c=0.2):
    who = true("a", LEFT, mm_per_px=mm_per_px)
    skin_c = who.canthus_c + error_c
    faces = [observed(LEFT, 1, reading(LEFT, skin_c, mm_per_px=mm_per_px))]
    return run([moment(0.0, [who], faces)], [ended(1, answer(skin_c, u_c))])


def screened(core_c, skin_c):
    who = true("a", LEFT, core_c=core_c)
    screening = answer(skin_c)
    faces = [observed(LEFT, 1, reading(LEFT, skin_c), screening)]
    return run([moment(0.0, [who], faces)], [ended(1, screening)])
