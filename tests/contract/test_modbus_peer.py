"""Modbus drivers against a peer that nobody here wrote: pymodbus's own RTU server on a terminal."""

import asyncio
import os
import select
import threading
import tty
from contextlib import contextmanager

import pytest
from pymodbus.framer import FramerType
from pymodbus.server import ModbusSerialServer
from pymodbus.simulator import DataType, SimData, SimDevice

from drivers.errors import DeviceTimeout, ProtocolError
from drivers.registry import DeviceKind, create

IDENTITY = [17, 1, 1, 0xE240]
ROOM = [245, 243, 247, 245, 245, 245, 0]
FOREHEAD = [366, 364, 368, 366, 367, 245, 0]


def registers(address, values):
    return SimData(address, values=values, datatype=DataType.REGISTERS)


@contextmanager
def cable():
    """Two terminals, joined: what goes into one comes out of the other."""
    (one, one_end), (other, other_end) = os.openpty(), os.openpty()
    for end in (one_end, other_end):
        tty.setraw(end)
    unplugged = threading.Event()

    def carry():
        while not unplugged.is_set():
            for ready in select.select([one, other], [], [], 0.02)[0]:
                os.write(other if ready == one else one, os.read(ready, 4096))

    thread = threading.Thread(target=carry, name="cable")
    thread.start()
    try:
        yield os.ttyname(one_end), os.ttyname(other_end)
    finally:
        unplugged.set()
        thread.join()
        for end in (one, one_end, other, other_end):
            os.close(end)


@contextmanager
def served(port, device):
    """Serve a device on a port, in a thread of its own."""
    loop = asyncio.new_event_loop()
    is_up = threading.Event()
    server = None

    async def serve():
        nonlocal server
        server = ModbusSerialServer(device, framer=FramerType.RTU, port=port, baudrate=9600)
        await server.serve_forever(background=True)
        is_up.set()
        await server.serving
        server.close()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), name="peer")
    thread.start()
    assert is_up.wait(60)
    try:
        yield
    finally:
        asyncio.run_coroutine_threadsafe(server.shutdown(), loop)
        thread.join(60)
        loop.close()


@pytest.fixture
def port():
    with cable() as (near, far):
        yield near, far


def test_a_room_sensor_is_read(port):
    near, far = port
    bits = [SimData(0, values=[False] * 16, datatype=DataType.BITS)]
    device = SimDevice(
        1, simdata=(bits, bits, [registers(0x101, [1])], [registers(1, [0x131, 0x222])])
    )
    with served(far, device), create(DeviceKind.ROOM, "modbus-room", port=near) as sensor:
        sample = sensor.read(2.0)
    assert (sample.ambient_c, sample.humidity_pct) == (30.5, 54.6)


def test_a_register_that_is_not_there_is_refused_in_words(port):
    near, far = port
    device = SimDevice(1, simdata=[registers(1, [0x131, 0x222])])
    with served(far, device), pytest.raises(ProtocolError, match="no such register"):
        create(DeviceKind.ROOM, "modbus-room", port=near, temperature_register=3).open()


def test_a_thermometer_takes_its_emissivity_and_measures_who_is_presented(port):
    near, far = port
    asked = []

    async def answer(function, start, *request):
        address, count, current, values = request
        asked.append((function, address, count, values))
        if address == 0x0B:
            # Five questions see the room, the next ones a forehead.
            seen = ROOM if sum(each[1] == 0x0B for each in asked) <= 5 else FOREHEAD
            current[address - start : address - start + count] = seen

    device = SimDevice(
        1,
        simdata=[registers(0, IDENTITY), registers(0x0B, ROOM), registers(0x16, [230, 9500])],
        action=answer,
    )
    with served(far, device):
        thermometer = create(
            DeviceKind.THERMOMETER, "calex-modbus", port=near, emissivity=0.98, poll_s=0.06
        )
        assert thermometer.open().serial_number == "123456"
        assert thermometer.read(5.0).temperature_c == 36.7
        thermometer.close()
    assert (6, 0x17, 1, [9800]) in asked
    assert {function for function, *_ in asked} == {3, 6}


def test_nobody_at_the_other_end_ends_at_the_time_limit(port):
    near, _ = port
    with pytest.raises(DeviceTimeout):
        create(DeviceKind.THERMOMETER, "calex-modbus", port=near).open()
