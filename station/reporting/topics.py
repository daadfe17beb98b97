"""Who a station is to the CDC, and the topics it uses."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from station.core.errors import KnownError

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SOURCE = re.compile(r"/fs/([^/]+)/([^/]+)/([^/]+)")
_TOPIC = re.compile(r"fs/v1/([^/]+)/([^/]+)/([^/]+)/(?:alert|receipt|status)")

# A receiver meets the same stations again and again.
_REMEMBERED = 4096

ALL_ALERTS = "fs/v1/+/+/+/alert"
"""What the CDC subscribes to."""


@dataclass(frozen=True, slots=True)
class StationIdentity:
    """A station's name within the country.

    Raises:
        KnownError: if a part holds anything but letters, digits, `-` and `_`.
    """

    region: str
    """Area code."""
    site: str
    """Hub."""
    station: str
    """Station; also its name at the broker."""

    def __post_init__(self) -> None:
        for part in (self.region, self.site, self.station):
            if not _NAME.fullmatch(part):
                raise KnownError(
                    f"'{part}' cannot be part of a topic: use up to 64 letters, digits, '-' or '_' "
                    "in [station] of the settings."
                )

    @property
    def source(self) -> str:
        """The `source` of its messages."""
        return f"/fs/{self.region}/{self.site}/{self.station}"

    @property
    def alert_topic(self) -> str:
        """Where it sends alerts."""
        return self._topic("alert")

    @property
    def receipt_topic(self) -> str:
        """Where the CDC answers."""
        return self._topic("receipt")

    @property
    def status_topic(self) -> str:
        """Where it, or its last will, says whether it is there (retained)."""
        return self._topic("status")

    @classmethod
    @lru_cache(_REMEMBERED)
    def from_source(cls, source: str) -> Self | None:
        """Return the station that a message's `source` names, or None."""
        return cls._from_match(_SOURCE.fullmatch(source))

    @classmethod
    @lru_cache(_REMEMBERED)
    def from_topic(cls, topic: str) -> Self | None:
        """Return the station that a topic belongs to, or None."""
        return cls._from_match(_TOPIC.fullmatch(topic))

    @classmethod
    def _from_match(cls, match: re.Match[str] | None) -> Self | None:
        if match is None:
            return None
        try:
            return cls(*match.groups())
        except KnownError:
            return None

    def _topic(self, kind: str) -> str:
        return f"fs/v1/{self.region}/{self.site}/{self.station}/{kind}"
