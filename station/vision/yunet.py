"""Finds faces with a YuNet file that the operator supplies (OpenCV Zoo, MIT licence).

YuNet was trained on visible light. On upright thermal frames, stretched to grey and brought to 320
pixels, it finds faces of 17 to 61 px of a 160x120 camera nearly as well as a network of thermal
pictures does; larger or smaller inputs lose some (measured on development recordings).
"""

from hashlib import sha256
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from station.core.errors import KnownError
from station.core.faces import Box, Canthi, FaceRegion

_LONGER_PX = 320
_OVERLAP, _MOST = 0.3, 50
_LEAST_RANGE_C = 4.0
# YuNet's boxes are brought to ours (hairline to chin, cheek to cheek): medians of the deviations
# from hand-drawn boxes, as fractions of YuNet's: left and right by its width, the others by height.
_LEFT, _TOP, _RIGHT, _BOTTOM = -0.031, -0.12, 0.016, -0.014
# Eyes closer together than this share of the width belong to a profile; a nose beside their middle
# tells how far the face is turned.
_LEAST_APART, _FACING = 0.25, 1.15
# YuNet marks the eyes' middles; the canthi lie a quarter of their distance inside.
_INSIDE = 0.25


class YuNetFaceLocator:
    """A face locator on an operator's YuNet file; one object may serve one thread.

    Args:
        file: the ONNX file.
        min_score: the confidence from which a face counts, 0 to 1.

    Raises:
        KnownError: if the file cannot be read or is no YuNet.
    """

    def __init__(self, file: Path, *, min_score: float) -> None:
        size = (_LONGER_PX, _LONGER_PX)
        level = cv2.utils.logging.getLogLevel()
        # OpenCV 5 warns at each start that its new engine has no targets to choose from.
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)
        try:
            self.sha256 = sha256(file.read_bytes()).hexdigest()
            self._detector = cv2.FaceDetectorYN.create(
                str(file), "", size, min_score, _OVERLAP, _MOST
            )
            self._detector.detect(np.zeros((*size, 3), np.uint8))
        except (OSError, cv2.error) as error:
            raise KnownError(
                f"The YuNet file {file} cannot be used ({error}): name face_detection_yunet's ONNX "
                "file, or take the program's own locator."
            ) from error
        finally:
            cv2.utils.logging.setLogLevel(level)

    def locate(
        self, temperature_c: NDArray[np.float32], rows: slice | None = None
    ) -> tuple[FaceRegion, ...]:
        """Return the faces in a frame, the most confident first.

        Args:
            temperature_c: apparent °C, float32, (rows, columns), upright.
            rows: not used: YuNet always sees the whole picture.
        """
        scale = _LONGER_PX / max(temperature_c.shape)
        height, width = (round(scale * n) for n in temperature_c.shape)
        grey = _stretched(temperature_c)
        way = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
        large = cv2.cvtColor(
            cv2.resize(grey, (width, height), interpolation=way), cv2.COLOR_GRAY2BGR
        )
        self._detector.setInputSize((width, height))
        # OpenCV's stubs do not know that there may be nothing.
        found: Any = self._detector.detect(large)[1]
        faces = () if found is None else tuple(_face(row, scale) for row in found.astype(float))
        return tuple(sorted(faces, key=lambda face: -face.score))


def _stretched(temperature_c: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return grey from the surroundings to the warmest, °C to 0-255."""
    low, high = np.percentile(temperature_c, (20, 99.5))
    span = max(high - low, _LEAST_RANGE_C)
    grey: NDArray[np.uint8] = np.clip((temperature_c - low) / span * 255, 0, 255).astype(np.uint8)
    return grey


def _face(row: NDArray[np.float64], scale: float) -> FaceRegion:
    """Turn x, y, width, height, five landmarks and score into a face of the frame."""
    x, y, width, height, eye_x, eye_y, other_x, other_y, nose_x, *_ = (row[:14] / scale).tolist()
    box = Box(
        y + _TOP * height,
        x + _LEFT * width,
        y + height + _BOTTOM * height,
        x + width + _RIGHT * width,
    )
    apart = max(float(np.hypot(other_x - eye_x, other_y - eye_y)), 1.0)
    sideways = abs(nose_x - (eye_x + other_x) / 2) / apart
    is_profile = apart <= _LEAST_APART * box.width
    dx, dy = _INSIDE * (other_x - eye_x), _INSIDE * (other_y - eye_y)
    return FaceRegion(
        box,
        score=float(row[14]),
        frontality=0.0 if is_profile else float(np.clip(_FACING - sideways, 0, 1)),
        canthi=Canthi((eye_y + dy, eye_x + dx), (other_y - dy, other_x - dx)),
    )
