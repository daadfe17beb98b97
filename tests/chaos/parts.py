"""The parts of the link as processes that can be killed and started again."""

import time
from pathlib import Path

from station.commands.broker import LocalBroker
from tests.chaos.hostile import REGION, SITE

_AGAIN_S = 0.5

_SITE = """\
[station]
station_id = "{name}"
region = "{region}"
site = "{site}"
ledger_path = "{ledger}"
[link]
host = "127.0.0.1"
port = {port}
publish_timeout_s = 1.0
receipt_timeout_s = 1.5
reconnect_min_s = 0.1
reconnect_max_s = 1.0
signing_key_file = "{keys}/signing.key"
cdc_keys_file = "{keys}/cdc.jwks"
{tls}
# Nobody sees to these travellers: thousands of open cases would be told late, which no station has.
[deadlines]
reading = 0
[kiosk]
socket_path = "{folder}/{name}.sock"
"""
_TLS = """\
ca_file = "{keys}/ca.pem"
cert_file = "{keys}/cert.pem"
key_file = "{keys}/key.pem"
"""


class Part:
    """A process that is kept running unless a fault says otherwise.

    Args:
        nursery: starts it.
        folder: where its output goes.
        name: its name.
        disk: where its data is.
        way: how it reaches the broker.
        run: what to start: a name of the nursery's and its arguments.
    """

    def __init__(self, nursery, folder, name, *, disk, way, run):
        self._nursery, self._folder, self._run = nursery, folder, run
        self.name, self.disk, self.way = name, disk, way
        self.child = None
        self.is_damaged = False
        """Whether the disk has spoilt something that was written."""
        self.deaths = 0
        """How often it ended by itself."""
        self.lives = [[]]
        """The output files, in groups: a new group begins when the data is put back."""
        self._is_wanted, self._is_ready = False, False
        self._died_s = None

    @property
    def is_up(self):
        """Whether it has said that it works."""
        if self.child is None or not self.child.is_alive:
            return False
        self._is_ready = self._is_ready or b"ready" in self.lives[-1][-1].read_bytes()
        return self._is_ready

    def start(self, environment=None):
        self._is_wanted, self._is_ready, self._died_s = True, False, None
        number = sum(map(len, self.lives))
        out = self._folder / f"{self.name}-{number}.out"
        out.touch()
        self.lives[-1].append(out)
        inlet = self._folder / f"{self.name}.inlet"
        self.child = self._nursery.start(*self._run, inlet, out, environment)

    def kill(self):
        self._is_wanted = False
        if self.child is not None:
            self.child.close()
            self.child = None

    def begin_anew(self):
        """Note that its data is an older state from now on."""
        self.lives.append([])

    def tend(self):
        """Start it again a moment after it ended by itself, as systemd would."""
        if not self._is_wanted or self.child.is_alive:
            return
        now_s = time.monotonic()
        if self._died_s is None:
            self._died_s, self.deaths = now_s, self.deaths + 1
        elif now_s - self._died_s > _AGAIN_S:
            self.kill()
            self.start()

    def said(self):
        """Yield the lines that it wrote, life by life, each with the number of its group."""
        for group, files in enumerate(self.lives):
            for path in files:
                for line in path.read_text(errors="replace").splitlines():
                    yield group, line


class Broker:
    """mosquitto with a plain listener for the fleet and a closed one; it saves once a second."""

    def __init__(self, files, tls_port):
        more = (
            "autosave_interval 1\nautosave_on_changes false\n"
            f"listener {tls_port} 127.0.0.1\n"
            f"cafile {files}/ca.pem\ncertfile {files}/cert.pem\nkeyfile {files}/key.pem\n"
            "require_certificate true\nuse_identity_as_username true"
        )
        self._broker = LocalBroker("mosquitto", keeps_messages=True, more=more)
        self.port, self.tls_port = 0, tls_port

    def __enter__(self):
        self._broker.__enter__()
        self.port = self._broker.port
        return self

    def __exit__(self, *error):
        self._broker.__exit__(*error)

    @property
    def is_up(self):
        return self._broker._process is not None

    def tend(self):
        assert not self.is_up or self._broker._process.poll() is None, "mosquitto has died"

    def kill(self):
        self._broker.kill()

    def forget(self):
        """Lose what it had kept on its disk."""
        for path in Path(self._broker._folder.name).glob("mosquitto.db*"):
            path.unlink()

    def start(self):
        self._broker.start()


def write_site(folder, name, disk, port, keys, *, is_closed):
    """Write a station's site file and return its path."""
    path = folder / f"{name}.toml"
    tls = _TLS.format(keys=keys) if is_closed else ""
    path.write_text(
        _SITE.format(
            name=name, region=REGION, site=SITE, ledger=disk.path, port=port, keys=keys,
            tls=tls, folder=folder,
        )
    )  # fmt: skip
    return path
