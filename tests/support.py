"""What several tests share: builders of frames, faces, limits, policies and cases; waiting."""

import json
import socket
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from uuid import UUID

import numpy as np

from station.core.cases import BodyReading, ReadingMode, open_case
from station.core.extraction import ExtractionLimits, Site
from station.core.faces import Box, FaceRegion
from station.core.frame_checks import FrameLimits
from station.core.frames import FrameStatus, ThermalFrame
from station.core.lane import Lane, LaneLimits
from station.core.reference import ReferenceLimits, ReferenceReading, ReferenceState
from station.core.room import Room, RoomLimits
from station.core.screening import Comparison, Measurement, Outcome, Screening, ThresholdPolicy
from station.core.visits import VisitLimits

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SHAPE = (120, 160)
DISC = (30, 140)
FRAME_S = 0.1

EXTRACTION = ExtractionLimits(
    min_face_width_px=20,
    min_frontality=0.5,
    canthus_mm_per_px=2.0,
    screening_mm_per_px=1.0,
    max_blur_mm=6.0,
    max_canthus_blur_mm=3.0,
    glasses_c=1.1,
    max_covering_c=0.6,
    max_canthi_difference_c=0.8,
    hot_spot_c=1.5,
    chilled_cheeks_c=3.0,
    skin_band_c=(32.0, 42.0),
    skin_emissivity=1.0,
    skin_emissivity_u=0.005,
    noise_c=0.03,
    site_u_c=0.08,
)
ROOM = Room(ambient_c=22.0, ambient_u_c=1.0)
ROOM_LIMITS = RoomLimits(ambient_c=(18.0, 32.0), humidity_pct=(15.0, 80.0), cold_outdoor_c=10.0)
FRAME = FrameLimits(
    warm_up_s=0.0,
    shutter_hold_off_s=5.0,
    max_step_c=0.2,
    frozen_frames=3,
    max_clock_jump_s=2.0,
    clock_hold_off_s=10.0,
    calibration_valid_until=None,
    room=ROOM_LIMITS,
)
REFERENCE = ReferenceLimits(
    set_point_c=37.0,
    set_point_u_c=0.15,
    regions=((0.0, 0.6, 1.0, 1.0),),
    radius_fraction=(0.02, 0.05),
    band_c=10.0,
    max_step_c=0.2,
    emissivity=1.0,
)
LIMITS = LaneLimits(
    extraction=EXTRACTION,
    reference=REFERENCE,
    frame=FRAME,
    pixel_lag_s=0.01,
    begin_score=0.45,
    confirm_frames=3,
    forget_s=0.5,
    visit=VisitLimits(min_valid_frames=5, window_frames=9, max_spread_c=0.4),
)
POLICY = ThresholdPolicy(
    policy_id="order-7",
    valid_from=date(2026, 1, 1),
    valid_until=date(2026, 12, 31),
    signed_by="CDC",
    skin_threshold_c=36.2,
    skin_comparison=Comparison.AT_OR_ABOVE,
    guard_band_c=0.2,
    body_threshold_c=37.3,
    body_comparison=Comparison.AT_OR_ABOVE,
)
HEALTHY = ReferenceReading(ReferenceState.HEALTHY, Box(24, 134, 36, 146), 36.4, 0.6, 0.15)


def picture(
    *,
    faces=(),
    disc_c=36.4,
    disc=DISC,
    canthus_c=35.0,
    canthus_above_c=0.8,
    noise_c=0.03,
    seed=1,
):
    """A wall, a disc on its mount, and warm faces with warmer canthi; apparent °C."""
    rows, columns = np.ogrid[: SHAPE[0], : SHAPE[1]]
    wall = np.full(SHAPE, 22.0, dtype=np.float32)
    wall += rows.astype(np.float32) * 0.01
    for face in faces:
        box = face.box
        wall[box.slices(SHAPE)] = canthus_c - canthus_above_c
        for side in (0.35, 0.65):
            row = round(box.top + 0.42 * box.height)
            column = round(box.left + side * box.width)
            wall[row - 1 : row + 2, column - 1 : column + 2] = canthus_c
    if disc_c is not None:
        row, column = disc
        wall[row - 10 : row + 11, column - 10 : column + 11] = 26.0
        wall[np.hypot(rows - row, columns - column) <= 5] = disc_c
    noise = np.random.default_rng(seed).normal(0, noise_c, SHAPE)
    return (wall + noise).astype(np.float32)


def frame(sequence=0, *, status=FrameStatus.LIVE, shutter_age_s=None, monotonic_s=None, **drawing):
    """One frame of a 10 Hz stream."""
    elapsed_s = sequence * FRAME_S if monotonic_s is None else monotonic_s
    return ThermalFrame(
        picture(seed=sequence, **drawing),
        sequence,
        NOON + timedelta(seconds=elapsed_s),
        elapsed_s,
        "camera-1",
        status,
        shutter_age_s,
    )


def face(row=60.0, column=60.0, width=40.0, *, frontality=0.9, score=0.9):
    """A face around a center."""
    height = width * 1.3
    box = Box(row - height / 2, column - width / 2, row + height / 2, column + width / 2)
    return FaceRegion(box, score, frontality)


class FixedLocator:
    """Finds the faces that the test says are there."""

    def __init__(self, *faces):
        self.faces = faces

    def locate(self, temperature_c, rows=None):
        return tuple(self.faces)


def lane(locator, *, limits=LIMITS, policies=(POLICY,), oral_model=None):
    numbers = count(1)
    return Lane(
        name="1",
        camera_id="camera-1",
        locator=locator,
        limits=limits,
        policies=policies,
        room=ROOM,
        new_id=lambda: UUID(int=next(numbers)),
        oral_model=oral_model,
    )


def screening(outcome=Outcome.ABOVE, skin_c=36.9):
    measurement = Measurement(
        skin_c=skin_c,
        u_c=0.2,
        site=Site.INNER_CANTHUS,
        frame_count=9,
        mm_per_px=0.9,
        is_pre_screen=False,
    )
    return Screening(outcome, measurement, (), "order-7")


def case(**changes):
    opened, _ = open_case(
        case_id=UUID(int=100),
        number=1,
        opened_at=NOON,
        lane="1",
        traveller=1,
        passage_id=UUID(int=200),
        screening=screening(),
        point=(50.0, 60.0),
    )
    return replace(opened, **changes)


def body_reading(body_c=38.4, *, mode=ReadingMode.BODY, is_plausible=True, number=300):
    return BodyReading(UUID(int=number), NOON, body_c, mode, "gun-1", is_plausible)


class Control:
    """A simulator's control port."""

    def __init__(self, address):
        self._socket = socket.create_connection(tuple(address), timeout=60)
        self._lines = self._socket.makefile("rwb")

    def send(self, line):
        self._lines.write(line + b"\n")
        self._lines.flush()
        return json.loads(self._lines.readline())

    def do(self, **message):
        return self.send(json.dumps(message).encode())

    def close(self):
        self._lines.close()
        self._socket.close()


def wait_for(happens):
    """Return what another thread or process brings about, as soon as it is there."""
    deadline_s = time.monotonic() + 120
    while not (found := happens()):
        assert time.monotonic() < deadline_s, "it did not happen in time"
        time.sleep(0.005)
    return found
