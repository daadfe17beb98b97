"""Keeping the memory of a station flat that runs for months."""

import ctypes

EVERY_S = 60.0
"""So often is enough: what is freed within it is needed again at once."""


def give_back() -> bool:
    """Give pages that nothing uses back to the system, and return whether this system can.

    Each picture takes some ten arrays of 0.2 to 1.2 MB from the C library's heap and frees them.
    Smaller things that live longer come to lie between, so that ever more of the heap is free, yet
    none of it at its end, where alone glibc gives it back by itself. To have every array mapped on
    its own (M_MMAP_THRESHOLD) is as flat, but costs 40 % more processor time; one heap for all
    threads (M_ARENA_MAX) grows all the same. Other C libraries have no such call.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is None:
        return False
    trim(0)
    return True
