"""Which stations a receiver believes, kept up to date while it runs."""

import logging
from pathlib import Path

from station.core.errors import KnownError
from station.reporting.signing import KeyRegistry, SignatureError
from station.reporting.topics import StationIdentity
from station.reporting.watching import FileWatch

_log = logging.getLogger(__name__)


class StationKeys:
    """The registry of station keys in its file, read anew when the file changes.

    A station that is enrolled or revoked counts from the next message on, without a restart.

    Raises:
        KnownError: if the file cannot be read at the start.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._watch = FileWatch(path)
        self._registry: KeyRegistry | None = KeyRegistry.load(path)

    def look(self) -> None:
        """Read the registry anew if its file has changed."""
        if self._watch.has_changed():
            self._read()

    def check(
        self,
        payload: bytes,
        signature: str | None,
        identity: StationIdentity,
        *,
        looks: bool = True,
    ) -> None:
        """Make sure that these exact bytes come from this station.

        Args:
            payload: the message's bytes.
            signature: what came with it.
            identity: the station whose topic was used.
            looks: whether to look at the file first; whoever checks many at once calls look().

        Raises:
            SignatureError: why not; also while the registry cannot be read.
        """
        if looks:
            self.look()
        if self._registry is None:
            raise SignatureError("The registry of station keys cannot be read.")
        self._registry.check(payload, signature, identity)

    def _read(self) -> None:
        # A registry that cannot be read may have revoked anybody: nobody is believed until it can.
        # The stations keep their alerts.
        self._registry = None
        try:
            self._registry = KeyRegistry.load(self._path)
        except KnownError:
            _log.exception("nobody is believed until the registry of station keys is mended")


class Refusals:
    """Logs what is set aside: each reason at once, then ever more rarely, with its count."""

    _MOST_REASONS = 1000
    _LONGEST_TOPIC = 200

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def note(self, reason: str, topic: str) -> None:
        """Note one message.

        Args:
            reason: why it is set aside.
            topic: where it came from; hostile, so it is escaped.
        """
        if len(self._counts) >= self._MOST_REASONS:
            self._counts.clear()
        count = self._counts[reason] = self._counts.get(reason, 0) + 1
        # A flood must not fill the log: the 1st, 2nd, 4th, 8th ... of its kind.
        if count & (count - 1) == 0:
            where = ascii(topic[: self._LONGEST_TOPIC])
            _log.warning("message set aside: %s (%d so far; topic %s)", reason, count, where)
