"""`fever-station cdc keys`: which keys for personal fields are still needed, and until when."""

import argparse
import sys
from pathlib import Path

from station.cdc.database import DB_HELP, Use, parse_where
from station.cdc.opening import open_inbox
from station.cdc.persons import KeyUse, key_uses
from station.commands.cdc_open import KEY_HELP
from station.pki.encryption import EncryptionBook
from station.reporting.sealing import OpeningKeys, short

_TOLD_STATIONS = 20


def add_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `keys` to the actions of `cdc`."""
    parser = actions.add_parser("keys", help="which keys for personal fields are still needed")
    parser.add_argument("--db", required=True, help=DB_HELP)
    parser.add_argument("--key", type=Path, required=True, help=KEY_HELP)


def run(args: argparse.Namespace) -> int:
    """Tell of each key what is sealed for it; 1 if something cannot be opened, or may be read.

    Raises:
        KnownError: if the inbox or the keys cannot be used.
    """
    held, book = OpeningKeys.load(args.key).keys, EncryptionBook.beside(args.key)
    database = open_inbox(parse_where(args.db), Use.READ)
    try:
        with database.reading() as connection:
            uses = key_uses(connection)
    finally:
        database.close()
    present = next(iter(held)) if args.key.exists() else ""
    needs_action = False
    for use in uses:
        retired_at = book.retired_at(use.kid)
        sys.stdout.write(_told(use, is_present=use.kid == present))
        if use.kid not in held:
            needs_action = True
            sys.stdout.write(
                f"  This key is not here: look for {args.key.name}.before-{short(use.kid)} in the "
                "backups. Without it they stay closed until they are deleted.\n"
            )
        if retired_at is not None:
            needs_action |= bool(use.lately)
            sys.stdout.write(f"  Retired on {retired_at:%Y-%m-%d}.\n")
    used = {use.kid for use in uses}
    for kid in held:
        if kid not in used and kid != present:
            sys.stdout.write(
                f"Key {short(kid)}: nothing is sealed for it. When no station's backlog can hold "
                "more, its file may be destroyed.\n"
            )
    if present and present not in used:
        sys.stdout.write(f"Key {short(present)} (present): nothing is sealed for it yet.\n")
    return int(needs_action)


def _told(use: KeyUse, *, is_present: bool) -> str:
    name = short(use.kid) or "that is not named"
    head = (
        f"Key {name}{' (present)' if is_present else ''}: {use.sealed} sealed, the last is deleted "
        f"at {use.last_delete_at:%Y-%m-%d %H:%M} UTC\n"
    )
    if is_present or not use.lately:
        return head
    told = [f"{who.station} ({at:%Y-%m-%d})" for who, at in use.lately[:_TOLD_STATIONS]]
    if len(use.lately) > len(told):
        told.append(f"{len(use.lately) - len(told)} more")
    return (
        f"{head}  Stations whose newest identity is sealed for it: {', '.join(told)}. Bring them "
        "the present cdc-encryption.jwk.\n"
    )
