"""Who may use the page: accounts, passwords, sessions, and patience with wrong passwords."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from hmac import compare_digest
from secrets import token_urlsafe
from threading import Semaphore

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import Connection, delete, func, insert, select, update

from station.cdc.tables import account, failed_sign_in, session
from station.cdc.times import from_text, to_text
from station.core.errors import KnownError

SHORTEST_PASSWORD = 12
"""Characters; chosen."""
SESSION = timedelta(hours=12)
"""A shift; then the officer signs in again."""
PATIENCE = timedelta(minutes=15)
"""How long a wrong password counts."""
MOST_FAILURES_OF_NAME = 5
"""Wrong passwords for one name from one address within `PATIENCE`."""
MOST_FAILURES_OF_CLIENT = 20
"""Wrong passwords from one address within `PATIENCE`, whatever the name."""

_NAME = re.compile(r"[\w.\- ]{1,40}")
_LONGEST_PASSWORD = 200
_hasher = PasswordHasher()
# Each check takes 64 MiB: a crowd of wrong passwords must not take all the memory.
_hashing = Semaphore(2)
# Checked when the name is unknown, so that the answer takes as long.
_NOBODY = _hasher.hash(token_urlsafe())


class Role(StrEnum):
    """What an account may do; stored values are stable."""

    VIEWER = "viewer"
    """Look."""
    OFFICER = "officer"
    """Look and acknowledge."""
    ADMIN = "admin"
    """All that, and block accounts."""

    @property
    def may_acknowledge(self) -> bool:
        """Whether it may answer alerts."""
        return self is not Role.VIEWER


@dataclass(frozen=True, slots=True)
class Account:
    """One person; accounts are blocked, never deleted, because the log names them."""

    name: str
    """How the log calls them."""
    role: Role
    """What they may do."""
    is_blocked: bool = False
    """Whether they may not sign in."""


@dataclass(frozen=True, slots=True)
class SignedIn(Account):
    """Somebody who is signed in."""

    until: datetime = field(kw_only=True)
    """When the session ends, aware."""


def add_account(
    connection: Connection, name: str, role: Role, password: str, *, now: datetime
) -> None:
    """Create an account.

    Raises:
        KnownError: if the name is taken or cannot be one, or the password is too short.
    """
    if not _NAME.fullmatch(name) or name != name.strip():
        raise KnownError("Give a name of up to 40 letters, digits, spaces, '.', '-' or '_'.")
    if connection.scalar(select(account.c.name).where(account.c.name == name)) is not None:
        raise KnownError(f"There is an account '{name}' already: choose another name.")
    values = {"role": role.value, "password_hash": _hash(password), "is_blocked": False}
    connection.execute(insert(account).values(name=name, created_at=to_text(now), **values))


def set_password(connection: Connection, name: str, password: str) -> None:
    """Give an account another password and end its sessions.

    Raises:
        KnownError: if there is no such account, or the password is too short.
    """
    _change(connection, name, {"password_hash": _hash(password)})


def set_blocked(connection: Connection, name: str, *, is_blocked: bool) -> None:
    """Block an account and end its sessions, or let it in again.

    Raises:
        KnownError: if there is no such account.
    """
    _change(connection, name, {"is_blocked": is_blocked})


def accounts(connection: Connection) -> list[Account]:
    """Return all accounts by name."""
    query = select(account.c.name, account.c.role, account.c.is_blocked).order_by(account.c.name)
    return [Account(r.name, Role(r.role), r.is_blocked) for r in connection.execute(query)]


def password_hash(connection: Connection, name: str) -> str | None:
    """Return the stored hash of an account that may sign in, or None."""
    return connection.scalar(
        select(account.c.password_hash).where(
            account.c.name == name, account.c.is_blocked.is_(False)
        )
    )


def is_right(stored_hash: str | None, password: str) -> bool:
    """Return whether the password is the account's; as slow where there is no account."""
    with _hashing:
        try:
            _hasher.verify(stored_hash or _NOBODY, password)
        except VerificationError:
            return False
    return stored_hash is not None


def must_wait(
    failures_of_name: Sequence[datetime], failures_of_client: Sequence[datetime], now: datetime
) -> bool:
    """Return whether too many passwords were wrong lately to try another one.

    Args:
        failures_of_name: times of wrong passwords for this name from this address, aware.
        failures_of_client: the same for this address, whatever the name.
        now: aware.
    """
    since = now - PATIENCE
    return (
        sum(at > since for at in failures_of_name) >= MOST_FAILURES_OF_NAME
        or sum(at > since for at in failures_of_client) >= MOST_FAILURES_OF_CLIENT
    )


def recent_failures(
    connection: Connection, name: str, client: str, now: datetime
) -> tuple[list[datetime], list[datetime]]:
    """Return the times of wrong passwords: for this name from this address, and of the address."""
    query = select(failed_sign_in.c.name, failed_sign_in.c.at).where(
        failed_sign_in.c.client == client, failed_sign_in.c.at > to_text(now - PATIENCE)
    )
    rows = [(row.name, from_text(row.at)) for row in connection.execute(query)]
    return [at for named, at in rows if named == name], [at for _, at in rows]


def note_failure(connection: Connection, name: str, client: str, now: datetime) -> None:
    """Remember a wrong password for as long as it counts."""
    old = failed_sign_in.c.at <= to_text(now - PATIENCE)
    connection.execute(delete(failed_sign_in).where(old))
    values = {"name": name[:40], "client": client[:64], "at": to_text(now)}
    connection.execute(insert(failed_sign_in).values(**values))


def begin_session(connection: Connection, name: str, now: datetime) -> str:
    """Return the token of a new session; only its digest is kept."""
    connection.execute(delete(session).where(session.c.expires_at <= to_text(now)))
    token = token_urlsafe(32)
    connection.execute(
        insert(session).values(
            token_digest=_digest(token),
            name=name,
            created_at=to_text(now),
            expires_at=to_text(now + SESSION),
        )
    )
    return token


def end_session(connection: Connection, token: str) -> None:
    """End one session."""
    connection.execute(delete(session).where(session.c.token_digest == _digest(token)))


def signed_in(connection: Connection, token: str, now: datetime) -> SignedIn | None:
    """Return whose session this is, or None if it is nobody's any more."""
    query = (
        select(account.c.name, account.c.role, session.c.expires_at)
        .join(session, session.c.name == account.c.name)
        .where(
            session.c.token_digest == _digest(token),
            session.c.expires_at > to_text(now),
            account.c.is_blocked.is_(False),
        )
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return SignedIn(row.name, Role(row.role), until=from_text(row.expires_at))


def form_token(cookie_token: str) -> str:
    """Return what every form of a browser must send back: only our own pages can know it."""
    return sha256(b"form:" + cookie_token.encode()).hexdigest()


def is_own_form(cookie_token: str, sent: str) -> bool:
    """Return whether a form came from our own page in the same browser."""
    return compare_digest(form_token(cookie_token).encode(), sent.encode())


def has_accounts(connection: Connection) -> bool:
    """Return whether anybody can sign in at all."""
    return bool(connection.scalar(select(func.count()).select_from(account)))


def _change(connection: Connection, name: str, values: dict[str, object]) -> None:
    if not connection.execute(
        update(account).where(account.c.name == name).values(values)
    ).rowcount:
        raise KnownError(f"There is no account '{name}': see `fever-station cdc account list`.")
    connection.execute(delete(session).where(session.c.name == name))
    # Whoever was locked out by wrong passwords can be let in before the wait is over.
    connection.execute(delete(failed_sign_in).where(failed_sign_in.c.name == name))


def _hash(password: str) -> str:
    if not SHORTEST_PASSWORD <= len(password) <= _LONGEST_PASSWORD:
        raise KnownError(
            f"Give a password of {SHORTEST_PASSWORD} to {_LONGEST_PASSWORD} characters."
        )
    return _hasher.hash(password)


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
