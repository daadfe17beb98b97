"""Lays sprites on a picture in radiance, as pixels integrate them."""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from simulators.twin.figure import Sprite

# Each pixel is integrated over so many samples a side.
_SAMPLES = 2
_LEAST_SMEAR_PX = 0.3
_SMEAR_LENGTHS = 3.0


def lay(
    picture: NDArray[np.float32],
    sprite: Sprite,
    *,
    row: float,
    column: float,
    px_per_mm: float,
    smear_px: tuple[float, float],
    transmittance: float,
    air: float,
) -> None:
    """Lay a sprite over a picture, in place.

    Args:
        picture: band radiance, (rows, columns).
        sprite: what to lay.
        row: where the sprite's center comes, px.
        column: likewise.
        px_per_mm: the scale.
        smear_px: how far (rows, columns) it moves in a pixel's time constant.
        transmittance: of the air between.
        air: band radiance of that air.
    """
    scale = px_per_mm * sprite.mm_per_texel
    # The level whose texels are the largest that are not larger than a sample.
    level = int(np.clip(np.floor(-np.log2(scale * _SAMPLES)), 0, len(sprite.levels) - 1))
    shrunk = 2.0**level
    weighted, alpha = sprite.levels[level]
    zoom = scale * shrunk
    center_row = (sprite.center[0] + 0.5) / shrunk - 0.5
    center_column = (sprite.center[1] + 0.5) / shrunk - 0.5
    reach = 2 + int(_SMEAR_LENGTHS * max(abs(smear_px[0]), abs(smear_px[1])))
    top = max(int(row - zoom * (center_row + 1)) - reach, 0)
    left = max(int(column - zoom * (center_column + 1)) - reach, 0)
    bottom = min(int(row + zoom * (alpha.shape[0] - center_row)) + reach + 1, picture.shape[0])
    right = min(int(column + zoom * (alpha.shape[1] - center_column)) + reach + 1, picture.shape[1])
    if top >= bottom or left >= right:
        return
    # Samples lie at (i + 0.5) / n - 0.5 of their pixel.
    middle = (_SAMPLES - 1) / 2
    fine = zoom * _SAMPLES
    move = np.array(
        [
            [fine, 0, (column - left) * _SAMPLES + middle - fine * center_column],
            [0, fine, (row - top) * _SAMPLES + middle - fine * center_row],
        ]
    )
    size = (right - left, bottom - top)
    finer = (size[0] * _SAMPLES, size[1] * _SAMPLES)
    light, cover = (
        cv2.resize(
            cv2.warpAffine(part, move, finer, flags=cv2.INTER_LINEAR),
            size,
            interpolation=cv2.INTER_AREA,
        )
        for part in (weighted, alpha)
    )
    if np.hypot(*smear_px) > _LEAST_SMEAR_PX:
        kernel = _smear(round(smear_px[0], 1), round(smear_px[1], 1))
        light, cover = (cv2.filter2D(part, -1, kernel) for part in (light, cover))
    patch = picture[top:bottom, left:right]
    # What shines through the air, and the air's own light in front of what is covered.
    behind = patch * (1 - cover)
    np.multiply(cover, np.float32((1 - transmittance) * air), out=patch)
    patch += behind
    patch += light * np.float32(transmittance)


@lru_cache(maxsize=256)
def _smear(rows_px: float, columns_px: float) -> NDArray[np.float32]:
    """Return how a pixel remembers what was where: exponentially, along the way."""
    reach = [int(np.ceil(_SMEAR_LENGTHS * abs(px))) + 1 for px in (rows_px, columns_px)]
    kernel = np.zeros((2 * reach[0] + 1, 2 * reach[1] + 1), dtype=np.float32)
    steps = np.linspace(0, _SMEAR_LENGTHS, 8 * max(reach) + 1)
    # Correlation: a pixel sees what comes to it now, and what came `step` time constants ago.
    rows, columns = reach[0] + steps * rows_px, reach[1] + steps * columns_px
    top, left = rows.astype(int), columns.astype(int)
    down, across = rows - top, columns - left
    for row, column, share in (
        (top, left, (1 - down) * (1 - across)),
        (top, left + 1, (1 - down) * across),
        (top + 1, left, down * (1 - across)),
        (top + 1, left + 1, down * across),
    ):
        inside = (row < kernel.shape[0]) & (column < kernel.shape[1])
        weight = (np.exp(-steps) * share)[inside]
        np.add.at(kernel, (row[inside], column[inside]), weight)
    kernel /= kernel.sum()
    return kernel
