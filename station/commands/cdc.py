"""`fever-station cdc`: the receiving end, for the CDC and for demonstrations."""

import argparse
import json
import re
import signal
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Event
from types import FrameType

from rich.console import Console
from rich.table import Table
from rich.text import Text

from config.settings import is_loopback
from station.cdc.alive import SignsOfLife
from station.cdc.database import DB_HELP, parse_where
from station.cdc.receiver import Receiver, reread
from station.cdc.store import InboxStore
from station.commands import cdc_export, cdc_inbox, cdc_keys, cdc_open
from station.commands.cdc_trust import add_station_keys, add_tls, keys_of, tls_of
from station.commands.wording import counted
from station.core.errors import KnownError
from station.core.report import ReportKind
from station.reporting.messages.alert import Alert
from station.reporting.messages.daily_report import DailyReport
from station.reporting.schema import asyncapi, json_schemas
from station.reporting.signing import SigningKey
from station.reporting.tls import TlsFiles

_SHOWN_ALERTS = 200
_SHOWN_ALARMS = 50
_SHOWN_REASONS = 20
_LONGEST_LOOK_S = 3600.0
_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")
_PLAIN_CLIENT_ID = "cdc-receiver"


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommands of `cdc` to the command line."""
    parser = subparsers.add_parser("cdc", help="receive alerts as the CDC does")
    actions = parser.add_subparsers(dest="cdc_action", required=True)
    serve = actions.add_parser("serve", help="receive, store and receipt alerts until stopped")
    serve.add_argument("--host", default="127.0.0.1", help="the broker (default: %(default)s)")
    serve.add_argument("--port", type=_port, default=1883, help="its port (default: %(default)s)")
    serve.add_argument("--db", required=True, help=DB_HELP)
    serve.add_argument(
        "--receivers",
        type=_number,
        default=1,
        help="how many receivers share the alerts and the inbox (default: %(default)s)",
    )
    serve.add_argument("--name", help="this one's name at the broker, the same at each start")
    serve.add_argument(
        "--marks",
        type=Path,
        help="this receiver's own file of how far it had stored, to notice a restored inbox "
        "(default: beside an SQLite inbox, none for PostgreSQL); leave it out of backups",
    )
    serve.add_argument(
        "--look-every-s",
        type=_seconds,
        default=60.0,
        help="how often to look for what is missing, and ask for it (default: %(default)s)",
    )
    add_tls(serve)
    serve.add_argument("--signing-key", type=Path, help="receipts.key: signs what is answered")
    add_station_keys(serve)
    serve.add_argument("--json", action="store_true", help="one JSON line for each stored alert")
    schema = actions.add_parser("schema", help="write JSON Schema and AsyncAPI 3.0 of all messages")
    schema.add_argument("--out", type=Path, required=True, metavar="DIR", help="made if missing")
    cdc_export.add_parser(actions)
    cdc_open.add_parser(actions)
    cdc_keys.add_parser(actions)
    listing = actions.add_parser("list", help="show stored alerts and what is missing")
    listing.add_argument("--db", required=True, help=DB_HELP)
    again = actions.add_parser(
        "reread", help="after an update: read what stations of a newer version had sent"
    )
    again.add_argument("--db", required=True, help=DB_HELP)
    add_station_keys(again)
    cdc_inbox.add_parsers(actions)


def run(args: argparse.Namespace) -> int:
    """Do what one of the subcommands asks.

    Raises:
        KnownError: if the inbox or the folder cannot be used, or the arguments do not fit.
    """
    actions: dict[str, Callable[[argparse.Namespace], int]] = {
        "serve": _serve,
        "inbox": cdc_inbox.serve,
        "account": cdc_inbox.manage,
        "schema": _write_schemas,
        "export": cdc_export.run,
        "open": cdc_open.run,
        "keys": cdc_keys.run,
        "reread": _reread,
        "list": _list,
    }
    return actions[args.cdc_action](args)


def _serve(args: argparse.Namespace) -> int:
    stop = Event()

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    story = _JsonStory() if args.json else _Story()
    where, tls = parse_where(args.db), tls_of(args, args.host)
    keys = keys_of(args, is_required=tls is not None or not is_loopback(args.host))
    client_id = _client_id(args.name, args.receivers, tls)

    def ready() -> None:
        story.ready()
        signs.ready()

    def trouble(text: str) -> None:
        story.trouble(text)
        signs.trouble(text)

    receiver = Receiver(
        args.host,
        args.port,
        where,
        on_stored=story.stored,
        on_ready=ready,
        on_alarm=story.trouble,
        on_trouble=trouble,
        marks_path=args.marks or (Path(f"{where}.marks") if isinstance(where, Path) else None),
        look_every_s=args.look_every_s,
        client_id=client_id,
        is_alone=args.receivers == 1,
        tls=tls,
        keys=keys,
        signing_key=SigningKey.load(args.signing_key) if args.signing_key else None,
    )
    if tls is not None and args.signing_key is None:
        story.trouble(
            "Receipts are not signed, and stations that know the CDC's keys go on waiting: give "
            "--signing-key with the receipts.key of fever-station pki."
        )
    with closing(receiver), closing(SignsOfLife(where, client_id)) as signs:
        receiver.serve(stop)
    return 0


def _client_id(name: str | None, receivers: int, tls: TlsFiles | None) -> str:
    if tls is not None:
        certified = tls.name()
        if name not in (None, certified):
            raise KnownError(
                f"The certificate names this receiver '{certified}', not '{name}': leave --name "
                "out, or enrol it by that name (fever-station pki enrol receiver)."
            )
        return certified
    if name is None and receivers > 1:
        raise KnownError("Several receivers need a name each: give this one --name cdc-1, say.")
    if name is not None and not _NAME.fullmatch(name):
        raise KnownError(
            f"'{name}' cannot be a receiver's name: use up to 40 letters, digits, '-' or '_'."
        )
    return name or _PLAIN_CLIENT_ID


class _Story:
    """What a person at the CDC reads."""

    def __init__(self) -> None:
        self._console = Console(highlight=False)

    def ready(self) -> None:
        self._console.print("Waiting for alerts. Ctrl+C ends.")

    def stored(self, message: Alert | DailyReport) -> None:
        drill = "DRILL " if message.data.is_drill else ""
        self._console.print(
            f"{message.time.astimezone():%H:%M:%S} {drill}{message.identity.station} "
            f"{_told(message)}",
            markup=False,
        )

    def trouble(self, text: str) -> None:
        if text:
            sys.stderr.write(f"{text}\n")


class _JsonStory:
    """What a program reads: one line for each fact."""

    def __init__(self) -> None:
        self._is_announced = False

    def ready(self) -> None:
        if not self._is_announced:
            self._is_announced = True
            _write_line({"ready": True})

    def stored(self, message: Alert | DailyReport) -> None:
        match message:
            case Alert(data=data):
                what = {"kind": data.kind.value, "case": data.case.number}
            case DailyReport(data=figures):
                what = {"kind": "daily_report", "day": figures.day.isoformat()}
        _write_line({"stored": str(message.id), **what, "at": message.time.isoformat()})

    def trouble(self, text: str) -> None:
        if text:
            sys.stderr.write(f"{text}\n")
            sys.stderr.flush()


def _told(message: Alert | DailyReport) -> str:
    match message:
        case Alert(data=data):
            case = data.case
            return f"lane {case.lane} case {case.number}: {_step(message)}, {case.state.value}"
        case DailyReport(data=figures):
            what = "whole day" if figures.is_complete else f"until {figures.until:%H:%M} UTC"
            return (
                f"daily report {figures.day} ({what}): {figures.screened} screened, "
                f"{figures.above} above, {figures.not_measured} not measured"
            )


def _step(alert: Alert) -> str:
    """Return what an alert tells, the hand-over's step by its own name."""
    if alert.data.kind is ReportKind.HANDOVER and alert.data.handover:
        return f"hand-over {alert.data.handover[-1].step.value}"
    return alert.data.kind.value


def _write_line(fact: dict[str, str | int | bool]) -> None:
    sys.stdout.write(json.dumps(fact) + "\n")
    sys.stdout.flush()


def _write_schemas(args: argparse.Namespace) -> int:
    folder: Path = args.out
    documents = {f"{name}.schema.json": schema for name, schema in json_schemas().items()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, document in {**documents, "asyncapi.json": asyncapi()}.items():
            text = json.dumps(document, indent=2, ensure_ascii=False)
            (folder / name).write_text(f"{text}\n", "utf-8")
    except OSError as error:
        raise KnownError(
            f"{folder} cannot be written ({error.strerror}): name another folder as --out."
        ) from error
    return 0


def _reread(args: argparse.Namespace) -> int:
    keys = keys_of(args, is_required=True)
    store = InboxStore(parse_where(args.db))
    try:
        done = reread(store, keys)
    finally:
        store.close()
    sys.stdout.write(
        f"{done.stored} messages stored, {done.aside} messages set aside, {done.unread} still of a "
        "newer version than this program knows\n"
    )
    return 0


def _list(args: argparse.Namespace) -> int:
    store = InboxStore(parse_where(args.db), read_only=True)
    try:
        console = Console()
        console.print(_alert_table(store.alerts(_SHOWN_ALERTS)))
        for gap in store.gaps():
            numbers = str(gap.first) if gap.first == gap.last else f"{gap.first} to {gap.last}"
            console.print(
                f"Missing from {gap.station.station}: {numbers} (epoch {gap.epoch})", markup=False
            )
        for alarm in store.alarms(_SHOWN_ALARMS):
            console.print(str(alarm), markup=False)
        for why in store.aside(_SHOWN_REASONS):
            console.print(
                f"Set aside: {why.messages} messages, come {why.times} times: {why.reason}",
                markup=False,
            )
        inbox = store.inbox()
        console.print(
            f"{counted(inbox.alerts, 'alert')} from {counted(inbox.stations, 'station')}, "
            f"{counted(inbox.reports, 'daily report')}, {counted(inbox.poison, 'message')} set "
            f"aside, {inbox.newer} of a newer version"
        )
    finally:
        store.close()
    return 0


def _alert_table(alerts: list[Alert]) -> Table:
    table = Table("Reported", "Station", "Lane", "Case", "What", "State", "Skin °C", "Body °C")
    for alert in alerts:
        data = alert.data
        skin_c = data.skin.skin_surface_temperature_c
        cells = (
            f"{alert.time.astimezone():%Y-%m-%d %H:%M:%S}{' DRILL' if data.is_drill else ''}",
            alert.identity.station,
            data.case.lane,
            str(data.case.number),
            _step(alert),
            data.case.state.value,
            "not measured" if skin_c is None else f"{skin_c:.1f}",
            " ".join(f"{reading.body_temperature_c:.1f}" for reading in data.body),
        )
        # As Text, so that a name with brackets is not taken for markup.
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _number(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is no number of receivers: give 1 or more")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 1.0 <= seconds <= _LONGEST_LOOK_S:
        raise argparse.ArgumentTypeError(
            f"'{text}' is no interval: give 1 to {_LONGEST_LOOK_S:.0f} seconds"
        )
    return seconds


def _port(text: str) -> int:
    highest = 65_535
    if not text.isdigit() or not 1 <= int(text) <= highest:
        raise argparse.ArgumentTypeError(f"'{text}' is no port: give a number from 1 to {highest}")
    return int(text)
