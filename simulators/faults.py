"""Faults on command, and the switchboard that devices and dialects ask."""

import threading
from collections.abc import Set
from enum import StrEnum


class Fault(StrEnum):
    """What a simulated device can be told to do wrong."""

    SILENT = "silent"
    """Takes requests or triggers and never answers; the gun is asleep."""
    DISCONNECT = "disconnect"
    """The plug is pulled: connections drop and none is answered, the gun's port is hung up."""
    TRUNCATED = "truncated"
    """Sends only the first part of a message."""
    WRONG_LENGTH = "wrong_length"
    """Announces another length than it sends."""
    SLOW = "slow"
    """Answers half a second late."""
    DRIP = "drip"
    """Sends an answer in small pieces over a long time."""
    NOISY = "noisy"
    """The camera's picture has ten times the noise; the gun's line adds stray bytes."""
    NOT_A_NUMBER = "not_a_number"
    """Some values of the picture are NaN."""
    FROZEN_FRAME = "frozen_frame"
    """Repeats one picture to the last bit."""
    FREEZE_FLAG = "freeze_flag"
    """Marks its data as frozen, as during a shutter correction."""
    OFFSET_STEP = "offset_step"
    """The camera's error jumps by 0.3 °C, as after a shutter correction."""
    UNAUTHORIZED = "unauthorized"
    """Refuses the password, as after a change on the device."""
    STALE_NONCE = "stale_nonce"
    """Every login number is used up after one request; clients must log in anew."""
    BUSY = "busy"
    """Answers that it has too many clients."""
    SOURCE_COVERED = "source_covered"
    """The reference source in the camera's view is covered."""
    GARBAGE = "garbage"
    """Another device is at this place: its speech comes instead of, or before, each message."""
    DUPLICATE = "duplicate"
    """Sends each message twice."""
    SPLIT = "split"
    """Sends each message in pieces."""
    SURFACE_MODE = "surface_mode"
    """The thermometer is switched to object mode."""
    FAHRENHEIT = "fahrenheit"
    """The thermometer, or the reference source, is switched to Fahrenheit."""
    NORMALISE = "normalise"
    """The camera bends its readings towards 37 °C, so that everybody looks normal."""
    COMMA = "comma"
    """The reference source writes decimal commas, as its last user wished."""
    CUT_OUT = "cut_out"
    """The reference source's cut-out has tripped: it no longer heats."""
    UNSETTLED = "unsettled"
    """The reference source's temperature keeps swinging about its set point."""


CAMERA_FAULTS = frozenset(
    {
        Fault.SILENT,
        Fault.DISCONNECT,
        Fault.TRUNCATED,
        Fault.WRONG_LENGTH,
        Fault.SLOW,
        Fault.DRIP,
        Fault.NOISY,
        Fault.NOT_A_NUMBER,
        Fault.FROZEN_FRAME,
        Fault.FREEZE_FLAG,
        Fault.OFFSET_STEP,
        Fault.UNAUTHORIZED,
        Fault.STALE_NONCE,
        Fault.BUSY,
        Fault.SOURCE_COVERED,
        Fault.GARBAGE,
        Fault.NORMALISE,
    }
)
"""What the camera can do wrong."""

GUN_FAULTS = frozenset(
    {
        Fault.SILENT,
        Fault.DISCONNECT,
        Fault.TRUNCATED,
        Fault.SLOW,
        Fault.NOISY,
        Fault.GARBAGE,
        Fault.DUPLICATE,
        Fault.SPLIT,
        Fault.SURFACE_MODE,
        Fault.FAHRENHEIT,
    }
)
"""What the forehead gun can do wrong."""

SOURCE_FAULTS = frozenset(
    {
        Fault.SILENT,
        Fault.DISCONNECT,
        Fault.TRUNCATED,
        Fault.SLOW,
        Fault.SPLIT,
        Fault.GARBAGE,
        Fault.FAHRENHEIT,
        Fault.COMMA,
        Fault.CUT_OUT,
        Fault.UNSETTLED,
    }
)
"""What a reference source on a wire can do wrong."""


class Faults:
    """The faults that are on, for one device.

    Args:
        possible: the faults that this device knows.
    """

    def __init__(self, possible: Set[Fault] = frozenset(Fault)) -> None:
        self._lock = threading.Lock()
        self._possible = possible
        self._on: set[Fault] = set()

    def set(self, fault: Fault, *, is_on: bool) -> None:
        """Switch one fault.

        Raises:
            ValueError: if this device knows no such fault.
        """
        if fault not in self._possible:
            raise ValueError(
                f"this device knows no fault {fault.value!r}: "
                f"use one of {', '.join(sorted(self._possible))}"
            )
        with self._lock:
            (self._on.add if is_on else self._on.discard)(fault)

    def has(self, fault: Fault) -> bool:
        """Whether a fault is on."""
        with self._lock:
            return fault in self._on
