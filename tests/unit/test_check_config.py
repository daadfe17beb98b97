"""check-config: what a station would stumble over is named before it starts."""

import pytest

from station.__main__ import main

CAMERA = """[[cameras]]
camera_id = "camera-1"
lane = "1"
driver = "hikvision-isapi"
[cameras.options]
url = "http://192.168.1.64"
user = "admin"
password_file = "{folder}/camera.password"
"""
GUN = """[[thermometers]]
device_id = "gun-1"
driver = "fefd"
[thermometers.options]
{option}
"""


def check(tmp_path, text, capsys):
    site = tmp_path / "site.toml"
    site.write_text(text.replace("{folder}", str(tmp_path)), "utf-8")
    return main(["check-config", str(site)]), capsys.readouterr().err


def test_devices_that_can_be_made_are_correct(tmp_path, capsys):
    (tmp_path / "camera.password").write_text("secret\n")
    gun = GUN.format(option='port = "/dev/ttyUSB0"')
    assert check(tmp_path, CAMERA + gun, capsys) == (0, "")


def test_every_device_that_cannot_be_made_is_named_at_once(tmp_path, capsys):
    gun = GUN.format(option='prot = "/dev/ttyUSB0"')
    code, told = check(tmp_path, CAMERA + gun, capsys)
    assert code == 2
    assert "camera-1: The file" in told and "camera.password" in told
    assert "gun-1: the driver 'fefd'" in told and "did you mean 'port'?" in told


def test_a_secret_that_is_no_text_is_told(tmp_path, capsys):
    (tmp_path / "camera.password").write_bytes(b"\xff\xfe\x00")
    code, told = check(tmp_path, CAMERA, capsys)
    assert (code, "is no UTF-8 text" in told) == (2, True)


@pytest.mark.parametrize("text", ["", '[station]\nstation_id = "s"\n'])
def test_a_file_without_a_camera_is_called_empty_or_half_written(tmp_path, capsys, text):
    code, told = check(tmp_path, text, capsys)
    assert code == 0
    assert "screens nobody" in told and "half written" in told
