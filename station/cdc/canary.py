"""Whether a broker delivers what it grants: some grant shared subscriptions in vain."""

import time
from secrets import token_bytes
from threading import Event
from typing import Any

from paho.mqtt.client import Client, MQTTMessage

_QOS = 1
_POLL_S = 0.05


def canary_arrives(client: Client, host: str, port: int, name: str, timeout_s: float) -> bool:
    """Send a message to oneself through a shared subscription and wait for it.

    It has a share and a topic of its own, in the form of the alerts', so that it neither waits
    behind a backlog nor goes to another receiver.

    Args:
        client: not connected yet; it is disconnected at the end.
        host: the broker.
        port: its port.
        name: the receiver's name at the broker.
        timeout_s: how long to wait for each answer.

    Returns:
        Whether it came; also True if the broker refuses the client, because the receiver's own
        connection will then meet the refusal and say it.

    Raises:
        OSError: if the broker cannot be reached.
    """
    secret = token_bytes(16)
    come, granted = Event(), Event()

    def subscribe(client: Client, _: object, flags: object, code: Any, props: object) -> None:
        if code.is_failure:
            come.set()
        else:
            client.subscribe(f"$share/{name}/fs/v1/+/+/{name}/canary", qos=_QOS)

    def take(client: Client, _: object, message: MQTTMessage) -> None:
        if message.payload == secret:
            come.set()

    client.on_message = take
    client.on_connect = subscribe
    client.on_subscribe = lambda *_: granted.set()
    client.connect(host, port, clean_start=True)
    try:
        if _loop_until(client, (granted, come), timeout_s) and not come.is_set():
            client.publish(f"fs/v1/cdc/cdc/{name}/canary", secret, qos=_QOS)
        return _loop_until(client, (come,), timeout_s)
    finally:
        client.disconnect()
        client.loop(_POLL_S)


def _loop_until(client: Client, ends: tuple[Event, ...], timeout_s: float) -> bool:
    deadline_s = time.monotonic() + timeout_s
    while not any(end.is_set() for end in ends) and time.monotonic() < deadline_s:
        if client.loop(_POLL_S):
            break
    return any(end.is_set() for end in ends)
