"""What a technician may ask: versions of the site file, the log, a support bundle, a backup."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from station.core.linearity import Verdict


@dataclass(frozen=True, slots=True)
class ListVersions:
    """Command: tell the versions of the site file."""

    command_id: UUID
    """Answered by VersionList or CommandRefused."""


@dataclass(frozen=True, slots=True)
class TakeVersion:
    """Command: use this version of the site file; the station starts again with it."""

    command_id: UUID
    """Answered by VersionList or CommandRefused."""
    number: int
    """Which."""


@dataclass(frozen=True, slots=True)
class SetRegions:
    """Command: look for the reference source here; the station starts again with it."""

    command_id: UUID
    """Answered by VersionList or CommandRefused."""
    regions: tuple[tuple[float, float, float, float], ...]
    """(top, left, bottom, right) as fractions of the picture."""
    radius_fraction: tuple[float, float] | None = None
    """Smallest and largest radius of its disc as fractions of the picture's longer side; None
    leaves them as they are."""


@dataclass(frozen=True, slots=True)
class SetSweptPlace:
    """Command: the source that cameras are certified with is here; the station starts again."""

    command_id: UUID
    """Answered by VersionList or CommandRefused."""
    region: tuple[float, float, float, float]
    """(top, left, bottom, right) as fractions of the picture."""
    radius_fraction: tuple[float, float]
    """Smallest and largest radius of its disc as fractions of the picture's longer side."""


@dataclass(frozen=True, slots=True)
class SetMasks:
    """Command: never search these areas of a lane for faces; the station starts again."""

    command_id: UUID
    """Answered by VersionList or CommandRefused."""
    lane: str
    """Whose camera's picture."""
    masks: tuple[tuple[float, float, float, float], ...]
    """(top, left, bottom, right) as fractions of the picture; none searches everywhere."""


@dataclass(frozen=True, slots=True)
class ReadLog:
    """Command: read the newest lines of the station's log."""

    command_id: UUID
    """Answered by LogPage or CommandRefused."""
    count: int
    """At most so many lines."""
    only_troubles: bool
    """Whether warnings and errors alone are wanted."""


@dataclass(frozen=True, slots=True)
class MakeBundle:
    """Command: write a support bundle into the station's folder for files."""

    command_id: UUID
    """Answered by WorkProgress again and again, or CommandRefused."""


@dataclass(frozen=True, slots=True)
class MakeBackup:
    """Command: write a sealed backup into the station's folder for files."""

    command_id: UUID
    """Answered by WorkProgress again and again, or CommandRefused."""


@dataclass(frozen=True, slots=True)
class NoteBackup:
    """Command: keep in the audit trail that a backup was made beside the running station."""

    command_id: UUID
    """Answered by WorkProgress or CommandRefused."""
    rows: int
    """How many rows its ledger holds."""


@dataclass(frozen=True, slots=True)
class ListCertificates:
    """Command: tell each camera's latest linearity certificate."""

    command_id: UUID
    """Answered by CertificateList or CommandRefused."""


@dataclass(frozen=True, slots=True)
class CameraCertificate:
    """A camera's latest linearity certificate."""

    camera_id: str
    """Which camera."""
    at: datetime
    """When its sweep ended, aware, UTC."""
    expires_at: datetime
    """Until when the settings let it hold, aware, UTC."""
    verdict: Verdict
    """What the sweep proves."""
    is_whole: bool
    """Whether it was the whole sweep."""
    slope: float | None
    """Slope of shown on true; None from fewer than three steps."""
    max_deviation_c: float | None
    """The largest shown minus true, °C; None without steps."""


@dataclass(frozen=True, slots=True)
class CertificateList:
    """Answer: the latest certificates; a camera that is not among them has none."""

    command_id: UUID
    """The command."""
    certificates: tuple[CameraCertificate, ...]
    """One for each camera that has one."""


@dataclass(frozen=True, slots=True)
class SiteVersion:
    """One version of the site file."""

    number: int
    """Counts from 1."""
    at: datetime
    """When it was added, aware, UTC."""
    actor: str
    """Who added it; empty if it was found as it is."""
    why: str
    """How it came about (a stored VersionWhy value)."""
    is_current: bool
    """Whether the station uses it."""
    changes: tuple[str, ...]
    """Lines in which it differs from the one in use; secrets are hidden."""


@dataclass(frozen=True, slots=True)
class VersionList:
    """Answer: the versions, the newest first."""

    command_id: UUID
    """The command."""
    versions: tuple[SiteVersion, ...]
    """All that are told."""
    is_restarting: bool
    """Whether the station is about to start again with another one."""


@dataclass(frozen=True, slots=True)
class LogPage:
    """Answer: lines of the log, the newest last, without names of staff or secrets."""

    command_id: UUID
    """The command."""
    lines: tuple[str, ...]
    """The lines."""


LongWork = MakeBundle | MakeBackup
"""What takes its time and tells how far it is."""

ServiceCommand = (
    ListVersions
    | TakeVersion
    | SetRegions
    | SetSweptPlace
    | SetMasks
    | ReadLog
    | NoteBackup
    | ListCertificates
    | LongWork
)
"""What a technician may ask for."""
