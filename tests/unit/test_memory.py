"""What a station frees is free for the machine too."""

import os
import subprocess
import sys

import pytest

# All from the heap, as a station's arrays are once a few were freed.
_ON_THE_HEAP = {"MALLOC_MMAP_THRESHOLD_": "1000000000"}
_FREES = """
from pathlib import Path
from station.service.memory import give_back

def resident_bytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

taken = [(b"x" * 100_000, bytes([n % 256]) * 2_000) for n in range(400)]
kept = [small for _, small in taken]
del taken
before = resident_bytes()
print(give_back(), before - resident_bytes(), len(kept))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc alone keeps what is freed")
def test_what_is_freed_between_things_that_stay_goes_back_to_the_system():
    done = subprocess.run(
        [sys.executable, "-c", _FREES],
        env=os.environ | _ON_THE_HEAP,
        check=True,
        capture_output=True,
        text=True,
    )
    could, freed, _ = done.stdout.split()
    if could == "False":
        pytest.skip("another C library")
    assert int(freed) > 20_000_000
