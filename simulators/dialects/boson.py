"""What a FLIR Boson says: FSLP on its control line, Y16 on its video.

Source: FLIR Boson SDK for Python (PySerialFslp, FunctionCodes, ReturnCodes, EnumTypes). The widths
of values that the protocol page does not name are four bytes. Telemetry rows are two, their content
here is a count of frames and zeros.
"""

import struct
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from simulators.devices.boson import BosonDevice, BosonSettings
from simulators.devices.thermal_camera import Picture, Shutter, ThermalCameraDevice
from simulators.faults import Fault, Faults
from simulators.line import Dialect
from simulators.payloads import CameraPayloads

OK, BAD_COMMAND, BAD_STATUS = 0x000, 0x161, 0x162
TOO_FEW, TOO_MANY = 0x17D, 0x17E
NOT_ENABLED, NOT_READY, RANGE, BUSY = 0x1B0, 0x202, 0x203, 0x283
_FROM_HOST = b"\xff\xff\xff\xff"
_HEAD = 13
_LONGEST = 2048
_STATUS = {Shutter.NEVER: 0, Shutter.IMMINENT: 1, Shutter.CLOSED: 2, Shutter.DONE: 3}
_TELEMETRY_ROWS = 2


class _Refused(Exception):
    """Carries the return code of a request that is not obeyed."""

    def __init__(self, code: int) -> None:
        super().__init__(f"{code:X}")
        self.code = code


class _Get(NamedTuple):
    """A function that tells a value."""

    form: str
    tell: Callable[[], int]


class _Set(NamedTuple):
    """A function that takes a value."""

    form: str
    lowest: int
    highest: int
    take: Callable[[int], None]


class BosonDialect(Dialect):
    """The camera's side of the control line.

    Args:
        device: the camera.
        faults: its switches.
        is_deaf_in_correction: whether it answers nothing while its shutter is closed.
    """

    header = b"\x8e\x00"
    # A GPS receiver: the commonest other thing on a USB serial port.
    other_device = b"$GPGGA,092750.000,5321.6802,N,00630.3372,W,1,8,1.03,61.7,M,55.2,M,,*76\r\n"

    def __init__(
        self, device: BosonDevice, faults: Faults, *, is_deaf_in_correction: bool = False
    ) -> None:
        self._device = device
        self._faults = faults
        self._is_deaf_in_correction = is_deaf_in_correction
        self._received = bytearray()
        self._previous: bytes = b""
        self._gets = self._readable(device)
        self._sets = self._writable(device)

    def _readable(self, device: BosonDevice) -> Mapping[int, _Get]:
        def of(name: str) -> Callable[[], int]:
            return lambda: int(getattr(self._settings, name))

        def has_closed() -> int:
            return int(device.shutter is Shutter.CLOSED)

        return {
            0x3E0002: _Get(">i", lambda: self._told("is_tlinear")),
            0x050002: _Get(">I", lambda: device.serial_number),
            0x050006: _Get(">I", lambda: device.serial_number + 1_000_000),
            0x050009: _Get(">H", of("ffc_threshold_c10")),
            0x05000B: _Get(">I", of("ffc_every_frames")),
            0x05000C: _Get(">I", has_closed),
            0x050013: _Get(">i", of("ffc_mode")),
            0x050015: _Get(">i", of("gain_mode")),
            0x050030: _Get(">h", lambda: device.fpa_c10),
            0x050031: _Get(">H", lambda: device.fpa_c10 + 2732),
            0x050054: _Get(">i", lambda: _STATUS[device.shutter]),
            0x050055: _Get(">i", lambda: int(device.shutter is Shutter.IMMINENT)),
            0x05005D: _Get(">I", lambda: device.last_ffc_frame),
            0x05005E: _Get(">H", lambda: device.fpa_c10 + 2732),
            0x040002: _Get(">i", of("has_telemetry")),
            0x040004: _Get(">i", of("is_telemetry_below")),
            0x0E000E: _Get(">i", lambda: self._told("ir16_mode")),
            0x42007D: _Get(">i", lambda: int(device.is_radiometric)),
        }

    def _writable(self, device: BosonDevice) -> Mapping[int, _Set]:
        def into(name: str) -> Callable[[int], None]:
            return lambda value: setattr(self._settings, name, value)

        return {
            0x050008: _Set(">H", 0, 0xFFFF, into("ffc_threshold_c10")),
            0x05000A: _Set(">I", 0, 0xFFFFFFFF, into("ffc_every_frames")),
            0x050012: _Set(">i", 0, 2, into("ffc_mode")),
            0x050014: _Set(">i", 0, 2, into("gain_mode")),
            0x040001: _Set(">i", 0, 1, into("has_telemetry")),
            0x040003: _Set(">i", 0, 1, into("is_telemetry_below")),
            0x0E0001: _Set(">i", 0, 1, into("is_frozen")),
            0x0E000D: _Set(">i", 0, 2, into("ir16_mode")),
            0x3E0001: _Set(">i", 0, 1, self._set_tlinear),
        }

    # Kept and told again; what they mean does not reach the picture here. The reader's number is
    # the writer's and one more: temperature-stable output, emissivity, background.
    _STORED = (0x420000, 0x420077, 0x420079)

    @property
    def _settings(self) -> BosonSettings:
        return self._device.settings

    def _told(self, name: str) -> int:
        # A fault takes the radiometric settings away, as a restart nobody saw does.
        return 0 if self._faults.has(Fault.NOT_RADIOMETRIC) else int(getattr(self._settings, name))

    def _set_tlinear(self, value: int) -> None:
        if not self._device.is_radiometric:
            raise _Refused(NOT_ENABLED)
        self._settings.is_tlinear = bool(value)

    def answer(self, data: bytes) -> list[bytes]:
        """Obey each whole request whose CRC is right; what else comes is not for this camera."""
        self._received += data
        said = []
        while (end := self._received.find(0xAE)) >= 0:
            piece = bytes(self._received[:end])
            del self._received[: end + 1]
            start = piece.rfind(0x8E)
            body = _plain(piece[start + 1 :]) if start >= 0 else None
            if body is not None and self._is_listening:
                said += self._reply(body)
        del self._received[:-_LONGEST]
        return said

    @property
    def _is_listening(self) -> bool:
        return not (self._is_deaf_in_correction and self._device.shutter is Shutter.CLOSED)

    def _reply(self, body: bytes) -> list[bytes]:
        address, payload = body[: _HEAD - 4], body[_HEAD:]
        try:
            told = self._obey(int.from_bytes(address[-4:], "big"), body[_HEAD - 4 : _HEAD], payload)
            code = OK
        except _Refused as refused:
            told, code = b"", refused.code
        reply = frame(address + code.to_bytes(4, "big") + told)
        previous, self._previous = self._previous, reply
        if self._faults.has(Fault.INTERLEAVED) and previous:
            # What it said before, with the number of that request, once more.
            return [previous, reply]
        return [reply]

    def _obey(self, function: int, status: bytes, payload: bytes) -> bytes:
        if status != _FROM_HOST:
            raise _Refused(BAD_STATUS)
        if not self._device.is_ready:
            raise _Refused(NOT_READY)
        if self._faults.has(Fault.BUSY):
            raise _Refused(BUSY)
        if (told := self._tell(function, payload)) is not None:
            return told
        if function in self._STORED:
            _require_length(payload, 4)
            self._settings.stored[function] = payload
        elif function in self._sets:
            setting = self._sets[function]
            _require_length(payload, struct.calcsize(setting.form))
            (value,) = struct.unpack(setting.form, payload)
            if not setting.lowest <= value <= setting.highest:
                raise _Refused(RANGE)
            setting.take(value)
        elif function == 0x050007:
            _require_length(payload, 0)
            self._device.correct()
        elif function == 0x3E0007:
            _require_length(payload, 0)
        else:
            raise _Refused(BAD_COMMAND)
        return b""

    def _tell(self, function: int, payload: bytes) -> bytes | None:
        """Return the answer of a function that tells something, None of any other."""
        if function in self._gets:
            getter = self._gets[function]
            told = struct.pack(getter.form, getter.tell())
        elif function == 0x050004:
            told = self._device.part_number.encode()[:20].ljust(20, b"\0")
        elif function == 0x050022:
            told = struct.pack(">3I", 4, 0, 19)
        elif function - 1 in self._STORED:
            told = self._settings.stored.get(function - 1, bytes(4))
        else:
            return None
        _require_length(payload, 0)
        return told


class BosonPayloads(CameraPayloads):
    """The camera's Y16 video, little-endian, with its telemetry rows if they are on."""

    def __init__(self, camera: ThermalCameraDevice, device: BosonDevice) -> None:
        super().__init__(camera)
        self._boson = device

    def encode(self, picture: Picture) -> bytes:
        """Return a picture as the camera sends it."""
        pixels = self._boson.pixels(picture)
        if self._boson.settings.has_telemetry:
            rows = np.zeros((_TELEMETRY_ROWS, pixels.shape[1]), np.uint16)
            rows[0, 0] = picture.number & 0xFFFF
            is_below = self._boson.settings.is_telemetry_below
            pixels = np.concatenate([pixels, rows] if is_below else [rows, pixels])
        return pixels.astype("<u2").tobytes()


def frame(body: bytes) -> bytes:
    """Return a frame around channel, sequence, function, code and payload."""
    whole = body + crc16(body).to_bytes(2, "big")
    # The escape itself first, or the escapes would be escaped.
    for mark, code in ((b"\x9e", b"\x9e\x91"), (b"\x8e", b"\x9e\x81"), (b"\xae", b"\x9e\xa1")):
        whole = whole.replace(mark, code)
    return b"\x8e" + whole + b"\xae"


def crc16(data: bytes) -> int:
    """Return the CRC of the frame's body: polynomial 1021, begun with 1D0F, not reflected."""
    crc = 0x1D0F
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = ((crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


def _plain(escaped: bytes) -> bytes | None:
    """Return what was escaped, its CRC checked and cut off; None if it is no frame."""
    first, *rest = escaped.split(b"\x9e")
    plain = first
    for part in rest:
        if part[:1] not in {b"\x81", b"\x91", b"\xa1"}:
            return None
        plain += bytes([part[0] + 0x0D]) + part[1:]
    body = plain[:-2]
    if len(body) < _HEAD or crc16(body).to_bytes(2, "big") != plain[-2:]:
        return None
    return body


def _require_length(payload: bytes, length: int) -> None:
    if len(payload) != length:
        raise _Refused(TOO_FEW if len(payload) < length else TOO_MANY)
