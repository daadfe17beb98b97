"""The units that `fever-station service install` writes, judged by systemd itself."""

import getpass
import os
import shutil
import subprocess

import pytest

from station.__main__ import main
from station.service import units

pytestmark = pytest.mark.system

SITE = """\
[station]
ledger_path = "{folder}/ledger.sqlite"
[kiosk]
socket_path = "{folder}/bridge"
"""


@pytest.fixture
def site(tmp_path):
    # A name that systemd must not read as its own signs.
    folder = tmp_path / "site 100% $HOME"
    folder.mkdir()
    path = folder / "site.toml"
    path.write_text(SITE.format(folder=folder))
    return path


def install(site, root, *scope):
    return main(["service", "install", "--config", str(site), "--root", str(root), *scope])


def judge(path, *options):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not here")
    environment = os.environ | {"XDG_RUNTIME_DIR": str(path.parent), "HOME": str(path.parent)}
    done = subprocess.run(
        ["systemd-analyze", *options, "verify", "--man=no", str(path)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    # It looks at whatever else the machine holds, too.
    ours = [line for line in done.stderr.splitlines() if path.stem in line]
    assert (done.returncode, ours) == (0, [])


def test_systemd_takes_the_units_of_a_whole_machine(site, tmp_path, capsys):
    user = getpass.getuser()
    assert install(site, tmp_path, "--system", "--run-as", user) == 0
    station = tmp_path / "etc/systemd/system" / units.STATION
    judge(station)
    judge(tmp_path / "etc/systemd/user" / units.KIOSK, "--user")
    text = station.read_text()
    assert f"User={user}\n" in text
    assert 'site 100%% $$HOME/site.toml"' in text
    entry = (tmp_path / "etc/xdg/autostart" / units.AUTOSTART).read_text()
    assert units.KIOSK in entry


def test_systemd_takes_the_units_of_one_user(site, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", "/home/somebody")
    assert install(site, tmp_path, "--user") == 0
    folder = tmp_path / "home/somebody/.config/systemd/user"
    judge(folder / units.STATION, "--user")
    judge(folder / units.KIOSK, "--user")


@pytest.mark.parametrize("unit", [units.STATION, units.KIOSK])
def test_a_part_is_started_again_for_ever_and_neither_needs_the_other(site, tmp_path, unit):
    install(site, tmp_path, "--system", "--run-as", getpass.getuser())
    (path,) = tmp_path.rglob(unit)
    lines = path.read_text().splitlines()
    for line in ("Restart=always", "StartLimitIntervalSec=0", "WatchdogSec=20", "Type=notify"):
        assert line in lines
    other = units.KIOSK if unit == units.STATION else units.STATION
    assert not any(other in line for line in lines)


def test_a_relative_ledger_is_refused_with_what_to_do(tmp_path, capsys):
    site = tmp_path / "site.toml"
    site.write_text('[kiosk]\nsocket_path = "/run/fever-station/bridge"\n')
    assert install(site, tmp_path, "--user") == 2
    assert "a service needs a path from the root on" in capsys.readouterr().err


def test_systemd_that_refuses_is_told_in_one_sentence(site, tmp_path, monkeypatch, capsys):
    fake = tmp_path / "bin" / "systemctl"
    fake.parent.mkdir()
    fake.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\necho "no bus" >&2\nexit 1\n')
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(fake.parent))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert main(["service", "install", "--user", "--config", str(site)]) == 2
    assert (tmp_path / "asked").read_text() == "--user daemon-reload\n"
    assert "(no bus): start them by hand" in capsys.readouterr().err
