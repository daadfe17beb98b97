"""GY-MCU90614, GY-MCU90615 and GY-614V infrared modules on a TTL serial port."""

import time
from collections.abc import Sequence

from drivers.api import Capability, DeviceInfo
from drivers.errors import DeviceDisconnected, DeviceError, DeviceTimeout, ProtocolError
from drivers.thermometers import gy_mcu90614_codec as codec
from drivers.thermometers.point import PointThermometer
from drivers.thermometers.presentation import PointReading
from drivers.transport.serial_port import SerialTransport

# The 90614 comes with 9600; the 90615's listings disagree (protocol page 09).
_BAUDS = (9600, 115200)
_LISTEN_S = 0.6
_CHUNK = 256
# Two periods of the stream (14 Hz) and some: what a short call may miss by chance.
_SILENT_S = 0.15
# The sensor's noise is never zero to 0.01 °C for so long (protocol page 22).
_STUCK_S = 10.0


class GyMcu90614(PointThermometer):
    """Listens to the stream of the module.

    At 5 to 10 cm it sees a forehead and nothing else (distance to spot about 1.6:1). Consumer
    modules read within 0.5 °C of the truth at room temperature.

    Args:
        port: serial device or URL.
        baud: 9600 or 115200; None tries both.
        idle_c: what it sees when nobody is there, °C; None takes its own temperature.
        device_id: the device's name in the settings.
    """

    def __init__(
        self,
        *,
        port: str,
        baud: int | None = None,
        idle_c: float | None = None,
        device_id: str = "handheld",
    ) -> None:
        super().__init__(idle_c=idle_c)
        self._port = port
        self._bauds = _BAUDS if baud is None else (baud,)
        self._device_id = device_id
        self._transport: SerialTransport | None = None
        self._parser = codec.Gy90614Parser()
        self._heard_s = 0.0
        self._same: tuple[float, codec.Temperatures] | None = None

    def _open(self) -> DeviceInfo:
        self._begin()
        self._same = None
        refusal: ProtocolError | None = None
        for baud in self._bauds:
            self._close()
            self._transport = SerialTransport(self._port, baud)
            try:
                if self._is_heard(self._transport):
                    return DeviceInfo(
                        "gy-mcu90614",
                        f"GY-MCU90614 at {baud} baud",
                        self._port,
                        frozenset({Capability.SURFACE_MODE}),
                    )
            except ProtocolError as error:
                refusal = error
        if refusal is not None:
            raise refusal
        raise DeviceTimeout(
            f"The thermometer at {self._port} says nothing: check its power and its cable."
        )

    def _is_heard(self, transport: SerialTransport) -> bool:
        """Wait for a first message.

        Raises:
            ProtocolError: if something else speaks, another device or another speed.
        """
        transport.discard()
        self._parser = codec.Gy90614Parser()
        transport.write(codec.ASK)
        transport.write(codec.STREAM)
        until_s = time.monotonic() + _LISTEN_S
        while (left_s := until_s - time.monotonic()) > 0:
            for item in self._parser.feed(transport.read(_CHUNK, left_s)):
                if isinstance(item, ProtocolError):
                    raise item
                self._heard_s = time.monotonic()
                return True
        if self._parser.foreign:
            raise codec.foreign_device(self._parser.foreign)
        return False

    def _close(self) -> None:
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    def _measure(self, until_s: float) -> Sequence[PointReading]:
        if self._transport is None:
            raise DeviceDisconnected("the thermometer is not open: call open() first")
        data = self._transport.read(_CHUNK, max(0.0, until_s - time.monotonic()))
        now_s = time.monotonic()
        readings = []
        for item in self._parser.feed(data):
            if isinstance(item, ProtocolError):
                self._parser = codec.Gy90614Parser()
                raise item
            self._heard_s = now_s
            self._require_alive(item, now_s)
            readings.append(PointReading(item.object_c, item.own_c, now_s))
        if not readings and now_s >= until_s and now_s - self._heard_s >= _SILENT_S:
            raise self._silence(self._transport)
        return readings

    def _silence(self, transport: SerialTransport) -> DeviceError:
        """Set the stream going again, should power have failed, and say what is wrong."""
        transport.write(codec.STREAM)
        if torn := self._parser.foreign:
            # What has been told is not told again.
            self._parser = codec.Gy90614Parser()
            return ProtocolError("the thermometer's messages are torn", torn)
        return DeviceTimeout(
            f"The thermometer at {self._port} has stopped talking: check its power and its cable."
        )

    def _require_alive(self, now: codec.Temperatures, now_s: float) -> None:
        if self._same is None or self._same[1] != now:
            self._same = now_s, now
        elif now_s - self._same[0] > _STUCK_S:
            self._same = None
            raise DeviceError(
                f"The thermometer at {self._port} has told the same to the last bit for "
                f"{_STUCK_S:g} seconds: it hangs. Take it off its power and plug it in again."
            )
