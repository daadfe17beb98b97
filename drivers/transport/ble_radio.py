"""The machine's Bluetooth radio through bleak, whose coroutines run in a thread of their own."""

import asyncio
import concurrent.futures
import queue
import threading
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from drivers import wire_tap
from drivers.errors import DriverUnavailable, OpenFailed
from drivers.transport.ble_events import Awake, BleEvent, Connected, Gone, Notified

try:
    from bleak import BleakClient, BleakScanner
    from bleak.backends.characteristic import BleakGATTCharacteristic
    from bleak.backends.device import BLEDevice
    from bleak.backends.scanner import AdvertisementData
    from bleak.exc import BleakError
except ImportError as error:
    raise DriverUnavailable(
        "Bluetooth thermometers need the library bleak: pip install 'fever-station[bluetooth]'"
    ) from error

_START_S = 10.0
_CONNECT_S = 15.0
_STOP_S = 5.0


class RadioBle:
    """One device's events from the radio.

    Args:
        address: its Bluetooth address.
        characteristics: what to subscribe to, UUIDs.

    Raises:
        OpenFailed: if there is no radio, or this user may not use it.
    """

    def __init__(self, address: str, characteristics: tuple[str, ...]) -> None:
        self._address = address.upper()
        self._characteristics = characteristics
        self._events: queue.SimpleQueue[BleEvent] = queue.SimpleQueue()
        self._device: BLEDevice | None = None
        self._client: BleakClient | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name=f"bluetooth {address}", daemon=True
        )
        self._thread.start()
        self._scanner = BleakScanner(self._on_seen, scanning_mode="active")
        try:
            self._do(self._scanner.start()).result(_START_S)
        except (BleakError, OSError, TimeoutError) as error:
            self.close()
            raise OpenFailed(
                f"There is no usable Bluetooth radio ({error}): plug one in, and see that the "
                "bluetooth service runs."
            ) from error

    def next_event(self, timeout_s: float) -> BleEvent | None:
        """See `BleTransport.next_event`."""
        try:
            return self._events.get(timeout=timeout_s)
        except queue.Empty:
            return None

    def connect(self) -> None:
        """See `BleTransport.connect`."""
        self._do(self._connect())

    def write(self, characteristic: str, data: bytes) -> None:
        """See `BleTransport.write`."""
        wire_tap.sent(self._address, data)
        self._do(self._write(characteristic, data))

    def disconnect(self) -> None:
        """See `BleTransport.disconnect`."""
        self._do(self._disconnect())

    def close(self) -> None:
        """Release the radio."""
        if self._loop.is_closed():
            return
        with suppress(BleakError, OSError, TimeoutError):
            self._do(self._stop()).result(_STOP_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_STOP_S)
        if not self._thread.is_alive():
            self._loop.close()

    def _do(self, work: Coroutine[Any, Any, None]) -> "concurrent.futures.Future[None]":
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def _on_seen(self, device: BLEDevice, said: AdvertisementData) -> None:
        if device.address.upper() == self._address and self._client is None:
            self._device = device
            self._events.put(Awake(said.local_name or device.name or ""))

    async def _connect(self) -> None:
        if self._device is None or self._client is not None:
            return
        # BlueZ connects unreliably while it scans.
        await self._scanner.stop()
        self._client = BleakClient(
            self._device, disconnected_callback=self._on_gone, timeout=_CONNECT_S
        )
        try:
            await self._client.connect()
            for characteristic in self._characteristics:
                await self._client.start_notify(characteristic, self._on_told)
        except (BleakError, OSError, TimeoutError) as error:
            await self._let_go(str(error) or type(error).__name__)
            return
        self._events.put(Connected())

    async def _write(self, characteristic: str, data: bytes) -> None:
        if self._client is None:
            return
        try:
            await self._client.write_gatt_char(characteristic, data, response=False)
        except (BleakError, OSError) as error:
            await self._let_go(str(error))

    async def _disconnect(self) -> None:
        await self._let_go("")

    async def _let_go(self, reason: str) -> None:
        """Disconnect, tell it once, and listen for the next time."""
        client, self._client = self._client, None
        if client is None:
            return
        with suppress(BleakError, OSError, TimeoutError):
            await client.disconnect()
        self._events.put(Gone(reason))
        with suppress(BleakError, OSError):
            await self._scanner.start()

    async def _stop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with suppress(BleakError, OSError):
                await client.disconnect()
        await self._scanner.stop()

    def _on_told(self, characteristic: BleakGATTCharacteristic, data: bytearray) -> None:
        wire_tap.heard(self._address, bytes(data))
        self._events.put(Notified(characteristic.uuid.lower(), bytes(data)))

    def _on_gone(self, client: BleakClient) -> None:
        if client is self._client:
            self._loop.create_task(self._let_go(""))
