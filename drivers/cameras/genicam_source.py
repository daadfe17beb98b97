"""What a GenICam camera gives whoever opened it: its nodes and its buffers."""

from dataclasses import dataclass
from typing import Protocol

from drivers.errors import DeviceError


@dataclass(frozen=True, slots=True)
class CameraBuffer:
    """One buffer as the producer fills it."""

    data: bytes
    """Its bytes, pixels first."""
    block: int | None
    """The camera's number of it; None where none is told."""
    is_complete: bool
    """False where packets were lost: the bytes have holes."""


class NodeRefused(DeviceError):
    """A node does not take a value: locked while pictures are taken, or not among its values."""


class GenicamSource(Protocol):
    """One opened camera."""

    def identity(self) -> tuple[str, str]:
        """Return (model, serial number) as the camera tells them, empty where it does not."""
        ...

    def get(self, node: str) -> str | None:
        """Return a node's value as text, asked of the camera anew; None if there is no such node.

        Raises:
            DeviceTimeout, DeviceDisconnected: if the camera does not answer.
        """
        ...

    def set(self, node: str, value: str) -> None:
        """Set a node.

        Raises:
            NodeRefused: if it does not take the value.
            DeviceTimeout, DeviceDisconnected: if the camera does not answer.
        """
        ...

    def start(self) -> None:
        """Let it take pictures; harmless if it does already."""
        ...

    def stop(self) -> None:
        """Let it stop; harmless if it has."""
        ...

    def fetch(self, timeout_s: float) -> CameraBuffer:
        """Return the next buffer.

        Raises:
            DeviceTimeout: if none comes.
            DeviceDisconnected: if the camera is gone.
            ProtocolError: if what comes is no buffer.
        """
        ...

    def close(self) -> None:
        """Release it; safe to call twice."""
        ...
