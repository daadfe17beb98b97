"""What only a forehead gun can do."""

import os
import time

import pytest

from drivers.errors import OpenFailed
from simulators.devices.fefd_gun import FefdGunDevice
from simulators.dialects.fefd import FefdDialect
from simulators.faults import Faults
from simulators.line import Line
from simulators.serve.pty import PtyServer
from simulators.serve.tcp import PortInUse
from station.core.cases import ReadingMode


def line():
    faults = Faults()
    return Line(FefdDialect(FefdGunDevice(faults), faults), faults)


@pytest.fixture
def server(tmp_path):
    server = PtyServer(line(), Faults(), tmp_path / "port")
    yield server
    server.close()


def test_a_sleeping_gun_is_opened_and_wakes_with_the_trigger(gun):
    gun.turn_on("silent")
    with gun.device() as device:
        gun.turn_off("silent")
        gun.provoke()
        gun.check(device.read(2.0))


def test_the_same_reading_twice_is_one(gun):
    gun.turn_on("duplicate")
    with gun.device() as device:
        gun.provoke()
        gun.check(device.read(2.0))
        assert device.read(0.1) is None


@pytest.mark.parametrize("fault", ["split", "false_header"])
def test_a_message_in_pieces_or_between_stray_bytes_is_read(gun, fault):
    with gun.device() as device:
        gun.turn_on(fault)
        gun.provoke()
        gun.check(device.read(2.0))


def test_two_messages_in_one_piece_are_two_readings(gun):
    with gun.device() as device:
        gun.turn_on("merged")
        gun.provoke()
        first_c = gun.value_c
        gun.provoke()
        assert device.read(2.0).temperature_c == first_c
        gun.check(device.read(2.0))


def test_fahrenheit_is_converted(gun):
    gun.turn_on("fahrenheit")
    with gun.device() as device:
        gun.provoke()
        # The gun rounds to 0.1 °F.
        assert device.read(2.0).temperature_c == pytest.approx(gun.value_c, abs=0.03)


def test_object_mode_is_a_surface_temperature(gun):
    gun.turn_on("surface_mode")
    with gun.device() as device:
        gun.provoke()
        assert device.read(2.0).mode is ReadingMode.SURFACE


def test_a_port_is_never_shared(gun):
    with gun.device(), pytest.raises(OpenFailed, match="no other program"):
        gun.device().open()


def test_readings_from_before_opening_are_gone(gun):
    gun.provoke()
    # The gun's own thread writes it into the line.
    time.sleep(0.1)
    with gun.device() as device:
        assert device.read(0.1) is None


def test_every_byte_passes_even_for_a_host_that_sets_up_nothing(server):
    # A terminal as it comes from the system would turn 0D into 0A and echo.
    port = os.open(server.port, os.O_RDWR | os.O_NOCTTY)
    every = bytes(range(256))
    server.send([every])
    received = b""
    while len(received) < len(every):
        received += os.read(port, 256)
    os.close(port)
    assert received == every


@pytest.mark.timeout(10)
def test_nobody_listening_does_not_block_the_device(server):
    # Far more than a terminal of Linux keeps.
    for _ in range(400):
        server.send([bytes(512)])


def test_a_file_in_the_links_place_is_left_alone(tmp_path):
    link = tmp_path / "precious"
    link.write_text("data")
    with pytest.raises(PortInUse, match="is no link"):
        PtyServer(line(), Faults(), link)
    assert link.read_text() == "data"


def test_a_stale_link_is_replaced(tmp_path):
    link = tmp_path / "gun"
    link.symlink_to("/dev/pts/gone")
    server = PtyServer(line(), Faults(), link)
    assert os.path.exists(link)
    server.close()
    server.close()
    assert not os.path.lexists(link)
