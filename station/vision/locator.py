"""Finds faces with a small convolutional network of our own, run by OpenCV.

The network marks the center of each face on a coarse grid and says there how large the face is,
how far it is turned and where the inner eye corners are. `weights/MODEL_CARD.md` says how it was
trained and how well it does.
"""

from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from station.core.errors import KnownError
from station.core.faces import Box, Canthi, FaceRegion

STRIDE = 4
"""Pixels of the work image to one cell of the network's grid."""
REFERENCE_WIDTH_PX = 20.0
"""Face sizes are learnt as logarithms of their ratio to this."""

FOLDED = b"folded_image"
"""What the input is called of networks that take each 2 x 2 pixels as layers of their own."""

MIN_SCORE = 0.45
"""The confidence from which a face alone counts."""

# Frames are reduced by a whole factor until their longer side fits: the network knows faces of 10
# to 100 px, which is what a lane or a hall shows at this size.
_WORK_LONGER_PX = 320
_BAND_PX = 48
# Every sure cell says where its face is, not the peaks alone: of two people, one half behind the
# other, the fainter is no peak beside the stronger, yet its cells know that it is somebody else.
_MAX_CELLS = 300
_OVERLAP = 0.35


class HeatmapFaceLocator:
    """The project's own face locator; one object may serve one thread.

    Args:
        weights: an ONNX file of this network; None takes the one that comes with the program.
        min_score: the confidence from which a face counts, 0 to 1.

    Raises:
        KnownError: if the weights cannot be read.
    """

    def __init__(self, weights: Path | None = None, *, min_score: float = MIN_SCORE) -> None:
        self._min_logit = float(np.log(min_score / (1 - min_score)))
        file = weights or files("station.vision").joinpath("weights", "faces.onnx")
        try:
            content = file.read_bytes()
            self.sha256 = sha256(content).hexdigest()
            # One for whole pictures and one for parts: a change of size costs as much as a picture.
            self._whole, self._part = (_Network(content) for _ in range(2))
        except (OSError, cv2.error) as error:
            raise KnownError(
                f"The face locator's weights {file} cannot be read ({error}): install again."
            ) from error

    def locate(
        self, temperature_c: NDArray[np.float32], rows: slice | None = None
    ) -> tuple[FaceRegion, ...]:
        """Return the faces in a frame, the most confident first.

        Args:
            temperature_c: apparent °C, float32, (rows, columns), upright.
            rows: where to look; None looks everywhere.
        """
        factor = reduction(temperature_c.shape)
        picture = reduced(temperature_c, factor)
        part, network = slice(0, picture.shape[0]), self._whole
        if rows is not None:
            part, network = _whole_bands(rows, factor, picture.shape[0]), self._part
        return tuple(self._faces(network.look(picture, part), part.start // STRIDE, float(factor)))

    def _faces(self, grid: NDArray[np.float32], top: int, factor: float) -> list[FaceRegion]:
        values = grid.reshape(len(grid), -1)
        cells = np.flatnonzero(values[0] >= self._min_logit)
        if not len(cells):
            return []
        said = values[:, cells].astype(np.float64)
        places = np.array(np.divmod(cells, grid.shape[2]))
        return _decode(said, places, top, factor)


class _Network:
    """The network, and memory for what it sees: new memory costs a small picture a tenth more."""

    def __init__(self, content: bytes) -> None:
        self._network = cv2.dnn.readNetFromONNX(np.frombuffer(content, dtype=np.uint8))
        self._is_folded = FOLDED in content
        self._image = self._folded = np.empty((2, 0, 0), dtype=np.float32)

    def look(self, picture: NDArray[np.float32], rows: slice) -> NDArray[np.float32]:
        """Return the grid of values for some rows of a reduced picture."""
        high, wide = rows.stop - rows.start, picture.shape[1]
        if self._image.shape[1:] != (high, wide):
            self._image = np.empty((2, high, wide), dtype=np.float32)
            self._folded = folded(self._image)
        image = network_input(picture, rows, self._image)
        self._network.setInput((folded(image, self._folded) if self._is_folded else image)[None])
        grid: NDArray[np.float32] = np.asarray(self._network.forward())[0]
        return grid


def reduction(shape: tuple[int, ...]) -> int:
    """Return the whole factor by which a frame of this shape is reduced for the network."""
    return -(-max(shape) // _WORK_LONGER_PX)


def reduced(temperature_c: NDArray[np.float32], factor: int) -> NDArray[np.float32]:
    """Return the frame reduced by a whole factor and cut to whole cells of the network."""
    rows, columns = (n // factor for n in temperature_c.shape)
    picture = temperature_c
    if factor > 1:
        part = temperature_c[: rows * factor, : columns * factor]
        picture = np.asarray(cv2.resize(part, (columns, rows), interpolation=cv2.INTER_AREA))
    bottom, right = -rows % (2 * STRIDE), -columns % (2 * STRIDE)
    if bottom or right:
        picture = np.asarray(cv2.copyMakeBorder(picture, 0, bottom, 0, right, cv2.BORDER_REPLICATE))
    return picture


def _whole_bands(rows: slice, factor: int, height: int) -> slice:
    """Return the rows of the reduced picture to look at, in steps that seldom change in number."""
    count = min(-(-(rows.stop - rows.start) // (factor * _BAND_PX)) * _BAND_PX, height)
    top = min(max(rows.start // factor, 0), height - count)
    top -= top % (2 * STRIDE)
    return slice(top, top + count)


def network_input(
    picture: NDArray[np.float32],
    rows: slice | None = None,
    out: NDArray[np.float32] | None = None,
) -> NDArray[np.float32]:
    """Return what the network sees, float32, shape (2, rows, columns).

    The first layer is the temperature above the picture's median, the second above its
    surroundings: neither depends on the camera's offset, and both are cut, so that a lamp or the
    reference source cannot push faces out of the range. Training uses this function too.

    Args:
        picture: apparent °C, float32, (rows, columns), cut to whole cells.
        rows: the part that is wanted, in whole cells; it looks the same as within the whole.
        out: memory for the answer.
    """
    rows = rows or slice(0, picture.shape[0])
    part = picture[rows]
    image = np.empty((2, *part.shape), dtype=np.float32) if out is None else out
    sparse = picture[::4, ::4].ravel()
    middle = np.partition(sparse, sparse.size // 2)[sparse.size // 2]
    np.subtract(part, middle, out=image[0])
    np.subtract(part, _surroundings(picture, rows), out=image[1])
    image *= _PER_C
    np.clip(image[0], -2, 3, out=image[0])
    np.clip(image[1], -3, 3, out=image[1])
    return image


def folded(
    image: NDArray[np.float32], out: NDArray[np.float32] | None = None
) -> NDArray[np.float32]:
    """Return an image with each 2 x 2 pixels as layers of their own, (4 layers, half, half).

    Args:
        image: layers of whole pixels, (layers, rows, columns).
        out: memory for the answer.
    """
    layers, rows, columns = image.shape
    parts = image.reshape(layers, rows // 2, 2, columns // 2, 2).transpose(0, 2, 4, 1, 3)
    if out is None:
        return parts.reshape(-1, rows // 2, columns // 2)
    np.copyto(out.reshape(parts.shape), parts)
    return out


_PER_C = np.array([1 / 8, 1 / 4], np.float32)[:, None, None]
_COARSE = 4


def _surroundings(picture: NDArray[np.float32], rows: slice) -> NDArray[np.float32]:
    """Return some rows of the picture, blurred by a quarter of what a face measures nearby."""
    small = cv2.resize(picture, None, fx=1 / _COARSE, fy=1 / _COARSE, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), 5.0)
    # One row more on either side, for the interpolation.
    first = max(rows.start // _COARSE - 1, 0)
    near = small[first : rows.stop // _COARSE + 1]
    size = (picture.shape[1], len(near) * _COARSE)
    large = np.asarray(cv2.resize(near, size, interpolation=cv2.INTER_LINEAR), np.float32)
    start = rows.start - first * _COARSE
    return large[start : start + rows.stop - rows.start]


def _decode(
    said: NDArray[np.float64], cells: NDArray[np.intp], top: int, factor: float
) -> list[FaceRegion]:
    """Return the faces that some cells tell of, in pixels of the frame, the surest first.

    Args:
        said: the network's values, shape (values, cells).
        cells: row and column of each cell, shape (2, cells).
        top: the grid's first row within the whole picture's grid.
        factor: pixels of the frame to one of the network's picture.
    """
    cell_px = STRIDE * factor
    places = (cells + np.array([[top + 0.5], [0.5]])) * cell_px
    sizes = np.minimum(np.maximum(said[4:2:-1], -2), 3)
    sizes = np.exp(sizes) * (REFERENCE_WIDTH_PX * factor)
    middles, halves = places + said[2:0:-1] * cell_px, sizes / 2
    starts, stops = middles - halves, middles + halves
    boxes = np.concatenate((starts[::-1], sizes[::-1])).T.tolist()
    # OpenCV knows no negative scores; it needs their order alone.
    sureness = (said[0] - said[0].min() + 1).tolist()
    kept = cv2.dnn.NMSBoxes(boxes, sureness, 0, _OVERLAP, top_k=_MAX_CELLS)
    said, width = said[:, kept], sizes[1, kept]
    chances = 1 / (1 + np.exp(-said[[0, 5]]))
    # Boxes count from pixels' edges, points from their middles.
    eyes = places[:, kept][[0, 1, 0, 1]] + said[[7, 6, 9, 8]] * width - 0.5
    values = np.concatenate((starts[:, kept], stops[:, kept], chances, eyes))
    return [_face(face) for face in values.T.tolist()]


def _face(values: list[float]) -> FaceRegion:
    top, left, bottom, right, score, frontality, *eyes = values
    canthi = Canthi((eyes[0], eyes[1]), (eyes[2], eyes[3]))
    return FaceRegion(Box(top, left, bottom, right), score, frontality, canthi)
