"""The daily check of a thermometer, against a running station's bridge."""

import subprocess
import sys
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from station.core.cases import BodyReading, CaseRefused, ReadingMode
from station.core.commands import RecordCheck
from station.core.events import CommandRefused, DeviceChecked, HandheldRead
from station.core.handhelds import check_device
from station.runtime.bridge import BridgeServer

pytestmark = pytest.mark.system
SITE = """
[station]
station_id = "s-1"
region = "000000"
site = "hub"
ledger_path = "{folder}/ledger.sqlite"
[kiosk]
socket_path = "{folder}/bridge"
[[thermometers]]
device_id = "gun-1"
driver = "fefd"
[thermometers.options]
port = "/dev/gun"
"""


class Station:
    """The station's end of the bridge, with a thermometer that shows what the test says."""

    def __init__(self, folder):
        self.readings = {}
        self.server = BridgeServer(folder / "bridge", self._obey, lambda: self.earlier)
        self.earlier = [HandheldRead(self._reading(36.6))]

    def measure(self, *values_c):
        for value_c in values_c:
            self.server.emit(HandheldRead(self._reading(value_c)))

    def _reading(self, value_c):
        reading = BodyReading(uuid4(), datetime.now(UTC), value_c, ReadingMode.SURFACE, "gun-1")
        self.readings[reading.reading_id] = reading
        return reading

    def _obey(self, command, person):
        assert isinstance(command, RecordCheck)
        found = [self.readings[reading_id] for reading_id in command.reading_ids]
        try:
            check = check_device(
                uuid4(), command.reference_c, found, actor=person.name, at=datetime.now(UTC)
            )
        except CaseRefused as error:
            self.server.emit(CommandRefused(command.command_id, str(error), error.refusal))
        else:
            self.server.emit(DeviceChecked(check, command.command_id))


@pytest.fixture
def station(tmp_path):
    station = Station(tmp_path)
    yield station
    station.server.close()


@pytest.fixture
def start(tmp_path):
    site = tmp_path / "site.toml"
    site.write_text(SITE.format(folder=tmp_path))
    processes = []

    def start(*more):
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "station", "daily-check", "--config", str(site)),
                *("--device", "gun-1", "--reference-c", "37", *more),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(
    ("values_c", "code", "words"),
    [((37.0, 37.2, 36.9), 0, "PASSED, at most +0.20"), ((37.0, 37.6, 37.0), 1, "FAILED")],
)
def test_three_readings_of_the_source_are_judged(station, start, values_c, code, words):
    process = start()
    assert "3 times with gun-1" in process.stdout.readline()
    station.measure(*values_c)
    said, complaint = process.communicate(timeout=120)
    assert process.returncode == code, complaint
    assert words in said


def test_nobody_measuring_ends_with_what_to_do(station, start):
    process = start("--patience", "0.5")
    _, complaint = process.communicate(timeout=120)
    assert process.returncode == 2
    assert "measure the source 3 times" in complaint


def test_an_unknown_thermometer_is_refused_with_those_there_are(start):
    process = start("--device", "gun-9")
    _, complaint = process.communicate(timeout=120)
    assert process.returncode == 2
    assert "choose gun-1" in complaint
