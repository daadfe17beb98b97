"""Ask a running station for something, and wait for its answer."""

import os
import pwd
import threading
import time
from collections.abc import Callable
from pathlib import Path

from config.loader import load_settings
from station.core.commands import Command
from station.core.errors import KnownError
from station.core.events import CommandRefused, Event
from station.core.people import Person, Role
from station.runtime.bridge_client import BridgeClient, BridgeClosed
from station.runtime.bridge_frames import Picture

_ANSWER_WITHIN_S = 5.0


def machine_user() -> Person:
    """Return whoever types commands, as the audit trail calls them."""
    return Person(f"cli:{pwd.getpwuid(os.getuid()).pw_name}", Role.TECHNICIAN)


def ask(config: Path, command: Command, is_answer: Callable[[Event], bool]) -> Event:
    """Send the command and return the event that answers it.

    Raises:
        ConfigError: if the site file does not fit.
        KnownError: if no station answers, or it refuses.
    """
    client = BridgeClient(load_settings(config).kiosk.socket_path, as_user=True)
    client.connect()
    # Closing wakes the reader; a station that hangs must not hang this command, too.
    patience = threading.Timer(_ANSWER_WITHIN_S, client.close)
    patience.start()
    started_s = time.monotonic()
    try:
        client.send(command)
        while True:
            event = client.read()
            if isinstance(event, CommandRefused) and event.command_id == command.command_id:
                raise KnownError(event.text)
            if not isinstance(event, Picture) and is_answer(event):
                return event
    except BridgeClosed as error:
        if time.monotonic() - started_s >= _ANSWER_WITHIN_S:
            raise KnownError(
                f"The station did not answer within {_ANSWER_WITHIN_S:.0f} s: restart it."
            ) from error
        raise
    finally:
        patience.cancel()
        client.close()
