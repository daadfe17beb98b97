"""`fever-station cdc inbox` and `cdc account`: the duty officers' page and who may use it."""

import argparse
import importlib
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from config.settings import is_loopback
from station.cdc.database import DB_HELP, parse_where
from station.commands.cdc_trust import add_station_keys, add_tls, keys_of, tls_of
from station.core.errors import KnownError

_NEEDED = ("argon2", "jinja2", "starlette", "uvicorn")
_ROLES = ("viewer", "officer", "admin")
_HIGHEST_PORT = 65_535


def add_parsers(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `inbox` and `account` to the actions of `cdc`."""
    page = actions.add_parser("inbox", help="serve the duty officers' page")
    page.add_argument("--db", required=True, help=DB_HELP)
    page.add_argument(
        "--bind", default="127.0.0.1", help="address to listen at (default: %(default)s)"
    )
    page.add_argument(
        "--web-port", type=_port, default=8420, help="its port (default: %(default)s)"
    )
    page.add_argument("--tls-cert", type=Path, help="certificate chain, a PEM file")
    page.add_argument("--tls-key", type=Path, help="its private key, a PEM file")
    page.add_argument("--settings", type=Path, help="escalation times and contacts, a TOML file")
    page.add_argument("--broker", help="host:port of the broker, to show which stations are there")
    add_tls(page)
    add_station_keys(page)
    account = actions.add_parser("account", help="who may use the duty officers' page")
    account.add_argument("account_action", choices=("add", "list", "password", "block", "unblock"))
    account.add_argument("name", nargs="?", help="the account; the log calls the officer so")
    account.add_argument("--role", choices=_ROLES, help="what a new account may do")
    account.add_argument("--db", required=True, help=DB_HELP)


def serve(args: argparse.Namespace) -> int:
    """Serve the page until stopped.

    Raises:
        KnownError: if something is missing, or the address would let others listen in.
    """
    _refuse_open_address(args)
    broker = _host_and_port(args.broker) if args.broker else None
    tls = tls_of(args, broker[0]) if broker else None
    keys = keys_of(args, is_required=tls is not None) if broker else None
    _serving().serve_page(
        parse_where(args.db),
        args.settings,
        bind=args.bind,
        port=args.web_port,
        tls=(args.tls_cert, args.tls_key) if args.tls_cert else None,
        broker=broker,
        broker_tls=tls,
        station_keys=keys,
    )
    return 0


def manage(args: argparse.Namespace) -> int:
    """Add, list or change accounts.

    Raises:
        KnownError: if the account or the password cannot be used.
    """
    action, name = args.account_action, args.name
    if action != "list" and not name:
        raise KnownError(f"Name the account: `fever-station cdc account {action} NAME`.")
    if action == "add" and not args.role:
        raise KnownError("Give the new account a --role: viewer, officer or admin.")
    _serving().manage_accounts(parse_where(args.db), action, name or "", args.role or "")
    return 0


def _serving() -> Any:
    """Return the part that needs the page's libraries, which not every machine has."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise KnownError(
            f"Libraries of the page are missing ({', '.join(missing)}): install them with "
            "`pip install 'fever-station[inbox]'`."
        )
    return importlib.import_module("station.cdc.inbox.serving")


def _refuse_open_address(args: argparse.Namespace) -> None:
    if (args.tls_cert is None) != (args.tls_key is None):
        raise KnownError("--tls-cert and --tls-key belong together: give both, or neither.")
    for path in (args.tls_cert, args.tls_key):
        if path is not None and not path.is_file():
            raise KnownError(f"{path} is no file: name the PEM file.")
    if args.tls_cert is None and not is_loopback(args.bind):
        raise KnownError(
            f"Without TLS, passwords would cross the network in the open at {args.bind}: give "
            "--tls-cert and --tls-key, or leave --bind out and put a reverse proxy before it."
        )


def _host_and_port(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > _HIGHEST_PORT:
        raise KnownError(f"'{text}' is no broker: write host:port, for example 127.0.0.1:1883.")
    return host, int(port)


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= _HIGHEST_PORT:
        raise argparse.ArgumentTypeError(
            f"'{text}' is no port: give a number from 1 to {_HIGHEST_PORT}"
        )
    return int(text)
