"""The raw bytes of a video camera's picture, how it may send them, and whoever carries them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class VideoMode:
    """One way in which a video camera can send its pictures."""

    fourcc: str
    """Pixel format, four characters: `Y16 ` or `YUYV`."""
    rows: int
    """Lines of a payload, telemetry lines among them."""
    columns: int
    """Pixels of a line."""

    @property
    def byte_count(self) -> int:
        """Bytes of one payload; both formats take two bytes a pixel."""
        return 2 * self.rows * self.columns


@dataclass(frozen=True, slots=True)
class Payload:
    """One frame as it came."""

    data: bytes
    """The bytes, unchanged."""
    received_at: datetime
    """Receipt, aware, UTC."""
    received_s: float
    """Receipt on a clock that never jumps, seconds."""


class FrameTransport(Protocol):
    """Whatever carries payloads."""

    def read(self, timeout_s: float) -> Payload:
        """Return the newest payload that was not returned yet.

        Raises:
            DeviceTimeout: if none comes within `timeout_s` seconds.
            DeviceDisconnected: if the camera is gone.
            ProtocolError: if what comes is no payload of this camera; the stream may go on.
        """
        ...

    def close(self) -> None:
        """Release it; safe to call twice."""
        ...
