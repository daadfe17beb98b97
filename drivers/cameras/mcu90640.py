"""GY-MCU90640 modules (MLX90640, 32x24 pixels) on a serial port, 8N1.

Nothing is sent that the module would store: its speed and rate are set with the vendor's tool and
hold from its next power-up. It has no shutter and measures within about 2 °C, so only a reference
source in view makes its picture usable.
"""

import time
from datetime import UTC, datetime

from drivers.api import DeviceInfo, ThermalCamera
from drivers.cameras import mcu90640_codec as codec
from drivers.errors import DeviceDisconnected, DeviceTimeout, ProtocolError
from drivers.transport.serial_port import SerialTransport
from station.core.frames import FrameStatus, Orientation, ThermalFrame

_CHUNK = 4096
_FRAME_BITS = 1544 * 10
_PATIENCE_PERIODS = 3
_RATES_HZ = (0.5, 1.0, 2.0, 4.0, 8.0)
# A listener who comes in the middle of a frame hears at most so much before the next one begins;
# with a frame that is torn as well, twice.
_FOREIGN_BYTES = 2 * 1544


class Mcu90640Camera(ThermalCamera):
    """Receives the module's frames.

    Args:
        port: serial device (`/dev/serial/by-id/...`) or URL.
        baud: the module's speed; 115200 as delivered.
        rate_hz: frames a second that the module is set to: 0.5, 1, 2, 4 or 8. The driver waits
            three of them before it says that nothing comes; a station needs 2 or more.
        checksum: `strict`, or `observe` for modules whose sums do not fit: then each such frame
            comes one frame late, when the next one has confirmed it, and damage inside is not seen.
        camera_id: the camera's name in the settings.
        orientation: how its picture becomes upright; unmirrored it is already.

    Raises:
        ValueError: if the rate, the check or the orientation is none, or the line is too slow.
    """

    def __init__(
        self,
        *,
        port: str,
        baud: int = 115_200,
        rate_hz: float = 4.0,
        checksum: codec.ChecksumUse | str = codec.ChecksumUse.STRICT,
        camera_id: str = "camera",
        orientation: Orientation | str = Orientation.NONE,
    ) -> None:
        super().__init__()
        if rate_hz not in _RATES_HZ:
            raise ValueError(f"rate_hz must be one of {', '.join(f'{r:g}' for r in _RATES_HZ)}")
        self._port = port
        self._baud = baud
        # A slow line makes the frames come later than the module measures.
        self._period_s = max(1 / rate_hz, _FRAME_BITS / baud)
        self._checksum = codec.ChecksumUse(checksum)
        self._camera_id = camera_id
        self._orientation = Orientation(orientation)
        self._transport: SerialTransport | None = None
        self._parser = codec.Mcu90640Parser()
        self._sequence = 0
        self._sensor_c: float | None = None

    @property
    def sensor_c(self) -> float | None:
        """The sensor's own temperature with the last frame, °C."""
        return self._sensor_c

    @property
    def mismatch_count(self) -> int:
        """Frames whose sum did not fit since the port was opened."""
        return self._parser.mismatch_count

    def _open(self) -> DeviceInfo:
        wire = SerialTransport(self._port, self._baud)
        self._transport = wire
        self._parser, self._sequence = codec.Mcu90640Parser(self._checksum), 0
        # What waited in the line is old, and may be torn.
        wire.discard()
        is_there = self._await_frame(wire)
        if not is_there and not self._seen:
            # It may be in query mode, as some other program left it.
            wire.write(codec.AUTOMATIC)
            is_there = self._await_frame(wire)
        if not is_there:
            raise self._what_came() if self._seen else self._silence()
        # It tells no number of its own; the port's stable name is what there is.
        return DeviceInfo("gy-mcu90640", "GY-MCU90640", "")

    def _await_frame(self, wire: SerialTransport) -> bool:
        """Whether a frame comes within three periods, before too much that is none."""
        until_s = time.monotonic() + _PATIENCE_PERIODS * self._period_s + _FRAME_BITS / self._baud
        while (left_s := until_s - time.monotonic()) > 0:
            if self._take(wire.read(_CHUNK, left_s)):
                return True
            if self._parser.skipped_count > _FOREIGN_BYTES:
                break
        return False

    def _close(self) -> None:
        if self._transport is not None:
            self._transport.close()
            self._transport = None
        self._sensor_c = None

    def _read(self, timeout_s: float) -> ThermalFrame | None:
        if self._transport is None:
            raise DeviceDisconnected("the camera is not open: call open() first")
        until_s = time.monotonic() + timeout_s
        newest, has_heard = None, False
        while newest is None:
            left_s = until_s - time.monotonic()
            if left_s <= 0:
                raise self._what_came() if has_heard else self._silence()
            data = self._transport.read(_CHUNK, left_s)
            has_heard = has_heard or bool(data)
            newest = self._take(data)
        # A reader that comes late must not stay late.
        while time.monotonic() < until_s and (data := self._transport.read(_CHUNK, 0)):
            newest = self._take(data) or newest
        return self._deliver(newest)

    def _take(self, data: bytes) -> codec.Mcu90640Frame | None:
        """Return the last frame that these bytes complete."""
        frames = self._parser.feed(data)
        self._sequence += len(frames)
        return frames[-1] if frames else None

    def _deliver(self, frame: codec.Mcu90640Frame) -> ThermalFrame:
        self._sensor_c = frame.sensor_c
        return ThermalFrame(
            temperature_c=self._orientation.upright(frame.temperature_c),
            sequence=self._sequence - 1,
            captured_at=datetime.now(UTC),
            monotonic_s=time.monotonic(),
            camera_id=self._camera_id,
            status=FrameStatus.STALE if frame.is_repeated else FrameStatus.LIVE,
        )

    @property
    def _seen(self) -> bytes:
        """What came since the last frame and is none."""
        return self._parser.foreign or self._parser.pending

    def _what_came(self) -> ProtocolError:
        if not self._sequence and self._parser.mismatch_count > 1:
            return codec.sums_do_not_fit(self._seen)
        return codec.no_frame(self._seen)

    def _silence(self) -> DeviceTimeout:
        return DeviceTimeout(
            f"The module at {self._port} sends nothing: check its power, its cable and that its "
            f"speed is {self._baud}."
        )
