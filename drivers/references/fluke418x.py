"""Fluke/Hart 4180 and 4181 flat-plate blackbodies on a serial port or a socket."""

import time
from collections.abc import Callable
from typing import TypeVar

from drivers.api import Capability, DeviceInfo, ReferenceSource, SourceState
from drivers.errors import DeviceError, DeviceTimeout, ProtocolError
from drivers.references import fluke418x_codec as codec
from drivers.references.conversation import Conversation
from drivers.references.lines import decode_temperature
from drivers.transport.serial_port import SerialTransport

_Value = TypeVar("_Value")
_OPEN_TIMEOUT_S = 2.0
# Old firmware may not know a query; it then says nothing and notes an error.
_OPTIONAL_TIMEOUT_S = 0.5
_SAME_C = 0.006
# What has not come by then is lost (chosen: serial servers were seen half a second late).
_LATE_S = 1.0


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
        self._line = Conversation(port, str(baud))
        # Whether an answer may still come, late: answers do not say what they answer.
        self._is_unsure = False
        # Lines that were asked for and have not come.
        self._owed = 0
        # When the identity was asked for that has not come yet.
        self._identity_asked_s: float | None = None
        self._emissivity: float | None = None

    @property
    def emissivity(self) -> float | None:
        """The emissivity set on the device for its apparent temperature."""
        return self._emissivity

    def _open(self) -> DeviceInfo:
        self._line.begin(SerialTransport(self._port, self._baud))
        self._is_unsure, self._owed, self._identity_asked_s = False, 0, None
        until_s = time.monotonic() + _OPEN_TIMEOUT_S
        model, serial_number = self._ask(codec.IDENTITY, codec.decode_identity, until_s)
        # Whoever used it last may have left Fahrenheit or decimal commas behind.
        for command in (codec.CLEAR_STATUS, codec.CELSIUS, codec.DECIMAL_POINT):
            self._line.tell(codec.encode(command))
        self._require_no_error(until_s)
        self._emissivity = self._ask_emissivity()
        capabilities = frozenset(
            {
                Capability.SET_POINT,
                Capability.OWN_TEMPERATURE,
                Capability.FINE_TEMPERATURE,
            }
        )
        return DeviceInfo("fluke418x", model, serial_number, capabilities)

    def _ask_emissivity(self) -> float | None:
        until_s = time.monotonic() + _OPTIONAL_TIMEOUT_S
        try:
            return self._ask(codec.EMISSIVITY, codec.decode_emissivity, until_s)
        except DeviceTimeout:
            self._line.tell(codec.encode(codec.CLEAR_STATUS))
            return None

    def _close(self) -> None:
        self._line.close()

    def _read(self, timeout_s: float) -> SourceState:
        until_s = time.monotonic() + timeout_s
        tripped = self._ask(codec.CUT_OUT_TRIPPED, codec.decode_flag, until_s)
        return SourceState(
            temperature_c=self._ask(codec.TEMPERATURE, decode_temperature, until_s),
            set_point_c=self._ask(codec.SET_POINT, decode_temperature, until_s),
            is_stable=self._ask(codec.STABLE, codec.decode_flag, until_s),
            is_heating=self._ask(codec.OUTPUT, codec.decode_flag, until_s),
            fault="its cut-out has tripped: let it cool and clear it at its panel"
            if tripped
            else "",
        )

    def _change_set_point(self, to_c: float, timeout_s: float) -> None:
        until_s = time.monotonic() + timeout_s
        self._line.tell(codec.encode_set_point(to_c))
        taken_c = self._ask(codec.SET_POINT, decode_temperature, until_s)
        if abs(taken_c - to_c) > _SAME_C:
            self._require_no_error(until_s)
            raise DeviceError(
                f"The reference source was set to {to_c:.2f} °C and stays at {taken_c:.2f} °C: "
                "check its limits and its panel."
            )
        self._line.tell(codec.encode(codec.OUTPUT_ON))
        if not self._ask(codec.OUTPUT, codec.decode_flag, until_s):
            raise DeviceError(
                "The reference source does not switch its output on: check its cut-out and panel."
            )

    def _stop_heating(self, timeout_s: float) -> None:
        self._line.tell(codec.encode(codec.OUTPUT_OFF))
        if self._ask(codec.OUTPUT, codec.decode_flag, time.monotonic() + timeout_s):
            raise DeviceError("The reference source keeps heating: switch it off at its panel.")

    def _require_no_error(self, until_s: float) -> None:
        text = self._ask(codec.NEXT_ERROR, codec.decode_error, until_s)
        if text:
            raise DeviceError(f"The reference source refuses its settings ({text}): see its panel.")

    def _ask(self, query: str, decode: Callable[[bytes], _Value], until_s: float) -> _Value:
        """Return what answers a query.

        Raises:
            DeviceTimeout: if nothing comes until a monotonic time.
            ProtocolError: if something comes that is no answer to it.
        """
        if self._is_unsure:
            self._fall_into_step(until_s)
        self._is_unsure = True
        self._line.ask(codec.encode(query), until_s)
        self._owed += 1
        line = self._next_line(query, until_s)
        if line is None:
            raise self._line.no_answer()
        value = decode(line)
        self._is_unsure, self._owed = False, 0
        return value

    def _fall_into_step(self, until_s: float) -> None:
        """Listen until the identity has come: what comes before it answers older queries.

        Nothing else is asked meanwhile, so that only identities can come later than any is
        awaited; in another answer's place they are no value.
        """
        now_s = time.monotonic()
        is_late = self._identity_asked_s is not None and now_s - self._identity_asked_s > _LATE_S
        if self._identity_asked_s is None or is_late:
            self._line.ask(codec.encode(codec.IDENTITY), until_s)
            self._owed = 1 if is_late else self._owed + 1
            self._identity_asked_s = now_s
        stranger: ProtocolError | None = None
        while (line := self._next_line(codec.IDENTITY, until_s)) is not None:
            try:
                codec.decode_identity(line)
            except ProtocolError as error:
                stranger = error
                if self._owed:
                    continue
                # Somebody else has answered in the identity's place: ask again next time.
                self._identity_asked_s = None
                break
            self._identity_asked_s = None
            return
        raise stranger or self._line.no_answer()

    def _next_line(self, query: str, until_s: float) -> bytes | None:
        """Return the next line that is no echo, or None if none comes until a monotonic time."""
        while (line := self._line.next_line(until_s)) is not None:
            if not codec.is_echo(line, query):
                self._owed = max(0, self._owed - 1)
                return line
        return None
