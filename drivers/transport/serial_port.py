"""Serial ports, real or over a socket, with every error of the library wrapped once."""

import serial

from drivers import wire_tap
from drivers.errors import DeviceDisconnected, OpenFailed
from station.core.closing import Closable

try:
    import termios
except ImportError:  # Windows has none
    _TERMINAL_ERRORS: tuple[type[Exception], ...] = ()
else:
    _TERMINAL_ERRORS = (termios.error,)

_CHUNK = 4096
# A device that never stops talking must not hold its reader for ever.
_MOST_DISCARDED = 1_000_000


class SerialTransport(Closable):
    """One serial port.

    Args:
        port: a device (`/dev/serial/by-id/...`) or a URL (`socket://host:port`, `loop://`).
        baud: bits a second.
        data_bits: 7 or 8.
        parity: N, E or O.

    Raises:
        OpenFailed: if the port does not exist, may not be used, or is used by another program.
    """

    def __init__(self, port: str, baud: int, *, data_bits: int = 8, parity: str = "N") -> None:
        self._name = port
        # Two readers on one port steal each other's bytes; URLs know no such lock.
        options = {} if "://" in port else {"exclusive": True}
        try:
            self._port = serial.serial_for_url(
                port, baudrate=baud, bytesize=data_bits, parity=parity, timeout=1, **options
            )
            # A pseudo-terminal refuses parity only when its settings are touched once more.
            self._port.timeout = 0
        except (serial.SerialException, OSError, ValueError, *_TERMINAL_ERRORS) as error:
            raise OpenFailed(
                f"The port {port} cannot be opened ({error}): check the cable, and that no other "
                "program uses it."
            ) from error

    def read(self, max_bytes: int, timeout_s: float) -> bytes:
        """Return what has come, at least one byte, or nothing after `timeout_s` seconds.

        Raises:
            DeviceDisconnected: if the port is gone.
        """
        try:
            self._port.timeout = timeout_s
            first: bytes = self._port.read(1)
            if not first:
                return b""
            self._port.timeout = 0
            rest: bytes = self._port.read(max_bytes - 1)
        except (serial.SerialException, OSError, TypeError, *_TERMINAL_ERRORS) as error:
            # A port closed from another side raises TypeError inside pyserial 3.5.
            raise self._lost(error) from error
        wire_tap.heard(self._name, first + rest)
        return first + rest

    def write(self, data: bytes) -> None:
        """Send bytes.

        Raises:
            DeviceDisconnected: if the port is gone.
        """
        try:
            self._port.write(data)
        except (serial.SerialException, OSError, *_TERMINAL_ERRORS) as error:
            raise self._lost(error) from error
        wire_tap.sent(self._name, data)

    def discard(self) -> bytes:
        """Throw away what has come unasked, and return it; takes no time.

        Raises:
            DeviceDisconnected: if the port is gone.
        """
        thrown = b""
        while len(thrown) < _MOST_DISCARDED and (piece := self.read(_CHUNK, 0)):
            thrown += piece
        return thrown

    def close(self) -> None:
        """Release the port; safe to call twice."""
        # pyserial 3.5 leaves a socket open whose other end has gone before.
        left_open = getattr(self._port, "_socket", None)
        self._port.close()
        if left_open is not None:
            left_open.close()

    def _lost(self, error: Exception) -> DeviceDisconnected:
        return DeviceDisconnected(f"The port {self._name} is gone ({error}): plug it in again.")
