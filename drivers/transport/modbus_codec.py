"""Modbus RTU as a master sees it: requests and answers, without I/O.

Frames, checksums and registers are pymodbus's; what is here finds the one answer that a request can
have in whatever comes over the line. pymodbus's own client is not used: it measures its time limit
by the wall clock, asks again by itself, and takes any answer of that device for the one it awaits.

Source: Modbus over Serial Line 1.02 and Modbus Application Protocol 1.1b3, as pymodbus 3.16 keeps
them.
"""

from dataclasses import dataclass

from pymodbus.framer import FramerRTU
from pymodbus.pdu import DecodePDU, ExceptionResponse
from pymodbus.pdu.register_message import (
    ReadHoldingRegistersRequest,
    ReadInputRegistersRequest,
    WriteSingleRegisterRequest,
)

from drivers.errors import ProtocolError

READ_HOLDING = 3
"""Function: read holding registers."""
READ_INPUT = 4
"""Function: read input registers."""

_READS = {READ_HOLDING: ReadHoldingRegistersRequest, READ_INPUT: ReadInputRegistersRequest}
_ADDRESSES = (1, 247)
_LARGEST_FRAME = 256
_REFUSED = 0x80
_REFUSAL_BYTES = 5
_WRITE_BYTES = 8
# Address, function, length and checksum around the registers.
_READ_BYTES = 5
_MEANINGS = {
    1: "it does not know the function",
    2: "it has no such register",
    3: "it does not take the value",
    4: "it cannot measure",
    6: "it is busy",
}


class ModbusRefusal(ProtocolError):
    """The device answers with an exception: it understood, and will or can not."""


def check_address(address: int) -> int:
    """Return a device's address on the bus.

    Raises:
        ValueError: if no single device can have it; 0 is a broadcast that nobody answers.
    """
    if not _ADDRESSES[0] <= address <= _ADDRESSES[1]:
        raise ValueError(f"address must be 1 to 247: {address}")
    return address


def to_signed(register: int) -> int:
    """Return a register's 16 bits as a signed number."""
    return register - 0x10000 if register >= 0x8000 else register  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class Request:
    """One request, and how its answer is known."""

    frame: bytes
    """What is sent."""
    head: bytes
    """What the answer begins with."""
    length: int
    """How many bytes the answer has."""


def read_request(address: int, function: int, register: int, count: int) -> Request:
    """Return the request for registers.

    Args:
        address: the device's, 1 to 247.
        function: `READ_HOLDING` or `READ_INPUT`.
        register: the first register, counted from 0.
        count: how many, 1 to 125.

    Raises:
        ValueError: if an argument is out of its range.
    """
    if function not in _READS:
        raise ValueError(f"function must be 3 or 4: {function}")
    pdu = _READS[function](dev_id=check_address(address), address=register, count=count)
    head = bytes([address, function, 2 * count])
    return Request(_framer().buildFrame(pdu), head, _READ_BYTES + 2 * count)


def write_request(address: int, register: int, value: int) -> Request:
    """Return the request that sets one holding register; its answer repeats it to the last bit."""
    pdu = WriteSingleRegisterRequest(
        dev_id=check_address(address), address=register, registers=[value]
    )
    frame = _framer().buildFrame(pdu)
    return Request(frame, frame[:6], _WRITE_BYTES)


class AnswerFinder:
    """Takes bytes in any chunking until the answer to a request is whole.

    Anything else is passed over: an echo of the request, an answer to another one, another device,
    noise. The chunking changes nothing, for each place is tried where a frame may end.
    """

    def __init__(self, request: Request) -> None:
        self._request = request
        self._heard = bytearray()
        self._framer = _framer()

    @property
    def heard(self) -> bytes:
        """What has come, at most the last 256 bytes."""
        return bytes(self._heard)

    def feed(self, data: bytes) -> tuple[int, ...] | None:
        """Return the registers of the answer once it is whole, and None before.

        Raises:
            ModbusRefusal: if the answer is an exception.
        """
        for byte in data:
            self._heard.append(byte)
            del self._heard[:-_LARGEST_FRAME]
            registers = self._answer()
            if registers is not None:
                return registers
        return None

    def _answer(self) -> tuple[int, ...] | None:
        request = self._request
        frame = bytes(self._heard[-request.length :])
        if len(frame) == request.length and frame.startswith(request.head):
            _, pdu = self._framer.handleFrame(frame, request.head[0], 0)
            if pdu is not None:
                return tuple(pdu.registers)
        frame = bytes(self._heard[-_REFUSAL_BYTES:])
        if frame.startswith(bytes([request.head[0], request.head[1] | _REFUSED])):
            _, pdu = self._framer.handleFrame(frame, request.head[0], 0)
            if isinstance(pdu, ExceptionResponse):
                code = pdu.exception_code
                meaning = _MEANINGS.get(code, "its manual says why")
                raise ModbusRefusal(f"the device refuses with exception {code}: {meaning}", frame)
        return None


def _framer() -> FramerRTU:
    return FramerRTU(DecodePDU(False))
