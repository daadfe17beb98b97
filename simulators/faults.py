"""Faults on command, and the switchboard that devices and dialects ask."""

import threading
from enum import StrEnum


class Fault(StrEnum):
    """What a simulated device can be told to do wrong."""

    SILENT = "silent"
    """Takes requests or triggers and never answers."""
    DISCONNECT = "disconnect"
    """Drops every connection."""
    TRUNCATED = "truncated"
    """Sends only the first half of a message."""
    WRONG_LENGTH = "wrong_length"
    """Announces another length than it sends."""
    SLOW = "slow"
    """Answers after half a second."""
    NOISY = "noisy"
    """Ten times the noise."""
    FROZEN_FRAME = "frozen_frame"
    """Repeats one picture to the last bit."""
    FREEZE_FLAG = "freeze_flag"
    """Marks its data as frozen, as during a shutter correction."""
    UNAUTHORIZED = "unauthorized"
    """Refuses the password, as after a change on the device."""
    BUSY = "busy"
    """Answers that it has too many clients."""
    SOURCE_COVERED = "source_covered"
    """The reference source in the camera's view is covered."""
    GARBAGE = "garbage"
    """Sends bytes of no protocol before each message."""
    DUPLICATE = "duplicate"
    """Sends each message twice."""
    SPLIT = "split"
    """Sends each message in pieces."""
    SURFACE_MODE = "surface_mode"
    """The thermometer is switched to object mode."""
    FAHRENHEIT = "fahrenheit"
    """The thermometer is switched to Fahrenheit."""


class Faults:
    """The faults that are on, for one device."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._on: set[Fault] = set()

    def set(self, fault: Fault, *, is_on: bool) -> None:
        """Switch one fault."""
        with self._lock:
            (self._on.add if is_on else self._on.discard)(fault)

    def has(self, fault: Fault) -> bool:
        """Whether a fault is on."""
        with self._lock:
            return fault in self._on
