"""Who a station is to the CDC, and the topics it uses."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from station.core.errors import KnownError
from station.core.report import Channel

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SOURCE = re.compile(r"/fs/([^/]+)/([^/]+)/([^/]+)")
_TOPIC = re.compile(r"fs/v1/([^/]+)/([^/]+)/([^/]+)/([a-z/]+)")

# A receiver meets the same stations again and again.
_REMEMBERED = 4096

SOURCE_PATTERN = "^/fs(/[A-Za-z0-9_-]{1,64}){3}$"
"""What a station's `source` looks like, as a regular expression of JSON Schema."""

CDC_CHANNELS = (Channel.ALERT, Channel.REPORT, Channel.DRILL_ALERT, Channel.DRILL_REPORT)
"""What the CDC stores and receipts."""

CDC_TOPICS = tuple(f"fs/v1/+/+/+/{channel}" for channel in CDC_CHANNELS)
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
        """Where it sends real alerts."""
        return self.topic(Channel.ALERT)

    @property
    def receipt_topic(self) -> str:
        """Where the CDC answers."""
        return self.topic(Channel.RECEIPT)

    def topic(self, channel: Channel) -> str:
        """Return this station's topic for a channel."""
        return f"fs/v1/{self.region}/{self.site}/{self.station}/{channel.value}"

    @classmethod
    @lru_cache(_REMEMBERED)
    def from_source(cls, source: str) -> Self | None:
        """Return the station that a message's `source` names, or None."""
        match = _SOURCE.fullmatch(source)
        return cls._from_names(match[1], match[2], match[3]) if match else None

    @classmethod
    @lru_cache(_REMEMBERED)
    def from_topic(cls, topic: str) -> Self | None:
        """Return the station that a topic belongs to, or None."""
        match = _TOPIC.fullmatch(topic)
        if match is None or channel_of(topic) is None:
            return None
        return cls._from_names(match[1], match[2], match[3])

    @classmethod
    def _from_names(cls, *names: str) -> Self | None:
        try:
            return cls(*names)
        except KnownError:
            return None


@lru_cache(_REMEMBERED)
def channel_of(topic: str) -> Channel | None:
    """Return the channel that a station's topic is, or None."""
    match = _TOPIC.fullmatch(topic)
    try:
        return Channel(match[4]) if match else None
    except ValueError:
        return None
