"""Work in a process of its own: however long it takes, no frame waits for it."""

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import TypeVar, cast

from station.core.errors import KnownError
from station.ledger.reader import Cancelled

_NICENESS = 10
_LOOK_S = 0.1
_END_TIMEOUT_S = 5.0

_Result = TypeVar("_Result")


def run_apart(
    work: Callable[..., _Result], *arguments: object, is_cancelled: Callable[[], bool]
) -> _Result:
    """Return what a function of a module returns, run in a fresh process at low priority.

    Args:
        work: the function; it, its arguments and its result can be pickled.
        arguments: its arguments.
        is_cancelled: looked at again and again meanwhile.

    Raises:
        KnownError: what the function raises, or if its process ended before its time.
        Cancelled: if `is_cancelled` said so; the process is ended.
    """
    # A fresh process: a fork of many threads may inherit locks that nobody frees.
    context = get_context("spawn")
    told, child = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(work, arguments, child), daemon=True)
    process.start()
    child.close()
    try:
        while not told.poll(_LOOK_S):
            if is_cancelled():
                raise Cancelled
        answer = told.recv()
    except (EOFError, OSError) as error:
        raise KnownError("The work ended before its time: is there memory left?") from error
    finally:
        process.terminate()
        process.join(_END_TIMEOUT_S)
        told.close()
    if isinstance(answer, KnownError):
        raise answer
    return cast(_Result, answer)


def _run(work: Callable[..., object], arguments: tuple[object, ...], told: Connection) -> None:
    os.nice(_NICENESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(BrokenPipeError):
        try:
            told.send(work(*arguments))
        except KnownError as error:
            told.send(KnownError(str(error)))
