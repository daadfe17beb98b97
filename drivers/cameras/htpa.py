"""Heimann HTPA thermopile modules, all sizes, over UDP.

The wire has neither password nor encryption: the module belongs on a network of its own. Nothing
is ever sent that the module would store: no trim values, no emissivity.

Source: Heimann "UDP Transfer protocol WiFi Shield" Rev. 1 (2024-01-22). Where the vendor's firmware
for the ESP32 shield differs, both are served: a module held by another host may say so, or not
answer at all; "already bound" may also mean that we hold it, from before we were restarted.
"""

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from drivers.api import DeviceInfo, ThermalCamera
from drivers.cameras import htpa_codec as codec
from drivers.errors import (
    DeviceDisconnected,
    DeviceError,
    DeviceTimeout,
    OpenFailed,
    ProtocolError,
)
from drivers.transport.datagram import Answer, UdpTransport, ask_all
from station.core.frames import FrameStatus, Orientation, ThermalFrame

_TRIES, _ANSWER_S = 3, 0.7
# A module that we hold begins to send within a frame or two (slowest clock: about 1 Hz).
_FIRST_FRAME_S = 1.5
# After a restart the module is nobody's, and silent.
_SILENCE_S = 2.0
# How long one wait may be, so that the silence is noticed.
_SLICE_S = 0.25


class HtpaCamera(ThermalCamera):
    """Receives a module's temperature frames.

    Args:
        host: the module's address, in digits.
        port: its port.
        local_port: our own port. The document demands 30444; the firmware answers any, so that a
            second module at the same station takes 0 (any free one).
        local_host: our own address; empty for any.
        array: the array's name where the module's own word is wrong, such as `80x64d`.
        camera_id: the camera's name in the settings.
        orientation: how its picture becomes upright.

    Raises:
        ValueError: if there is no such array or orientation.
    """

    def __init__(
        self,
        *,
        host: str,
        port: int = codec.PORT,
        local_port: int = codec.PORT,
        local_host: str = "",
        array: str = "",
        camera_id: str = "camera",
        orientation: Orientation | str = Orientation.NONE,
    ) -> None:
        super().__init__()
        self._host = host
        self._port = port
        self._local = (local_host, local_port)
        self._named = codec.array_named(array) if array else None
        self._camera_id = camera_id
        self._orientation = Orientation(orientation)
        self._transport: UdpTransport | None = None
        self._assembler = codec.FrameAssembler(codec.ARRAYS[0])
        self._identity: codec.HtpaIdentity | None = None
        self._heard_s = 0.0
        self._asked_s = 0.0
        self._sensor_c: float | None = None

    @property
    def sensor_c(self) -> float | None:
        """The sensor's own temperature with the last frame, °C."""
        return self._sensor_c

    def _open(self) -> DeviceInfo:
        local_host, local_port = self._local
        wire = UdpTransport(self._host, self._port, local_host=local_host, local_port=local_port)
        self._transport = wire
        self._identity = identity = self._call(wire)
        array = self._named or codec.array_of(identity.array_number)
        self._assembler = codec.FrameAssembler(array)
        self._bind(wire)
        self._heard_s = self._asked_s = time.monotonic()
        return DeviceInfo("htpa-udp", f"Heimann HTPA {array.name}", identity.serial_number)

    def _call(self, wire: UdpTransport) -> codec.HtpaIdentity:
        """Return who is there."""
        foreign = b""
        for data in _answers(wire, codec.CALL):
            identity = codec.decode_identity(data)
            if identity is not None:
                return identity
            # Frames may flow already, for us or another program of this host.
            if not codec.is_answer(data) and len(data) not in codec.FRAME_BYTES:
                foreign = data
        if foreign:
            raise codec.other_device(foreign)
        raise DeviceTimeout(
            f"The module at {self._host}:{self._port} does not answer: check its power and "
            "network, and that no other computer uses it."
        )

    def _bind(self, wire: UdpTransport) -> None:
        """Make the module ours and let it send."""
        for data in _answers(wire, codec.BIND):
            if codec.is_bound(data):
                wire.send(codec.STREAM)
                return
            if codec.is_bound_already(data):
                self._take_up(wire)
                return
        raise DeviceTimeout(
            f"The module at {self._host}:{self._port} answers, but does not let itself be bound: "
            "switch it off and on."
        )

    def _take_up(self, wire: UdpTransport) -> None:
        """Find out whether it is we who hold the module: then it sends to us."""
        wire.send(codec.STREAM)
        until_s = time.monotonic() + _FIRST_FRAME_S
        for data in _heard(wire, until_s):
            if not codec.is_answer(data) and len(data) in codec.FRAME_BYTES:
                self._assembler.feed(data)
                return
        raise OpenFailed(
            f"The module at {self._host}:{self._port} is bound to another computer: stop the "
            "program there, or switch the module off and on."
        )

    def _close(self) -> None:
        if self._transport is not None:
            # The answer is normally lost, so nobody waits for it.
            with suppress(DeviceError):
                self._transport.send(codec.RELEASE)
            self._transport.close()
            self._transport = None
        self._sensor_c = None

    def _read(self, timeout_s: float) -> ThermalFrame | None:
        wire = self._wire()
        until_s = time.monotonic() + timeout_s
        torn, foreign = self._assembler.torn_count, None
        while (left_s := until_s - time.monotonic()) > 0:
            self._call_again_if_silent(wire)
            data = wire.receive(min(left_s, _SLICE_S))
            if data is None:
                continue
            try:
                frame = self._hear(wire, data)
            except ProtocolError as error:
                foreign = error
                continue
            if frame is not None:
                return self._deliver(wire, self._newest(wire, frame, until_s))
        if foreign is not None:
            raise foreign
        if self._assembler.torn_count > torn:
            raise ProtocolError(
                f"the module at {self._host} sends no whole frame, datagrams are lost: bring it "
                "nearer to its access point"
            )
        raise DeviceTimeout(
            f"The module at {self._host}:{self._port} has stopped sending: check its power and "
            "network."
        )

    def _newest(
        self, wire: UdpTransport, frame: codec.HtpaFrame, until_s: float
    ) -> codec.HtpaFrame:
        """Skip to the last whole frame that waits, so that a late reader does not stay late."""
        while time.monotonic() < until_s and (data := wire.receive(0)) is not None:
            # What is wrong among them will be wrong again when it matters.
            with suppress(ProtocolError):
                frame = self._hear(wire, data) or frame
        return frame

    def _hear(self, wire: UdpTransport, data: bytes) -> codec.HtpaFrame | None:
        """Take one datagram: a piece of a frame, or an answer in between."""
        if codec.is_answer(data):
            self._go_on(wire, data)
            return None
        frame = self._assembler.feed(data)
        self._heard_s = time.monotonic()
        return frame

    def _call_again_if_silent(self, wire: UdpTransport) -> None:
        now_s = time.monotonic()
        if now_s - max(self._heard_s, self._asked_s) >= _SILENCE_S:
            self._asked_s = now_s
            self._assembler.forget()
            wire.send(codec.CALL)

    def _go_on(self, wire: UdpTransport, answer: bytes) -> None:
        """Take the next step from a call to frames; while frames come there is none to take."""
        if self._heard_s >= self._asked_s:
            return
        identity = codec.decode_identity(answer)
        if identity is not None and identity != self._identity:
            raise DeviceDisconnected(
                f"Another module answers at {self._host} now ({identity.serial_number}): check "
                "the addresses of the modules."
            )
        if identity is not None:
            wire.send(codec.BIND)
        elif codec.is_bound(answer) or codec.is_bound_already(answer):
            wire.send(codec.STREAM)

    def _deliver(self, wire: UdpTransport, frame: codec.HtpaFrame) -> ThermalFrame:
        received_at, received_s = datetime.now(UTC), time.monotonic()
        self._sensor_c = frame.sensor_c
        status = FrameStatus.STALE if frame.is_repeated else FrameStatus.LIVE
        if not frame.is_radiometric:
            status = FrameStatus.NOT_RADIOMETRIC
            if received_s - self._asked_s >= _SILENCE_S:
                # Another program of this host asked for voltages.
                self._asked_s = received_s
                wire.send(codec.STREAM)
        return ThermalFrame(
            temperature_c=self._orientation.upright(frame.values),
            sequence=frame.number,
            captured_at=received_at,
            monotonic_s=received_s,
            camera_id=self._camera_id,
            status=status,
        )

    def _wire(self) -> UdpTransport:
        if self._transport is None:
            raise DeviceDisconnected("the camera is not open: call open() first")
        return self._transport


@dataclass(frozen=True, slots=True)
class FoundModule:
    """A module that answered a call to all."""

    host: str
    """Its address."""
    model: str
    """Its array, such as `Heimann HTPA 80x64d`."""
    serial_number: str
    """Its sensor's number; empty if it does not tell."""


def find_modules(
    broadcast: str = "255.255.255.255",
    *,
    port: int = codec.PORT,
    local_host: str = "",
    local_port: int = codec.PORT,
    wait_s: float = 1.0,
) -> list[FoundModule]:
    """Ask the whole network which modules are there; this binds none and changes nothing.

    A module that another host holds may stay silent.

    Args:
        broadcast: the network's broadcast address, in digits.
        port: the modules' port.
        local_host: our own address, which chooses the network.
        local_port: our own port; where a camera uses it already, a free one is taken.
        wait_s: how long to wait for answers, seconds.

    Raises:
        OpenFailed: if the network cannot be reached.
    """

    def ask(from_port: int) -> list[Answer]:
        return ask_all(
            codec.CALL, broadcast, port, local_host=local_host, local_port=from_port, wait_s=wait_s
        )

    try:
        answers = ask(local_port)
    except OpenFailed:
        answers = ask(0)
    found = {
        host: identity
        for host, data in answers
        if (identity := codec.decode_identity(data)) is not None
    }
    return [
        FoundModule(host, _model(identity), identity.serial_number)
        for host, identity in sorted(found.items())
    ]


def _model(identity: codec.HtpaIdentity) -> str:
    try:
        return f"Heimann HTPA {codec.array_of(identity.array_number).name}"
    except ProtocolError:
        return f"Heimann HTPA of unknown type {identity.array_number}"


def _heard(wire: UdpTransport, until_s: float) -> Iterator[bytes]:
    """Yield what the module sends until a monotonic time."""
    while (left_s := until_s - time.monotonic()) > 0:
        data = wire.receive(left_s)
        if data is not None:
            yield data


def _answers(wire: UdpTransport, question: bytes) -> Iterator[bytes]:
    """Ask, again when nobody answers, and yield everything that comes."""
    for _ in range(_TRIES):
        wire.send(question)
        yield from _heard(wire, time.monotonic() + _ANSWER_S)
