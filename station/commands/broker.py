"""A broker of one's own for the demonstration and the tests: mosquitto, or the one in a wheel."""

import argparse
import getpass
import shutil
import socket
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, Self

from station.core.errors import KnownError

BrokerKind = Literal["mosquitto", "embedded"]

_HOST = "127.0.0.1"
_START_TIMEOUT_S = 10.0
_STOP_TIMEOUT_S = 3.0

_MOSQUITTO = """\
user {user}
listener {port} {host}
allow_anonymous true
set_tcp_nodelay true
max_queued_messages 5000
persistence {persistence}
"""
# An empty folder would make mosquitto write into its own working directory.
_PERSISTENCE = """\
persistence_location {folder}/
autosave_interval 1
autosave_on_changes true
"""
_EMBEDDED = """\
id = 0
[router]
id = 0
max_connections = 1000
max_outgoing_packet_count = 200
max_segment_size = 10485760
max_segment_count = 10
[v5.1]
name = "v5"
listen = "{host}:{port}"
next_connection_delay_ms = 1
[v5.1.connections]
connection_timeout_ms = 5000
max_payload_size = 131072
max_inflight_count = 100
dynamic_filters = true
"""


class LocalBroker:
    """A broker on this machine only, started on entry and killed on exit.

    Args:
        kind: which; None takes mosquitto if it is installed, else the embedded one.
        port: where; 0 takes a free one.
        keeps_messages: mosquitto only: keep sessions on disk, so that a killed broker forgets
            nothing. The station does not need that.
        more: mosquitto only: further lines of its configuration.

    Raises:
        KnownError: on entry, if there is no broker to start or the port is in use.
    """

    def __init__(
        self,
        kind: BrokerKind | None = None,
        *,
        port: int = 0,
        keeps_messages: bool = False,
        more: str = "",
    ) -> None:
        self._kind = kind
        self._keeps_messages = keeps_messages
        self._more = more
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: TemporaryDirectory[str] | None = None
        self.host = _HOST
        self.port = port

    @property
    def name(self) -> str:
        """Which broker it is."""
        return self._chosen()

    def start(self) -> None:
        """Start it and wait until it answers.

        Raises:
            KnownError: if it ends or does not answer in time.
        """
        _check_port(self.port)
        command = self._command()
        self._process = subprocess.Popen(  # noqa: S603 - our own command line
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline_s = time.monotonic() + _START_TIMEOUT_S
        while time.monotonic() < deadline_s:
            if self._process.poll() is not None:
                break
            if _answers(self.port):
                return
            time.sleep(0.02)
        self.kill()
        raise KnownError(f"The {self._chosen()} broker does not start on port {self.port}.")

    def kill(self) -> None:
        """End it without warning, as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(_STOP_TIMEOUT_S)
            self._process = None

    def restart(self) -> None:
        """Start it again on the same port."""
        self.kill()
        self.start()

    def __enter__(self) -> Self:
        if self.port == 0:
            self.port = free_port()
        try:
            self.start()
        except BaseException:
            self._clean_up()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._clean_up()

    def _clean_up(self) -> None:
        self.kill()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _chosen(self) -> BrokerKind:
        if self._kind is not None:
            return self._kind
        return "mosquitto" if find_mosquitto() is not None else "embedded"

    def _command(self) -> list[str]:
        if self._chosen() == "embedded":
            _require_embedded()
            return [sys.executable, "-m", "station.commands.broker", "--embedded", str(self.port)]
        program = find_mosquitto()
        if program is None:
            raise KnownError(
                "mosquitto is not installed: install it, or the extra 'embedded-broker' of "
                "fever-station."
            )
        return [program, "-c", str(self._configuration())]

    def _configuration(self) -> Path:
        if self._folder is None:
            self._folder = TemporaryDirectory(prefix="fever-broker-")
        folder = Path(self._folder.name)
        text = _MOSQUITTO.format(
            # Started by root, it would become a user that may not write into our folder.
            user=getpass.getuser(),
            port=self.port,
            host=_HOST,
            persistence="true" if self._keeps_messages else "false",
        )
        if self._keeps_messages:
            text += _PERSISTENCE.format(folder=folder)
        path = folder / "mosquitto.conf"
        path.write_text(f"{text}{self._more}\n")
        return path


def find_mosquitto() -> str | None:
    """Return where mosquitto is installed, or None."""
    # Debian installs it where the PATH of ordinary users does not look.
    return shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")


def _require_embedded() -> None:
    if find_spec("iotcore") is None:
        raise KnownError(
            "No broker is installed: install mosquitto, or the extra 'embedded-broker' of "
            "fever-station."
        )


def _answers(port: int) -> bool:
    try:
        with socket.create_connection((_HOST, port), timeout=0.2):
            return True
    except OSError:
        return False


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except OSError as error:
            raise KnownError(
                f"The broker's port {port} cannot be used ({error.strerror}): end the program that "
                "uses it, or take another port."
            ) from error


def free_port() -> int:
    """Return a port of loopback that nobody uses right now."""
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _serve_embedded(port: int) -> None:
    from iotcore import IotCoreBroker  # noqa: PLC0415 - an extra, imported only when asked for

    with TemporaryDirectory(prefix="fever-broker-") as folder:
        path = Path(folder) / "broker.toml"
        path.write_text(_EMBEDDED.format(host=_HOST, port=port))
        broker = IotCoreBroker(config_path=str(path))
    broker.run_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--embedded", type=int, required=True, metavar="PORT")
    _serve_embedded(parser.parse_args().embedded)
