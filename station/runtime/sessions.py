"""Who stands behind each connection to the station."""

import pwd
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from threading import Lock

from station.core.accounts import Account, SignInRefused
from station.core.audit import AuditKind, made_entry
from station.core.cases import Refusal
from station.core.people import KIOSK, Person, Role
from station.core.people_commands import ActAsUser, Resume, SessionCommand, SignIn, SignInWithCard
from station.core.people_events import SessionChanged
from station.core.ports import Clock
from station.runtime.accounts import AccountKeeper

RESUME_WITHIN = timedelta(seconds=60)
"""A kiosk that comes back within this time after its end takes its session up; chosen."""

_PEER = struct.Struct("3i")

Tell = Callable[[SessionChanged], None]
"""Tells one connection who stands behind it."""


class Session:
    """One connection's person, where nobody has to sign in.

    Args:
        user: the machine's user at the other end.
        tell: tells the connection what changed.
    """

    def __init__(self, user: str, tell: Tell) -> None:
        self._user = user
        self.tell = tell
        self.person: Person | None = KIOSK

    def begin(self) -> None:
        """Tell who has to sign in; nobody here."""

    def obey(self, command: SessionCommand) -> SessionChanged:
        """Carry out a session command and return its answer."""
        if isinstance(command, ActAsUser):
            self.person = Person(f"cli:{self._user}", Role.TECHNICIAN)
        return SessionChanged(self.person, command.command_id)

    def end(self) -> None:
        """Note that the connection is over."""


@dataclass(slots=True)
class _Token:
    """What takes a session up again."""

    name: str
    """Whose."""
    ended_at: datetime | None
    """Since when its connection is over; None while it is open."""

    def is_good(self, now: datetime) -> bool:
        """Whether it may still be used."""
        return self.ended_at is None or now - self.ended_at <= RESUME_WITHIN


class Door:
    """Lets people in by their accounts, and knows all sessions; called from any thread.

    Tokens are kept in memory and as digests: a station that was started again knows none.

    Args:
        accounts: who they are.
        clock: the machine's clocks.
        lock_after_s: after so long without a touch a kiosk signs out by itself.
    """

    def __init__(self, accounts: AccountKeeper, clock: Clock, *, lock_after_s: float) -> None:
        self.accounts = accounts
        self._clock = clock
        self._lock_after_s = lock_after_s
        self._lock = Lock()
        self._sessions: set[GuardedSession] = set()
        self._tokens: dict[str, _Token] = {}
        accounts.on_change = self._turn_out

    def admit(self, user: str, tell: Tell) -> "GuardedSession":
        """Return the session of a new connection; nobody is signed in."""
        session = GuardedSession(user, tell, self)
        with self._lock:
            self._sessions.add(session)
        return session

    def changed(self, session: "GuardedSession", token: str = "") -> SessionChanged:
        """Return what a session has to know."""
        names = tuple(account.name for account in self.accounts.all() if not account.is_blocked)
        return SessionChanged(
            session.person,
            is_required=True,
            names=names,
            lock_after_s=self._lock_after_s,
            token=token,
        )

    def new_token(self, name: str) -> str:
        """Return a token that takes this person's session up once."""
        token = token_urlsafe(32)
        now = self._clock.now()
        with self._lock:
            self._tokens = {key: kept for key, kept in self._tokens.items() if kept.is_good(now)}
            self._tokens[_digest(token)] = _Token(name, None)
        return token

    def spend(self, token: str) -> Account:
        """Return whose session a token takes up; it is good no longer.

        Raises:
            SignInRefused: if it is unknown, spent or too old, or the account may not sign in.
        """
        with self._lock:
            found = self._tokens.pop(_digest(token), None)
        if found is not None and found.is_good(self._clock.now()):
            for account in self.accounts.all():
                if account.name == found.name and not account.is_blocked:
                    self.note(account.person, "resume")
                    return account
        raise SignInRefused(
            Refusal.SESSION_OVER, "The session is over: sign in with your PIN or card."
        )

    def drop(self, token: str) -> None:
        """Let a token go at once."""
        with self._lock:
            self._tokens.pop(_digest(token), None)

    def forget(self, session: "GuardedSession", token: str) -> None:
        """Let a session go whose connection is over; its token is good for a while."""
        with self._lock:
            self._sessions.discard(session)
            if (kept := self._tokens.get(_digest(token))) is not None:
                kept.ended_at = self._clock.now()

    def note(self, person: Person, did: str) -> None:
        """Keep that somebody came or went."""
        entry = made_entry(self._clock.now(), person, AuditKind.SIGN_IN, person.name, did=did)
        self.accounts.note(entry)

    def _turn_out(self, name: str) -> None:
        """End the sessions of an account that was changed, and tell all what names there are."""
        with self._lock:
            sessions = list(self._sessions)
            self._tokens = {key: kept for key, kept in self._tokens.items() if kept.name != name}
        for session in sessions:
            if session.person is not None and session.person.name == name:
                session.person = None
            session.tell(self.changed(session))


class GuardedSession(Session):
    """One connection's person, where people sign in.

    Args:
        user: the machine's user at the other end.
        tell: tells the connection what changed.
        door: who may come in.
    """

    def __init__(self, user: str, tell: Tell, door: Door) -> None:
        super().__init__(user, tell)
        self._door = door
        self._token = ""
        self.person = None

    def begin(self) -> None:
        """Tell that somebody has to sign in, and who can."""
        self.tell(self._door.changed(self))

    def obey(self, command: SessionCommand) -> SessionChanged:
        """Carry out a session command and return its answer.

        Raises:
            SignInRefused: if whoever it is may not sign in, or not yet.
        """
        match command:
            case ActAsUser():
                return super().obey(command)
            case SignIn(name=name, pin=pin):
                self._take(self._door.accounts.by_pin(name, pin, "sign in"))
            case SignInWithCard(card=card):
                self._take(self._door.accounts.by_card(card, "sign in"))
            case Resume(token=token):
                self._take(self._door.spend(token))
            case _:
                self._leave()
        told = self._door.changed(self, self._token)
        return replace(told, command_id=command.command_id)

    def end(self) -> None:
        """Note that the connection is over; its token is good for a while."""
        self._door.forget(self, self._token)

    def _take(self, account: Account) -> None:
        self._leave()
        self.person = account.person
        self._token = self._door.new_token(account.name)

    def _leave(self) -> None:
        if self.person is not None and self._token:
            self._door.note(self.person, "sign out")
        self._door.drop(self._token)
        self.person, self._token = None, ""


def peer_user(sock: socket.socket) -> str:
    """Return the name of the machine's user at the other end of a Unix socket."""
    raw = sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size)
    _, user_id, _ = _PEER.unpack(raw)
    try:
        return pwd.getpwuid(user_id).pw_name
    except KeyError:
        return str(user_id)


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
