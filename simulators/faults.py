"""Faults on command, and the switchboard that devices and dialects ask."""

import threading
from collections.abc import Mapping, Set
from enum import StrEnum


class Fault(StrEnum):
    """What a simulated device can be told to do wrong."""

    # The line: any device whose messages are bytes on a wire.
    SILENT = "silent"
    """Takes requests or triggers and never answers; a stream stands still."""
    DISCONNECT = "disconnect"
    """The plug is pulled: connections drop and none is answered, a port is hung up."""
    WRONG_DEVICE = "wrong_device"
    """Another device is at this place: its speech comes instead of each message."""
    START_MID_FRAME = "start_mid_frame"
    """The first message after this loses a random beginning, as when one listens in late."""
    TRUNCATED = "truncated"
    """Sends only the first part of each message."""
    DROPPED_BYTES = "dropped_bytes"
    """Some bytes of each message are lost; of datagrams, some whole ones."""
    BIT_FLIP = "bit_flip"
    """One bit of each message is turned over."""
    PARITY = "parity"
    """The serial server hands the parity bit on as an eighth bit of data."""
    FALSE_HEADER = "false_header"
    """Noise that begins like a message comes before each."""
    SPLIT = "split"
    """Sends each message in pieces."""
    MERGED = "merged"
    """Sends several messages in one piece."""
    INTERLEAVED = "interleaved"
    """An answer that nobody asked for comes between the messages."""
    DUPLICATE = "duplicate"
    """Sends each message twice."""
    REORDERED = "reordered"
    """Datagrams overtake each other."""
    SLOW = "slow"
    """Answers half a second late."""
    DRIP = "drip"
    """Sends an answer in small pieces over a long time."""
    WRONG_LENGTH = "wrong_length"
    """Announces another length than it sends."""
    ECHO = "echo"
    """The adapter sends back what it was sent."""

    INCOMPLETE = "incomplete"
    """Every other picture comes in full length with holes, and is marked so."""

    # The instrument: what its values do.
    SENTINEL = "sentinel"
    """Says in its protocol's own way that it has no value: out of range, NaN, an error."""
    FAHRENHEIT = "fahrenheit"
    """Somebody has switched it to Fahrenheit."""
    STUCK = "stuck"
    """Its value stays the same to the last bit."""
    DRIFT = "drift"
    """Its error grows by 0.3 °C in ten minutes of scene time."""
    CLOCK = "clock"
    """Its own clock is years off, and jumps."""

    # Cameras.
    NOISY = "noisy"
    """The picture has ten times the noise."""
    NOT_A_NUMBER = "not_a_number"
    """Some values of the picture are NaN."""
    FROZEN_FRAME = "frozen_frame"
    """Repeats one picture to the last bit."""
    SHUTTER = "shutter"
    """The shutter closes: the picture stands, and steps afterwards."""
    FREEZE_FLAG = "freeze_flag"
    """Marks its data as frozen, as during a shutter correction."""
    OFFSET_STEP = "offset_step"
    """The camera's error jumps by 0.3 °C, as after a shutter correction."""
    NOT_RADIOMETRIC = "not_radiometric"
    """Sends counts instead of temperatures, as after a reset of its settings."""
    DEAD_PIXELS = "dead_pixels"
    """Some pixels of the sensor are dead and send zero."""
    OVERHEATED = "overheated"
    """It says that it is too hot and will switch itself off."""
    SOURCE_COVERED = "source_covered"
    """The reference source in the camera's view is covered."""
    NORMALISE = "normalise"
    """The camera bends its readings towards 37 °C, so that everybody looks normal."""
    UNAUTHORIZED = "unauthorized"
    """Refuses the password, as after a change on the device."""
    STALE_NONCE = "stale_nonce"
    """Every login number is used up after one request; clients must log in anew."""
    BUSY = "busy"
    """Answers that it has too many clients, that another host holds it, or that it cannot now."""
    VIDEO_UNPLUGGED = "video_unplugged"
    """Of a camera with two wires, the video's alone is pulled."""
    CONTROL_UNPLUGGED = "control_unplugged"
    """Of a camera with two wires, the control line's alone is pulled."""

    # Thermometers and reference sources.
    SURFACE_MODE = "surface_mode"
    """The thermometer is switched to object mode."""
    WARMED = "warmed"
    """A hand has warmed the sensor: it reads wrong for minutes, and its own temperature falls."""
    COMMA = "comma"
    """The reference source writes decimal commas, as its last user wished."""
    CUT_OUT = "cut_out"
    """The reference source's cut-out has tripped: it no longer heats."""
    UNSETTLED = "unsettled"
    """The reference source's temperature keeps swinging about its set point."""


LINE_FAULTS = frozenset(
    {
        Fault.SILENT,
        Fault.DISCONNECT,
        Fault.WRONG_DEVICE,
        Fault.START_MID_FRAME,
        Fault.TRUNCATED,
        Fault.DROPPED_BYTES,
        Fault.BIT_FLIP,
        Fault.FALSE_HEADER,
        Fault.SPLIT,
        Fault.MERGED,
        Fault.DUPLICATE,
        Fault.SLOW,
    }
)
"""What can go wrong on every line of bytes, whatever the device; `simulators.line` does it."""

DATAGRAM_FAULTS = frozenset(
    {
        Fault.SILENT,
        Fault.DISCONNECT,
        Fault.WRONG_DEVICE,
        Fault.START_MID_FRAME,
        Fault.TRUNCATED,
        Fault.DROPPED_BYTES,
        Fault.BIT_FLIP,
        Fault.FALSE_HEADER,
        Fault.DUPLICATE,
        Fault.REORDERED,
        Fault.SLOW,
    }
)
"""What can go wrong with every device's datagrams; `simulators.datagrams` does it."""

VIEW_FAULTS = frozenset(
    {
        Fault.NOISY,
        Fault.FROZEN_FRAME,
        Fault.SHUTTER,
        Fault.OFFSET_STEP,
        Fault.DRIFT,
        Fault.NOT_A_NUMBER,
        Fault.SOURCE_COVERED,
        Fault.NORMALISE,
    }
)
"""What can go wrong inside every camera; `simulators.devices.thermal_camera` does it."""

CATALOGUE: Mapping[str, frozenset[Fault]] = {
    "start mid-frame": frozenset({Fault.START_MID_FRAME}),
    "short frame": frozenset(
        {Fault.DROPPED_BYTES, Fault.TRUNCATED, Fault.WRONG_LENGTH, Fault.INCOMPLETE}
    ),
    "bit flip": frozenset({Fault.BIT_FLIP, Fault.PARITY}),
    "false header": frozenset({Fault.FALSE_HEADER}),
    "split or merged": frozenset({Fault.SPLIT, Fault.MERGED, Fault.DRIP}),
    "interleaved reply": frozenset({Fault.INTERLEAVED}),
    "duplicate frame": frozenset({Fault.DUPLICATE, Fault.FROZEN_FRAME}),
    "shutter freeze": frozenset({Fault.SHUTTER, Fault.FREEZE_FLAG}),
    "offset step": frozenset({Fault.OFFSET_STEP}),
    "slow drift": frozenset({Fault.DRIFT}),
    "stuck value": frozenset({Fault.STUCK, Fault.FROZEN_FRAME}),
    "no value": frozenset({Fault.SENTINEL, Fault.NOT_A_NUMBER, Fault.NOT_RADIOMETRIC}),
    "Fahrenheit": frozenset({Fault.FAHRENHEIT}),
    "stall": frozenset({Fault.SILENT}),
    "unplugged": frozenset({Fault.DISCONNECT, Fault.VIDEO_UNPLUGGED, Fault.CONTROL_UNPLUGGED}),
    "wrong device": frozenset({Fault.WRONG_DEVICE}),
    "clock": frozenset({Fault.CLOCK}),
}
"""The faults that every device is judged by, and what stands for each."""


class Faults:
    """The faults that are on, for one device.

    Args:
        possible: the faults that this device knows.
    """

    def __init__(self, possible: Set[Fault] = frozenset(Fault)) -> None:
        self._lock = threading.Lock()
        self.possible = possible
        """The faults that this device knows."""
        self._on: set[Fault] = set()

    def set(self, fault: Fault, *, is_on: bool) -> None:
        """Switch one fault.

        Raises:
            ValueError: if this device knows no such fault.
        """
        if fault not in self.possible:
            raise ValueError(
                f"this device knows no fault {fault.value!r}: "
                f"use one of {', '.join(sorted(self.possible))}"
            )
        with self._lock:
            (self._on.add if is_on else self._on.discard)(fault)

    def has(self, fault: Fault) -> bool:
        """Whether a fault is on."""
        with self._lock:
            return fault in self._on

    def on(self) -> frozenset[Fault]:
        """Return the faults that are on."""
        with self._lock:
            return frozenset(self._on)


class WireFaults(Faults):
    """The switches of one wire of a device that has several; faults are set on the device's.

    Args:
        device: the device's own.
        alone: which fault of the device does to this wire alone what another does to all.
        reached_by: the faults that can happen to this wire; None for all.
    """

    def __init__(
        self,
        device: Faults,
        *,
        alone: Mapping[Fault, Fault] | None = None,
        reached_by: Set[Fault] | None = None,
    ) -> None:
        super().__init__(device.possible)
        self._device = device
        self._alone = alone or {}
        self._reached_by = device.possible if reached_by is None else reached_by

    def has(self, fault: Fault) -> bool:
        """Whether a fault is on, for this wire."""
        if fault in self._alone and self._device.has(self._alone[fault]):
            return True
        return fault in self._reached_by and self._device.has(fault)

    def set(self, fault: Fault, *, is_on: bool) -> None:
        """Switch one fault of the whole device; raises as `Faults.set`."""
        self._device.set(fault, is_on=is_on)

    def on(self) -> frozenset[Fault]:
        """Return the faults of the device that are on."""
        return self._device.on()
