import socket

import pytest

from drivers.errors import DeviceDisconnected, OpenFailed
from drivers.transport.datagram import UdpTransport


@pytest.fixture
def device():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as device:
        device.bind(("127.0.0.1", 0))
        device.settimeout(60)
        yield device


@pytest.fixture
def transport(device):
    with UdpTransport("127.0.0.1", device.getsockname()[1]) as transport:
        yield transport


def test_datagrams_go_both_ways(device, transport):
    transport.send(b"hello")
    data, host = device.recvfrom(100)
    device.sendto(data.upper(), host)
    assert transport.receive(2.0) == b"HELLO"


def test_nobody_but_the_device_is_heard(device, transport):
    transport.send(b"hello")
    _, host = device.recvfrom(100)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.sendto(b"forged", host)
    assert transport.receive(0.1) is None
    device.sendto(b"true", host)
    assert transport.receive(2.0) == b"true"


def test_a_closed_socket_is_told(transport):
    transport.close()
    with pytest.raises(DeviceDisconnected):
        transport.receive(0.1)
    with pytest.raises(DeviceDisconnected):
        transport.send(b"x")


def test_a_port_that_is_taken_is_refused(device):
    with pytest.raises(OpenFailed, match="close the program"):
        UdpTransport("127.0.0.1", 1, local_port=device.getsockname()[1], local_host="127.0.0.1")


@pytest.mark.parametrize("host", ["camera.local", "", "300.1.1.1"])
def test_an_address_that_is_none_is_refused(host):
    with pytest.raises(OpenFailed, match="in digits"):
        UdpTransport(host, 30444)
