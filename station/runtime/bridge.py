"""The station's end of the bridge to its kiosk: a Unix domain socket of this machine's user."""

import errno
import logging
import os
import socket
import stat
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Condition, Lock, Thread
from threading import Event as ThreadEvent
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from station.core.accounts import SignInRefused
from station.core.cases import CaseRefused
from station.core.closing import Closable
from station.core.commands import Command
from station.core.errors import KnownError
from station.core.events import CommandRefused, Event
from station.core.lane_events import LaneUpdate
from station.core.people import Person
from station.core.people_commands import SessionCommand
from station.core.questions import Answer, Question, is_last
from station.core.rights import check_right
from station.core.service_commands import LongWork
from station.runtime.bridge_frames import (
    COMMANDS,
    FrameError,
    check_hello,
    decode_message,
    encode_hello,
    encode_message,
    encode_picture,
    read_frame,
)
from station.runtime.sessions import Session, Tell, peer_user

_log = logging.getLogger(__name__)

_MAX_COMMAND_BYTES = 65_536
_MAX_LASTING = 2_000
_HELLO_TIMEOUT_S = 5.0
_RETRY_S = 0.2
_LOOK_S = 1.0
_JOIN_TIMEOUT_S = 2.0
_MOST_CLIENTS = 8


class BridgeServer(Closable):
    """The station's end.

    Args:
        path: the socket's file, made with mode 0600, and made again if somebody clears it away.
        on_command: takes a command and who gives it, who may; called from a client's thread, which
            reads nothing else meanwhile. What it returns is told to this client alone; a KnownError
            that it raises is answered with CommandRefused.
        snapshot: returns the events from which a kiosk that has just connected can draw
            everything; called from a client's thread.
        admit: returns the session of a new connection, from the machine's user at its other end
            and a way to tell it what changes.

    Raises:
        KnownError: if the socket cannot be made, or another station answers there.
    """

    def __init__(
        self,
        path: Path,
        on_command: Callable[[Command, Person], Event | None],
        snapshot: Callable[[], Sequence[Event]],
        admit: Callable[[str, Tell], Session] = Session,
    ) -> None:
        self._path = path
        self._on_command = on_command
        self._snapshot = snapshot
        self._admit = admit
        self._clients: set[_Client] = set()
        self._askers: dict[UUID, _Client] = {}
        self._lock = Lock()
        self._closing = ThreadEvent()
        self._listener, self._inode = _listen(path)
        self._missing = ""
        self._thread = Thread(target=self._accept, name="bridge", daemon=True)
        self._thread.start()

    def emit(self, event: Event) -> None:
        """Take one event for every kiosk; called from any thread, returns at once."""
        if clients := self._listening():
            frame = encode_message(event)
            for client in clients:
                if isinstance(event, LaneUpdate):
                    client.pass_by(event.lane, "update", frame)
                else:
                    client.put(frame)

    def answer(self, answer: Answer | CommandRefused) -> None:
        """Take an answer for the client that asked; one that has gone meanwhile misses nothing.

        Called from any thread, returns at once.
        """
        with self._lock:
            client = self._askers.get(answer.command_id)
            if isinstance(answer, CommandRefused) or is_last(answer):
                self._askers.pop(answer.command_id, None)
        if client is not None:
            client.put(encode_message(answer))

    def emit_picture(self, lane: str, sequence: int, temperature_c: NDArray[np.float32]) -> None:
        """Take the picture of a LaneUpdate; called from any thread, returns at once.

        Args:
            lane: the lane's name.
            sequence: the LaneUpdate's number.
            temperature_c: apparent °C, float32, (rows, columns).
        """
        if clients := self._listening():
            frame = encode_picture(lane, sequence, temperature_c)
            for client in clients:
                client.pass_by(lane, "picture", frame)

    def close(self) -> None:
        """Disconnect every kiosk and remove the socket's file; closing twice is safe."""
        with self._lock:
            if self._closing.is_set():
                return
            self._closing.set()
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
        self._thread.join(_JOIN_TIMEOUT_S)
        for client in self._listening():
            client.close()
        # Only our own: another station may have taken the place meanwhile.
        with suppress(OSError):
            if os.stat(self._path).st_ino == self._inode:
                os.unlink(self._path)

    def _listening(self) -> list["_Client"]:
        with self._lock:
            return list(self._clients)

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except TimeoutError:
                self._look_after_file()
                continue
            except OSError as error:
                if self._closing.is_set() or error.errno in (errno.EBADF, errno.EINVAL):
                    return
                _log.warning("the bridge cannot take a kiosk: %s", error)
                self._closing.wait(_RETRY_S)
                continue
            if len(self._listening()) >= _MOST_CLIENTS:
                sock.close()
                continue
            Thread(target=self._serve, args=(sock,), name="bridge-reader", daemon=True).start()

    def _look_after_file(self) -> None:
        """Make the socket's file again if it was cleared away: kiosks find the station by it."""
        if self._path.exists():
            return
        # Under the lock: else it might come back behind a close.
        with self._lock:
            if self._closing.is_set():
                return
            try:
                self._path.parent.mkdir(mode=0o700, exist_ok=True)
                fresh, self._inode = _listen(self._path)
            except (OSError, KnownError) as error:
                if self._missing != str(error):
                    self._missing = str(error)
                    _log.warning("the kiosk's socket is gone: %s", error)
                return
            self._listener.close()
            self._listener, self._missing = fresh, ""
        _log.warning(
            "the kiosk's socket %s was cleared away and is made again: keep cleaners off its "
            "folder, or name another socket_path in [kiosk]",
            self._path,
        )

    def _serve(self, sock: socket.socket) -> None:
        client = _Client(sock)
        session: Session | None = None
        try:
            sock.settimeout(_HELLO_TIMEOUT_S)
            sock.sendall(encode_hello())
            hello = read_frame(sock, _MAX_COMMAND_BYTES)
            if hello is None:
                return
            check_hello(*hello)
            sock.settimeout(None)
            # Registered first: what happens during the snapshot comes after it, never not at all.
            with self._lock:
                self._clients.add(client)
            client.start([encode_message(event) for event in self._snapshot()])
            session = self._admit(peer_user(sock), client.tell)
            session.begin()
            self._read_commands(client, session)
        except KnownError as error:
            _log.warning("kiosk disconnected: %s", error)
        except OSError as error:
            _log.info("kiosk gone: %s", error)
        finally:
            with self._lock:
                self._clients.discard(client)
                self._askers = {key: one for key, one in self._askers.items() if one is not client}
            client.close()
            if session is not None:
                session.end()

    def _read_commands(self, client: "_Client", session: Session) -> None:
        while (frame := read_frame(client.sock, _MAX_COMMAND_BYTES)) is not None:
            kind, body = frame
            if kind != b"M":
                raise FrameError("The kiosk sent a frame that is no command.")
            command: Command | SessionCommand = decode_message(body, COMMANDS)
            if isinstance(command, Question | LongWork):
                with self._lock:
                    self._askers[command.command_id] = client
            answer = self._obey(command, session)
            if answer is not None:
                with self._lock:
                    self._askers.pop(command.command_id, None)
                client.tell(answer)

    def _obey(self, command: Command | SessionCommand, session: Session) -> Event | None:
        """Carry out a command and return what only this client has to know."""
        try:
            if isinstance(command, SessionCommand):
                return session.obey(command)
            return self._on_command(command, check_right(command, session.person))
        except SignInRefused as error:
            return CommandRefused(command.command_id, str(error), error.refusal, error.until)
        except CaseRefused as error:
            return CommandRefused(command.command_id, str(error), error.refusal)
        except KnownError as error:
            return CommandRefused(command.command_id, str(error))


class _Client:
    """One kiosk's queue: of each lane the latest picture and its update, of the rest everything."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._changed = Condition()
        self._number = 0
        self._passing: dict[str, tuple[int, dict[str, bytes]]] = {}
        self._lasting: deque[tuple[int, bytes]] = deque()
        self._is_closed = False
        self._writer: Thread | None = None

    def start(self, snapshot: list[bytes]) -> None:
        self._writer = Thread(
            target=self._write, args=(snapshot,), name="bridge-writer", daemon=True
        )
        self._writer.start()

    def pass_by(self, lane: str, what: str, frame: bytes) -> None:
        """Take what is worth nothing any more once the lane has a newer one of its kind."""
        with self._changed:
            self._number += 1
            if self._lasting:
                # Never before what happened before it.
                _, frames = self._passing.pop(lane, (0, {}))
            else:
                # Else the lane keeps its turn: none waits for ever behind faster ones.
                _, frames = self._passing.get(lane, (0, {}))
            self._passing.setdefault(lane, (self._number, frames))
            frames.pop(what, None)
            frames[what] = frame
            self._changed.notify()

    def put(self, frame: bytes) -> None:
        """Take what must arrive."""
        with self._changed:
            self._number += 1
            self._lasting.append((self._number, frame))
            is_hopeless = len(self._lasting) > _MAX_LASTING
            self._changed.notify()
        if is_hopeless:
            _log.warning("kiosk disconnected: it does not keep up; it gets everything anew")
            self.close()

    def tell(self, event: Event) -> None:
        self.put(encode_message(event))

    def close(self) -> None:
        with self._changed:
            self._is_closed = True
            self._lasting.clear()
            self._passing.clear()
            self._changed.notify()
        # Wakes both threads of this client wherever they wait; the reader then forgets it.
        with suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)
        if self._writer is None:
            self.sock.close()

    def _write(self, snapshot: list[bytes]) -> None:
        try:
            for frame in snapshot:
                self.sock.sendall(frame)
            while frames := self._next():
                for frame in frames:
                    self.sock.sendall(frame)
        except OSError as error:
            _log.info("kiosk gone: %s", error)
        finally:
            self.close()
            self.sock.close()

    def _next(self) -> tuple[bytes, ...]:
        """Wait for what comes next; nothing at the end."""
        with self._changed:
            while not (self._passing or self._lasting or self._is_closed):
                self._changed.wait()
            if self._is_closed:
                return ()
            lane, (number, frames) = next(iter(self._passing.items()), ("", (0, {})))
            if not self._lasting or (frames and number < self._lasting[0][0]):
                del self._passing[lane]
                return tuple(frames.values())
            return (self._lasting.popleft()[1],)


def _listen(path: Path) -> tuple[socket.socket, int]:
    """Return a listening socket and its file's inode."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        _remove_stale(path)
        # On Linux the file takes the socket's mode, so that nobody gets in before a chmod.
        with suppress(OSError):
            os.fchmod(listener.fileno(), 0o600)
        listener.bind(str(path))
        os.chmod(path, 0o600)
        listener.listen()
        # Accepting ends now and then, to look whether the file is still there.
        listener.settimeout(_LOOK_S)
        inode = os.stat(path).st_ino
    except OSError as error:
        listener.close()
        what = (
            "its path is too long: name a shorter socket_path in [kiosk]"
            if "too long" in str(error)
            else f"{error.strerror or error}: check socket_path in [kiosk] and its folder"
        )
        raise KnownError(f"The kiosk's socket {path} cannot be made ({what}).") from error
    except KnownError:
        listener.close()
        raise
    return listener, inode


def _remove_stale(path: Path) -> None:
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise KnownError(f"{path} is no socket: name another socket_path in [kiosk].")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            os.unlink(path)
            return
        except FileNotFoundError:
            return
        except TimeoutError:
            pass
    raise KnownError(
        f"Another station answers at {path}: stop it, or name another socket_path in [kiosk]."
    )
