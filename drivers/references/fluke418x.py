"""Fluke/Hart 4180 and 4181 flat-plate blackbodies on a serial port or a socket."""

import time

from drivers.api import Capability, DeviceInfo, ReferenceSource, SourceState
from drivers.errors import DeviceDisconnected, DeviceError, DeviceTimeout, ProtocolError
from drivers.references import fluke418x_codec as codec
from drivers.transport.serial_port import SerialTransport

_CHUNK = 256
_OPEN_TIMEOUT_S = 2.0
# Old firmware may not know a query; it then says nothing and notes an error.
_OPTIONAL_TIMEOUT_S = 0.5
_SAME_C = 0.006


class Fluke418x(ReferenceSource):
    """Reads the apparent (radiometric) temperature and sets the set point.

    Args:
        port: serial device or URL (`socket://host:port` behind a serial server).
        baud: 1200 to 38400, as set on the device.
        device_id: the device's name in the settings.
    """

    def __init__(self, *, port: str, baud: int = 9600, device_id: str = "source") -> None:
        super().__init__()
        self._port = port
        self._baud = baud
        self._device_id = device_id
        self._transport: SerialTransport | None = None
        self._parser = codec.LineParser()
        self._lines: list[bytes] = []
        # Whether a query is out whose answer has not come: it may still come, late.
        self._owed = False
        self._emissivity: float | None = None

    @property
    def emissivity(self) -> float | None:
        """The emissivity set on the device for its apparent temperature."""
        return self._emissivity

    def _open(self) -> DeviceInfo:
        self._transport = SerialTransport(self._port, self._baud)
        self._owed = False
        until_s = time.monotonic() + _OPEN_TIMEOUT_S
        model, serial_number = codec.decode_identity(self._ask(codec.IDENTITY, until_s))
        # Whoever used it last may have left Fahrenheit or decimal commas behind.
        for command in (codec.CLEAR_STATUS, codec.CELSIUS, codec.DECIMAL_POINT):
            self._tell(codec.encode(command))
        self._require_no_error(until_s)
        self._emissivity = self._ask_emissivity()
        return DeviceInfo("fluke418x", model, serial_number, frozenset({Capability.SET_POINT}))

    def _ask_emissivity(self) -> float | None:
        until_s = time.monotonic() + _OPTIONAL_TIMEOUT_S
        try:
            return codec.decode_emissivity(self._ask(codec.EMISSIVITY, until_s))
        except DeviceTimeout:
            self._tell(codec.encode(codec.CLEAR_STATUS))
            return None

    def _close(self) -> None:
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    def _read(self, timeout_s: float) -> SourceState:
        until_s = time.monotonic() + timeout_s
        tripped = codec.decode_flag(self._ask(codec.CUT_OUT_TRIPPED, until_s))
        return SourceState(
            temperature_c=codec.decode_temperature(self._ask(codec.TEMPERATURE, until_s)),
            set_point_c=codec.decode_temperature(self._ask(codec.SET_POINT, until_s)),
            is_stable=codec.decode_flag(self._ask(codec.STABLE, until_s)),
            is_heating=codec.decode_flag(self._ask(codec.OUTPUT, until_s)),
            fault="its cut-out has tripped: let it cool and clear it at its panel"
            if tripped
            else "",
        )

    def _change_set_point(self, to_c: float, timeout_s: float) -> None:
        until_s = time.monotonic() + timeout_s
        self._tell(codec.encode_set_point(to_c))
        taken_c = codec.decode_temperature(self._ask(codec.SET_POINT, until_s))
        if abs(taken_c - to_c) > _SAME_C:
            self._require_no_error(until_s)
            raise DeviceError(
                f"The reference source was set to {to_c:.2f} °C and stays at {taken_c:.2f} °C: "
                "check its limits and its panel."
            )
        self._tell(codec.encode(codec.OUTPUT_ON))
        if not codec.decode_flag(self._ask(codec.OUTPUT, until_s)):
            raise DeviceError(
                "The reference source does not switch its output on: check its cut-out and panel."
            )

    def _stop_heating(self, timeout_s: float) -> None:
        self._tell(codec.encode(codec.OUTPUT_OFF))
        if codec.decode_flag(self._ask(codec.OUTPUT, time.monotonic() + timeout_s)):
            raise DeviceError("The reference source keeps heating: switch it off at its panel.")

    def _require_no_error(self, until_s: float) -> None:
        text = codec.decode_error(self._ask(codec.NEXT_ERROR, until_s))
        if text:
            raise DeviceError(f"The reference source refuses its settings ({text}): see its panel.")

    def _tell(self, command: bytes) -> None:
        self._wire().write(command)

    def _ask(self, query: str, until_s: float) -> bytes:
        """Return the line that answers a query.

        Raises:
            DeviceTimeout: if nothing comes until a monotonic time.
            ProtocolError: if something comes that is no whole line.
        """
        if self._owed:
            self._fall_into_step(until_s)
        self._send_query(query, until_s)
        line = self._next_line(query, until_s)
        if line is not None:
            self._owed = False
            return line
        if self._parser.rest:
            raise ProtocolError("the reference source's answer was torn", self._parser.rest)
        raise DeviceTimeout(
            f"The reference source at {self._port} does not answer: check its power, cable and "
            f"that its speed is {self._baud}."
        )

    def _fall_into_step(self, until_s: float) -> None:
        """Wait for the identity: what comes before it answers a query that was given up."""
        self._send_query(codec.IDENTITY, until_s)
        while (line := self._next_line(codec.IDENTITY, until_s)) is not None:
            try:
                codec.decode_identity(line)
            except ProtocolError:
                continue
            self._owed = False
            return
        # Nothing came: the query itself will tell.

    def _send_query(self, query: str, until_s: float) -> None:
        wire = self._wire()
        while time.monotonic() < until_s and wire.read(_CHUNK, 0):
            pass
        self._parser, self._lines = codec.LineParser(), []
        self._owed = True
        wire.write(codec.encode(query))

    def _next_line(self, query: str, until_s: float) -> bytes | None:
        """Return the next line that is no echo, or None if none comes until a monotonic time."""
        wire = self._wire()
        while True:
            while self._lines:
                line = self._lines.pop(0)
                if not codec.is_echo(line, query):
                    return line
            left_s = until_s - time.monotonic()
            if left_s <= 0:
                return None
            self._lines += self._parser.feed(wire.read(_CHUNK, left_s))

    def _wire(self) -> SerialTransport:
        if self._transport is None:
            raise DeviceDisconnected("the reference source is not open: call open() first")
        return self._transport
