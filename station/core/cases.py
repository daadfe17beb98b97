"""A case: one flagged traveller, from the flag to the outcome. Every change is a new value."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from station.core.errors import KnownError
from station.core.faces import Point
from station.core.registration import Registration
from station.core.screening import Screening


class Refusal(StrEnum):
    """Why a command was not carried out; the kiosk has words for each in every language."""

    OTHER = "other"
    """The text says it."""
    NO_BODY_TEMPERATURE = "no_body_temperature"
    """The reading is no plausible body temperature."""
    FEBRILE_READING = "febrile_reading"
    """A febrile second reading cannot be cleared."""
    NO_FEBRILE_READING = "no_febrile_reading"
    """Fever cannot be confirmed without a febrile second reading."""
    WRONG_STATE = "wrong_state"
    """The case's state does not allow the step."""
    UNKNOWN_READING = "unknown_reading"
    """The reading is not in the ledger."""
    ATTACHED_ALREADY = "attached_already"
    """The reading belongs to a case."""
    NO_POLICY = "no_policy"
    """No threshold policy is in force today."""
    NOT_NEEDED = "not_needed"
    """The passage needs no check by hand, or has its case."""
    UNKNOWN_CASE = "unknown_case"
    """The case is not in the ledger."""
    TYPED_APART = "typed_apart"
    """The same reading was typed in as two different ones."""
    TYPED_IMPLAUSIBLE = "typed_implausible"
    """No person has the temperature that was typed in."""
    NO_CHECK = "no_check"
    """The readings do not make a daily check."""
    RESTING = "resting"
    """The traveller rests first; only an ear or contact thermometer may be used meanwhile."""
    NO_SITE = "no_site"
    """Nobody said where on the body the reading was taken."""
    TOO_FEW_READINGS = "too_few_readings"
    """A second check needs two readings."""
    READINGS_DISAGREE = "readings_disagree"
    """The readings disagree: an ear or contact thermometer must decide."""
    NO_CAUSE = "no_cause"
    """A cleared case needs a cause."""
    NOT_ANSWERED = "not_answered"
    """A question of the registration has no answer."""
    NO_RULE = "no_rule"
    """No rule allows this identity to be taken."""
    NOT_REGISTERED = "not_registered"
    """The case is not registered yet."""
    NOT_ARRIVED = "not_arrived"
    """Nobody has said that the clinic has the traveller."""
    NOTHING_TO_TAKE_BACK = "nothing_to_take_back"
    """The case has only been opened."""
    NOT_SIGNED_IN = "not_signed_in"
    """Nobody is signed in."""
    NOT_ALLOWED = "not_allowed"
    """The person's role does not allow it."""
    WRONG_PIN = "wrong_pin"
    """Name and PIN do not belong together, or nobody has this card."""
    WAIT = "wait"
    """Too many wrong PINs: wait before the next one."""
    BAD_NAME = "bad_name"
    """No account can have this name, or another one has it."""
    BAD_PIN = "bad_pin"
    """The PIN is too short or too easy."""
    BAD_CARD = "bad_card"
    """No card number, or another account's."""
    SAME_PERSON = "same_person"
    """This takes a second person."""
    THRESHOLD_RANGE = "threshold_range"
    """The settings do not allow a threshold like this."""
    NO_PROPOSAL = "no_proposal"
    """The proposal is over, or another one has taken its place."""
    NO_OFFER = "no_offer"
    """The hand-over of a shift is over, or another one has taken its place."""
    SESSION_OVER = "session_over"
    """The session cannot be taken up again: sign in."""


class CaseRefused(KnownError):
    """A step that the case's state does not allow, or a reading that may not be used.

    Attributes:
        refusal: why, for the kiosk's words.
    """

    def __init__(self, refusal: Refusal, text: str) -> None:
        super().__init__(text)
        self.refusal = refusal


class CaseState(StrEnum):
    """Where a case stands; stored values are stable."""

    OPEN = "open"
    """Flagged; the second measurement is due."""
    REFERRED = "referred"
    """At least one second reading is attached."""
    CONFIRMED = "confirmed"
    """The second reading confirmed fever."""
    CLEARED = "cleared"
    """The second reading did not confirm fever."""
    UNRESOLVED = "unresolved"
    """The traveller left or readings disagree: nobody may call this cleared."""
    CLOSED = "closed"
    """Nothing is left to do; only messages of other programs say so here: a closed case keeps its
    verdict, and `Progress.closed_at` says that it is closed."""


VERDICTS = frozenset({CaseState.CONFIRMED, CaseState.CLEARED, CaseState.UNRESOLVED})
"""The states that end the second check."""


class ReadingMode(StrEnum):
    """What a handheld's number means."""

    BODY = "body"
    """The device's own estimate of body temperature."""
    SURFACE = "surface"
    """Uncorrected skin or object temperature."""


class TrustClass(StrEnum):
    """How far a thermometer's reading may decide a second check; stored values are stable.

    Of six forehead models none found more than 69 % of fevers above 38 °C (Sullivan et al. 2021, a
    comparison on 1,113 people), so that a normal forehead reading says less than a normal one of
    an ear or a mouth.
    """

    CONTACT = "contact"
    """A clinical thermometer that touches: mouth, armpit, rectum."""
    TYMPANIC = "tympanic"
    """An ear thermometer."""
    FOREHEAD = "forehead"
    """A clinical thermometer without contact."""
    SURFACE = "surface"
    """An instrument that only tells a surface temperature: it never decides."""


class BodySite(StrEnum):
    """Where on the body a reading was taken; stored values are stable."""

    FOREHEAD = "forehead"
    """Forehead or temple."""
    EAR = "ear"
    """Ear drum."""
    MOUTH = "mouth"
    """Under the tongue."""
    ARMPIT = "armpit"
    """Armpit."""


SITE_OF = {TrustClass.FOREHEAD: BodySite.FOREHEAD, TrustClass.TYMPANIC: BodySite.EAR}
"""Thermometers that measure at one place only; a contact thermometer's place must be named."""


@dataclass(frozen=True, slots=True)
class BodyReading:
    """One reading of a handheld thermometer."""

    reading_id: UUID
    """Its key in the ledger."""
    taken_at: datetime
    """Receipt time, aware, UTC."""
    body_c: float
    """Value in °C."""
    mode: ReadingMode
    """What the number means."""
    device_id: str
    """The handheld's name in the settings."""
    is_plausible: bool = True
    """False where the value cannot come from a person; kept in the ledger, never used."""
    trust: TrustClass = TrustClass.FOREHEAD
    """How far it may decide."""
    site: BodySite | None = None
    """Where on the body; None until it is attached, and for a reading from before it was asked."""

    @property
    def may_decide(self) -> bool:
        """Whether it may be attached to a case as a second reading."""
        is_body = self.mode is ReadingMode.BODY and self.trust is not TrustClass.SURFACE
        return self.is_plausible and is_body


class HandoverStep(StrEnum):
    """How far a hand-over to the emergency service has come; stored values are stable."""

    REQUESTED = "requested"
    """Somebody was called."""
    ACCEPTED = "accepted"
    """They said that they come."""
    DEPARTED = "departed"
    """They left the station with the traveller."""
    ARRIVED = "arrived"
    """The clinic has the traveller."""
    LEFT_WITHOUT = "left_without"
    """The traveller left without being handed over."""


@dataclass(frozen=True, slots=True)
class Handover:
    """One step of a hand-over."""

    step: HandoverStep
    """Which."""
    at: datetime
    """When, aware, UTC."""
    to: str
    """The emergency service or the clinic, never a person; empty if nobody was named."""


class ClearCause(StrEnum):
    """Why somebody was flagged who has no fever; stored values are stable."""

    EXERTION = "exertion"
    """They ran, or carried much."""
    WARM_PLACE = "warm_place"
    """Sun, a heater, warm clothes."""
    HOT_DRINK = "hot_drink"
    """A hot drink, a meal or alcohol."""
    COOLED_DOWN = "cooled_down"
    """They have rested, and it is gone."""
    CAMERA = "camera"
    """The thermograph measured something else: glasses, a reflection, a hot object."""
    NOT_FOUND = "not_found"
    """No cause was found."""


class CaseOutcome(StrEnum):
    """What the clinic found; stored values are stable."""

    POSITIVE = "positive"
    """The infection that is looked for."""
    NEGATIVE = "negative"
    """Not that infection."""
    OTHER = "other"
    """Another illness."""
    UNKNOWN = "unknown"
    """The clinic does not tell."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a case has come beside its readings and hand-over. All times aware, UTC."""

    rest_until: datetime | None = None
    """The traveller rests until then before a forehead is measured; None without a rest."""
    verdict_at: datetime | None = None
    """When the second check ended."""
    cause: str = ""
    """Why it was cleared, or what was said; a stored ClearCause value for a cleared case."""
    registration: Registration | None = None
    """What was asked."""
    registered_at: datetime | None = None
    """When it was answered last."""
    has_identity: bool = False
    """Whether the ledger holds who the traveller is; who, only the ledger knows."""
    isolated_at: datetime | None = None
    """When the traveller came to the isolation room."""
    outcome: CaseOutcome | None = None
    """What the clinic found."""
    closed_at: datetime | None = None
    """When nothing was left to do: cleared, left, or with an outcome."""


@dataclass(frozen=True, slots=True)
class Case:
    """One flagged traveller, without identity."""

    case_id: UUID
    """Its key, also the CDC's."""
    number: int
    """The short number that staff call out, counted by the station."""
    opened_at: datetime
    """When the flag was raised, aware, UTC."""
    lane: str
    """The lane's name."""
    traveller: int
    """The traveller's number in the lane's pictures."""
    passage_id: UUID
    """The passage that was flagged."""
    screening: Screening
    """What the thermograph said."""
    point: Point | None
    """(row, column) of the reading in the last frame before the flag."""
    state: CaseState = CaseState.OPEN
    """Where the case stands."""
    readings: tuple[BodyReading, ...] = ()
    """Second readings, oldest first."""
    handover: tuple[Handover, ...] = ()
    """Steps of the hand-over, oldest first."""
    progress: Progress = Progress()
    """How far it has come beside that."""

    @property
    def is_finished(self) -> bool:
        """Whether nothing is left to do."""
        return self.progress.closed_at is not None

    @property
    def has_left(self) -> bool:
        """Whether the traveller left without being handed over."""
        return bool(self.handover) and self.handover[-1].step is HandoverStep.LEFT_WITHOUT


@dataclass(frozen=True, slots=True)
class CaseStep:
    """One step of a case for the audit trail; steps are added, never edited."""

    case_id: UUID
    """Whose step."""
    at: datetime
    """When, aware, UTC."""
    actor: str
    """Who: an operator's name or `station`."""
    state: CaseState
    """The state after the step."""
    note: str
    """What was done, in stable words: flagged, second_reading, cause given."""


def open_case(
    *,
    case_id: UUID,
    number: int,
    opened_at: datetime,
    lane: str,
    traveller: int,
    passage_id: UUID,
    screening: Screening,
    point: Point | None,
    rest_until: datetime | None = None,
    actor: str = "station",
) -> tuple[Case, CaseStep]:
    """Open a case for a flagged traveller, or for one whom `actor` wants to check by hand."""
    case = Case(
        case_id,
        number,
        opened_at,
        lane,
        traveller,
        passage_id,
        screening,
        point,
        progress=Progress(rest_until=rest_until),
    )
    return case, CaseStep(case_id, opened_at, actor, CaseState.OPEN, screening.outcome.value)
