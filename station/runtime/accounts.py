"""Accounts: making and changing them, and finding out who stands before the kiosk."""

from collections.abc import Callable
from datetime import datetime
from threading import Lock
from typing import Never

from station.core.accounts import (
    Account,
    SignInRefused,
    check_card,
    check_may_change,
    check_name,
    check_pin,
    may_try_at,
)
from station.core.audit import AuditEntry, AuditKind, Detail, made_entry
from station.core.cases import CaseRefused, Refusal
from station.core.people import Person
from station.core.people_commands import (
    AccountCommand,
    AddAccount,
    BlockAccount,
    ListAccounts,
    SetCard,
    SetPin,
)
from station.core.people_events import AccountList
from station.core.ports import Clock
from station.ledger.accounts import Credential, SqlAccounts
from station.runtime.pins import hashed_card, hashed_pin, is_pin


class AccountKeeper:
    """Carries out what is asked about accounts; called from any thread.

    Args:
        accounts: where they are kept.
        clock: the machine's clocks.
    """

    def __init__(self, accounts: SqlAccounts, clock: Clock) -> None:
        self._accounts = accounts
        self._clock = clock
        self._lock = Lock()
        self._salt = accounts.card_salt()
        # Wrong names and cards, which belong to no account.
        self._stray_failures = 0
        self._stray_at: datetime | None = None
        self.on_change: Callable[[str], None] = lambda name: None
        """Called with an account's name after it may have lost its right to stay signed in."""

    def all(self) -> tuple[Account, ...]:
        """Return all accounts by name."""
        return self._accounts.all()

    def obey(self, command: AccountCommand, person: Person) -> AccountList:
        """Carry out a command and return the accounts as they are then.

        Raises:
            CaseRefused: if it cannot be, or the person may not.
        """
        match command:
            case ListAccounts():
                pass
            case AddAccount():
                self._add(command, person)
            case SetPin(name=name, pin=pin):
                self._known(name, person)
                check_pin(pin)
                self._accounts.set_pin(name, hashed_pin(pin), self._entry(person, name, did="pin"))
                self.on_change(name)
            case SetCard():
                self._set_card(command, person)
            case BlockAccount(name=name, is_blocked=is_blocked):
                self._known(name, person)
                self._refuse_own(name, person)
                entry = self._entry(person, name, did="block" if is_blocked else "unblock")
                self._accounts.set_blocked(name, entry, is_blocked=is_blocked)
                self.on_change(name)
        return AccountList(self._accounts.all(), command.command_id)

    def by_pin(self, name: str, pin: str, purpose: str) -> Account:
        """Return whose name and PIN these are.

        Args:
            name: the account.
            pin: as typed.
            purpose: what it is for, in the trail's stable words.

        Raises:
            SignInRefused: if they do not belong together, or it is too soon to try.
        """
        # One at a time: tries at once must not all come before the first is counted.
        with self._lock:
            found = self._accounts.by_name(name)
            if found is None:
                self._refuse_stray()
            self._refuse_early(found.failures, found.failed_at)
            if found.account.is_blocked or not is_pin(found.pin_hash, pin):
                self._refuse(found, purpose)
            self._accounts.note_success(name, self._signed(found.account, purpose, "pin"))
            return found.account

    def by_card(self, card: str, purpose: str) -> Account:
        """Return whose card this is.

        Raises:
            SignInRefused: if it is nobody's, or it is too soon to try.
        """
        with self._lock:
            self._refuse_early(self._stray_failures, self._stray_at)
            check_card(card)
            found = self._accounts.by_card(hashed_card(card, self._salt))
            if found is None or found.account.is_blocked:
                self._refuse_stray()
            self._stray_failures = 0
            self._accounts.note(self._signed(found.account, purpose, "card"))
            return found.account

    def note(self, entry: AuditEntry) -> None:
        """Keep a step of the trail that changes no account."""
        self._accounts.note(entry)

    def _add(self, command: AddAccount, person: Person) -> None:
        check_may_change(person, command.role)
        check_name(command.name)
        check_pin(command.pin)
        entry = self._entry(person, command.name, did="add", role=command.role.value)
        self._accounts.add(Account(command.name, command.role), hashed_pin(command.pin), entry)
        self.on_change(command.name)

    def _set_card(self, command: SetCard, person: Person) -> None:
        name, card = command.name, command.card
        self._known(name, person)
        if card:
            check_card(card)
        entry = self._entry(person, name, did="card" if card else "no card")
        self._accounts.set_card(name, hashed_card(card, self._salt) if card else None, entry)
        self.on_change(name)

    def _known(self, name: str, person: Person) -> Account:
        found = self._accounts.by_name(name)
        if found is None:
            raise CaseRefused(Refusal.BAD_NAME, f"There is no account {name!r}: see the list.")
        check_may_change(person, found.account.role)
        return found.account

    def _refuse_own(self, name: str, person: Person) -> None:
        if name == person.name:
            raise CaseRefused(
                Refusal.SAME_PERSON, "Nobody blocks their own account: ask somebody else."
            )

    def _refuse(self, found: Credential, purpose: str) -> Never:
        failures = found.failures + 1
        name = found.account.name
        entry = made_entry(
            self._clock.now(), None, AuditKind.SIGN_IN, name, did="refused", what=purpose
        )
        self._accounts.note_failure(name, failures, entry)
        raise SignInRefused(
            Refusal.WRONG_PIN,
            "Name and PIN do not belong together: try again.",
            may_try_at(failures, entry.at),
        )

    def _refuse_stray(self) -> Never:
        self._refuse_early(self._stray_failures, self._stray_at)
        self._stray_failures += 1
        self._stray_at = self._clock.now()
        raise SignInRefused(
            Refusal.WRONG_PIN,
            "Nobody here signs in like this: try again, or ask the shift lead.",
            may_try_at(self._stray_failures, self._stray_at),
        )

    def _refuse_early(self, failures: int, failed_at: datetime | None) -> None:
        until = may_try_at(failures, failed_at)
        now = self._clock.now()
        # A clock that was set back must not keep anybody out for longer than the wait itself.
        if until is not None and failed_at is not None and failed_at <= now < until:
            seconds = (until - now).total_seconds()
            raise SignInRefused(
                Refusal.WAIT, f"Too many wrong PINs: wait {seconds:.0f} s, and try again.", until
            )

    def _signed(self, who: Account, purpose: str, means: str) -> AuditEntry:
        return made_entry(
            self._clock.now(), who.person, AuditKind.SIGN_IN, who.name, did=purpose, by=means
        )

    def _entry(self, person: Person, name: str, **details: Detail) -> AuditEntry:
        return made_entry(self._clock.now(), person, AuditKind.ACCOUNT, name, **details)
