"""The camera's own alarms: told apart from what screening reads, and lost streams are told."""

import pytest

from drivers.cameras.hikvision_alarms import HikvisionAlarmStream
from drivers.errors import DeviceDisconnected, DeviceTimeout, OpenFailed, ProtocolError
from station.__main__ import main


def account(camera):
    return {name: camera.plugged.address[name] for name in ("url", "user", "password")}


def test_alarms_come_with_the_cameras_own_temperature_and_limit(camera):
    # Somebody stands before the camera and its source is at 37 °C.
    camera.clock.step(2.0)
    with HikvisionAlarmStream(**account(camera)) as stream:
        alarm = stream.read()
    assert (alarm.event_type, alarm.is_active, alarm.rule_c) == ("TMA", True, 37.3)
    with camera.device() as device:
        hottest_c = device.read(2.0).temperature_c.max()
    assert alarm.device_corrected_c == pytest.approx(hottest_c + 1.0, abs=0.06)


def test_a_wrong_clock_in_the_camera_changes_nothing_but_its_words(camera):
    camera.turn_on("clock")
    with HikvisionAlarmStream(**account(camera)) as stream:
        assert stream.read().device_time.startswith("19")


def test_a_stalled_and_a_dropped_stream_are_told(camera):
    with HikvisionAlarmStream(**account(camera), silence_s=0.5) as stream:
        stream.read()
        camera.turn_on("silent")
        with pytest.raises(DeviceTimeout, match="have stopped"):
            while True:
                stream.read()
    camera.turn_off("silent")
    with HikvisionAlarmStream(**account(camera)) as stream:
        stream.read()
        camera.turn_on("disconnect")
        with pytest.raises(DeviceDisconnected):
            while True:
                stream.read()


def test_a_torn_event_is_no_alarm(camera):
    camera.turn_on("truncated")
    with HikvisionAlarmStream(**account(camera)) as stream, pytest.raises(ProtocolError):
        while True:
            stream.read()


@pytest.mark.parametrize(
    ("fault", "error"), [("wrong_device", ProtocolError), ("unauthorized", OpenFailed)]
)
def test_another_device_or_a_wrong_password_is_refused(camera, fault, error):
    camera.turn_on(fault)
    with pytest.raises(error):
        HikvisionAlarmStream(**account(camera))


def test_a_technician_sees_them_marked_as_experimental(camera, capsys):
    options = (f"--option={name}={value}" for name, value in account(camera).items())
    code = main(["devices", "alarms", "--driver", "hikvision-isapi", *options, "--seconds", "2"])
    said = " ".join(capsys.readouterr().out.split())
    assert code == 0
    assert "EXPERIMENTAL" in said
    assert "TMA active, channel 1, device-corrected 3" in said
    assert main(["devices", "alarms", "--driver", "fefd", "--option", "port=x"]) == 2
