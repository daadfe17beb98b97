"""What a GY-MCU90640 says on its serial line.

Source: GY-MCU90640 user manual V1.0. The check sum of its frames is the sum of 16-bit words, as the
manual has it; one owner's module did not keep to it, and `sums_fit=False` is such a module.
"""

from dataclasses import replace

import numpy as np

from simulators.clock import SceneClock
from simulators.devices.mcu90640_module import BAUDS, RATES_HZ, Mcu90640Device
from simulators.faults import Fault, Faults
from simulators.line import Dialect

_COMMAND_BYTES, _BITS_A_BYTE = 4, 10
_START = 0xA5
_SET_BAUD, _SET_RATE, _SET_MODE, _SET_EMISSIVITY, _ASK_EMISSIVITY, _SAVE = range(0x15, 0x75, 0x10)
_QUERY, _AUTOMATIC = 1, 2


class Mcu90640Dialect(Dialect):
    """The module's side of the line.

    Args:
        device: the module.
        clock: scene time.
        faults: its switches.
        sums_fit: whether its check sums are right.
    """

    header = b"\x5a\x5a\x02\x06"

    def __init__(
        self, device: Mcu90640Device, clock: SceneClock, faults: Faults, *, sums_fit: bool = True
    ) -> None:
        self._device = device
        self._clock = clock
        self._faults = faults
        self._sums_fit = sums_fit
        self._received = b""
        self._is_automatic = device.running.is_automatic
        self._wished = device.stored
        self._measured_s = clock.now_s()
        self._sending: tuple[float, bytes] | None = None
        # Since when the line has had nothing to send.
        self._free_s = 0.0

    def power_cycle(self) -> None:
        """Switch it off and on: what was saved holds."""
        self._device.power_cycle()
        self._wished = self._device.stored
        self._is_automatic = self._device.running.is_automatic
        self._received, self._sending = b"", None

    def answer(self, data: bytes) -> list[bytes]:
        """Obey each command whose sum is right."""
        self._received += data
        said = []
        while len(self._received) >= _COMMAND_BYTES:
            command = self._received[:_COMMAND_BYTES]
            is_one = command[0] == _START and sum(command[:3]) % 256 == command[3]
            self._received = self._received[_COMMAND_BYTES if is_one else 1 :]
            if is_one:
                said += self._obey(command[1], command[2])
        return said

    def due(self) -> list[bytes]:
        """Return the frame whose last bit has left by now, at the pace of the line."""
        now_s = self._clock.now_s()
        period_s = 1 / self._device.running.rate_hz
        if self._sending is None and self._is_automatic and now_s - self._measured_s >= period_s:
            # Frames that fell into a jump of the clock are lost.
            self._measured_s = max(self._measured_s + period_s, now_s - period_s, self._free_s)
            self._begin(self._measured_s)
        if self._sending is None or now_s < self._sending[0]:
            return []
        (_, frame), self._sending = self._sending, None
        return [self._reply(), frame] if self._faults.has(Fault.INTERLEAVED) else [frame]

    def frame(self) -> bytes:
        """Return one frame: head, pixels from the top right, die temperature, check sum."""
        pixels = self._device.measure()[:, ::-1].ravel() * 100
        values = np.append(pixels, self._device.sensor_c() * 100)
        words = np.clip(np.round(values), -32_768, 32_767).astype("<i2").tobytes()
        message = self.header + words
        total = int(np.frombuffer(message, "<u2").sum(dtype=np.uint64))
        return message + ((total + (not self._sums_fit)) % 65_536).to_bytes(2, "little")

    def _begin(self, at_s: float) -> None:
        """Begin to send a frame at a scene time."""
        frame = self.frame()
        takes_s = len(frame) * _BITS_A_BYTE / self._device.running.baud
        self._free_s = at_s + takes_s
        self._sending = self._free_s, frame

    def _obey(self, name: int, value: int) -> list[bytes]:
        device, said = self._device, []
        if name == _SET_BAUD and value in BAUDS:
            self._wished = replace(self._wished, baud=BAUDS[value])
        elif name == _SET_RATE and value in RATES_HZ:
            self._wished = replace(self._wished, rate_hz=RATES_HZ[value])
        elif name == _SET_MODE and value == _QUERY:
            self._is_automatic = False
            self._wished = replace(self._wished, is_automatic=False)
            self._begin(self._clock.now_s())
        elif name == _SET_MODE and value == _AUTOMATIC:
            self._is_automatic = True
            self._wished = replace(self._wished, is_automatic=True)
        elif name == _SET_EMISSIVITY and 1 <= value <= 100:
            self._wished = replace(self._wished, emissivity_pct=value)
            device.running = replace(device.running, emissivity_pct=value)
        elif name == _ASK_EMISSIVITY:
            said = [self._reply()]
        elif name == _SAVE:
            device.stored = self._wished
        return said

    def _reply(self) -> bytes:
        """Return the answer to the question about emissivity."""
        start = self.header[:2] + bytes([self._device.running.emissivity_pct])
        return start + bytes([sum(start) % 256])
