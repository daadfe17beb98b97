"""Feeds a codec with garbage and with damaged messages, and checks what no input may change.

The law is one for all: an input gives values or a `ProtocolError`, never another exception, a NaN
or a hang; and in which pieces the bytes come changes nothing.
"""

import dataclasses
import math
import random
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise

import numpy as np

from drivers.errors import DeviceError, ProtocolError

# Processor time, since both cores may be busy with other work.
LONGEST_S = 2.0
_MOST_RANDOM_BYTES = (48, 96, 96, 600)
_MOST_MESSAGES = 3
_MOST_CUTS = 6
_TELLING_BYTES = (0x00, 0x0A, 0x0D, 0x30, 0x7F, 0x80, 0xFE, 0xFF)


@dataclasses.dataclass(frozen=True)
class Codec:
    """One codec under test."""

    name: str
    """Its name."""
    feed: Callable[[Sequence[bytes]], list[object]]
    """Takes the pieces of one input and returns what comes out, `ProtocolError`s among it."""
    valid: tuple[bytes, ...]
    """Whole messages, to be damaged."""
    is_stream: bool = True
    """Whether the pieces may be cut anywhere; otherwise an input is one piece."""
    errors: tuple[type[DeviceError], ...] = (ProtocolError,)
    """What it may raise."""


@dataclasses.dataclass(frozen=True)
class Figures:
    """How a codec did."""

    name: str
    inputs: int
    seconds: float
    values: int
    errors: int
    slowest_ms: float


class Broken(AssertionError):
    """The law was broken; the text holds the input."""


def fuzz(codec: Codec, inputs: int, seed: int, longest_s: float = LONGEST_S) -> Figures:
    """Feed a codec.

    Raises:
        Broken: at the first input that breaks the law.
    """
    rng = random.Random(f"{seed} {codec.name}")
    # Libraries that a codec loads when first used must not count as slow.
    for message in codec.valid:
        _fed(codec, [message], message, -1)
    values = errors = 0
    slowest_s = 0.0
    begun_s = time.perf_counter()
    with _limit() as arm:
        for number in range(inputs):
            data = _input(codec, rng)
            arm(longest_s)
            since_s = time.perf_counter()
            found = _fed(codec, [data], data, number)
            slowest_s = max(slowest_s, time.perf_counter() - since_s)
            for item in found:
                _require_sound(codec, item, data, number)
            if codec.is_stream:
                pieces = list(_pieces(data, rng))
                if [_seen(item) for item in _fed(codec, pieces, data, number)] != [
                    _seen(item) for item in found
                ]:
                    sizes = [len(piece) for piece in pieces]
                    raise _broken(codec, data, number, f"pieces of {sizes} bytes change the result")
            errors += sum(isinstance(item, DeviceError) for item in found)
            values += sum(not isinstance(item, DeviceError) for item in found)
    seconds = time.perf_counter() - begun_s
    return Figures(codec.name, inputs, seconds, values, errors, slowest_s * 1e3)


def _fed(codec: Codec, pieces: list[bytes], data: bytes, number: int) -> list[object]:
    try:
        return codec.feed(pieces)
    except codec.errors as error:
        return [error]
    except Exception as error:
        raise _broken(codec, data, number, f"it raised {error!r}") from error


def _broken(codec: Codec, data: bytes, number: int, what: str) -> Broken:
    shown = data.hex() if len(data) <= 400 else f"{data[:400].hex()}... ({len(data)} bytes)"
    return Broken(f"{codec.name}, input {number}: {what}; input: {shown}")


def _require_sound(codec: Codec, item: object, data: bytes, number: int) -> None:
    if isinstance(item, DeviceError) and not isinstance(item, codec.errors):
        raise _broken(codec, data, number, f"it gave {item!r}")
    for value in _parts(item):
        if isinstance(value, float) and not math.isfinite(value):
            raise _broken(codec, data, number, f"it gave {item!r}")


def _parts(item: object) -> Iterator[object]:
    """Yield a value, or the members of a record or a tuple."""
    if dataclasses.is_dataclass(item):
        for field in dataclasses.fields(item):
            yield from _parts(getattr(item, field.name))
    elif isinstance(item, tuple):
        for member in item:
            yield from _parts(member)
    else:
        yield item


def _seen(item: object) -> object:
    """Return something that is equal for equal results; arrays are told by their bytes."""
    if isinstance(item, DeviceError):
        return type(item), str(item)
    return type(item), tuple(
        (part.shape, part.dtype.str, part.tobytes()) if isinstance(part, np.ndarray) else part
        for part in _parts(item)
    )


def _input(codec: Codec, rng: random.Random) -> bytes:
    kind = rng.random()
    if kind < 0.2:
        return rng.randbytes(rng.randrange(rng.choice(_MOST_RANDOM_BYTES)))
    messages = rng.choices(codec.valid, k=rng.randint(1, _MOST_MESSAGES if codec.is_stream else 1))
    if kind < 0.3:
        return rng.randbytes(rng.randrange(24)).join([b"", *messages, b""])
    data = bytearray(b"".join(messages))
    for _ in range(rng.choice((0, 1, 1, 2, 5))):
        _damage(data, rng)
    return bytes(data)


def _damage(data: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(data) + 1)
    end = min(len(data), at + 1 + int(rng.expovariate(0.2)))
    match rng.randrange(7):
        case 0 if at < len(data):
            data[at] ^= 1 << rng.randrange(8)
        case 1 if at < len(data):
            data[at] = rng.choice(_TELLING_BYTES)
        case 2:
            del data[at:end]
        case 3:
            data[at:at] = rng.randbytes(1 + rng.randrange(8))
        case 4:
            data[at:at] = data[at:end]
        case 5:
            del data[at:]
        case _:
            del data[:at]


def _pieces(data: bytes, rng: random.Random) -> Iterator[bytes]:
    if rng.random() < 0.1:
        yield from (data[at : at + 1] for at in range(len(data)))
        return
    cuts = sorted(rng.randrange(len(data) + 1) for _ in range(rng.randint(1, _MOST_CUTS)))
    yield from (data[a:b] for a, b in pairwise([0, *cuts, len(data)]))


@contextmanager
def _limit() -> Iterator[Callable[[float], None]]:
    """Give what limits the processor time from now on; whoever exceeds it is interrupted."""

    def interrupt(*_: object) -> None:
        raise TimeoutError("it hangs")

    before = signal.signal(signal.SIGPROF, interrupt)
    try:
        yield lambda seconds: (signal.setitimer(signal.ITIMER_PROF, seconds), None)[1]
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def stream(make: Callable[[], object], *decoders: Callable[[object], object]):
    """Return a feed function for a parser with `feed(bytes)`.

    Args:
        make: makes a new parser.
        decoders: each is given every item that the parser returns, where items are no values yet;
            None is no value.
    """

    def feed(pieces: Sequence[bytes]) -> list[object]:
        parser, found = make(), []
        for piece in pieces:
            try:
                found += parser.feed(piece)
            except ProtocolError as error:
                found.append(error)
        given = [_decoded(decode, item) for item in found for decode in decoders or (_as_it_is,)]
        return [item for item in given if item is not None]

    return feed


def first(make: Callable[[], object]):
    """Return a feed function for a parser whose `feed` gives one answer, or None so far."""

    def feed(pieces: Sequence[bytes]) -> list[object]:
        parser = make()
        for piece in pieces:
            try:
                answer = parser.feed(piece)
            except ProtocolError as error:
                return [error]
            if answer is not None:
                return [answer]
        return []

    return feed


def whole(*decoders: Callable[[bytes], object]):
    """Return a feed function for decoders of a whole message; None is no value."""

    def feed(pieces: Sequence[bytes]) -> list[object]:
        data = b"".join(pieces)
        found = [_decoded(decode, data) for decode in decoders]
        return [item for item in found if item is not None]

    return feed


def _as_it_is(item: object) -> object:
    return item


def _decoded(decode: Callable[[object], object], item: object) -> object:
    if isinstance(item, ProtocolError):
        return item
    try:
        return decode(item)
    except ProtocolError as error:
        return error
