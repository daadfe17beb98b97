"""FLIR Lepton 3.5 behind a PureThermal board: the bytes of one Y16 payload to °C, without I/O.

A payload is 120 rows of 160 little-endian words, kelvin in hundredths or tenths (TLinear), and two
rows of telemetry where the board's firmware has switched it on.

Source: FLIR Lepton Engineering Datasheet 500-0659-00-09 rev 203 (telemetry, status bits);
groupgets/purethermal1-firmware (footer's place, serial number's words) and its issues 47, 49, 50
(old modes).
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from drivers.errors import ProtocolError

ROWS, COLUMNS = 120, 160
"""Shape of the picture."""
TELEMETRY_ROWS = 2
"""Rows of telemetry below it."""
OLD_MODES = ((60, 80), (63, 80))
"""Shapes, rows and columns, that old PureThermal firmware sends whatever Lepton it carries."""

_WORD_BYTES = 2
_PICTURE_BYTES = ROWS * COLUMNS * _WORD_BYTES
_WHOLE_BYTES = (ROWS + TELEMETRY_ROWS) * COLUMNS * _WORD_BYTES
_OLD_BYTES = {rows * columns * _WORD_BYTES for rows, columns in OLD_MODES}
_ZERO_CELSIUS_K = 273.15

# Words of the telemetry; two-word numbers come low word first.
_UPTIME, _STATUS, _FRAME_COUNT, _LAST_FFC = 1, 3, 20, 30
_SERIAL_NUMBER = slice(5, 13)
_TLINEAR_ON, _TLINEAR_RESOLUTION = 208, 209
_RESOLUTION_K = {0: 0.1, 1: 0.01}
_FINE_K = 0.01
# Bits of the status.
_FFC_SHIFT, _FFC_MASK = 4, 0b11
_AGC, _LOCK_OUT, _OVERHEATED = 1 << 12, 1 << 15, 1 << 20
# No room's median lies outside (chosen): counts without TLinear, 14 bits, read as hundredths of a
# kelvin are at most 164 K.
_LOWEST_MEDIAN_K, _HIGHEST_MEDIAN_K = 230.0, 400.0
# Every fourth pixel each way tells the median well enough, at a tenth of the cost.
_SPARSE = slice(None, None, 4)
_HALF_OF_32_BITS, _ALL_32_BITS = 1 << 31, (1 << 32) - 1


class FfcState(IntEnum):
    """Where the shutter correction (flat-field correction) stands, as the telemetry tells it."""

    NEVER = 0
    """None since the camera was switched on."""
    IMMINENT = 1
    """It begins within about two seconds."""
    RUNNING = 2
    """The shutter is closed, the picture stands."""
    DONE = 3
    """It has run."""


@dataclass(frozen=True, slots=True)
class LeptonTelemetry:
    """What the camera says of itself in one frame."""

    serial_number: str
    """Its serial number as hexadecimal words; empty where it is zero."""
    frame_count: int
    """Its own number of the frame; the same number is the same frame."""
    ffc: FfcState
    """Where the shutter correction stands."""
    ffc_age_s: float
    """Seconds from the last correction to this frame, on the camera's clock; 0 in doubt."""
    is_locked_out: bool
    """Whether it is too cold or too hot (outside -10 to 80 °C) to move its shutter."""
    is_overheated: bool
    """Whether it will switch itself off within ten seconds."""
    resolution_k: float | None
    """Kelvin of one count, 0.01 or 0.1; None if the counts are no temperatures."""


@dataclass(frozen=True, slots=True, eq=False)
class LeptonPicture:
    """One decoded payload."""

    counts: NDArray[np.uint16]
    """The pixels as they came, uint16, shape (120, 160)."""
    telemetry: LeptonTelemetry | None
    """What the camera says of itself; None if the firmware has telemetry off."""
    resolution_k: float | None
    """Kelvin of one count; None if the counts are no temperatures."""

    @property
    def is_flat(self) -> bool:
        """Whether all pixels are equal: a closed shutter or a dead sensor."""
        return bool((self.counts == self.counts[0, 0]).all())

    def temperature_c(self) -> NDArray[np.float32]:
        """Return °C, float32, shape (120, 160); the bare counts if they are no temperatures."""
        if self.resolution_k is None:
            return self.counts.astype(np.float32)
        values = self.counts.astype(np.float32)
        values *= np.float32(self.resolution_k)
        values -= np.float32(_ZERO_CELSIUS_K)
        return values


def decode(payload: bytes) -> LeptonPicture:
    """Decode one payload.

    Without telemetry only hundredths of a kelvin are taken for temperatures: counts of a camera
    whose TLinear is off may look like tenths.

    Raises:
        ProtocolError: if it has another size.
    """
    if len(payload) in _OLD_BYTES:
        raise ProtocolError(
            "the PureThermal board sends pictures of a smaller Lepton: update PureThermal firmware",
            payload,
        )
    if len(payload) not in {_PICTURE_BYTES, _WHOLE_BYTES}:
        raise ProtocolError(
            f"{len(payload)} bytes are no picture of a Lepton 3.5 ({_PICTURE_BYTES}, or "
            f"{_WHOLE_BYTES} with telemetry)",
            payload,
        )
    words = np.frombuffer(payload, dtype="<u2")
    counts = words[: ROWS * COLUMNS].reshape(ROWS, COLUMNS)
    telemetry, resolution_k = None, _FINE_K
    footer = words[ROWS * COLUMNS :]
    # Empty rows are telemetry that is off: the camera's clock alone is never zero.
    if footer.any():
        telemetry = _decode_telemetry(footer)
        resolution_k = telemetry.resolution_k or 0.0
    sparse = counts[_SPARSE, _SPARSE].ravel()
    median_k = float(np.partition(sparse, sparse.size // 2)[sparse.size // 2]) * resolution_k
    is_believable = _LOWEST_MEDIAN_K <= median_k <= _HIGHEST_MEDIAN_K
    return LeptonPicture(counts, telemetry, resolution_k if is_believable else None)


def _decode_telemetry(words: NDArray[np.uint16]) -> LeptonTelemetry:
    status = _number(words, _STATUS)
    age_ms = (_number(words, _UPTIME) - _number(words, _LAST_FFC)) & _ALL_32_BITS
    serial_number = words[_SERIAL_NUMBER].byteswap().tobytes().hex()
    resolution_k = None
    if words[_TLINEAR_ON] == 1 and not status & _AGC:
        resolution_k = _RESOLUTION_K.get(int(words[_TLINEAR_RESOLUTION]))
    return LeptonTelemetry(
        serial_number=serial_number if serial_number.strip("0") else "",
        frame_count=_number(words, _FRAME_COUNT),
        ffc=FfcState(status >> _FFC_SHIFT & _FFC_MASK),
        # A correction in the future is one that has just run.
        ffc_age_s=age_ms / 1000 if age_ms < _HALF_OF_32_BITS else 0.0,
        is_locked_out=bool(status & _LOCK_OUT),
        is_overheated=bool(status & _OVERHEATED),
        resolution_k=resolution_k,
    )


def _number(words: NDArray[np.uint16], at: int) -> int:
    return int(words[at]) | int(words[at + 1]) << 16
