"""A site file changed at the kiosk is used at once, and given up if no station comes up with it."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from uuid import uuid4

import pytest

from config.loader import load_settings
from config.versions import SiteVersions
from station.__main__ import main
from station.core.about import StationDescribed
from station.core.audit import AuditKind, TrailFilter
from station.core.events import CommandRefused
from station.core.people_commands import ReadAudit
from station.core.questions import WorkProgress, WorkState
from station.core.service_commands import (
    ListCertificates,
    ListVersions,
    LogPage,
    MakeBackup,
    MakeBundle,
    ReadLog,
    SetRegions,
    SetSweptPlace,
    TakeVersion,
    VersionList,
)
from station.runtime.bridge_client import BridgeClient, BridgeClosed

pytestmark = pytest.mark.system

BOX = (0.1, 0.7, 0.4, 1.0)
RADII = (0.03, 0.05)
SITE = """\
[station]
station_id = "versions-1"
region = "000000"
site = "versions"
ledger_path = "{folder}/ledger.sqlite"
export_folder = "{folder}/files"
[kiosk]
socket_path = "{folder}/bridge"
[link]
port = 1
[service]
backup_key_file = "{folder}/backup.pub"
"""


@pytest.fixture
def site(tmp_path):
    path = tmp_path / "site.toml"
    path.write_text(SITE.format(folder=tmp_path))
    assert main(["backup", "--new-key", str(tmp_path)]) == 0
    return path


@pytest.fixture
def station(site):
    process = subprocess.Popen(
        [sys.executable, "-m", "station", "run", "--config", str(site)],
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
    )
    yield process
    process.terminate()
    # Whoever ends it while it starts again ends a program that has not begun.
    assert process.wait(60) in {0, -signal.SIGTERM}


def talk(site, command, is_last=lambda event: True):
    """Send a command once a station answers and return what it says to it."""
    client = BridgeClient(site.parent / "bridge", as_user=True)
    deadline_s = time.monotonic() + 120
    while True:
        assert time.monotonic() < deadline_s
        with suppress(BridgeClosed):
            client.connect()
            break
        time.sleep(0.05)
    patience = threading.Timer(120, client.close)
    patience.start()
    try:
        if command is not None:
            client.send(command)
        while True:
            event = client.read()
            about = getattr(event, "command_id", None)
            if (about == command.command_id if command else True) and is_last(event):
                return event
    finally:
        patience.cancel()
        client.close()


def described(site):
    return talk(site, None, lambda event: isinstance(event, StationDescribed))


def test_regions_drawn_at_the_kiosk_are_used_after_a_restart_and_taken_back(site, station):
    before = described(site).regions
    answer = talk(site, SetRegions(uuid4(), (BOX,), RADII))
    assert isinstance(answer, VersionList), answer
    assert answer.is_restarting
    pid = station.pid
    deadline_s = time.monotonic() + 120
    while True:
        with suppress(BridgeClosed):
            about = described(site)
            if (about.regions, about.radius_fraction) == ((BOX,), RADII):
                break
        assert time.monotonic() < deadline_s
        time.sleep(0.05)
    assert station.pid == pid and station.poll() is None
    versions = talk(site, ListVersions(uuid4())).versions
    assert [(one.number, one.is_current) for one in versions] == [(2, True), (1, False)]
    assert "-regions = [[0.100, 0.700, 0.400, 1.000]]" in versions[1].changes
    talk(site, TakeVersion(uuid4(), 1))
    assert load_settings(site).reference.regions == before


def test_log_bundle_and_backup_come_over_the_bridge(site, station):
    def is_end(event):
        return not isinstance(event, WorkProgress) or event.state is not WorkState.RUNNING

    deadline_s = time.monotonic() + 120
    while True:
        page = talk(site, ReadLog(uuid4(), 50, False))
        assert isinstance(page, LogPage)
        if any("the station runs" in line for line in page.lines):
            break
        assert time.monotonic() < deadline_s
    assert talk(site, ListCertificates(uuid4())).certificates == ()
    for command in (MakeBundle(uuid4()), MakeBackup(uuid4())):
        done = talk(site, command, is_end)
        assert isinstance(done, WorkProgress), done
        assert done.state is WorkState.DONE
        assert (site.parent / "files" / done.file).stat().st_size > 0
    page = talk(site, ReadAudit(uuid4(), None, 9, TrailFilter(AuditKind.COPY)))
    assert [(row.entry.subject, json.loads(row.entry.details)) for row in page.rows] == [
        ("backup", {"did": "made"}),
        ("backup", {"did": "begun"}),
        ("support_bundle", {"did": "made"}),
        ("support_bundle", {"did": "begun"}),
    ]
    key = str(site.parent / "backup.key")
    backup = str(site.parent / "files" / done.file)
    assert main(["restore", backup, "--key", key, "--check"]) == 0
    faulty = talk(site, SetRegions(uuid4(), ((0.5, 0.5, 0.2, 0.9),)))
    assert isinstance(faulty, CommandRefused)
    assert "top < bottom" in faulty.text
    faulty = talk(site, SetSweptPlace(uuid4(), BOX, RADII[::-1]))
    assert isinstance(faulty, CommandRefused)
    assert "swept_source.radius_fraction" in faulty.text


def test_a_version_with_which_no_station_starts_is_given_up_at_once(site, capsys):
    versions = SiteVersions(site)
    assert main(["config", "history", "--config", str(site)]) == 0
    new = site.with_name("new.toml")
    # It fits, and yet nothing can be opened by it.
    new.write_text(site.read_text().replace("ledger.sqlite", "nowhere/ledger.sqlite"))
    assert main(["config", "apply", str(new), "--config", str(site)]) == 0
    assert versions.current() == 2
    process = subprocess.Popen([sys.executable, "-m", "station", "run", "--config", str(site)])
    try:
        assert described(site).regions
    finally:
        process.terminate()
        process.wait(60)
    assert versions.current() == 1
    assert main(["config", "rollback", "--config", str(site), "--to", "9"]) == 2
    assert "no version 9" in capsys.readouterr().err
