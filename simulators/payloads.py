"""A video camera's pictures as payloads: what its dialect gives, and what its cable makes of it."""

from abc import ABC, abstractmethod

import numpy as np

from simulators.devices.thermal_camera import Picture, ThermalCameraDevice
from simulators.faults import Fault, Faults

PAYLOAD_FAULTS = frozenset(
    {
        Fault.SILENT,
        Fault.DISCONNECT,
        Fault.WRONG_DEVICE,
        Fault.START_MID_FRAME,
        Fault.TRUNCATED,
        Fault.DROPPED_BYTES,
        Fault.SPLIT,
        Fault.DUPLICATE,
        Fault.SLOW,
    }
)
"""What can go wrong on the cable of every video camera."""

# What a host gets at most of a payload that lost some USB packets.
_MOST_DROPPED_SHARE = 1 / 8


class PayloadDialect(ABC):
    """A camera's side of its video cable; no fault of the cable is its business."""

    other_payload: bytes = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(1000) + b"\xff\xd9"
    """What another camera on the same kind of plug may send: a webcam's JPEG."""

    @abstractmethod
    def due(self, after_s: float | None) -> tuple[float, bytes] | None:
        """Return the newest payload, unless the host has had it.

        Args:
            after_s: scene time of the payload that this host had last, s; None before the first.

        Returns:
            Its scene time, s, and its bytes; None if that is `after_s`.
        """


class CameraPayloads(PayloadDialect):
    """One payload for each picture of a sensor, a repeated one too: override `encode`."""

    def __init__(self, device: ThermalCameraDevice) -> None:
        self._device = device

    def due(self, after_s: float | None) -> tuple[float, bytes] | None:
        """See `PayloadDialect.due`."""
        picture = self._device.picture()
        if picture.taken_s == after_s:
            return None
        return picture.taken_s, self.encode(picture)

    @abstractmethod
    def encode(self, picture: Picture) -> bytes:
        """Return a picture as the camera sends it."""


class PayloadStream:
    """Payloads on their way to one host, with the faults of the cable.

    Args:
        dialect: whose payloads.
        faults: its switches.
        seed: for everything random.
    """

    def __init__(self, dialect: PayloadDialect, faults: Faults, *, seed: int = 1) -> None:
        self._dialect = dialect
        self._faults = faults
        self._rng = np.random.default_rng(seed)
        self._after_s: float | None = None
        self._has_begun = False

    def due(self) -> list[bytes]:
        """Return the payloads that arrive now; each may be shorter than it was sent."""
        if self._faults.has(Fault.SILENT):
            return []
        found = self._dialect.due(self._after_s)
        if found is None:
            return []
        self._after_s, payload = found
        if self._faults.has(Fault.WRONG_DEVICE):
            payload = self._dialect.other_payload
        payload = self._spoil(payload)
        return [payload, payload] if self._faults.has(Fault.DUPLICATE) else [payload]

    def _spoil(self, payload: bytes) -> bytes:
        has = self._faults.has
        if has(Fault.TRUNCATED):
            payload = payload[: len(payload) // 2]
        if has(Fault.DROPPED_BYTES):
            count = int(self._rng.integers(1, max(2, int(len(payload) * _MOST_DROPPED_SHARE))))
            at = int(self._rng.integers(max(1, len(payload) - count)))
            payload = payload[:at] + payload[at + count :]
        is_late = has(Fault.START_MID_FRAME)
        if is_late and not self._has_begun:
            payload = payload[int(self._rng.integers(1, len(payload))) :]
        self._has_begun = is_late
        return payload
