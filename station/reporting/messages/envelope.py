"""What all messages share: the CloudEvents envelope, and the kinds of values inside."""

from typing import Annotated, ClassVar, Final, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from station.core.clock_quality import ClockQuality
from station.core.report import Channel
from station.reporting.topics import SOURCE_PATTERN, StationIdentity

SCHEMA_VERSION: Final = "1.3"
"""The newest version that this program writes and reads."""
PLAIN_VERSION: Final = "1.2"
"""What a message says that has nothing of 1.3: receivers of both read it alike."""
CDC_SOURCE: Final = "/fs/cdc"
"""The `source` of receipts."""

# Without control characters: it ends on terminals.
Text = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")]
Celsius = Annotated[float, Field(allow_inf_nan=False, ge=-100, le=300)]
Uncertainty = Annotated[float, Field(allow_inf_nan=False, ge=0, le=100)]
Number = Annotated[int, Field(ge=1, le=2**53)]
SchemaVersion = Annotated[str, Field(pattern=r"^1\.\d{1,6}$")]
Count = Annotated[int, Field(ge=0, le=2**53)]


class Part(BaseModel):
    """A piece of a message: it never changes, and has no field that is not declared."""

    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", use_attribute_docstrings=True
    )


class MessageData(Part):
    """What each of a station's messages says beside its subject."""

    schema_version: SchemaVersion
    """Version of this schema."""
    is_drill: bool
    """Whether this is an exercise or a demonstration; the type says the same."""
    clock: ClockQuality = ClockQuality.NOT_KNOWN
    """How far the sender's times are to be believed; version 1.0 did not say it."""


class NumberedData(MessageData):
    """What messages say that the CDC must not miss one of."""

    epoch: UUID
    """The ledger's epoch: a new one tells that messages of the one before may be missing."""
    sequence: Number
    """Counts the messages of an epoch from 1 without gaps, drills and daily figures included."""


class Event(Part):
    """What CloudEvents 1.0.2 asks of every message."""

    specversion: Literal["1.0"]
    """CloudEvents version."""
    id: UUID
    """Whoever stores it drops what comes twice with one id and source."""
    source: Annotated[str, Field(max_length=250)]
    """Who says it."""
    type: str
    """What it is, with its major version."""
    time: AwareDatetime
    """When it was made, by the sender's clock."""
    datacontenttype: Literal["application/json"]
    """How `data` is written."""


class StationEvent(Event):
    """A message of a station."""

    channel: ClassVar[Channel]

    source: Annotated[str, Field(max_length=250, pattern=SOURCE_PATTERN)]
    """`/fs/region/site/station`."""
    data: MessageData
    """What it says."""

    @property
    def identity(self) -> StationIdentity:
        """The station that `source` names."""
        identity = StationIdentity.from_source(self.source)
        assert identity is not None  # noqa: S101 - the pattern says so
        return identity


def type_of(model: type[BaseModel]) -> str:
    """Return the `type` of a message with one form."""
    name: str = model.model_fields["type"].annotation.__args__[0]  # type: ignore[union-attr]
    return name
