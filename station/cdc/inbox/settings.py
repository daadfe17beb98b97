"""What the duty office settles: when alerts grow louder, and whom to call then."""

import tomllib
from datetime import time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from station.cdc.inbox.escalation import DEFAULT_AFTER
from station.core.errors import KnownError

_Minutes = Annotated[float, Field(gt=0, le=24 * 60, allow_inf_nan=False)]
_Word = Annotated[str, Field(min_length=1, max_length=90, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")]


class Contact(BaseModel):
    """Somebody to call."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: _Word
    """Name or office."""
    phone: _Word
    """How to reach it."""

    def __str__(self) -> str:
        return f"{self.name} · {self.phone}"


class InboxSettings(BaseModel):
    """The page's settings, from a TOML file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    escalate_after_min: tuple[_Minutes, ...] = tuple(
        wait / timedelta(minutes=1) for wait in DEFAULT_AFTER
    )
    """How long nobody may answer before each level, minutes, rising."""
    contacts: tuple[Contact, ...] = ()
    """In the order in which they are called."""
    time_zone: str = "Asia/Shanghai"
    """Where the office is (IANA): its times are shown, and its days counted."""
    figures_due_at: time = time(15)
    """Local time at which the day's figures of each station must have come.

    Source: the city order of 2020 that the stations' `daily_at` names, before 15:00."""

    checkpoints_file: Path | None = None
    """The book of checkpoints, CSV; read beside the settings' file."""
    outline_file: Path | None = None
    """Outline of the region under the map, GeoJSON; read beside the settings' file."""

    @field_validator("time_zone")
    @classmethod
    def _is_known(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError("it must be a zone of the IANA database, such as Asia/Shanghai")
        return name

    @model_validator(mode="after")
    def _levels_rise(self) -> Self:
        waits = self.escalate_after_min
        if not waits or any(a >= b for a, b in pairwise(waits)):
            raise ValueError("escalate_after_min must name at least one time, and rise")
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The office's zone."""
        return ZoneInfo(self.time_zone)

    @property
    def escalate_after(self) -> tuple[timedelta, ...]:
        """The same as durations."""
        return tuple(timedelta(minutes=wait) for wait in self.escalate_after_min)

    @property
    def called(self) -> tuple[str, ...]:
        """The contacts as they are shown."""
        return tuple(str(contact) for contact in self.contacts)


def load_settings(path: Path | None) -> InboxSettings:
    """Return the settings in a file, or the defaults.

    Raises:
        KnownError: if the file cannot be read, naming every fault in it.
    """
    if path is None:
        return InboxSettings()
    try:
        settings = InboxSettings.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        raise KnownError(f"{path} cannot be read ({error.strerror}): name another file.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise KnownError(f"{path} is no TOML file ({error}): correct it.") from error
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc']) or 'file'}: {fault['msg']}"
            for fault in error.errors(include_url=False, include_input=False)
        )
        raise KnownError(f"{path} has faults ({faults}): correct them.") from error
    beside = {
        name: path.parent / file
        for name in ("checkpoints_file", "outline_file")
        if (file := getattr(settings, name)) is not None
    }
    return settings.model_copy(update=beside)
