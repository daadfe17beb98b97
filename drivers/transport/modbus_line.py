"""A master on a Modbus RTU line: one request at a time, each with its time limit."""

import time

from drivers.errors import DeviceTimeout, ProtocolError
from drivers.transport import modbus_codec as codec
from drivers.transport.serial_port import SerialTransport

_CHUNK = 256
# The standard's silence between two frames: 3.5 characters of 11 bits, above 19200 baud 1.75 ms.
_SILENT_BITS = 38.5
_LEAST_SILENCE_S = 0.00175


class ModbusLine:
    """Asks one device; an answer that comes late is never taken for that of another request.

    RTU answers carry no number. After a fault a request of another length is sent first, whose
    answer cannot be mistaken; what comes before it is passed over.

    Args:
        transport: the serial port; the caller closes it.
        baud: its speed.
        address: the device's address on the bus, 1 to 247.
    """

    def __init__(self, transport: SerialTransport, baud: int, address: int) -> None:
        self._transport = transport
        self._address = codec.check_address(address)
        self._silence_s = max(_SILENT_BITS / baud, _LEAST_SILENCE_S)
        self._owed = False

    def read(self, function: int, register: int, count: int, until_s: float) -> tuple[int, ...]:
        """Return registers, each 0 to 65535.

        Args:
            function: `READ_HOLDING` or `READ_INPUT`.
            register: the first, counted from 0.
            count: how many.
            until_s: monotonic time by which the answer must be here.

        Raises:
            DeviceTimeout: if nothing comes.
            DeviceDisconnected: if the port is gone.
            ModbusRefusal: if the device answers with an exception.
            ProtocolError: if something else comes.
        """
        if self._owed:
            other_count = 1 if count > 1 else 2
            try:
                self._ask(
                    codec.read_request(self._address, function, register, other_count), until_s
                )
            except codec.ModbusRefusal:
                # It refuses what only serves to fall into step; that is an answer too.
                self._owed = False
        return self._ask(codec.read_request(self._address, function, register, count), until_s)

    def write(self, register: int, value: int, until_s: float) -> bool:
        """Set one holding register and read it back; return whether the device took it.

        Raises:
            As `read`.
        """
        # On a line that echoes, the request itself looks like its answer: only reading proves it.
        self._ask(codec.write_request(self._address, register, value), until_s)
        return self.read(codec.READ_HOLDING, register, 1, until_s) == (value,)

    def _ask(self, request: codec.Request, until_s: float) -> tuple[int, ...]:
        self._transport.discard()
        time.sleep(self._silence_s)
        self._owed = True
        self._transport.write(request.frame)
        finder = codec.AnswerFinder(request)
        while (left_s := until_s - time.monotonic()) > 0:
            try:
                registers = finder.feed(self._transport.read(_CHUNK, left_s))
            except codec.ModbusRefusal:
                self._owed = False
                raise
            if registers is not None:
                self._owed = False
                return registers
        if finder.heard and finder.heard != request.frame:
            raise ProtocolError(
                "this is no answer of the Modbus device asked: check its address, speed and "
                "parity, or choose another port",
                finder.heard,
            )
        raise DeviceTimeout(
            f"The Modbus device with address {self._address} does not answer: check its power, "
            "its two wires, its address and its speed."
        )
