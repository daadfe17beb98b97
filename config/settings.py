"""Every setting of a station: one frozen dataclass a section, the unit in every name.

The shipped values and their sources stand in `defaults.toml`; a site file overrides them.
"""

from dataclasses import dataclass
from datetime import time
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from config.case_settings import (
    ClinicSettings,
    CollectionOrderSettings,
    DeadlineSettings,
    HandOverSettings,
    RegistrationSettings,
    SecondCheckSettings,
)
from config.device_settings import (
    CameraSettings,
    HealthSettings,
    ReferenceSettings,
    RoomSensorSettings,
    SourceSettings,
    SweptSourceSettings,
    ThermometerSettings,
)
from config.screening_settings import (
    BiasSettings,
    CrowdSettings,
    ExtractionSettings,
    FrameSettings,
    LocatorSettings,
    PolicySettings,
    RoomSettings,
    TrackingSettings,
)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@dataclass(frozen=True, slots=True)
class StationSettings:
    """Who this station is."""

    station_id: str
    """Name known to the CDC: letters, digits, `-`."""
    region: str
    """First part of the topics: the area's code."""
    site: str
    """Second part of the topics: the hub."""
    ledger_path: Path
    """The SQLite file."""
    time_zone: str
    """Where its days begin and end: a name of the IANA database."""
    export_folder: Path
    """Where lists that staff export are written; made if missing."""


@dataclass(frozen=True, slots=True)
class LinkSettings:
    """The way to the CDC."""

    host: str
    """The broker's name or address."""
    port: int
    """The broker's port."""
    window: int
    """Most alerts in flight at once; the broker's Receive Maximum lowers it."""
    publish_timeout_s: float
    """Seconds to wait for the broker's acknowledgement before trying again."""
    receipt_timeout_s: float
    """Seconds to wait for the CDC's receipt before sending again."""
    reconnect_min_s: float
    """Shortest wait before connecting again."""
    reconnect_max_s: float
    """Longest wait before connecting again."""
    ca_file: Path | None = None
    """The authority that the broker's certificate must come from; none connects without TLS."""
    cert_file: Path | None = None
    """This station's certificate; its name is the station_id."""
    key_file: Path | None = None
    """Its key."""
    signing_key_file: Path | None = None
    """The key that signs each message; none sends them unsigned."""
    cdc_keys_file: Path | None = None
    """The CDC's public keys: answers not signed by one are not believed; none believes all."""
    cdc_encryption_key_file: Path | None = None
    """The CDC's public key that identities are sealed with, where a rule lets the CDC be told."""
    allow_plaintext: bool = False
    """Connect without TLS to a broker that is not this machine."""

    @property
    def is_local(self) -> bool:
        """Whether the broker is this machine: the only one that is reached without TLS."""
        return is_loopback(self.host)


@dataclass(frozen=True, slots=True)
class ReportSettings:
    """The daily report to the CDC."""

    daily_at: time
    """Local time at which it is sent."""


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """Who may work at the kiosk."""

    required: bool
    """Whether people sign in there; without it everybody before it may do everything."""
    lock_after_min: float
    """After so many minutes without a touch the kiosk locks itself; 0 stands for never."""


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """What technicians need at the kiosk."""

    certificate_valid_days: int
    """Days after which a camera's linearity certificate has expired."""
    backup_key_file: Path | None = None
    """The key that seals backups: backup.pub of `fever-station backup --new-key`."""


@dataclass(frozen=True, slots=True)
class KioskSettings:
    """The kiosk's window."""

    socket_path: Path
    """The bridge between station and kiosk."""
    language: Literal["zh", "en"]
    """Language at start."""
    traveller: Literal["auto", "split", "off"]
    """Where travellers see what they are told: second screen, beside the kiosk, nowhere."""
    voices_path: Path | None = None
    """Folder of recorded prompts that go before the synthetic voice; None if there is none."""


@dataclass(frozen=True, slots=True)
class SimulatorSettings:
    """Where simulated devices are controlled; a station with this section screens nobody real."""

    control: str
    """Their control port on this machine: `host:port`."""

    @property
    def host(self) -> str:
        """The host, without brackets."""
        return self.control.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """The port; 0 if there is none."""
        text = self.control.rpartition(":")[2]
        return int(text) if text.isascii() and text.isdigit() else 0


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything."""

    station: StationSettings
    """Who this station is."""
    cameras: tuple[CameraSettings, ...]
    """Its cameras, one lane each."""
    thermometers: tuple[ThermometerSettings, ...]
    """Its handheld thermometers."""
    sources: tuple[SourceSettings, ...]
    """Its reference sources that tell how they are."""
    room_sensors: tuple[RoomSensorSettings, ...]
    """Its sensors of the air, one a role."""
    reference: ReferenceSettings
    """The reference source."""
    swept_source: SweptSourceSettings
    """The source that cameras are certified with."""
    room: RoomSettings
    """The room."""
    health: HealthSettings
    """Instruments that go wrong without a word."""
    frame: FrameSettings
    """Limits of a whole picture."""
    locator: LocatorSettings
    """What finds the faces."""
    extraction: ExtractionSettings
    """Limits of measuring."""
    tracking: TrackingSettings
    """Following travellers."""
    crowd: CrowdSettings
    """Travellers against their crowd."""
    bias: BiasSettings
    """Camera against camera."""
    policies: tuple[PolicySettings, ...]
    """Threshold policies, each with its dates."""
    link: LinkSettings
    """The way to the CDC."""
    report: ReportSettings
    """The daily report."""
    second_check: SecondCheckSettings
    """The second check."""
    deadlines: DeadlineSettings
    """How long cases may wait."""
    registration: RegistrationSettings
    """What is asked after a confirmed fever."""
    collection_orders: tuple[CollectionOrderSettings, ...]
    """Orders to take identities."""
    hand_over: HandOverSettings
    """Whom staff call."""
    clinics: tuple[ClinicSettings, ...]
    """Fever clinics, the nearest first."""
    accounts: AccountSettings
    """Who may work there."""
    service: ServiceSettings
    """What technicians need there."""
    kiosk: KioskSettings
    """The kiosk."""
    simulators: SimulatorSettings | None = None
    """What stands in for real devices; None at a checkpoint."""
