"""What a station frees is free for the machine too."""

import sys
from pathlib import Path

import pytest

from station.service.memory import give_back

_PAGE = 4096


def resident_bytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE


@pytest.mark.skipif(sys.platform != "linux", reason="glibc alone keeps what is freed")
def test_what_is_freed_between_things_that_stay_goes_back_to_the_system():
    # Small enough for the heap, as a station's arrays are once a few were freed.
    taken = [(b"x" * 100_000, bytes([n % 256]) * 2_000) for n in range(400)]
    kept = [small for _, small in taken]
    del taken
    before = resident_bytes()
    if not give_back():
        pytest.skip("another C library")
    assert before - resident_bytes() > 20_000_000
    assert len(kept) == 400
