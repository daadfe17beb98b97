"""`fever-station accounts`: who may work at the kiosk."""

import argparse
import getpass
import sys
from pathlib import Path
from uuid import uuid4

from rich.console import Console
from rich.table import Table

from config.loader import load_settings
from station.commands.asking import ask, machine_user
from station.core.errors import KnownError
from station.core.people import Role
from station.core.people_commands import (
    AccountCommand,
    AddAccount,
    BlockAccount,
    ListAccounts,
    SetCard,
    SetPin,
)
from station.core.people_events import AccountList
from station.ledger.accounts import SqlAccounts
from station.ledger.store import SqlLedger
from station.runtime.accounts import AccountKeeper
from station.runtime.bridge_client import BridgeClosed
from station.runtime.clock import SystemClock

_ACTIONS = {
    "add": "make an account; asks for its PIN",
    "list": "show all accounts",
    "disable": "let nobody sign in by an account any more",
    "enable": "let somebody in again",
    "pin": "give an account another PIN; asks for it",
    "card": "give an account a card; hold it before the reader",
}


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser("accounts", help="who may work at the kiosk")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for action, what in _ACTIONS.items():
        added = actions.add_parser(action, help=what)
        added.add_argument("--config", type=Path, required=True, metavar="SITE.toml")
        if action != "list":
            added.add_argument("name", help="how the ledger calls them")
        if action == "add":
            roles = [role.value.replace("_", "-") for role in Role]
            added.add_argument("--role", choices=roles, required=True)


def run(args: argparse.Namespace) -> int:
    """Ask the running station, or change its ledger while none runs.

    Raises:
        ConfigError: if the site file does not fit.
        KnownError: if the change cannot be made.
    """
    told = _obeyed(args.config, _command(args))
    table = Table("Name", "Role", "Card", "")
    for account in told.accounts:
        role = account.role.value.replace("_", " ")
        card = "yes" if account.has_card else ""
        table.add_row(account.name, role, card, "disabled" if account.is_blocked else "")
    Console().print(table)
    return 0


def _command(args: argparse.Namespace) -> AccountCommand:
    match args.action:
        case "add":
            role = Role(args.role.replace("-", "_"))
            return AddAccount(uuid4(), args.name, role, _typed_twice("PIN"))
        case "pin":
            return SetPin(uuid4(), args.name, _typed_twice("New PIN"))
        case "card":
            return SetCard(uuid4(), args.name, _typed("Card: "))
        case "disable" | "enable":
            return BlockAccount(uuid4(), args.name, args.action == "disable")
        case _:
            return ListAccounts(uuid4())


def _obeyed(config: Path, command: AccountCommand) -> AccountList:
    try:
        told = ask(config, command, lambda event: isinstance(event, AccountList))
    except BridgeClosed:
        return _obeyed_alone(config, command)
    assert isinstance(told, AccountList)  # noqa: S101 - that is what was waited for
    return told


def _obeyed_alone(config: Path, command: AccountCommand) -> AccountList:
    """Change the ledger without a station."""
    with SqlLedger(load_settings(config).station.ledger_path) as ledger:
        keeper = AccountKeeper(SqlAccounts(ledger), SystemClock())
        return keeper.obey(command, machine_user())


def _typed_twice(what: str) -> str:
    typed = _typed(f"{what}: ")
    if sys.stdin.isatty() and _typed(f"{what} again: ") != typed:
        raise KnownError("The two PINs differ: nothing was changed, try again.")
    return typed


def _typed(prompt: str) -> str:
    """Return what somebody types unseen, or the next line of what is piped in."""
    if sys.stdin.isatty():
        return getpass.getpass(prompt).strip()
    return sys.stdin.readline().strip()
