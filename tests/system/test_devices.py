"""The technician's commands, against simulated devices on real wires."""

import re

import pytest

from drivers.cameras.htpa import FoundModule
from drivers.transport.v4l2_nodes import VideoNode
from simulators.catalogue import plug_in
from simulators.clock import SceneClock
from simulators.site import Site
from station.__main__ import main
from station.commands.devices_list import serial_ports

SITE = """
[station]
station_id = "s-1"
region = "000000"
site = "hub"
ledger_path = "ledger.sqlite"
[[cameras]]
camera_id = "camera-1"
lane = "1"
driver = "hikvision-isapi"
orientation = "rot180"
[cameras.options]
url = "{url}"
user = "admin"
password = "pw"
max_rate_hz = 50
[[thermometers]]
device_id = "gun-1"
driver = "fefd"
[thermometers.options]
port = "{gun}"
"""


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path, clock=SceneClock(1.0), seed=1)


@pytest.fixture
def camera(site):
    options = {"password": "pw", "rows": 72, "columns": 96}
    plugged = plug_in(site, "camera", "hikvision-isapi", options)
    yield plugged
    plugged.close()


@pytest.fixture
def source(site):
    plugged = plug_in(site, "source", "fluke418x", {})
    yield plugged
    plugged.close()


@pytest.fixture
def run(capsys):
    def run(action, *more):
        code = main(["devices", action, *more])
        said = capsys.readouterr()
        return code, " ".join((said.out + said.err).split())

    return run


def named(plugged):
    options = (f"--option={name}={value}" for name, value in plugged.address.items())
    return ["--driver", plugged.model, *options]


def test_a_probe_says_who_answers_and_what_it_reads(run, camera, source):
    code, said = run("probe", *named(camera))
    assert code == 0
    assert "serial SIMULATED0001" in said
    assert "96x72, live" in said
    code, said = run("probe", *named(source))
    assert code == 0
    assert "Fluke 4180" in said
    assert "set to 35.00 °C" in said


def test_a_camera_that_tells_how_warm_its_sensor_is_shows_it(run, site):
    module = plug_in(site, "module", "htpa-udp", {"array": "16x16"})
    try:
        _, said = run("probe", *named(module))
    finally:
        module.close()
    assert "Heimann HTPA 16x16, serial 0000004711" in said
    assert re.search(r"16x16, live, .* sensor at 2[12]\.\d °C", said)


def test_a_device_of_a_site_file_is_probed_with_its_settings(run, camera, tmp_path):
    path = tmp_path / "site.toml"
    path.write_text(SITE.format(url=camera.address["url"], gun=tmp_path / "gun"))
    code, said = run("probe", "--config", str(path), "--device", "camera-1")
    assert (code, "96x72" in said) == (0, True)
    code, said = run("probe", "--config", str(path), "--device", "gun-7")
    assert (code, "choose camera-1, gun-1" in said) == (2, True)


def test_a_wrong_device_is_refused_with_its_first_bytes(run, source):
    source.faults.set("wrong_device", is_on=True)
    code, said = run("probe", *named(source))
    assert code == 2
    assert "received: 74 3a 20" in said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Name a device"),
        (("--driver", "oven"), "choose one of"),
        (("--driver", "fefd", "--option", "port"), "write NAME=VALUE"),
        (("--driver", "fefd", "--option", "colour=red"), "does not take these options"),
    ],
)
def test_what_names_no_device_is_refused_in_words(run, arguments, words):
    code, said = run("probe", *arguments)
    assert (code, words in said) == (2, True), said


def test_a_good_device_keeps_the_contract_and_a_silent_one_does_not(run, camera, source):
    for plugged in (camera, source):
        code, said = run("check", *named(plugged))
        assert code == 0, said
        assert "verdict: keeps the contract" in said
    source.faults.set("silent", is_on=True)
    code, said = run("check", *named(source))
    assert code == 1
    assert "FAIL" in said
    assert "does NOT keep" in said


def test_watching_shows_numbers_and_a_picture(run, camera):
    code, said = run("watch", "--seconds", "1", *named(camera))
    assert code == 0
    assert "a second" in said
    assert "▀" in said
    code, said = run("watch", "--seconds", "1", "--no-picture", *named(camera))
    assert "▀" not in said


def test_a_capture_holds_every_byte_and_what_was_understood(run, source, tmp_path):
    out = tmp_path / "capture"
    code, _ = run("capture", "--seconds", "1.2", "--out", str(out), *named(source))
    assert code == 0
    lines = out.with_suffix(".wire").read_text().splitlines()
    spoken = [
        (speaker, bytes.fromhex(data)) for _, speaker, data in (s.split(" ", 2) for s in lines)
    ]
    assert spoken[0] == ("host", b"*IDN?\r")
    heard = b"".join(data for speaker, data in spoken if speaker == "device")
    assert heard.startswith(b"FLUKE,4180,SIMULATED418X")
    values = out.with_suffix(".values").read_text().splitlines()
    assert values[0].startswith("# Fluke 4180")
    assert re.match(r"\d+\.\d+ 22\.\d\d °C, set to 35\.00 °C", values[1])
    code, said = run("capture", "--seconds", "1", "--out", str(out), *named(source))
    assert (code, "choose another name" in said) == (2, True)


def test_the_list_names_every_driver_and_the_trust_of_thermometers(run):
    code, said = run("list")
    assert code == 0
    assert re.search(r"fefd . thermometers . forehead", said)
    assert re.search(r"optris-ct . thermometers . surface", said)
    assert "hikvision-isapi" in said


def test_the_list_names_modules_that_answer_on_the_network(run, monkeypatch):
    found = [FoundModule("192.168.4.1", "Heimann HTPA 80x64d", "0000004711")]
    asked = []
    monkeypatch.setattr(
        "station.commands.devices_list.find_modules", lambda where: asked.append(where) or found
    )
    code, said = run("list", "--network")
    assert code == 0
    assert re.search(r"192\.168\.4\.1\W+Heimann HTPA 80x64d\W+0000004711", said)
    found.clear()
    _, said = run("list", "--network", "10.1.255.255")
    assert "No module answers on the network." in said
    assert asked == ["255.255.255.255", "10.1.255.255"]


def test_a_port_is_listed_by_its_stable_name(tmp_path, monkeypatch):
    class Port:
        device, description, hwid = "/dev/ttyUSB7", "FT232R", "USB VID:PID=0403:6001"

        def __lt__(self, other):
            return False

    (tmp_path / "usb-FTDI").symlink_to("/dev/ttyUSB7")
    monkeypatch.setattr("station.commands.devices_list.list_ports.comports", lambda: [Port()])
    ((path, said),) = serial_ports(tmp_path)
    assert path == str(tmp_path / "usb-FTDI")
    assert "0403:6001" in said


def test_usb_cameras_are_listed_by_their_stable_names(run, monkeypatch):
    node = VideoNode("/dev/v4l/by-id/usb-A-index0", "1e4e", "0100", "PureThermal")
    monkeypatch.setattr("station.commands.devices_list.list_video_devices", lambda: (node,))
    code, said = run("list")
    assert code == 0
    assert "/dev/v4l/by-id/usb-A-index0 │ 1e4e:0100 │ PureThermal" in said
    monkeypatch.setattr("station.commands.devices_list.list_video_devices", tuple)
    assert "No USB video device is attached." in run("list")[1]
