"""How long the duty officers' page takes with many waiting alerts.

Not timed: the browser. A page asks for `/board` whenever an alert comes, so one answer of it and
one look at the database are what stands between a commit and the screen.
"""

import argparse
import runpy
import sys
import time
import warnings
from contextlib import ExitStack, closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from station.cdc.database import Use
from station.cdc.inbox.accounts import Role, add_account
from station.cdc.inbox.app import create_app
from station.cdc.inbox.figures import last_due
from station.cdc.inbox.live import LiveInbox
from station.cdc.inbox.newest import newest_places
from station.cdc.inbox.queries import waiting_cases
from station.cdc.inbox.settings import InboxSettings
from station.cdc.opening import open_inbox
from station.cdc.store import InboxStore
from tests.postgres import PostgresMissing, PrivatePostgres

with warnings.catch_warnings():
    # It asks for httpx2 although httpx serves it as well.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

_MAKING = runpy.run_path(str(Path(__file__).parents[1] / "inbox" / "conftest.py"))["Making"]
_PASSWORD = "correct horse battery"


def main():
    """Print one line for each database and number of waiting alerts."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--waiting", type=int, nargs="+", default=[500, 2000])
    arguments.add_argument("--stations", type=int, default=1000)
    arguments.add_argument("--rounds", type=int, default=7)
    options = arguments.parse_args()
    with ExitStack() as opened:
        folder = Path(opened.enter_context(TemporaryDirectory()))
        places = [("SQLite", lambda n: folder / f"{n}.sqlite")]
        try:
            postgres = opened.enter_context(PrivatePostgres(is_durable=True))
        except PostgresMissing as missing:
            sys.stdout.write(f"{missing}\n")
        else:
            places.append(("PostgreSQL", lambda _: postgres.fresh_database()))
        for name, place in places:
            for waiting in options.waiting:
                found = _measure(place(waiting), waiting, options.stations, options.rounds)
                told = ", ".join(f"{what} {took_s * 1000:.0f} ms" for what, took_s in found.items())
                sys.stdout.write(
                    f"{name}, {waiting} waiting, {options.stations} stations: {told}\n"
                )
                sys.stdout.flush()


def _measure(where, waiting, stations, rounds):
    now = datetime.now(UTC)
    with closing(InboxStore(where)) as store:
        alerted = _MAKING(store)
        for number in range(stations):
            alerted.figures(f"station-{number}", day=date(2026, 11, 24), at=now)
        for number in range(waiting):
            alerted(
                number=number + 1,
                station=f"station-{number % stations}",
                at=now - timedelta(seconds=waiting - number),
            )
        with closing(open_inbox(where, Use.ANSWER)) as database:
            with database.writing() as connection:
                add_account(connection, "duty", Role.OFFICER, _PASSWORD, now=now)
            settings = InboxSettings()
            live = LiveInbox(database, settings, None, now=lambda: datetime.now(UTC))
            due = last_due(now, settings.zone, settings.figures_due_at)
            app = create_app(database, settings)
            with TestClient(app, follow_redirects=False) as client:
                _sign_in(client)
                return {
                    "looking for news": _median(rounds, lambda: _read(database, newest_places)),
                    "counting": _median(rounds, lambda: live._count(due)),
                    "all that wait": _median(rounds, lambda: _read(database, waiting_cases)),
                    "board": _median(rounds, lambda: client.get("/board").raise_for_status()),
                    "board after a new alert": _median(
                        rounds,
                        lambda: client.get("/board").raise_for_status(),
                        before=lambda: alerted(station="station-1", at=datetime.now(UTC)),
                    ),
                }


def _read(database, read):
    with database.reading() as connection:
        read(connection)


def _sign_in(client):
    token = client.get("/sign-in").text.split('name="form_token" value="')[1].split('"')[0]
    fields = {"name": "duty", "password": _PASSWORD, "form_token": token}
    assert client.post("/sign-in", data=fields).status_code == 303


def _median(rounds, work, before=lambda: None):
    took_s = []
    for _ in range(rounds):
        before()
        begun_s = time.perf_counter()
        work()
        took_s.append(time.perf_counter() - begun_s)
    return median(took_s)


if __name__ == "__main__":
    main()
