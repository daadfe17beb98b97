"""`fever-station demo`: the main job with simulated devices, a real broker and a real receiver.

Every part is a process of its own, as in a real hub; this one only starts them, plays the operator
over the kiosk's bridge, and tells the story.
"""

import argparse
import json
import os
import queue
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

from rich.console import Console

from config.loader import load_settings
from station.commands.broker import LocalBroker
from station.commands.parts import HubProcess, first_line, process
from station.commands.story import Story
from station.core.cases import Case, CaseState, ClearCause, HandoverStep
from station.core.commands import AttachReading, HandOver, ResolveCase
from station.core.errors import KnownError
from station.core.events import CaseChanged, CommandRefused, Event, HandheldRead
from station.core.lane_events import LaneUpdate
from station.core.second_check import CheckStand
from station.runtime.bridge_client import BridgeClient, BridgeClosed
from station.runtime.case_settings import build_flow

_PASSWORD = "simulated-1"  # noqa: S105 - of a simulator on loopback
_START_S = 20.0
_HEADLESS_S = 45
# Staff need a moment to reach the traveller; a watcher needs it to see the case.
_REACT_S = 1.5
# Nobody measures twice within a second: the gun's driver takes that for one reading sent twice.
_AGAIN_S = 2.0

_SITE = """\
[station]
station_id = "demo-1"
region = "000000"
site = "demo"
ledger_path = {ledger}

[reference]
regions = [[0.0, 0.7, 0.5, 1.0]]

[[cameras]]
camera_id = "camera-1"
lane = "1"
driver = "hikvision-isapi"
warm_up_s = 0                # the simulated camera has been on since yesterday
[cameras.options]
url = {camera}
user = "admin"
password = {password}

[[thermometers]]
device_id = "gun-1"
driver = "fefd"
[thermometers.options]
port = {gun}

[link]
host = {host}
port = {port}

[accounts]
required = false

[kiosk]
socket_path = {bridge}
language = "zh"

[simulators]
control = {control}
"""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser("demo", help="see the main job with simulated devices")
    parser.add_argument(
        "--seconds",
        type=float,
        default=0,
        help=f"stop after this time (default: when the kiosk is closed, {_HEADLESS_S} s without "
        "a display)",
    )
    parser.add_argument("--language", choices=("zh", "en"), default="zh", help="of the kiosk")


def run(args: argparse.Namespace) -> int:
    """Run the demonstration.

    Returns:
        0 if a febrile traveller's story came to its end, else 1.

    Raises:
        KnownError: if a part cannot be started.
    """
    console = Console(highlight=False)
    with ExitStack() as parts:
        folder = Path(parts.enter_context(TemporaryDirectory(prefix="fever-demo-")))
        demo = _Demo(folder, parts, console)
        kiosk = demo.start(args.language)
        seconds = args.seconds or (0 if kiosk else _HEADLESS_S)
        demo.play(seconds, kiosk)
    return demo.tell()


class _Demo:
    """The processes of one demonstration and the scripted operator."""

    def __init__(self, folder: Path, parts: ExitStack, console: Console) -> None:
        self._folder = folder
        self._parts = parts
        self._console = console
        self._events: queue.SimpleQueue[Event | dict[str, Any] | None] = queue.SimpleQueue()
        self._story = Story()
        self._bridge = BridgeClient(folder / "bridge", as_user=True)
        self._hub: HubProcess | None = None
        self._to_check: list[tuple[float, Case]] = []
        self._checking: Case | None = None
        self._again_s: float | None = None
        self._flow = build_flow(load_settings(None))

    def start(self, language: str) -> "subprocess.Popen[str] | None":
        """Start every part and return the kiosk's process, or None without a display."""
        broker = self._parts.enter_context(LocalBroker())
        self._say(f"broker: {broker.name} on 127.0.0.1:{broker.port}")
        cdc = self._spawn(
            "station", "cdc", "serve", "--port", str(broker.port),
            "--db", str(self._folder / "cdc.sqlite"), "--json",
        )  # fmt: skip
        first_line(cdc, "the CDC's receiver")
        threading.Thread(target=self._read_cdc, args=(cdc,), daemon=True).start()
        self._say("CDC receiver: subscribed")
        settings = (f"camera.password={_PASSWORD}", "people.febrile_every=3")
        self._hub = self._parts.enter_context(HubProcess("demo", self._folder, settings))
        camera, gun = self._hub.addresses["camera"]["url"], self._hub.addresses["gun"]["port"]
        self._say(f"simulators: camera {camera}, forehead gun {gun}")
        self._start_station(camera, gun, broker, self._hub.control)
        return self._start_kiosk(language)

    def play(self, seconds: float, kiosk: "subprocess.Popen[str] | None") -> None:
        """Be the operator until the time is over, the kiosk is closed, or Ctrl+C."""
        end_s = time.monotonic() + seconds if seconds else float("inf")
        try:
            while time.monotonic() < end_s and not self._is_closed(kiosk):
                self._act()
                try:
                    event = self._events.get(timeout=0.1)
                except queue.Empty:
                    continue
                if event is None:
                    raise KnownError("The station has ended: its words stand above.")
                self._take(event)
        except KeyboardInterrupt:
            self._say("stopping")
        self._bridge.close()

    def _is_closed(self, kiosk: "subprocess.Popen[str] | None") -> bool:
        """Whether somebody has closed the kiosk's window.

        Raises:
            KnownError: if the kiosk ended by itself.
        """
        if kiosk is None or (code := kiosk.poll()) is None:
            return False
        if code != 0:
            raise KnownError(f"The kiosk has ended with code {code}: its words stand above.")
        return True

    def tell(self) -> int:
        """Print the story of the last febrile traveller and the counts."""
        self._console.print()
        whole = self._story.whole()
        if whole:
            self._console.print("The last febrile traveller, from the flag to the CDC's receipt:")
            self._say("\n".join(whole[-1]))
        else:
            self._console.print("No alert has made the whole way yet: give the demo more seconds.")
        self._say(self._story.summary())
        return 0 if whole else 1

    def _start_station(
        self, camera: str, gun: str, broker: LocalBroker, control: tuple[str, int]
    ) -> None:
        site = self._folder / "site.toml"
        values = {
            "ledger": self._folder / "ledger.sqlite",
            "camera": camera,
            "password": _PASSWORD,
            "gun": gun,
            "host": broker.host,
            "bridge": self._folder / "bridge",
            "control": f"{control[0]}:{control[1]}",
        }
        quoted = {name: json.dumps(str(value)) for name, value in values.items()}
        site.write_text(_SITE.format(port=broker.port, **quoted), "utf-8")
        station = self._spawn("station", "run", "--config", str(site), "--drill")
        deadline_s = time.monotonic() + _START_S
        while True:
            try:
                self._bridge.connect()
                break
            except BridgeClosed:
                if station.poll() is not None or time.monotonic() > deadline_s:
                    raise KnownError("The station does not start: its words stand above.") from None
                time.sleep(0.1)
        threading.Thread(target=self._read_bridge, daemon=True).start()
        self._say("station: screening lane 1 (every alert is marked as a drill)")

    def _start_kiosk(self, language: str) -> "subprocess.Popen[str] | None":
        if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            self._say("kiosk: no display here, so the demo runs headless and tells its story below")
            return None
        self._say("kiosk: open; close its window to end the demo")
        return self._spawn("ui", "--socket", str(self._folder / "bridge"), "--language", language)

    def _spawn(self, module: str, *arguments: str) -> "subprocess.Popen[str]":
        return self._parts.enter_context(process([sys.executable, "-m", module, *arguments]))

    def _read_cdc(self, cdc: "subprocess.Popen[str]") -> None:
        for line in cdc.stdout or ():
            self._events.put(json.loads(line))

    def _read_bridge(self) -> None:
        try:
            while True:
                message = self._bridge.read()
                if isinstance(message, Event):
                    self._events.put(message)
        except BridgeClosed:
            self._events.put(None)

    def _take(self, event: Event | dict[str, Any]) -> None:
        if isinstance(event, dict):
            self._story.stored(UUID(event["stored"]), datetime.now(UTC))
            return
        if isinstance(event, LaneUpdate):
            return
        if line := self._story.take(event):
            self._say(line)
        match event:
            case CaseChanged(case) if case.state is CaseState.OPEN and not case.readings:
                self._to_check.append((time.monotonic() + _REACT_S, case))
            case CaseChanged(case) if case.state is CaseState.REFERRED:
                self._go_on(case)
            case CaseChanged(case) if case.state is CaseState.CONFIRMED:
                self._hand_over(case)
            case CaseChanged(case) if case.is_finished:
                self._checking = None
            case HandheldRead(reading) if self._checking is not None:
                # The operator pointed the gun at this case's traveller and nobody else's.
                case_id = self._checking.case_id
                self._bridge.send(AttachReading(uuid4(), case_id, reading.reading_id))
            case CommandRefused(text=text):
                self._say(text)
                self._checking = None
            case _:
                pass

    def _act(self) -> None:
        """Go to the next waiting traveller and pull the trigger, or pull it once more."""
        if self._checking is not None:
            if self._again_s is not None and time.monotonic() >= self._again_s:
                self._again_s = None
                if not self._measure(self._checking):
                    self._checking = None
            return
        if not self._to_check:
            return
        due_s, case = self._to_check[0]
        if time.monotonic() < due_s:
            return
        self._to_check.pop(0)
        if self._measure(case):
            self._checking = case

    def _measure(self, case: Case) -> bool:
        """Hold the gun to the traveller's forehead; False if they have gone."""
        if self._hub is None:
            return False
        row, column = case.point or (0.0, 0.0)
        answer = self._hub.ask(
            do="present", captured_at=case.opened_at.isoformat(), row=row, column=column
        )
        if "error" not in answer:
            return True
        self._say(f"the operator cannot find the traveller of case {case.number}: left")
        left = HandOver(uuid4(), case.number, HandoverStep.LEFT_WITHOUT, "")
        self._bridge.send(left)
        return False

    def _go_on(self, case: Case) -> None:
        """Measure once more, or give the verdict that the readings allow."""
        match self._flow.stand(case, datetime.now(UTC)):
            case CheckStand.READING:
                self._again_s = time.monotonic() + _AGAIN_S
            case CheckStand.FEBRILE:
                self._bridge.send(ResolveCase(uuid4(), case.case_id, CaseState.CONFIRMED, ""))
            case CheckStand.AFEBRILE:
                cause = ClearCause.NOT_FOUND.value
                self._bridge.send(ResolveCase(uuid4(), case.case_id, CaseState.CLEARED, cause))
            case CheckStand.CONTACT | CheckStand.NO_POLICY:
                # The demonstration has no ear thermometer: doubt stays doubt.
                self._bridge.send(ResolveCase(uuid4(), case.case_id, CaseState.UNRESOLVED, ""))
                self._checking = None

    def _hand_over(self, case: Case) -> None:
        """Call the emergency service, which takes the traveller along."""
        done = len(case.handover)
        if done == 0:
            self._checking = None
        steps = (HandoverStep.REQUESTED, HandoverStep.ACCEPTED, HandoverStep.DEPARTED)
        if done < len(steps):
            self._bridge.send(HandOver(uuid4(), case.number, steps[done], "120"))

    def _say(self, text: str) -> None:
        # A file or a pipe has no width: nothing is wrapped.
        self._console.print(text, markup=False, soft_wrap=True)
