"""Whether a broker delivers what it grants: some grant shared subscriptions in vain."""

import time
from collections.abc import Callable
from secrets import token_bytes
from threading import Event
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.reasoncodes import ReasonCode

_POLL_S = 0.05


def canary_arrives(
    client: Client,
    name: str,
    share: str,
    timeout_s: float,
    on_refused: Callable[[ReasonCode], None],
) -> bool | None:
    """Send a message to oneself through a shared subscription and wait for it.

    It has a share and a topic of its own, in the form of the alerts', so that it goes to no other
    receiver. It is sent at QoS 0, which does not queue behind the alerts that wait in the
    session; those are not acknowledged, so the broker delivers them again to its next connection.

    Args:
        client: it has called connect() with manual acknowledging, and has read nothing yet; it is
            disconnected at the end.
        name: the receiver's name at the broker.
        share: the canary's own share.
        timeout_s: how long to wait for each answer.
        on_refused: told the code if the broker does not let the client in.

    Returns:
        Whether it came; None if the broker refused the client, hung up or did not answer, so that
        nobody knows.
    """
    secret = token_bytes(16)
    subscription = f"$share/{share}/fs/v1/+/+/{name}/canary"
    come, granted = Event(), Event()

    def subscribe(client: Client, _: object, flags: object, code: Any, props: object) -> None:
        if code.is_failure:
            on_refused(code)
            client.disconnect()
        else:
            client.subscribe(subscription)

    def take(client: Client, _: object, message: MQTTMessage) -> None:
        if message.payload == secret:
            come.set()

    client.on_message = take
    client.on_connect = subscribe
    client.on_subscribe = lambda *_: granted.set()
    try:
        if not _loop_until(client, granted, timeout_s):
            return None
        client.publish(f"fs/v1/cdc/cdc/{name}/canary", secret)
        is_come = _loop_until(client, come, timeout_s)
        return is_come if client.is_connected() else None
    finally:
        # The session stays; this subscription must not.
        client.unsubscribe(subscription)
        client.disconnect()
        client.loop(_POLL_S)


def _loop_until(client: Client, end: Event, timeout_s: float) -> bool:
    deadline_s = time.monotonic() + timeout_s
    while not end.is_set() and time.monotonic() < deadline_s:
        if client.loop(_POLL_S):
            break
    return end.is_set()
