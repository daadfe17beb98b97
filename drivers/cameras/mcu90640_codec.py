"""GY-MCU90640 (MLX90640, 32x24, behind a microcontroller): serial bytes to frames, without I/O.

Source: GY-MCU90640 user manual V1.0; several open drivers agree on the layout. A frame is the head
5A 5A 02 06, 768 temperatures as int16 little-endian in 0.01 °C, the sensor's own temperature, and
the sum of the 771 words before as u16. Nobody has published a capture that proves the sum; one
owner found that sums of bytes do not fit. So the check can be set to observe: then a frame whose
sum does not fit is taken only if another message begins exactly where it ends.

The sensor measures in two chess-board halves: somebody who moves is torn for one frame. It is left
as it is, for any repair would invent temperatures.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from drivers.errors import ProtocolError

ROWS, COLUMNS = 24, 32
AUTOMATIC = bytes.fromhex("A5 35 02 DC")
"""Command: send frames by yourself; not stored."""

_HEAD = bytes.fromhex("5A 5A 02 06")
_REPLY_HEAD = _HEAD[:2]
_FRAME_BYTES = 1544
_REPLY_BYTES = 4
_SENSOR_WORD, _SUM_WORD = 770, 771
# What foreign bytes are kept to be shown.
_SHOWN = 64
# The sensor measures -40 to 300 °C (MLX90640 data sheet); beyond is no frame of it.
_LOWEST, _HIGHEST = -4000, 30000


class ChecksumUse(StrEnum):
    """What happens to a frame whose sum does not fit."""

    STRICT = "strict"
    """It is dropped."""
    OBSERVE = "observe"
    """It is counted, and taken if the next message begins where it ends."""


@dataclass(frozen=True, slots=True, eq=False)
class Mcu90640Frame:
    """One whole frame."""

    temperature_c: NDArray[np.float32]
    """°C, float32, shape (24, 32), as a viewer in front of the module sees it."""
    sensor_c: float
    """The sensor's own temperature, °C; about 8 above the room when warm."""
    is_repeated: bool
    """Whether it is the frame before, to the last bit: noise never repeats."""


class Mcu90640Parser:
    """Takes bytes in any chunking and returns the frames; the chunking changes nothing.

    Args:
        checksum: what happens to a frame whose sum does not fit.
    """

    def __init__(self, checksum: ChecksumUse = ChecksumUse.STRICT) -> None:
        self._checksum = checksum
        self._buffer = bytearray()
        self._foreign = b""
        self._previous = b""
        self.mismatch_count = 0
        """Places that look like a frame and whose sum does not fit, so far."""
        self.skipped_count = 0
        """Bytes that belong to nothing known, so far."""

    @property
    def foreign(self) -> bytes:
        """The last bytes that belong to nothing known, at most 64, since the last frame."""
        return self._foreign

    @property
    def pending(self) -> bytes:
        """What has come of a frame that is not whole."""
        return bytes(self._buffer)

    def feed(self, data: bytes) -> list[Mcu90640Frame]:
        """Return each whole frame, in the order of the bytes."""
        self._buffer += data
        frames: list[Mcu90640Frame] = []
        while self._step(frames):
            pass
        return frames

    def _step(self, frames: list[Mcu90640Frame]) -> bool:
        """Take one thing from the beginning of the buffer; False if more bytes are needed."""
        buffer = self._buffer
        start = buffer.find(_REPLY_HEAD)
        if start:
            # The last byte may be the first of a head.
            keep = 1 if start < 0 and buffer.endswith(_REPLY_HEAD[:1]) else 0
            length = start if start > 0 else len(buffer) - keep
            self._skip(length)
            return start > 0
        if len(buffer) < _REPLY_BYTES:
            return False
        if not buffer.startswith(_HEAD):
            self._take_reply()
            return True
        verdict = self._judge()
        if verdict is None:
            return False
        if verdict:
            frames.append(self._take_frame())
        else:
            self._skip(1)
        return True

    def _take_reply(self) -> None:
        """Step over the answer to a question about emissivity, or over a chance likeness of one."""
        if sum(self._buffer[:3]) % 256 == self._buffer[3]:
            del self._buffer[:_REPLY_BYTES]
        else:
            self._skip(1)

    def _judge(self) -> bool | None:
        """Whether a frame begins the buffer; None if more bytes must tell."""
        if len(self._buffer) < _FRAME_BYTES:
            return None
        words = np.frombuffer(bytes(self._buffer[:_FRAME_BYTES]), dtype="<u2")
        is_right = int(words[:_SUM_WORD].sum(dtype=np.uint32)) % 65536 == int(words[_SUM_WORD])
        if not is_right and self._checksum is ChecksumUse.OBSERVE:
            after = bytes(self._buffer[_FRAME_BYTES : _FRAME_BYTES + _REPLY_BYTES])
            if len(after) < _REPLY_BYTES:
                return None
        self.mismatch_count += not is_right
        if not is_right and (self._checksum is ChecksumUse.STRICT or not _may_begin(after)):
            return False
        values = words[2:_SUM_WORD].view("<i2")
        return bool(np.all((values >= _LOWEST) & (values <= _HIGHEST)))

    def _take_frame(self) -> Mcu90640Frame:
        raw = bytes(self._buffer[:_FRAME_BYTES])
        del self._buffer[:_FRAME_BYTES]
        self._foreign = b""
        words = np.frombuffer(raw, dtype="<i2")
        pixels = words[2:_SENSOR_WORD].reshape(ROWS, COLUMNS).astype(np.float32)
        is_repeated, self._previous = raw == self._previous, raw
        return Mcu90640Frame(
            # The first pixel is the top right one.
            temperature_c=np.ascontiguousarray(pixels[:, ::-1]) / np.float32(100),
            sensor_c=int(words[_SENSOR_WORD]) / 100,
            is_repeated=is_repeated,
        )

    def _skip(self, length: int) -> None:
        self._foreign = (self._foreign + bytes(self._buffer[:length]))[-_SHOWN:]
        self.skipped_count += length
        del self._buffer[:length]


def _may_begin(start: bytes) -> bool:
    """Whether a message begins with these four bytes."""
    is_reply = start.startswith(_REPLY_HEAD) and sum(start[:3]) % 256 == start[3]
    return start == _HEAD or is_reply


def no_frame(seen: bytes) -> ProtocolError:
    """Return the error for bytes that are no frame of this module."""
    return ProtocolError(
        "what comes is no frame of a GY-MCU90640: check its cable, or choose another port, speed "
        "(`baud`) or driver",
        seen,
    )


def sums_do_not_fit(seen: bytes) -> ProtocolError:
    """Return the error for a module all of whose frames fail the check."""
    return ProtocolError(
        "the sums of the GY-MCU90640's frames do not fit: check its cable; if its picture is right "
        'all the same, set checksum = "observe"',
        seen,
    )
