"""What only a camera on GenICam can do wrong, as far as a stand-in for its producer shows it."""

import logging
import time

import numpy as np
import pytest

from drivers.errors import DeviceError, DeviceTimeout, OpenFailed, ProtocolError
from simulators.catalogue import plug_in
from simulators.serve.tcp import PortInUse
from station.core.frames import FrameStatus
from tests.contract.benches.flir_genicam import FlirGenicamBench


@pytest.fixture
def flir(bench_of):
    return bench_of("FlirGenicamBench")


@pytest.fixture
def ax5(tmp_path):
    class Ax5Bench(FlirGenicamBench):
        simulator = FlirGenicamBench.simulator | {"family": "ax5"}
        rounding_c = 0.0205

    bench = Ax5Bench(tmp_path)
    yield bench
    bench.close()


def read_until(bench, device, status):
    for _ in range(60):
        bench.provoke()
        frame = device.read(2.0)
        if frame.status is status:
            return frame
        time.sleep(0.05)
    raise AssertionError(f"no frame was {status}")


def test_an_ax5_is_set_up_in_its_own_way_and_read(ax5):
    with ax5.device() as device:
        ax5.provoke()
        frame = device.read(2.0)
        info = device.open()
    assert frame.status is FrameStatus.LIVE
    ax5.check(frame)
    assert (info.model, info.serial_number) == ("FLIR A65", "SIMULATED-GIGE")


def test_nodes_that_are_right_are_not_set_again(flir, monkeypatch):
    with flir.device():
        pass
    taken = []
    take = type(flir.plugged.device).take

    def note(camera, node, value):
        taken.append(node)
        take(camera, node, value)

    monkeypatch.setattr(type(flir.plugged.device), "take", note)
    with flir.device() as device:
        flir.provoke()
        assert device.read(2.0).status is FrameStatus.LIVE
    assert set(taken) == {"AcquisitionStop", "AcquisitionStart"}


@pytest.mark.parametrize("name", ["flir", "ax5"])
def test_a_camera_that_lost_power_is_set_up_again_and_no_count_is_a_temperature(
    name, request, caplog, monkeypatch
):
    monkeypatch.setattr("drivers.cameras.genicam._AGAIN_AFTER_S", 0.1)
    bench = request.getfixturevalue(name)
    with bench.device() as device, caplog.at_level(logging.WARNING):
        read_until(bench, device, FrameStatus.LIVE)
        bench.plugged.device.restart()
        # Of eight bits a pixel, as after power-up, the stand-in knows nothing.
        bench.plugged.device.take("PixelFormat", device._form.nodes[0][1])
        bench.provoke()
        assert device.read(2.0).status is FrameStatus.NOT_RADIOMETRIC
        read_until(bench, device, FrameStatus.LIVE)
        # What waited in the new stream was of the moment before.
        bench.provoke()
        frame = device.read(2.0)
    bench.check(frame)
    assert "no longer sends temperatures" in caplog.text


def test_lost_settings_are_found_even_where_counts_look_like_temperatures(flir, monkeypatch):
    monkeypatch.setattr("drivers.cameras.genicam._CHECK_EVERY_S", 0.1)
    monkeypatch.setattr("drivers.cameras.genicam_codec._SCENE_C", (-300.0, 1000.0))
    with flir.device() as device:
        flir.turn_on("not_radiometric")
        read_until(flir, device, FrameStatus.NOT_RADIOMETRIC)


def test_a_camera_that_does_not_take_its_settings_is_refused_in_words(flir):
    flir.turn_on("not_radiometric")
    with pytest.raises(
        DeviceError, match=r"does not send temperatures .*IRFormat stays Radiometric"
    ):
        flir.device().open()


def test_nodes_that_depend_on_each_other_are_set_in_two_rounds(ax5, monkeypatch):
    device = ax5.plugged.device
    take = type(device).take

    def take_in_order(camera, node, value):
        if node == "PixelFormat" and camera.tell("CMOSBitDepth") != "bit14bit":
            raise ValueError("PixelFormat does not take Mono14")
        take(camera, node, value)

    monkeypatch.setattr(type(device), "take", take_in_order)
    with ax5.device() as camera:
        ax5.provoke()
        assert camera.read(2.0).status is FrameStatus.LIVE


def test_a_node_that_refuses_is_told_in_the_cameras_words(flir, monkeypatch):
    monkeypatch.setitem(flir.plugged.device._family.choices, "PixelFormat", ("Mono8",))
    with pytest.raises(DeviceError, match="PixelFormat does not take Mono16"):
        flir.device().open()


def test_a_camera_without_temperatures_is_refused_in_words(flir):
    flir.plugged.device._chosen.pop("IRFormat")
    with pytest.raises(OpenFailed, match="FLIR A700 has neither IRFormat"):
        flir.device().open()


def test_buffers_with_holes_are_left_out_and_are_gaps(flir):
    # A little more than one picture of a sensor that takes thirty a second.
    flir.step_s = 0.0334
    with flir.device() as device:
        flir.turn_on("incomplete")
        frames = []
        for _ in range(15):
            # Every other picture has holes, whether or not the cable was quick enough to bring it.
            flir.provoke()
            with pytest.raises((ProtocolError, DeviceTimeout)):
                device.read(0.02)
            flir.provoke()
            frames.append(device.read(60.0))
    assert all(frame.temperature_c.min() > 0 for frame in frames)
    assert set(np.diff([frame.sequence for frame in frames])) == {2}


def test_who_sends_only_buffers_with_holes_is_told_what_to_do(flir):
    flir.step_s = 0.0334
    with flir.device() as device:
        flir.turn_on("incomplete")
        flir.provoke()
        told = ""
        while not told:
            try:
                device.read(0.1)
            except DeviceTimeout:
                continue
            except ProtocolError as error:
                told = str(error)
    assert "jumbo frames" in told


def test_a_correction_is_seen_by_pictures_that_repeat_and_its_age_is_told_afterwards(flir):
    with flir.device() as device:
        assert read_until(flir, device, FrameStatus.LIVE).shutter_age_s is None
        # A second with the shutter closed.
        flir.do("correct")
        statuses, closed_s = [], time.monotonic()
        for _ in range(30):
            flir.provoke()
            frame = device.read(2.0)
            statuses.append(str(frame.status))
    assert statuses[2:18] == ["shutter"] * 16
    assert statuses[-3:] == ["live"] * 3
    assert frame.shutter_age_s < time.monotonic() - closed_s


def test_nodes_that_do_not_answer_are_told(flir, monkeypatch):
    monkeypatch.setattr("drivers.cameras.genicam_opening._ANSWER_S", 0.1)
    flir.turn_on("silent")
    with pytest.raises(DeviceTimeout, match=r"nodes at .* do not answer"):
        flir.device().open()


def test_another_service_at_the_nodes_is_refused_with_its_first_bytes(flir, monkeypatch):
    for speech in (b"SSH-2.0-OpenSSH_9.2p1", b'{"error": 5}\n', b"[]\n", b'{"node": "X"}\n'):
        monkeypatch.setattr(
            "simulators.dialects.genicam.GenicamNodes.answer", lambda *_, said=speech: [said]
        )
        with pytest.raises(ProtocolError, match=r"tells no GenICam nodes .*received"):
            flir.device().open()


def test_the_stand_in_needs_both_addresses(flir):
    with pytest.raises(OpenFailed, match="needs the option nodes"):
        flir.device(nodes="").open()


def test_a_camera_that_finds_one_of_its_ports_taken_leaves_the_other_free(flir):
    taken = int(flir.plugged.address["nodes"].rpartition(":")[2])
    for _ in range(2):
        with pytest.raises(PortInUse, match=f"port {taken}"):
            plug_in(flir.site, "other", "flir-genicam", {"node_port": taken})


def test_a_restart_on_command_takes_its_settings_away(flir):
    with flir.device():
        flir.do("restart")
    assert flir.plugged.device.tell("IRFormat") == "Radiometric"


def test_there_are_two_families_and_no_other(flir):
    with pytest.raises(ValueError, match="use one of a-series, ax5"):
        plug_in(flir.site, "other", "flir-genicam", {"family": "lepton"})
