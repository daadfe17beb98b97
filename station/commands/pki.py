"""`fever-station pki`: the authority that lets stations, receivers and the broker in, and out."""

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from station.commands.broker import find_mosquitto
from station.core.errors import KnownError
from station.pki.authority import CA_DAYS, DAYS, Authority
from station.pki.broker import faults_of, mosquitto_version, write_configuration
from station.reporting.sealing import BEFORE, short
from station.reporting.topics import StationIdentity

_WARN_DAYS = 60


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `pki` and its actions to the command line."""
    parser = commands.add_parser("pki", help="certificates and keys of stations, receivers, broker")
    actions = parser.add_subparsers(dest="pki_action", required=True, metavar="ACTION")

    def action(name: str, text: str, days: int | None = None) -> argparse.ArgumentParser:
        added = actions.add_parser(name, help=text)
        added.add_argument("--dir", type=Path, required=True, help="the authority's folder")
        if days is not None:
            added.add_argument(
                "--days", type=_days, default=days, help="days of validity (default: %(default)s)"
            )
        return added

    create = action("create", "make an authority", CA_DAYS)
    create.add_argument("--name", default="fever-station CDC", help="what it is called")
    enrol = action("enrol", "give keys and a certificate to one name", DAYS)
    enrol.add_argument("role", choices=("station", "receiver", "broker"))
    enrol.add_argument("name", metavar="NAME", help="station_id; user and client id at the broker")
    enrol.add_argument("--region", help="a station's region, as in its site file")
    enrol.add_argument("--site", help="a station's site, as in its site file")
    enrol.add_argument("--host", action="append", default=[], help="a broker's name or address")
    action("renew", "a new certificate for the same key", DAYS).add_argument("name", metavar="NAME")
    action("revoke", "take back certificates and key").add_argument("name", metavar="NAME")
    action("list", "what was given out, and until when it is valid")
    personal = action("encryption-key", "a key pair for personal fields, the first or another one")
    personal.add_argument(
        "--retire", metavar="KID", default="", help="a key that is lost, or in other hands"
    )
    signing = action("signing-key", "another signing key for a station, without a refused alert")
    signing.add_argument("name", metavar="NAME")
    signing.add_argument(
        "--retire", action="store_true", help="make none: trust only the newest one from now on"
    )
    receipts = action("receipt-key", "another key for the CDC's receipts, after a theft or in turn")
    receipts.add_argument(
        "--only", action="store_true", help="stations no longer trust the ones before"
    )
    broker = action("broker", "write mosquitto's configuration and access list")
    broker.add_argument("--bind", default="0.0.0.0", help="address to listen on (%(default)s)")  # noqa: S104 - stations come from outside
    broker.add_argument("--port", type=int, default=8883, help="port (default: %(default)s)")
    broker.add_argument("--user", default="mosquitto", help="system user (default: %(default)s)")
    broker.add_argument("--at", type=Path, help="its folder on the broker's machine")
    broker.add_argument("--check", type=Path, metavar="FILE", help="only judge this mosquitto.conf")


def run(args: argparse.Namespace) -> int:
    """Do one action; 1 if what it lists needs somebody to act.

    Raises:
        KnownError: if it cannot be done, and why.
    """
    authority = Authority(args.dir)
    actions: dict[str, Callable[[Authority, argparse.Namespace, datetime], int]] = {
        "create": _create,
        "enrol": _enrol,
        "renew": _renew,
        "revoke": _revoke,
        "list": _list,
        "encryption-key": _encryption_key,
        "receipt-key": _receipt_key,
        "signing-key": _signing_key,
        "broker": _broker,
    }
    return actions[args.pki_action](authority, args, datetime.now(UTC))


def _create(authority: Authority, args: argparse.Namespace, now: datetime) -> int:
    authority.create(args.name, now, args.days)
    return _say(
        f"Made the authority in {args.dir}. Keep ca.key on this machine and in a locked backup: "
        "who has it can let anybody in."
    )


def _enrol(authority: Authority, args: argparse.Namespace, now: datetime) -> int:
    match args.role:
        case "station":
            if not (args.region and args.site):
                raise KnownError("A station needs --region and --site, as in its site file.")
            identity = StationIdentity(args.region, args.site, args.name)
            folder = authority.enrol_station(identity, now, args.days)
            text = (
                "Carry it to the station, and name the files in its site file:\n[link]\n"
                'ca_file = "…/ca.pem"\ncert_file = "…/cert.pem"\nkey_file = "…/key.pem"\n'
                'signing_key_file = "…/signing.key"\ncdc_keys_file = "…/cdc.jwks"\n'
                f"Give every receiver the new {authority.registry_file}."
            )
        case "receiver":
            folder = authority.enrol_receiver(args.name, now, args.days)
            text = (
                "Carry it to the receiver, with stations.jwks: fever-station cdc serve --ca-file "
                "… --cert-file … --key-file … --signing-key …/receipts.key --station-keys …\n"
                "The duty officers' page needs no receipts.key: leave it out there.\n"
                "Then write the broker's access list anew: fever-station pki broker"
            )
        case _:
            folder = authority.enrol_broker(args.name, args.host, now, args.days)
            text = "Next: fever-station pki broker"
    return _say(f"Enrolled {args.name}: {folder}\n{text}")


def _renew(authority: Authority, args: argparse.Namespace, now: datetime) -> int:
    folder = authority.renew(args.name, now, args.days)
    return _say(
        f"Renewed {args.name}: carry {folder / 'cert.pem'} to it. Its keys stay; another signing "
        "key: fever-station pki signing-key"
    )


def _revoke(authority: Authority, args: argparse.Namespace, now: datetime) -> int:
    authority.revoke(args.name, now)
    return _say(
        f"Revoked {args.name}. It is out once the broker was restarted with the new "
        f"{authority.crl_file} (open connections end with it), and every receiver has the new "
        f"{authority.registry_file}. A receiver's receipts.key is every receiver's: after a theft "
        "also fever-station pki receipt-key --only."
    )


def _list(authority: Authority, _: argparse.Namespace, now: datetime) -> int:
    table = Table("Name", "Role", "Valid until", "State", "Serial")
    needs_action = False
    register = authority.register()
    for one in register.issued:
        state = one.state(now, _WARN_DAYS)
        is_newest = register.live(one.name)[-1:] == [one]
        needs_action |= is_newest and state in {"expired", "expires"}
        table.add_row(one.name, one.role, f"{one.not_after:%Y-%m-%d}", state, f"{one.serial:x}")
    Console().print(table)
    for key in authority.encryption_keys().keys:
        retired = f", retired {key.retired_at:%Y-%m-%d}" if key.retired_at else ""
        _say(f"Key for personal fields {short(key.kid)}: made {key.made_at:%Y-%m-%d}{retired}.")
    _say(f"The authority itself is valid until {authority.ca_not_after():%Y-%m-%d}.")
    if needs_action:
        _say("Renew those that expire: fever-station pki renew NAME")
    return int(needs_action)


def _encryption_key(authority: Authority, args: argparse.Namespace, now: datetime) -> int:
    before = authority.encryption_keys()
    private, public = authority.make_encryption_key(now, args.retire)
    book = authority.encryption_keys()
    if args.retire:
        _say(
            f"Retired {short(book.find(args.retire).kid)}: `cdc open` and `cdc keys` say so from "
            "now on. Whoever has a stolen key can read what was sealed for it, until each station "
            "has another one. What was sealed for a lost key stays closed until it is deleted."
        )
    if {key.kid for key in book.keys} == {key.kid for key in before.keys}:
        return 0
    made = short(book.keys[-1].kid)
    return _say(
        f"Made the key {made}: {private} (the CDC's, keep it and a locked copy) and {public} (for "
        "stations).\n"
        f"Carry {public.name} to every station that shares identities, over the one before "
        "(cdc_encryption_key_file in [link]): its next identity is sealed for it, without a "
        f"restart. The keys before stay as {private.name}{BEFORE}…, and open what was sealed for "
        "them. `fever-station cdc keys` tells which is still needed, and until when."
    )


def _signing_key(authority: Authority, args: argparse.Namespace, now: datetime) -> int:
    if args.retire:
        count = authority.retire_signing_keys(args.name, now)
        return _say(
            f"{count} earlier signing keys of {args.name} are trusted no more. Give every receiver "
            f"and the duty officers' page the new {authority.registry_file}."
        )
    file = authority.make_signing_key(args.name, now)
    return _say(
        f"Made {file}. In this order:\n"
        f"1. Give every receiver and the duty officers' page the new {authority.registry_file}: "
        "they trust both keys from then on, without a restart.\n"
        f"2. Carry {file.name} to {args.name}, over the one before, and restart the station: "
        "whatever waits there leaves with the new key's signature.\n"
        f"3. When its alerts have come: fever-station pki signing-key {args.name} --retire"
    )


def _receipt_key(authority: Authority, args: argparse.Namespace, _: datetime) -> int:
    private, public = authority.make_receipt_key(is_only=args.only)
    return _say(
        f"Made {private} and {public}. Carry {public.name} to every station (cdc_keys_file in "
        f"[link]) and restart it; then {private.name} to every receiver (--signing-key). A station "
        "that does not know the key yet keeps its alerts and goes on asking."
    )


def _broker(authority: Authority, args: argparse.Namespace, now: datetime) -> int:
    if args.check is not None:
        try:
            text = args.check.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise KnownError(f"{args.check} cannot be read: {error}") from error
        faults = faults_of(text, mosquitto_version(find_mosquitto()))
        return _say("\n".join(faults) or f"{args.check}: no fault found.") or int(bool(faults))
    folder = write_configuration(
        authority, bind=args.bind, port=args.port, user=args.user, at=args.at
    )
    there = args.at or folder.absolute()
    return _say(
        f"{folder} is complete. Carry it to {there} on the broker's machine, then there:\n"
        f"chown -R {args.user} {there}\nmosquitto -c {there / 'mosquitto.conf'}"
    )


def _say(text: str) -> int:
    sys.stdout.write(f"{text}\n")
    return 0


def _days(text: str) -> int:
    longest = 36_500
    if not text.isdigit() or not 1 <= int(text) <= longest:
        raise argparse.ArgumentTypeError(f"'{text}': give days from 1 to {longest}")
    return int(text)
