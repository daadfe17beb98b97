"""One question at a time: a later one ends an earlier one, whose answer is not told any more."""

from uuid import UUID, uuid4

from station.core.commands import Command
from station.core.events import CommandRefused
from station.core.questions import CancelWork
from ui.desk import Answer, Desk, OnAnswer
from ui.viewmodels.notices import refusal_text


class Asking:
    """The question that a screen waits for.

    Args:
        desk: the way to the station.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._waiting: UUID | None = None
        self.asked_s = float("-inf")
        """When the last question was asked, on the desk's monotonic clock, s."""

    @property
    def is_waiting(self) -> bool:
        """Whether the answer has not come yet."""
        return self._waiting is not None

    def ask(self, command: Command, on_answer: OnAnswer) -> None:
        """Ask, and end what was asked before."""
        self.end()
        self._waiting, self.asked_s = command.command_id, self._desk.clock.monotonic_s()
        self._desk.ask(command, lambda answer: self._take(command.command_id, answer, on_answer))

    def end(self) -> None:
        """End the question, if its answer has not come yet."""
        if self._waiting is not None:
            self._desk.tell(CancelWork(uuid4(), self._waiting))
            self._waiting = None

    def forget(self) -> None:
        """Wait for nothing any more: the station that was asked has gone."""
        self._waiting, self.asked_s = None, float("-inf")

    def _take(self, command_id: UUID, answer: Answer, on_answer: OnAnswer) -> None:
        if command_id == self._waiting:
            self._waiting = None
            on_answer(answer)


def problem_text(answer: Answer, otherwise: str) -> str:
    """Return why there is no answer.

    Args:
        answer: what came instead.
        otherwise: what to say where nothing tells why.
    """
    return refusal_text(answer) if isinstance(answer, CommandRefused) else otherwise
