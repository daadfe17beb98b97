"""What the station answers at once about people: accounts, sessions and the audit trail."""

from config.settings import AccountSettings
from station.core.audit import AuditEntry, AuditKind, made_entry
from station.core.commands import SetRoom
from station.core.events import Event
from station.core.people import Person
from station.core.people_commands import PeopleCommand, ReadAudit
from station.core.people_events import AuditPage
from station.core.ports import Clock
from station.ledger.accounts import SqlAccounts
from station.ledger.store import SqlLedger
from station.ledger.trail_reading import find_page
from station.runtime.accounts import AccountKeeper
from station.runtime.sessions import Door, Session, Tell

_MOST_ROWS = 100


class PeopleDesk:
    """Answers commands about people; called from any thread.

    Args:
        ledger: where accounts and the audit trail are kept.
        settings: whether people have to sign in.
        clock: the machine's clocks.
    """

    def __init__(self, ledger: SqlLedger, settings: AccountSettings, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock
        self._accounts = AccountKeeper(SqlAccounts(ledger), clock)
        lock_after_s = 60 * settings.lock_after_min
        self._door = Door(self._accounts, clock, lock_after_s=lock_after_s)
        self._is_required = settings.required

    def admit(self, user: str, tell: Tell) -> Session:
        """Return the session of a new connection."""
        return self._door.admit(user, tell) if self._is_required else Session(user, tell)

    def answer(self, command: PeopleCommand, person: Person) -> Event:
        """Carry out a command and return its answer.

        Raises:
            CaseRefused: if it cannot be carried out.
            KnownError: if the ledger cannot be used.
        """
        if isinstance(command, ReadAudit):
            return self._read_audit(command)
        return self._accounts.obey(command, person)

    def note_room(self, command: SetRoom, person: Person) -> None:
        """Keep who measured the room."""
        entry = made_entry(
            self._clock.now(),
            person,
            AuditKind.ROOM,
            "",
            ambient_c=command.ambient_c,
            humidity_pct=command.humidity_pct,
            outdoor_c=command.outdoor_c,
        )
        self.note(entry)

    def note(self, entry: AuditEntry) -> None:
        """Keep a step of the trail that changes no account.

        Raises:
            KnownError: if the ledger cannot be used.
        """
        self._accounts.note(entry)

    def _read_audit(self, command: ReadAudit) -> AuditPage:
        count = min(max(command.count, 1), _MOST_ROWS)
        rows = find_page(self._ledger.path, command.wanted, command.before, count)
        is_last = len(rows) < count or rows[-1].number == 1
        return AuditPage(rows, command.command_id, is_last)
