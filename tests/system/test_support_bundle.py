"""The support bundle holds what helps, and nothing that names a person or opens a door."""

import json
import logging
import zipfile
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from station.__main__ import main
from station.core.ports import LedgerEntry
from station.core.second_check import attach_reading
from station.ledger.store import SqlLedger
from station.service.logfile import keep_log

pytestmark = pytest.mark.system

PRIVATE = {
    "a camera's password": "hunter2-inline",
    "a password in a file": "hunter3-in-a-file",
    "a user at a camera": "camera-operator-7",
    "a member of staff": "李伟",
    "an identity card": "11010519491231002X",
    "a telephone": "13800138000",
    "a PIN": "471147",
}
SITE = """\
[station]
station_id = "west-3"
ledger_path = "{folder}/ledger.sqlite"
[kiosk]
socket_path = "{folder}/bridge"
[[cameras]]
camera_id = "camera-1"
lane = "1"
driver = "hikvision-isapi"
[cameras.options]
url = "http://{user}@192.168.1.64"
user = "{user}"
password = "{inline}"
[[thermometers]]
device_id = "gun-1"
driver = "fefd"
[thermometers.options]
port = "/dev/ttyUSB7"
password_file = "{folder}/gun.password"
"""


@pytest.fixture
def site(tmp_path, making):
    (tmp_path / "gun.password").write_text(PRIVATE["a password in a file"] + "\n")
    path = tmp_path / "site.toml"
    path.write_text(
        SITE.format(
            folder=tmp_path,
            user=PRIVATE["a user at a camera"],
            inline=PRIVATE["a camera's password"],
        )
    )
    with SqlLedger(tmp_path / "ledger.sqlite") as ledger:
        entry = making.flagged(ledger)
        ledger.record(entry)
        reading = making.reading()
        ledger.record(LedgerEntry(reading=reading))
        now = datetime.now(UTC)
        case, step = attach_reading(entry.case, reading, actor=PRIVATE["a member of staff"], at=now)
        ledger.record(LedgerEntry(case=case, steps=(step,)))
    return path


@pytest.fixture
def log(tmp_path):
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    levels = [handler.level for handler in before]
    keep_log(tmp_path / "station.log")
    yield logging.getLogger("station.test")
    (added,) = set(root.handlers) - set(before)
    root.removeHandler(added)
    added.close()
    root.setLevel(level)
    for handler, old in zip(before, levels, strict=True):
        handler.setLevel(old)


def bundle(site, tmp_path):
    out = tmp_path / f"{uuid4()}.zip"
    assert main(["support-bundle", "--config", str(site), "--out", str(out)]) == 0
    with zipfile.ZipFile(out) as opened:
        return {name: opened.read(name).decode() for name in opened.namelist()}


def test_nothing_in_the_bundle_names_a_person_or_opens_a_door(site, log, tmp_path):
    for what, private in PRIVATE.items():
        text = f"pin={private}" if what == "a PIN" else private
        log.warning("planted: %s", text)
    parts = bundle(site, tmp_path)
    for what, private in PRIVATE.items():
        leaks = [name for name, text in parts.items() if private in text]
        assert leaks == [], what


def test_the_bundle_holds_what_helps(site, log, tmp_path):
    log.info("camera-1 is open: DS-2TD2637 4711")
    parts = bundle(site, tmp_path)
    assert "camera-1 is open: DS-2TD2637 4711" in parts["logs/station.log"]
    assert "No station answers" in json.loads(parts["states.json"])["station"]
    ledger = json.loads(parts["ledger.json"])
    assert (ledger["rows"]["case_"], ledger["outbox"]) == (1, {"waiting": 1})
    settings = json.loads(parts["settings.json"])
    assert settings["cameras"][0]["driver"] == "hikvision-isapi"
    assert settings["thermometers"][0]["options"]["port"] == "/dev/ttyUSB7"
    assert "numpy" in json.loads(parts["versions.json"])["packages"]


def test_the_log_is_for_this_user_alone_and_shows_no_more_on_the_terminal(log, tmp_path):
    log.info("only in the file")
    assert (tmp_path / "station.log").stat().st_mode & 0o777 == 0o600
    assert "only in the file" in (tmp_path / "station.log").read_text()


def test_a_bundle_is_written_without_a_ledger_too(tmp_path):
    site = tmp_path / "site.toml"
    site.write_text(
        f'[station]\nledger_path = "{tmp_path}/none"\n[kiosk]\nsocket_path = "{tmp_path}/b"\n'
    )
    assert json.loads(bundle(site, tmp_path)["ledger.json"]) == {"is_there": False}
