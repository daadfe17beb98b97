"""That a receiver runs: each writes now and then how it is, so that the page need not guess."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from threading import Event, Lock, Thread
from typing import NamedTuple

from sqlalchemy import Connection, select

from station.cdc.database import Database, Use, Where, insert_into
from station.cdc.opening import open_inbox
from station.cdc.tables import receiver_sign
from station.cdc.times import from_text, to_text
from station.core.errors import KnownError

SIGN_EVERY_S = 5.0
"""How often a receiver writes, chosen: a page takes it for gone after some missed signs."""

_LONGEST_NAME = 40
_LONGEST_TROUBLE = 300
_GOODBYE_S = 10.0


class Receiving(StrEnum):
    """How a receiver is; stored values are stable."""

    READY = "ready"
    """Alerts can arrive."""
    TROUBLED = "troubled"
    """It runs, and something keeps alerts from arriving or being stored."""
    STOPPED = "stopped"
    """It was ended in order."""


class Sign(NamedTuple):
    """The last word of one receiver."""

    at: datetime
    """When it was written, by the receiver's clock, aware."""
    state: Receiving
    """How it is."""
    trouble: str
    """One sentence; empty if there is none."""


def read_signs(connection: Connection) -> Mapping[str, Sign]:
    """Return the last word of each receiver by its name."""
    rows = connection.execute(select(receiver_sign))
    return {row.name: Sign(from_text(row.at), Receiving(row.state), row.trouble) for row in rows}


class SignsOfLife:
    """Writes one receiver's signs on a thread of its own, over a connection of its own.

    Args:
        where: the inbox; its schema is up to date.
        name: the receiver's.
        now: the CDC's clock, aware.
        every_s: seconds between two signs; what changes is written at once.

    Raises:
        KnownError: if the inbox cannot be opened.
    """

    def __init__(
        self,
        where: Where,
        name: str,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        every_s: float = SIGN_EVERY_S,
    ) -> None:
        self._name = name[:_LONGEST_NAME]
        self._now = now
        self._every_s = every_s
        self._lock = Lock()
        self._state, self._trouble = Receiving.TROUBLED, ""
        self._wake, self._is_over = Event(), False
        self._database: Database = open_inbox(where, Use.ANSWER)
        self._thread = Thread(target=self._run, name="signs-of-life", daemon=True)
        self._thread.start()

    def ready(self) -> None:
        """Tell that alerts can arrive."""
        self._tell(Receiving.READY, "")

    def trouble(self, text: str) -> None:
        """Tell what keeps alerts from arriving; empty when it is over."""
        self._tell(Receiving.TROUBLED if text else Receiving.READY, text)

    def close(self) -> None:
        """Tell that the receiver was ended in order; closing twice is safe."""
        self._is_over = True
        self._tell(Receiving.STOPPED, "")
        self._thread.join(_GOODBYE_S)
        self._database.close()

    def _tell(self, state: Receiving, trouble: str) -> None:
        with self._lock:
            self._state, self._trouble = state, trouble[:_LONGEST_TROUBLE]
        self._wake.set()

    def _run(self) -> None:
        while not self._is_over:
            self._wake.wait(self._every_s)
            self._wake.clear()
            self._write()

    def _write(self) -> None:
        with self._lock:
            values = {"state": self._state.value, "trouble": self._trouble}
        values |= {"name": self._name, "at": to_text(self._now())}
        try:
            with self._database.writing() as connection:
                sign = insert_into(connection, receiver_sign).values(**values)
                connection.execute(sign.on_conflict_do_update(index_elements=["name"], set_=values))
        except KnownError:
            # The receiver tells it by itself; a page that reads no new sign says so.
            return
