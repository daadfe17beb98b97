"""Running the page, and its accounts from the command line."""

import getpass
import sys
from datetime import UTC, datetime
from pathlib import Path

import uvicorn

from station.cdc.database import Use, Where
from station.cdc.inbox import accounts
from station.cdc.inbox.app import create_app
from station.cdc.inbox.presence import PresenceWatch
from station.cdc.inbox.settings import load_settings
from station.cdc.opening import open_inbox
from station.cdc.trust import StationKeys
from station.core.errors import KnownError
from station.reporting.tls import TlsFiles

_GOODBYE_S = 2


def serve_page(
    db: Where,
    settings_path: Path | None,
    *,
    bind: str,
    port: int,
    tls: tuple[Path, Path] | None,
    broker: tuple[str, int] | None,
    broker_tls: TlsFiles | None = None,
    station_keys: StationKeys | None = None,
) -> None:
    """Serve the page until a signal ends it.

    Args:
        db: the inbox.
        settings_path: escalation times and contacts; None for the defaults.
        bind: address to listen at.
        port: its port.
        tls: certificate chain and private key, PEM files; None for plain HTTP.
        broker: host and port; None if nobody listens to stations.
        broker_tls: certificate and key; None connects without TLS.
        station_keys: whose states are believed; None believes whoever the broker let in.

    Raises:
        KnownError: if the inbox or the settings cannot be used.
    """
    settings = load_settings(settings_path)
    database = open_inbox(db, Use.ANSWER)
    watch = None
    try:
        if broker is not None:
            watch = PresenceWatch(
                *broker, now=lambda: datetime.now(UTC), tls=broker_tls, keys=station_keys
            )
        app = create_app(database, settings, watch)
        certificate, key = tls or (None, None)
        scheme = "https" if tls else "http"
        sys.stdout.write(f"The page is at {scheme}://{bind}:{port}. Ctrl+C ends.\n")
        sys.stdout.flush()
        uvicorn.run(
            app,
            host=bind,
            port=port,
            ssl_certfile=certificate,
            ssl_keyfile=key,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_GOODBYE_S,
        )
    finally:
        if watch is not None:
            watch.close()
        database.close()


def manage_accounts(db: Where, action: str, name: str, role: str) -> None:
    """Carry out one action on accounts.

    Args:
        db: the inbox.
        action: `add`, `list`, `password`, `block` or `unblock`.
        name: whose; not used by `list`.
        role: of a new account; not used by the others.

    Raises:
        KnownError: if the inbox, the account or the password cannot be used.
    """
    database = open_inbox(db, Use.ANSWER)
    try:
        password = _ask() if action in ("add", "password") else ""
        with database.writing() as connection:
            match action:
                case "add":
                    now = datetime.now(UTC)
                    accounts.add_account(connection, name, accounts.Role(role), password, now=now)
                case "password":
                    accounts.set_password(connection, name, password)
                case "list":
                    for one in accounts.accounts(connection):
                        blocked = " (blocked)" if one.is_blocked else ""
                        sys.stdout.write(f"{one.name}: {one.role.value}{blocked}\n")
                case _:
                    accounts.set_blocked(connection, name, is_blocked=action == "block")
    finally:
        database.close()


def _ask() -> str:
    password = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != password:
        raise KnownError("The two passwords differ: start again.")
    return password
