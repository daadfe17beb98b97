"""GenICam cameras through a GenTL producer and the library `harvesters`, an extra.

Source: harvesters 1.4.3 and genicam 1.6.0, read and tried with the producer `viky.cti` that genicam
brings along; no FLIR camera was at hand.
"""

import logging
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from drivers import wire_tap
from drivers.cameras.genicam_source import CameraBuffer, NodeRefused
from drivers.errors import (
    DeviceDisconnected,
    DeviceError,
    DeviceTimeout,
    DriverUnavailable,
    OpenFailed,
)

try:
    from genicam import genapi, gentl
    from harvesters.core import Callback, Harvester
except ImportError as error:
    raise DriverUnavailable(
        "cameras on GenICam need the library harvesters: install it with "
        f'"{sys.executable} -m pip install harvesters"'
    ) from error

_ERRORS = (genapi.GenericException, gentl.GenericException)

# It prints a traceback for each buffer that is late.
logging.getLogger("harvesters").setLevel(logging.CRITICAL)


class _Producers:
    """The producers in use: a process can load each of them only once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loaded: dict[str, tuple[Any, list[Any]]] = {}

    def open(self, path: str, serial_number: str) -> Any:
        """Return an acquirer of one camera.

        Cameras are looked for when the first of a producer is opened, since looking again would
        stop those that run.
        """
        with self._lock:
            if path not in self._loaded:
                harvester = Harvester()
                harvester.add_file(path)
                harvester.update()
                self._loaded[path] = harvester, []
            harvester, acquirers = self._loaded[path]
            try:
                acquirers.append(harvester.create(_choose(harvester, path, serial_number)))
            finally:
                self._unload_unused(path)
            return acquirers[-1]

    def close(self, path: str, acquirer: Any) -> None:
        """Release a camera, and the producer with its last one."""
        with self._lock:
            self._loaded[path][1].remove(acquirer)
            with suppress(*_ERRORS):
                acquirer.destroy()
            self._unload_unused(path)

    def _unload_unused(self, path: str) -> None:
        harvester, acquirers = self._loaded[path]
        if not acquirers:
            with suppress(*_ERRORS):
                harvester.reset()
            del self._loaded[path]


def _choose(harvester: Any, path: str, serial_number: str) -> int:
    """Return the place of the wished camera in the list."""
    found = [str(item.serial_number) for item in harvester.device_info_list]
    if not found:
        raise OpenFailed(
            f"The producer {path} finds no camera: check the camera's power and network, and that "
            "no firewall is between."
        )
    if not serial_number and len(found) == 1:
        return 0
    if serial_number not in found:
        raise OpenFailed(
            f"The producer {path} finds the cameras {', '.join(found)}: choose one of them as "
            f"serial_number (now {serial_number!r})."
        )
    return found.index(serial_number)


_PRODUCERS = _Producers()


class _Incomplete(Callback):  # type: ignore[misc]  # the library has no types
    """Counts the buffers that the library drops because packets are missing."""

    count = 0

    def emit(self, context: object = None) -> None:
        """Count one."""
        self.count += 1


class HarvestersSource:
    """One camera of a GenTL producer; see `GenicamSource`.

    Args:
        producer: the producer's file, `.cti`.
        serial_number: which of its cameras; empty for the only one.

    Raises:
        OpenFailed: if there is no such file or camera, or another program holds the camera.
    """

    def __init__(self, producer: str, serial_number: str) -> None:
        if not Path(producer).is_file():
            raise OpenFailed(
                f"There is no GenTL producer {producer}: install one for GigE Vision (the camera "
                "maker's, for example) and name its .cti file as source."
            )
        self._producer = producer
        try:
            self._acquirer = _PRODUCERS.open(producer, serial_number)
        except _ERRORS as error:
            raise OpenFailed(
                f"The camera {serial_number} cannot be opened ({error}): check that no other "
                "program uses it."
            ) from error
        self._is_open = True
        self._dropped = _Incomplete()
        self._acquirer.add_callback(self._acquirer.Events.INCOMPLETE_BUFFER, self._dropped)

    def identity(self) -> tuple[str, str]:
        """See `GenicamSource.identity`."""
        told = self._acquirer.device.module
        return str(told.model), str(getattr(told, "serial_number", "") or "")

    def get(self, node: str) -> str | None:
        """See `GenicamSource.get`."""
        try:
            nodes = self._acquirer.remote_device.node_map
            if not nodes.has_node(node):
                return None
            # From the camera, not from the library's memory of it.
            return str(nodes.get_node(node).to_string(False, True))
        except _ERRORS as error:
            raise self._lost(error) from error

    def set(self, node: str, value: str) -> None:
        """See `GenicamSource.set`."""
        wire_tap.sent(self._producer, f"{node}={value}".encode())
        try:
            self._acquirer.remote_device.node_map.get_node(node).from_string(value)
        except genapi.TimeoutException as error:
            raise self._lost(error) from error
        except _ERRORS as error:
            raise NodeRefused(f"The camera does not take {node} {value!r}: {error}.") from error

    def start(self) -> None:
        """See `GenicamSource.start`."""
        self._do("start")

    def stop(self) -> None:
        """See `GenicamSource.stop`."""
        self._do("stop")

    def fetch(self, timeout_s: float) -> CameraBuffer:
        """See `GenicamSource.fetch`."""
        dropped, until_s = self._dropped.count, time.monotonic() + timeout_s
        while (left_s := until_s - time.monotonic()) > 0:
            try:
                buffer = self._acquirer.try_fetch(timeout=left_s, is_raw=True)
                if buffer is not None:
                    return self._take(buffer)
            except _ERRORS as error:
                raise self._lost(error) from error
            if self._dropped.count > dropped:
                return CameraBuffer(b"", None, is_complete=False)
        raise DeviceTimeout("The camera sends no picture: check its cable and its network.")

    def close(self) -> None:
        """See `GenicamSource.close`."""
        if self._is_open:
            self._is_open = False
            _PRODUCERS.close(self._producer, self._acquirer)

    def _take(self, buffer: Any) -> CameraBuffer:
        """Copy a buffer's bytes and give the buffer back to be filled again."""
        try:
            data = bytes(memoryview(buffer.raw_buffer)[: buffer.size_filled])
            wire_tap.heard(self._producer, data)
            return CameraBuffer(data, int(buffer.frame_id), is_complete=True)
        finally:
            buffer.parent.queue_buffer(buffer)

    def _do(self, action: str) -> None:
        try:
            getattr(self._acquirer, action)()
        except _ERRORS as error:
            raise self._lost(error) from error

    def _lost(self, error: Exception) -> DeviceError:
        return DeviceDisconnected(f"The camera is gone ({error}): check its power and its network.")
