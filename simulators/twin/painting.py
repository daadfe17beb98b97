"""What a person looks like in the thermal infrared: body, and head from three sides.

The differences within a face follow the faces of the 512 volunteers of the development half of
Wang et al. 2023 (PhysioNet, doi:10.13026/3bhc-9065), camera 1 and 2: forehead center 1.25 and
1.49 ± 0.6 °C below the hotter canthus, forehead maximum 0.36 and 0.48 below it; the two canthi
0.24 and 0.27 °C (SD) apart. All else is assumed, chosen to look like recordings of a 160x120
camera.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from simulators.twin.assumptions import (
    CANTHUS_CONTRAST_C,
    CANTHUS_CORE_MM,
    CHEEKS_BELOW_CANTHUS_C,
    CLOTHES_C,
    CLOTHES_EMISSIVITY,
    CUP_C,
    FOLLOWS_ROOM,
    HAIR_C,
    HAIR_EMISSIVITY,
    LENS_EMISSIVITY,
    NOSE_BELOW_CHEEKS_C,
)
from simulators.twin.canvas import Canvas, Layer
from simulators.twin.people import FACE_HEIGHT_MM, FACE_WIDTH_MM, Traveller

CANTHUS_HALF_DISTANCE_MM = 17.0
"""Half the distance between the inner canthi (assumed)."""
CANTHUS_ABOVE_CENTER_MM = 18.0
"""How far above the face's middle they are (assumed)."""

# Where the collar begins, below the face's middle.
_COLLAR_MM = 135.0
_FOREHEAD_BELOW_CANTHUS_C = (1.1, 0.55)
_CANTHI_APART_C = 0.25
_NOTHING_WARMER_C = 0.1
_USUAL_ROOM_C = 22.0


class View(StrEnum):
    """From which side a head is seen."""

    FRONT = "front"
    """Turned by less than 50 degrees."""
    PROFILE = "profile"
    """From the side; the nose points to the picture's right."""
    BACK = "back"
    """From behind."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What is drawn once for a person and is the same from all sides."""

    style: str
    hair_c: float
    skin_c: float
    forehead_c: float
    nose_c: float
    skin_emissivity: float
    ears_c: float
    shift_c: float


def _look(traveller: Traveller, room_c: float, rng: np.random.Generator) -> _Look:
    shift_c = FOLLOWS_ROOM * (room_c - _USUAL_ROOM_C)
    canthus_c = traveller.canthus_c + traveller.canthus_chill_c
    chill_c = traveller.face_chill_c
    cheeks_c = canthus_c - max(rng.normal(*CHEEKS_BELOW_CANTHUS_C), 0.8) - chill_c
    forehead_c = canthus_c - max(rng.normal(*_FOREHEAD_BELOW_CANTHUS_C), 0.3) - chill_c
    return _Look(
        style=str(rng.choice(("short", "long", "bald", "cap"), p=(0.5, 0.25, 0.13, 0.12))),
        hair_c=float(rng.uniform(*HAIR_C)) + shift_c - 0.5 * chill_c,
        skin_c=cheeks_c,
        forehead_c=forehead_c,
        nose_c=cheeks_c - float(rng.uniform(*NOSE_BELOW_CHEEKS_C)) - 0.5 * chill_c,
        skin_emissivity=traveller.emissivity,
        ears_c=cheeks_c - float(rng.uniform(0.0, 2.0)) - 0.5 * chill_c,
        shift_c=shift_c,
    )


def _rng(traveller: Traveller, seed: int, part: int) -> np.random.Generator:
    return np.random.default_rng([seed, part, *traveller.name.encode()])


def paint_body(traveller: Traveller, room_c: float, seed: int) -> Layer:
    """Paint shoulders, clothes with folds, the neck and perhaps an open collar."""
    look, rng = _look(traveller, room_c, _rng(traveller, seed, 1)), _rng(traveller, seed, 2)
    canvas = Canvas(width_mm=640, top_mm=40, bottom_mm=1600, mm_per_texel=4)
    cloth = CLOTHES_EMISSIVITY
    clothes_c = rng.uniform(*CLOTHES_C) + look.shift_c - traveller.face_chill_c
    half = rng.uniform(205, 250)
    legs_c = clothes_c + rng.uniform(-2.0, 1.0)
    for side in (-1, 1):
        canvas.block(850, 1560, 78, legs_c, emissivity=cloth, u=side * 88)
    canvas.oval(415, 0, 275, half, clothes_c, emissivity=cloth, soft=14, rim_c=-0.6)
    canvas.block(410, 930, half - 20, clothes_c, emissivity=cloth)
    for _ in range(16):
        v, u = rng.uniform(260, 1100), rng.uniform(-200, 200)
        canvas.blob(v, u, rng.uniform(30, 120), rng.uniform(6, 40), rng.uniform(-1.0, 1.2))
    if rng.random() < 0.5:
        jacket_c = clothes_c + rng.uniform(-2.0, 1.0)
        for side in (-1, 1):
            canvas.oval(590, side * 135, 385, 85, jacket_c, emissivity=cloth, soft=10)
    neck_c = look.forehead_c + rng.uniform(-0.4, 0.4)
    skin = look.skin_emissivity
    canvas.oval(120, 0, 90, rng.uniform(52, 64), neck_c, emissivity=skin, soft=10, rim_c=-0.8)
    if not traveller.from_behind and rng.random() < 0.6:
        bottom, width = rng.uniform(200, 310), rng.uniform(52, 72)
        canvas.wedge(_COLLAR_MM, bottom, width, neck_c - 0.2, emissivity=skin)
    else:
        height = rng.uniform(30, 62)
        canvas.oval(_COLLAR_MM + 55, 0, height, 85, clothes_c + 0.8, emissivity=cloth, soft=10)
    if traveller.cup:
        hand_c, cup_c = look.skin_c - 1.5, rng.uniform(*CUP_C)
        canvas.block(330, 430, 38, cup_c, emissivity=0.9, u=60, soft=6)
        canvas.oval(400, 60, 40, 52, hand_c, emissivity=skin, soft=8)
        canvas.block(330, 372, 38, cup_c, emissivity=0.9, u=60, soft=6)
    return canvas.layer()


def paint_head(
    traveller: Traveller, view: View, room_c: float, breath_c: float, seed: int
) -> Layer:
    """Paint a head.

    Args:
        traveller: whose.
        view: from which side.
        room_c: temperature of the room, which hair and lenses follow in part, °C.
        breath_c: how much warmer than on average a mask is at this moment, °C.
        seed: for everything random.
    """
    look, rng = _look(traveller, room_c, _rng(traveller, seed, 1)), _rng(traveller, seed, 3)
    canvas = Canvas(width_mm=260, top_mm=160, bottom_mm=230, mm_per_texel=1)
    if view is View.BACK:
        _paint_back(canvas, rng, look)
        return canvas.layer()
    if view is View.PROFILE:
        _paint_profile(canvas, rng, look)
        canvas.cut(-150, 220, 129, traveller.canthus_c - _NOTHING_WARMER_C)
        return canvas.layer()
    _paint_front(canvas, rng, look)
    _paint_features(canvas, rng, look, traveller)
    if traveller.mask:
        mask_c = look.nose_c - 1.0 + breath_c
        canvas.oval(56, 0, 50, 60, mask_c, emissivity=CLOTHES_EMISSIVITY, soft=5, taper=0.25)
        canvas.blob(44, 0, 20, 26, 0.7 * breath_c)
    if traveller.glasses:
        _paint_glasses(canvas, rng, look)
    if traveller.covered_eye:
        canvas.oval(-32, -28, 44, 20, look.hair_c, emissivity=HAIR_EMISSIVITY, soft=8)
    if traveller.sun_c:
        canvas.blob(16, 42, 12, 12, traveller.sun_c)
    return canvas.layer()


def _paint_front(canvas: Canvas, rng: np.random.Generator, look: _Look) -> None:
    """Paint hair, ears and a face without features."""
    hair, skin = HAIR_EMISSIVITY, look.skin_emissivity
    if look.style == "long":
        for side in (-1, 1):
            canvas.oval(60, side * 68, 150, 34, look.hair_c, emissivity=hair, soft=12)
    is_bald = look.style == "bald"
    top_c = look.forehead_c - 0.3 if is_bald else look.hair_c
    canvas.oval(
        -26, 0, 126 if look.style == "long" else 116, 90, top_c,
        emissivity=skin if is_bald else hair, soft=8, rim_c=-0.8,
    )  # fmt: skip
    if look.style != "long":
        for side in (-1, 1):
            canvas.oval(8, side * 80, 30, 12, look.ears_c, emissivity=skin, soft=6)
    canvas.oval(
        2, 0, FACE_HEIGHT_MM / 2, FACE_WIDTH_MM / 2 - 3, look.skin_c,
        emissivity=skin, taper=0.13, rim_c=-0.6,
    )  # fmt: skip
    canvas.blob(-58, 0, 20, 40, look.forehead_c - look.skin_c)
    if look.style == "cap":
        brim_c = look.hair_c - rng.uniform(0, 2.5)
        canvas.oval(-95, 0, 55, 92, look.hair_c - 1.0, emissivity=CLOTHES_EMISSIVITY, soft=6)
        canvas.oval(-88, 0, 15, 96, brim_c, emissivity=CLOTHES_EMISSIVITY, soft=6)
    elif not is_bald and rng.random() < 0.6:
        fringe, height, width = rng.uniform(-24, 24), rng.uniform(16, 38), rng.uniform(36, 56)
        canvas.oval(-100, fringe, height, width, look.hair_c, emissivity=hair, soft=10)


def _paint_features(
    canvas: Canvas, rng: np.random.Generator, look: _Look, traveller: Traveller
) -> None:
    """Paint eyes, nose, mouth and perhaps a beard on a face that looks into the camera."""
    canthus_c = traveller.canthus_c
    mouth_c = rng.uniform(-0.5, 0.6)
    for side in (-1, 1):
        canvas.blob(-40, side * 60, 20, 10, rng.uniform(0.2, 0.9))
        canvas.blob(40, side * 44, 24, 20, -rng.uniform(0.0, 0.5))
        canvas.blob(-16, side * 37, 7, 12, -rng.uniform(0.1, 0.6))
        canvas.blob(-38, side * 34, 5, 20, -rng.uniform(0.2, 0.9))
        canvas.blob(38, side * 9, 4, 5, -0.6)
    canvas.blob(8, 0, 16, 8, 0.4 * (look.nose_c - look.skin_c))
    canvas.blob(26, 0, 12, 13, look.nose_c - look.skin_c)
    canvas.blob(62, 0, 5, 22, mouth_c)
    if rng.random() < 0.25:
        beard_c = -rng.uniform(1.0, 2.5)
        canvas.blob(82, 0, 20, 44, beard_c)
        canvas.blob(52, 0, 6, 26, 0.5 * beard_c)
    # Around the inner corners lies warm skin, and in each corner a small warm core.
    contrast_c, core_mm = rng.uniform(*CANTHUS_CONTRAST_C), rng.uniform(*CANTHUS_CORE_MM)
    v = -CANTHUS_ABOVE_CENTER_MM
    for side in (-1, 1):
        u = side * CANTHUS_HALF_DISTANCE_MM
        around_c = canthus_c - contrast_c - 0.8 * traveller.face_chill_c
        canvas.blob(v, u, 11, 9, max(around_c - canvas.at(v, u), 0.0))
    canvas.cut(-130, 130, 110, canthus_c - _NOTHING_WARMER_C)
    colder, apart_c = rng.choice((-1, 1)), abs(rng.normal(0, _CANTHI_APART_C))
    for side in (-1, 1):
        value_c = canthus_c - (apart_c if side == colder else 0.0)
        canvas.core(v, side * CANTHUS_HALF_DISTANCE_MM, core_mm, value_c)


def _paint_glasses(canvas: Canvas, rng: np.random.Generator, look: _Look) -> None:
    lens_c = rng.uniform(25, 29) + look.shift_c
    height, width = rng.uniform(16, 24), rng.uniform(26, 31)
    for side in (-1, 1):
        canvas.oval(-15, side * 33, height, width, lens_c, emissivity=LENS_EMISSIVITY, soft=4)
        canvas.oval(-20, side * 70, 3.5, 14, lens_c + 1.5, emissivity=LENS_EMISSIVITY, soft=4)
    canvas.oval(-20, 0, 5, 14, lens_c, emissivity=LENS_EMISSIVITY, soft=3)


def _paint_profile(canvas: Canvas, rng: np.random.Generator, look: _Look) -> None:
    """Paint a head turned by about 90 degrees: hair behind, ear in the middle, nose ahead."""
    hair, skin = HAIR_EMISSIVITY, look.skin_emissivity
    canvas.oval(-20, -18, 118, 98, look.hair_c, emissivity=hair, soft=8, rim_c=-0.8)
    canvas.oval(12, 30, 96, 52, look.skin_c, emissivity=skin, taper=0.1, rim_c=-0.6)
    canvas.oval(60, 6, 48, 62, look.skin_c - 0.2, emissivity=skin, soft=10)
    canvas.oval(16, 78, 24, 19, look.nose_c, emissivity=skin, soft=8)
    canvas.oval(62, 66, 16, 14, look.skin_c - 0.4, emissivity=skin, soft=6)
    canvas.oval(10, -16, 30, 16, look.ears_c, emissivity=skin, soft=5)
    canvas.blob(-45, 45, 22, 20, look.forehead_c - look.skin_c)
    canvas.blob(-34, 66, 5, 12, -0.6)
    canvas.blob(-18, 62, 7, 7, rng.uniform(0.5, 1.5))


def _paint_back(canvas: Canvas, rng: np.random.Generator, look: _Look) -> None:
    """Paint the back of a head: hair, or bare skin, down to the neck, and ears."""
    is_bald = look.style == "bald"
    head_c = look.skin_c - rng.uniform(0, 0.6) if is_bald else look.hair_c
    emissivity = look.skin_emissivity if is_bald else HAIR_EMISSIVITY
    for side in (-1, 1):
        canvas.oval(8, side * 82, 30, 12, look.ears_c, emissivity=look.skin_emissivity, soft=6)
    height = rng.uniform(112, 124)
    canvas.oval(-8, 0, height, 90, head_c, emissivity=emissivity, soft=8, taper=0.12, rim_c=-0.8)
    canvas.blob(85, 0, 22, 46, rng.uniform(0.0, 1.2))
    for _ in range(5):
        v, u = rng.uniform(-90, 70), rng.uniform(-60, 60)
        canvas.blob(v, u, rng.uniform(8, 40), rng.uniform(8, 40), rng.uniform(-0.6, 0.6))
    if look.style == "long":
        canvas.oval(90, 0, 130, 70, head_c - 0.3, emissivity=HAIR_EMISSIVITY, soft=12)
