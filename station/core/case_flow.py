"""What a site says about its cases: rules, limits, questions, clinics; the kiosk gets it whole."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from station.core.cases import Case
from station.core.identity import IdentityPermit, IdentityRules, permit_for
from station.core.registration import Field, HubKind
from station.core.screening import ThresholdPolicy, policy_on
from station.core.second_check import CheckRules, CheckStand, assess
from station.core.stages import CaseStage, Deadline, StageLimits, deadline_of, stage_of


@dataclass(frozen=True, slots=True)
class Clinic:
    """A fever clinic near the hub."""

    name_zh: str
    """Its name in Chinese."""
    name_en: str
    """Its name in English."""
    address_zh: str
    """Where it is, in Chinese."""
    address_en: str
    """Where it is, in English."""
    telephone: str
    """Its number."""


@dataclass(frozen=True, slots=True)
class CaseFlow:
    """The case flow of one site."""

    policies: tuple[ThresholdPolicy, ...]
    """The threshold policies, each with its dates."""
    rules: CheckRules = field(default_factory=CheckRules)
    """When a second check may end."""
    limits: StageLimits = field(default_factory=StageLimits)
    """How long each stage may last."""
    hub: HubKind = HubKind.TRAIN
    """What kind of journey is asked about."""
    asked: tuple[Field, ...] = ()
    """What is asked."""
    medicine_hours: int = 12
    """The hours for which medicines are asked."""
    identity: IdentityRules = field(default_factory=IdentityRules)
    """When an identity may be taken."""
    clinics: tuple[Clinic, ...] = ()
    """Fever clinics, the nearest first."""
    services: tuple[str, ...] = ()
    """Numbers of trains, coaches or flights that arrive here, to choose from."""
    emergency: str = "120"
    """Whom staff call for an ambulance."""
    duty_desk: str = ""
    """Telephone number of the CDC's duty desk; empty if none is known."""
    receipt_alarm_s: float = 300.0
    """Alerts without a receipt for so long are told to the duty desk by telephone."""
    site_name: str = ""
    """The hub, for printed pages."""
    time_zone: str = "UTC"
    """Name of the zone in which the days of policies and orders begin and end."""

    @property
    def zone(self) -> ZoneInfo:
        """The site's time zone."""
        return ZoneInfo(self.time_zone)

    def policy(self, now: datetime) -> ThresholdPolicy | None:
        """Return the policy in force."""
        return policy_on(self.policies, now.astimezone(self.zone).date())

    def stand(self, case: Case, now: datetime) -> CheckStand:
        """Return what a case's readings amount to."""
        return assess(case, self.policy(now), self.rules)

    def stage(self, case: Case, now: datetime) -> CaseStage:
        """Return what is due in a case."""
        return stage_of(case, self.policy(now), self.rules, now)

    def deadline(self, case: Case, now: datetime) -> Deadline | None:
        """Return by when that must be done."""
        return deadline_of(case, self.stage(case, now), self.limits)

    def permit(self, case: Case, now: datetime) -> IdentityPermit | None:
        """Return the rule that allows to take who the traveller is."""
        return permit_for(case, now, self.identity, self.zone)
