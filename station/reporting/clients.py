"""What every MQTT client of this project asks of paho."""

import logging
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from paho.mqtt.client import Client

_log = logging.getLogger(__name__)


def guarded(callback: Callable[..., None]) -> Callable[..., None]:
    """Keep paho's thread alive: it would die of an exception and still look connected.

    What a callback did not pass on is not acknowledged, and so comes again.
    """

    def call(*arguments: Any) -> None:
        try:
            callback(*arguments)
        except Exception:
            _log.exception("MQTT callback failed")

    return call


def without_delay(client: Client, _: Any, sock: Any) -> None:
    """Send at once: otherwise small messages wait up to 42 ms for each other, as measured."""
    with suppress(OSError):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
