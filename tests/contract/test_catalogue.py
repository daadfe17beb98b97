"""Every device against every fault of the catalogue; no cell of this table is blank.

The law is one for all: while a fault is on, whatever a driver reads is true, or marked as no
value, or a `DeviceError`; and when the fault has ended, the device is read right again, opened anew
if it was lost, as the station does it.
"""

import time

import pytest

from drivers.errors import DeviceDisconnected, DeviceError
from simulators.faults import CATALOGUE
from tests.contract.finding import BENCHES

READS_UNDER_FAULT = 4
# Five seconds on a quiet machine.
HEALS_S = 60.0


CELLS = [
    pytest.param(bench, row, id=f"{row}-{bench.__name__.removesuffix('Bench')}")
    for bench in BENCHES
    for row in CATALOGUE
]


@pytest.mark.parametrize(("bench_class", "row"), CELLS)
def test_under_every_fault_a_reading_is_true_or_no_value_and_it_heals(bench_class, row, tmp_path):
    bench = bench_class(tmp_path)
    try:
        faults = sorted(CATALOGUE[row] & bench.faults.possible)
        if not faults:
            assert row in bench.cannot, f"{bench_class.__name__}.cannot has no reason for {row!r}"
            pytest.skip(bench.cannot[row])
        for fault in faults:
            live_through(bench, fault)
    finally:
        bench.close()


def live_through(bench, fault):
    device = bench.device()
    device.open()
    bench.settle(device)
    bench.turn_on(fault)
    for _ in range(READS_UNDER_FAULT):
        bench.provoke()
        try:
            result = device.read(0.3)
        except DeviceDisconnected:
            break
        except DeviceError:
            continue
        if result is not None:
            bench.check_under(fault, result)
    bench.turn_off(fault)
    heal(bench, device)
    device.close()


def heal(bench, device):
    """Read until it is right again, as a station's thread would."""
    ends_s, last = time.monotonic() + HEALS_S, None
    while time.monotonic() < ends_s:
        try:
            if not device.is_open:
                device.open()
            bench.provoke()
            result = device.read(1.0)
            if result is not None and bench.is_value(result):
                bench.check(result)
                return
        except DeviceDisconnected as error:
            device.close()
            last = error
        except (DeviceError, AssertionError) as error:
            last = error
        time.sleep(0.01)
    raise AssertionError(f"not healed within {HEALS_S} s: {last!r}")
