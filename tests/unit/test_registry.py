import subprocess
import sys
from importlib.metadata import EntryPoint

import pytest

from drivers import registry
from drivers.api import Device
from drivers.errors import DriverUnavailable
from drivers.registry import DeviceKind, create, list_drivers, require_known


@pytest.fixture
def outside(monkeypatch):
    """Let outside packages register drivers."""
    found = []
    list_drivers.cache_clear()
    monkeypatch.setattr(
        registry, "entry_points", lambda group: [point for point in found if point.group == group]
    )

    def register(name, target, group="fever_station.cameras"):
        found.append(EntryPoint(name, target, group))

    yield register
    list_drivers.cache_clear()


def test_built_in_drivers_are_listed(outside):
    names = {entry.name for entry in list_drivers()}
    assert names == {
        "boson",
        "calex-modbus",
        "fefd",
        "fefd-ble",
        "fixed",
        "flir-genicam",
        "fluke418x",
        "gy-mcu90614",
        "gy-mcu90640",
        "hart913x",
        "health-thermometer",
        "hikvision-isapi",
        "htpa-udp",
        "keyboard-wedge",
        "lepton",
        "modbus-room",
        "omega-os530e",
        "optris-ct",
        "m340",
        "p2pro",
        "raytek-mi3",
        "recording",
        "taidoc",
    }


def test_each_built_in_driver_is_listed_once(outside):
    assert len(list_drivers()) == len(registry.BUILT_IN)


def test_an_outside_driver_widens_the_table(outside):
    outside("other", "drivers.cameras.recording:RecordingCamera")
    assert isinstance(create(DeviceKind.CAMERA, "other", path="x"), Device)


def test_a_name_that_is_taken_is_refused(outside):
    outside("recording", "evil:Camera")
    with pytest.raises(DriverUnavailable, match="'recording', which is taken"):
        list_drivers()


def test_two_outside_drivers_of_one_name_are_refused(outside):
    outside("other", "one:Camera")
    outside("other", "two:Camera")
    with pytest.raises(DriverUnavailable, match="taken"):
        list_drivers()


def test_the_same_name_in_another_kind_is_another_driver(outside):
    count = len(list_drivers())
    list_drivers.cache_clear()
    outside("recording", "other:Thermometer", "fever_station.thermometers")
    assert len(list_drivers()) == count + 1


def test_an_unknown_name_lists_those_that_exist():
    with pytest.raises(DriverUnavailable, match=r"choose one of .*hikvision-isapi, .*recording"):
        create(DeviceKind.CAMERA, "recordnig")


def test_a_driver_of_another_kind_is_unknown():
    with pytest.raises(DriverUnavailable):
        require_known(DeviceKind.THERMOMETER, "recording")


def test_a_missing_library_is_named(outside):
    outside("other", "no_such_library.driver:Camera")
    with pytest.raises(DriverUnavailable, match=r"library that is missing \(no_such_library\)"):
        create(DeviceKind.CAMERA, "other")


def test_a_class_without_the_contract_is_refused(outside):
    outside("other", "pathlib:Path")
    with pytest.raises(DriverUnavailable, match="does not keep the contract"):
        create(DeviceKind.CAMERA, "other")


def test_a_wrong_option_is_refused():
    with pytest.raises(DriverUnavailable, match="does not take these options"):
        create(DeviceKind.CAMERA, "recording", path="x", colour="red")


def test_drivers_and_their_libraries_are_imported_only_when_asked_for():
    program = (
        "import sys; from drivers.registry import *; list_drivers(); "
        "loaded = {'cptv', 'httpx', 'pymodbus', 'serial'} & set(sys.modules); "
        "assert not loaded, loaded; "
        "create(DeviceKind.CAMERA, 'recording', path='x'); assert 'cptv' in sys.modules; "
        "assert 'httpx' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=200)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"prot": "/dev/a"}, "there is no option 'prot': did you mean 'port'?"),
        ({"prot": "/dev/a"}, "the option 'port' is missing: add it"),
        ({"port": 5}, "the option 'port' must be a text in quotes, not 5"),
        ({"port": "/dev/a", "baud": "fast"}, "the option 'baud' must be a whole number"),
        ({"port": "/dev/a", "baud": True}, "the option 'baud' must be a whole number"),
        ({"port": "/dev/a", "poll_s": float("nan")}, "the option 'poll_s' must be a number"),
    ],
)
def test_options_that_a_driver_does_not_take_are_each_named(options, words):
    with pytest.raises(DriverUnavailable) as refused:
        create(DeviceKind.THERMOMETER, "raytek-mi3", **options)
    assert words in str(refused.value)


@pytest.mark.parametrize("entry", registry.BUILT_IN, ids=lambda entry: entry.name)
def test_no_driver_can_be_made_from_options_of_another_kind(entry):
    for wrong in ([], -1.5e300, True):
        with pytest.raises(DriverUnavailable, match="does not take these options"):
            create(
                entry.kind, entry.name, **dict.fromkeys(("port", "source", "url", "path"), wrong)
            )
