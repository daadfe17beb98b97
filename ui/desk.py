"""What every screen of the kiosk gets: what is known of the station, and the way to ask it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from station.core.commands import Command
from station.core.events import CaseChanged, CommandRefused, Event
from station.core.lane_events import LaneUpdate
from station.core.people_commands import Resume, SessionCommand, SignIn, SignInWithCard, SignOut
from station.core.people_events import SessionChanged
from station.core.ports import Clock
from station.core.questions import WorkProgress, is_last
from station.runtime.bridge_frames import Picture
from ui.bridge import StationBridge
from ui.held import HeldFlags
from ui.language import Language
from ui.model import KioskModel, Loss
from ui.palette import PaletteName
from ui.speaker import Speaker
from ui.views.traveller import TravellerView
from ui.walkways import Walkways


@dataclass(frozen=True, slots=True)
class Frame:
    """The latest picture of a lane."""

    picture: Picture
    """The picture."""
    update: LaneUpdate
    """What the lane found in it."""
    captured_s: float
    """When it was taken, on the kiosk's monotonic clock."""


@dataclass(frozen=True, slots=True)
class Unsent:
    """A command that may not have arrived: look before asking again."""

    command: Command | SessionCommand
    """The command."""


Answer = Event | Unsent
OnAnswer = Callable[[Answer], None]
OnRefused = Callable[[CommandRefused | None], None]


class Desk:
    """The kiosk's knowledge and its commands, shared by all screens.

    Args:
        bridge: the way to the station.
        language: the kiosk's language.
        clock: the machine's clocks.
    """

    def __init__(self, bridge: StationBridge, language: Language, clock: Clock) -> None:
        self._bridge = bridge
        self.language = language
        self.clock = clock
        self.model = KioskModel()
        self.frames: dict[str, Frame] = {}
        self.held = HeldFlags()
        self.walkways = Walkways()
        self.palette = PaletteName.BLUE_YELLOW
        self.token = ""
        self.last_name: str | None = None
        self.speaker = Speaker(
            lambda source: language.in_chinese("prompts", source), clock.monotonic_s
        )
        self.traveller_views: list[TravellerView] = []
        self._asked: dict[UUID, tuple[Command | SessionCommand, OnAnswer]] = {}

    def send(self, command: Command) -> None:
        """Send a command whose refusal the model keeps for the live lane's message bar."""
        self.model.dismiss()
        if self.model.note_sent(command):
            self._bridge.send(command)

    def tell(self, command: Command) -> None:
        """Send a command whose answer nobody waits for."""
        self._bridge.send(command)

    def ask(self, command: Command | SessionCommand, on_answer: OnAnswer) -> None:
        """Send a command and tell its answer: once, or for long work until its end.

        Args:
            command: what is asked.
            on_answer: gets the event that carries the command's id, CommandRefused among them, or
                Unsent if the command may not have arrived; called in the GUI thread.
        """
        self._asked[command.command_id] = command, on_answer
        self._bridge.send(command)

    def sign_in(self, name: str, pin: str, on_refused: OnRefused) -> None:
        """Sign somebody in by their PIN.

        Args:
            name: the account.
            pin: as typed.
            on_refused: gets the refusal, or None if the station did not answer.
        """
        self.ask(SignIn(uuid4(), name, pin), lambda answer: _tell_refused(answer, on_refused))

    def sign_in_with_card(self, card: str, on_refused: OnRefused) -> None:
        """Sign somebody in by their card; arguments as in `sign_in`."""
        self.ask(SignInWithCard(uuid4(), card), lambda answer: _tell_refused(answer, on_refused))

    def lock(self) -> None:
        """Sign out at once, whether or not the station answers; who it was is asked for first."""
        session = self.model.session
        if session is None or not session.is_required or session.person is None:
            return
        # A station that does not hear of it must not take the session up again.
        self.token = ""
        self.model.session = replace(session, person=None)
        self.ask(SignOut(uuid4()), lambda _: None)

    def resume(self) -> None:
        """Take the session up again after kiosk or connection were gone for a moment."""
        token, self.token = self.token, ""
        if token:
            self.ask(Resume(uuid4(), token), lambda answer: self._on_resumed(answer, token))

    def take(self, event: Event) -> None:
        """Keep one event of the station, and answer who asked for it."""
        self.model.take(event)
        if isinstance(event, SessionChanged):
            self._take_session(event)
        if isinstance(event, CaseChanged) and event.case.case_id not in self.model.cases:
            self.held.dealt_with(event.case)
        command_id = getattr(event, "command_id", None)
        if command_id in self._asked:
            _, on_answer = self._asked[command_id]
            if not isinstance(event, WorkProgress) or is_last(event):
                del self._asked[command_id]
            on_answer(event)

    def fetch(self, now: datetime) -> None:
        """Fetch the latest pictures of all lanes, and forget those of travellers in time."""
        self.model.forget_pictures(now)
        for picture, update in self._bridge.take_fresh():
            self.model.take(update)
            self.walkways.take(update)
            # Station and kiosk share one machine and so its clock: a station that lags shows too.
            lag_s = max(0.0, (now - update.captured_at).total_seconds())
            captured_s = self.clock.monotonic_s() - lag_s
            self.frames[update.lane] = Frame(picture, update, captured_s)
            self.held.take(picture.pixels_ck, update, self.clock.monotonic_s())

    def ages_s(self) -> dict[str, float]:
        """Return the age of each lane's latest picture, s."""
        now_s = self.clock.monotonic_s()
        return {lane: now_s - frame.captured_s for lane, frame in self.frames.items()}

    def renew(self) -> None:
        """Forget what may no longer be true: the station answers again, a snapshot follows."""
        self.model = self.model.renewed()
        self.walkways.renew()
        self.held.renew()
        self._give_up()

    def lose(self, loss: Loss) -> None:
        """Note that the station is gone."""
        self.model.loss = loss
        self._give_up()

    def note_unsent(self, command: Command | SessionCommand) -> None:
        """Note that a command may not have arrived."""
        asked = self._asked.pop(command.command_id, None)
        if asked is None and not isinstance(command, SessionCommand):
            self.model.note_unsent(command)
        elif asked is not None:
            asked[1](Unsent(command))

    def _take_session(self, event: SessionChanged) -> None:
        # Told again without a token, a session goes on with the one that it has.
        self.token = event.token or self.token
        if event.person is not None:
            self.last_name = event.person.name

    def _on_resumed(self, answer: Answer, token: str) -> None:
        if isinstance(answer, Unsent):
            self.token = token

    def _give_up(self) -> None:
        """Tell everybody who waits for an answer that none will come."""
        waiting, self._asked = self._asked, {}
        for command, on_answer in waiting.values():
            on_answer(Unsent(command))


def _tell_refused(answer: Answer, on_refused: OnRefused) -> None:
    if not isinstance(answer, SessionChanged):
        on_refused(answer if isinstance(answer, CommandRefused) else None)
