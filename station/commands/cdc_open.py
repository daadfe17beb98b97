"""`fever-station cdc open`: who a traveller is, for whoever holds the CDC's private key."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from station.cdc.database import DB_HELP, Use, parse_where
from station.cdc.opening import open_inbox
from station.cdc.persons import SealedRow, note_opening, sealed_of
from station.core.errors import KnownError
from station.pki.encryption import EncryptionBook
from station.reporting.persons import Opened, Place, open_person
from station.reporting.sealing import OpeningKeys, key_name, short

KEY_HELP = "cdc-encryption.key; those before are found beside it"
"""Help on `--key`."""

_LONGEST_NAME = 40
_LONGEST_NUMBER = 12


def add_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `open` to the actions of `cdc`."""
    parser = actions.add_parser("open", help="open the sealed identity of a case; it is logged")
    parser.add_argument("--db", required=True, help=DB_HELP)
    parser.add_argument("--case", required=True, help="its id, as the page shows it, or its number")
    parser.add_argument("--station", help="which station's, where several have such a number")
    parser.add_argument("--key", type=Path, required=True, help=KEY_HELP)
    parser.add_argument("--by", required=True, help="who opens it: the event log names them")


def run(args: argparse.Namespace) -> int:
    """Open the newest sealed identity of a case; nothing is shown before the log has the name.

    Raises:
        KnownError: if there is none, the key is another one, or it was moved or altered.
    """
    name, case = args.by.strip(), _case(args.case)
    if not (1 <= len(name) <= _LONGEST_NAME and name.isprintable()):
        raise KnownError(f"Give --by a name of up to {_LONGEST_NAME} characters.")
    keys, now = OpeningKeys.load(args.key), datetime.now(UTC)
    book = EncryptionBook.beside(args.key)
    database = open_inbox(parse_where(args.db), Use.ANSWER)
    try:
        with database.reading() as connection:
            sealed = _only(sealed_of(connection, case, args.station, now))
        place = Place(sealed.station.source, sealed.report_id, sealed.case_id)
        opened = open_person(keys, sealed.jwe, place)
        with database.writing() as connection:
            note_opening(connection, sealed, name=name, at=now)
    finally:
        database.close()
    sys.stdout.write(_told(sealed, opened))
    kid = key_name(sealed.jwe)
    if (retired_at := book.retired_at(kid)) is not None:
        sys.stderr.write(
            f"It was sealed for the key {short(kid)}, retired on {retired_at:%Y-%m-%d}: if that "
            "key was stolen, others may have read this too.\n"
        )
    return 0


def _only(found: list[SealedRow]) -> SealedRow:
    if not found:
        raise KnownError(
            "No identity is sealed there: the station's rule does not give it, it was taken back, "
            "or its time is over. Check --case and --station."
        )
    if len({(one.station, one.case_id) for one in found}) > 1:
        names = ", ".join(sorted({one.station.station for one in found}))
        raise KnownError(f"Several cases have this number ({names}): give --case the case's id.")
    return found[0]


def _told(sealed: SealedRow, opened: Opened) -> str:
    identity = opened.identity
    rule = f"order {opened.order_id}" if opened.order_id else opened.rule.value
    lines = (
        ("Case", f"{sealed.case_number} of {sealed.station.station} ({sealed.case_id})"),
        ("Rule", rule),
        ("Name", identity.name),
        ("Document", identity.document),
        ("Telephone", identity.telephone),
        ("Deleted at", f"{sealed.delete_at:%Y-%m-%d %H:%M} UTC"),
    )
    return "".join(f"{word}: {text}\n" for word, text in lines if text)


def _case(text: str) -> UUID | int:
    if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER:
        return int(text)
    try:
        return UUID(text)
    except ValueError:
        raise KnownError(
            f"'{text[:60]}' is no case: give its id, as the page shows it, or its number."
        ) from None
