"""A serial line on a pseudo-terminal behind a stable link, as `/dev/serial/by-id` gives it."""

import os
import select
import threading
import tty
from contextlib import suppress
from pathlib import Path

from simulators.faults import Fault, Faults
from simulators.line import Line
from simulators.serve.tcp import POLL_S, SLOW_S, SPLIT_PAUSE_S, Outbox, PortInUse

_CHUNK = 4096


class PtyServer:
    """A device on a pseudo-terminal.

    Args:
        line: what comes over it.
        faults: its switches.
        link: where the port appears; a link that is there is replaced.

    Raises:
        PortInUse: if something that is no link is there, or no link can be made.
    """

    def __init__(self, line: Line, faults: Faults, link: Path) -> None:
        if link.exists() and not link.is_symlink():
            raise PortInUse(f"{link} exists and is no link: choose another place for the device")
        self._line = line
        self._faults = faults
        self._link = link
        self.port = str(link)
        self._outbox = Outbox()
        self._ends: tuple[int, int] | None = None
        self._plug_in()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"pty {link.name}", daemon=True)
        self._thread.start()

    def send(self, pieces: list[bytes]) -> None:
        """Send what nobody asked for; it is lost if nobody reads, as on a real line."""
        self._outbox.put(pieces)

    def close(self) -> None:
        """Hang up: the terminal and its link vanish. Safe to call twice."""
        self._stop.set()
        self._thread.join(2)
        self._hang_up()

    def _plug_in(self) -> None:
        master, slave = os.openpty()
        # A cooked terminal swallows 0D and 11 and echoes what it gets.
        tty.setraw(slave)
        # When nobody reads, bytes are lost; they must not block us.
        os.set_blocking(master, False)
        new = self._link.with_name(f"{self._link.name}.{os.getpid()}")
        try:
            new.symlink_to(os.ttyname(slave))
            new.replace(self._link)
        except OSError as error:
            os.close(slave)
            os.close(master)
            raise PortInUse(f"{self._link} cannot be made ({error.strerror})") from error
        self._ends = master, slave

    def _hang_up(self) -> None:
        ends, self._ends = self._ends, None
        if ends is None:
            return
        self._link.unlink(missing_ok=True)
        for end in ends:
            os.close(end)

    def _run(self) -> None:
        """Talk to the host, and follow the plug; this thread alone touches the terminal."""
        while not self._stop.is_set():
            is_pulled = self._faults.has(Fault.DISCONNECT)
            if is_pulled and self._ends is not None:
                self._hang_up()
            elif not is_pulled and self._ends is None:
                self._plug_in()
            self._exchange()

    def _exchange(self) -> None:
        if self._ends is None:
            self._outbox.take()
            self._stop.wait(POLL_S)
            return
        master = self._ends[0]
        unasked = self._outbox.take() + self._line.due()
        self._say(master, unasked)
        if select.select([master], [], [], POLL_S)[0]:
            self._say(master, self._line.answer(os.read(master, _CHUNK)))

    def _say(self, master: int, pieces: list[bytes]) -> None:
        if pieces and self._faults.has(Fault.SLOW):
            self._stop.wait(SLOW_S)
        for piece in pieces:
            with suppress(BlockingIOError):
                os.write(master, piece)
            if len(pieces) > 1:
                self._stop.wait(SPLIT_PAUSE_S)
