"""Accounts in the ledger's file; every change leaves its step in the audit trail."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, select, update

from station.core.accounts import Account
from station.core.audit import AuditEntry
from station.core.cases import CaseRefused, Refusal
from station.core.people import Role
from station.ledger.people_tables import account, card_salt
from station.ledger.store import SqlLedger


@dataclass(frozen=True, slots=True)
class Credential:
    """What signs somebody in."""

    account: Account
    """Whom."""
    pin_hash: str
    """Their PIN's hash."""
    failures: int
    """Wrong PINs in a row."""
    failed_at: datetime | None
    """When the last of them was given, aware, UTC."""


class SqlAccounts:
    """The accounts of a ledger.

    Args:
        ledger: the writer.
    """

    def __init__(self, ledger: SqlLedger) -> None:
        self._ledger = ledger

    def all(self) -> tuple[Account, ...]:
        """Return all accounts by name."""
        with self._ledger.reading_rows() as connection:
            found = connection.execute(select(account).order_by(account.c.name))
            return tuple(_read(row) for row in found)

    def card_salt(self) -> bytes:
        """Return what cards are hashed with, so that a card finds its account."""
        with self._ledger.reading_rows() as connection:
            return bytes.fromhex(connection.execute(select(card_salt.c.salt)).scalar_one())

    def by_name(self, name: str) -> Credential | None:
        """Return what signs this account in."""
        return self._where(account.c.name == name)

    def by_card(self, card_hash: str) -> Credential | None:
        """Return whose card this is."""
        return self._where(account.c.card_hash == card_hash)

    def add(self, new: Account, pin_hash: str, entry: AuditEntry) -> None:
        """Keep a new account.

        Raises:
            CaseRefused: if another account has the name; letter case makes no other name.
        """
        taken = {known.name.casefold() for known in self.all()}
        if new.name.casefold() in taken:
            raise CaseRefused(
                Refusal.BAD_NAME, f"There is an account {new.name!r} already: choose another name."
            )
        values = {
            "name": new.name,
            "role": new.role.value,
            "pin_hash": pin_hash,
            "is_blocked": new.is_blocked,
            "failures": 0,
            "created_at": entry.at,
        }
        with self._ledger.changing(entry) as connection:
            connection.execute(insert(account).values(values))

    def set_pin(self, name: str, pin_hash: str, entry: AuditEntry) -> None:
        """Keep another PIN; its wrong tries are forgotten."""
        self._change(name, entry, pin_hash=pin_hash, failures=0, failed_at=None)

    def set_card(self, name: str, card_hash: str | None, entry: AuditEntry) -> None:
        """Keep another card, or none.

        Raises:
            CaseRefused: if it is another account's.
        """
        owner = self.by_card(card_hash) if card_hash else None
        if owner is not None and owner.account.name != name:
            raise CaseRefused(
                Refusal.BAD_CARD, f"This card is {owner.account.name}'s: take another one."
            )
        self._change(name, entry, card_hash=card_hash)

    def set_blocked(self, name: str, entry: AuditEntry, *, is_blocked: bool) -> None:
        """Block an account, or let it in again."""
        self._change(name, entry, is_blocked=is_blocked)

    def note_failure(self, name: str, failures: int, entry: AuditEntry) -> None:
        """Remember a wrong PIN."""
        self._change(name, entry, failures=failures, failed_at=entry.at)

    def note_success(self, name: str, entry: AuditEntry) -> None:
        """Forget wrong PINs."""
        self._change(name, entry, failures=0, failed_at=None)

    def note(self, entry: AuditEntry) -> None:
        """Keep a step of the trail that changes no account."""
        with self._ledger.changing(entry):
            pass

    def _where(self, condition: ColumnElement[bool]) -> Credential | None:
        with self._ledger.reading_rows() as connection:
            row = connection.execute(select(account).where(condition)).one_or_none()
        if row is None:
            return None
        return Credential(_read(row), row.pin_hash, row.failures, row.failed_at)

    def _change(self, name: str, entry: AuditEntry, **values: object) -> None:
        with self._ledger.changing(entry) as connection:
            connection.execute(update(account).where(account.c.name == name).values(values))


def _read(row: Row[Any]) -> Account:
    return Account(row.name, Role(row.role), row.is_blocked, row.card_hash is not None)
