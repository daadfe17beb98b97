"""What the CDC asks a station to send again: by number, also what it had receipted once.

A receiver that sees a gap, or was restored from an older backup, asks on the station's receipt
topic; a station of an older version takes the question for no receipt and passes over it.
"""

from collections import deque
from collections.abc import Callable
from typing import Annotated, Literal, Protocol, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from station.core.ports import OutboxItem

_READ_AHEAD = 100
_MOST_QUESTIONS = 100

_Number = Annotated[int, Field(ge=1, le=2**53)]


class Ask(BaseModel):
    """The CDC lacks these messages of one station."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore", validate_by_name=True)

    type: Literal["org.fever-station.ask.v1"] = "org.fever-station.ask.v1"
    """What it is."""
    epoch: UUID
    """Of which count."""
    first: Annotated[_Number, Field(alias="from")]
    """First number that is missing."""
    last: Annotated[_Number, Field(alias="to")]
    """Last number that is missing."""

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        if self.first > self.last:
            raise ValueError("'from' must not be beyond 'to'")
        return self


def encode_ask(ask: Ask) -> bytes:
    """Return the bytes of a question."""
    return ask.model_dump_json(by_alias=True).encode()


def decode_ask(payload: bytes) -> Ask | None:
    """Return the question in these bytes, or None if they are something else."""
    try:
        return Ask.model_validate_json(payload)
    except (ValidationError, ValueError, RecursionError):
        return None


class NumberedReader(Protocol):
    """What is needed of the outbox."""

    def numbered(self, epoch: UUID, first: int, last: int, limit: int) -> tuple[OutboxItem, ...]:
        """Return up to `limit` items of these numbers in any state, the lowest first."""
        ...


class Asked:
    """Finds what is asked for, a few at a time; a station restarted meanwhile is asked again."""

    def __init__(self, reader: NumberedReader) -> None:
        self._reader = reader
        self._questions: deque[Ask] = deque()
        self._ahead: deque[OutboxItem] = deque()

    def take(self, payload: bytes) -> bool:
        """Take a message of the receipt topic; return whether it is a question."""
        ask = decode_ask(payload)
        if ask is not None and ask not in self._questions:
            # One that finds no place is asked again by the CDC.
            if len(self._questions) < _MOST_QUESTIONS:
                self._questions.append(ask)
        return ask is not None

    def next_item(self, is_free: Callable[[UUID], bool]) -> OutboxItem | None:
        """Return the next item to send again, or None.

        Args:
            is_free: whether a message is not under way at this moment.

        Raises:
            KnownError: if the outbox cannot be read.
        """
        while self._ahead or self._questions:
            while self._ahead:
                item = self._ahead.popleft()
                if is_free(item.report_id):
                    return item
            self._read_ahead()
        return None

    def _read_ahead(self) -> None:
        if not self._questions:
            return
        ask = self._questions[0]
        self._ahead.extend(self._reader.numbered(ask.epoch, ask.first, ask.last, _READ_AHEAD))
        self._questions.popleft()
        if len(self._ahead) == _READ_AHEAD and self._ahead[-1].sequence < ask.last:
            rest = ask.model_copy(update={"first": self._ahead[-1].sequence + 1})
            self._questions.appendleft(rest)
