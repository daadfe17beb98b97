"""`python -m tests.benchmarks.caseflow`: the whole case flow, clicked through like a person does.

A station runs as its own process with a simulated lane and a simulated handheld, each on its wire;
the kiosk's real window is clicked with real mouse events, which land only where a button is in
sight and enabled. Each touch takes a person's time to look and reach, each reading that of aiming.
For each run it counts the touches from the flag to the closed case, and the seconds of staff time
from the case's first sight to the second reading at the case. Prints one JSON object; ends with 1
if a median misses its limit. QT_QPA_PLATFORM=xcb under Xvfb, or offscreen without it, will do.
"""

import argparse
import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from station.commands.broker import free_port
from station.commands.parts import HubProcess, process
from station.core.cases import Case, CaseOutcome, CaseState, HandoverStep
from station.core.events import CaseChanged, DeviceState, Event
from station.core.registration import Field
from station.runtime.bridge_client import BridgeClient
from station.runtime.clock import SystemClock
from tests.one_lane import gun, write_site
from ui.app import make_application
from ui.bridge import StationBridge
from ui.language import Language, LanguageName
from ui.viewmodels.steps import Ask
from ui.window import KioskWindow

MOST_TOUCHES = 12
MOST_STAFF_S = 60.0
_START_WITHIN_S, _STEP_WITHIN_S = 60.0, 40.0
_HUB = str(Path(__file__).parent.parent / "kills" / "hub.toml")
_SERVICES = ("G101", "G115", "Z19", "D312", "K51")
# Seconds of a person with gloves: to look and reach for a button, and to aim a thermometer.
_TOUCH_S, _AIM_S = (0.6, 1.6), (3.0, 6.0)


@dataclass(frozen=True)
class Run:
    """How one case went."""

    touches: int
    staff_s: float
    """From the case's first sight to the second reading at the case."""
    whole_s: float
    case: Case
    """As the station told it last."""


class Person:
    """Somebody before the kiosk: looks, reaches, presses what is in sight, and counts.

    Args:
        window: the kiosk.
        rng: how long they take.
        haste: by how much they are faster than people are.
    """

    def __init__(self, window: KioskWindow, rng: random.Random, haste: float) -> None:
        self.window = window
        self.touches = 0
        self._rng = rng
        self._haste = haste

    def wait(self, seconds: tuple[float, float]) -> None:
        """Let a person's time pass; the kiosk goes on."""
        end_s = time.monotonic() + self._rng.uniform(*seconds) / self._haste
        while time.monotonic() < end_s:
            _turn()

    def until(self, look: Callable[[], object], what: str, within_s: float = _STEP_WITHIN_S):
        """Wait until something is to be seen and return it."""
        end_s = time.monotonic() + within_s
        while not (found := look()):
            if time.monotonic() > end_s:
                raise TimeoutError(f"not seen within {within_s:.0f} s: {what}")
            _turn()
        return found

    def touch(self, find: Callable[[], QAbstractButton | None], what: str) -> None:
        """Press a button as soon as it is in sight and can be pressed."""
        seen = None
        button = self.until(lambda: _can_press(find()), what)
        # A button that has just come to mean something else does not take touches for a moment:
        # people look again where the screen has changed under their finger.
        while seen is not button:
            seen = button
            self.wait(_TOUCH_S)
            self.wait((0.55 * self._haste, 0.55 * self._haste))
            button = self.until(lambda: _can_press(find()), what)
        press(self.window, button)
        self.touches += 1


def press(window: QWidget, button: QWidget) -> None:
    """Click the window where a button's middle is: what lies over it would get the click."""
    at = button.mapTo(window, QPoint(button.width() // 2, button.height() // 2))
    target = window.childAt(at) or window
    QTest.mouseClick(target, Qt.MouseButton.LeftButton, pos=target.mapFrom(window, at))
    _turn()


def _can_press(button: QAbstractButton | None) -> QAbstractButton | None:
    if button is None or not button.isVisible() or not button.isEnabled():
        return None
    return button


def _turn() -> None:
    QCoreApplication.processEvents()
    time.sleep(0.005)


class Flow:
    """One case after the other, from the flag to the clinic's finding."""

    def __init__(self, person: Person, hub: HubProcess, heard: dict[UUID, Case]) -> None:
        self._person = person
        self._hub = hub
        self._heard = heard
        self._window = person.window
        self._done: set[UUID] = set()

    def run(self) -> Run:
        """Take the next flagged traveller from the flag to the closed case."""
        person, window = self._person, self._window
        lane, cases = window.screens["lane"], window.screens["cases"]
        window.show_screen("lane")
        model = window.desk.model
        person.until(model.selected_case, "a flagged traveller", _START_WITHIN_S)
        case_id = model.selected
        seen_s, person.touches = time.monotonic(), 0
        for body_c in (38.6, 38.8):
            self._measure(body_c)
        rows = lane.case_view.readings.buttons
        person.touch(lambda: rows[0], "both readings")
        person.until(lambda: len(self._heard[case_id].readings) > 1, "both readings at the case")
        staff_s = time.monotonic() - seen_s
        person.touch(lambda: lane.case_view.verdicts[CaseState.CONFIRMED], "confirm")
        person.until(cases.isVisible, "the screen of cases")
        self._register(cases)
        self._hand_over(cases, case_id)
        person.until(lambda: self._heard[case_id].is_finished, "the closed case")
        return Run(person.touches, staff_s, time.monotonic() - seen_s, self._heard[case_id])

    def _measure(self, body_c: float) -> None:
        model = self._window.desk.model
        known = len(model.readings)
        self._person.wait(_AIM_S)
        self._hub.ask(do="tell", device="gun", command="trigger", temperature_c=body_c)
        self._person.until(lambda: len(model.readings) > known, "the reading")

    def _register(self, cases) -> None:
        person, view = self._person, cases.registration
        person.until(view.isVisible, "the questions")
        rng = person._rng
        answers = (rng.choice(_SERVICES), str(rng.randint(1, 16)), str(rng.randint(1, 20)))
        for answer in (*answers, rng.choice("ABCDF")):
            person.touch(lambda answer=answer: _of(view.answers, answer), answer)
        person.touch(lambda: _of(view.medicines, None), "no to all three questions")
        person.touch(lambda: view.enter, "register in the isolation room")

    def _hand_over(self, cases, case_id) -> None:
        for what in (
            (HandoverStep.REQUESTED, HandoverStep.ACCEPTED),
            (HandoverStep.DEPARTED,),
            (HandoverStep.ARRIVED,),
            CaseOutcome.OTHER,
        ):
            key = Ask(case_id, what)
            self._person.touch(lambda key=key: _of(cases.steps, key), str(what))


def _of(grid, key: object) -> QAbstractButton | None:
    return grid.button(key) if key in grid.keys else None


class Desk:
    """Station, simulators and kiosk, all started; leave with the context."""

    def __init__(self, name: LanguageName, seed: int, haste: float = 1.0) -> None:
        self._parts = ExitStack()
        self._name: LanguageName = name
        self._seed = seed
        self._haste = haste

    def __enter__(self) -> Flow:
        with ExitStack() as parts:
            folder = Path(parts.enter_context(TemporaryDirectory(prefix="caseflow-")))
            hub = parts.enter_context(HubProcess(_HUB, folder))
            more = f'[registration]\nhub = "train"\nservices = {json.dumps(_SERVICES)}\n'
            more += gun(hub.addresses)
            site = write_site(folder, hub.addresses, free_port(), more=more, password="kills")
            command = [sys.executable, "-m", "station", "run", "--config", str(site)]
            log = parts.enter_context((folder / "station.log").open("wb"))
            parts.enter_context(process(command, log))
            make_application()
            bridge = StationBridge(BridgeClient(folder / "bridge"))
            language = Language(self._name)
            window = KioskWindow(bridge, language, SystemClock())
            parts.callback(_close, window, bridge, language)
            heard: dict[UUID, Case] = {}
            bridge.event_came.connect(lambda event: _hear(heard, event))
            window.resize(1280, 800)
            window.show()
            bridge.start()
            person = Person(window, random.Random(self._seed), self._haste)
            person.until(lambda: _is_ready(window), "camera and thermometer", _START_WITHIN_S)
            self._parts = parts.pop_all()
            return Flow(person, hub, heard)

    def __exit__(self, *_: object) -> None:
        self._parts.close()


def _hear(heard: dict[UUID, Case], event: Event) -> None:
    if isinstance(event, CaseChanged):
        heard[event.case.case_id] = event.case


def _is_ready(window: KioskWindow) -> bool:
    devices = window.desk.model.devices
    gun = devices.get("gun-1")
    return gun is not None and gun.state is DeviceState.READY and bool(window.desk.frames)


def _close(window: KioskWindow, bridge: StationBridge, language: Language) -> None:
    window.stop()
    bridge.stop()
    window.close()
    if language.name == "zh":
        language.switch()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)


def measure(name: LanguageName, runs: int, seed: int, say: Callable[[str], object]) -> dict:
    """Return what so many cases took in one language."""
    done = []
    with Desk(name, seed) as flow:
        for number in range(runs):
            done.append(flow.run())
            say(f"{name} {number + 1}: {done[-1].touches} touches, {done[-1].staff_s:.1f} s\n")
    missing = [field.value for run in done for field in Field if not _answered(run, field)]
    return {
        "runs": runs,
        "touches": _figures([run.touches for run in done]),
        "staff_s_to_second_reading": _figures([round(run.staff_s, 1) for run in done]),
        "whole_s": _figures([round(run.whole_s, 1) for run in done]),
        "not_answered": missing,
        "closed": sum(run.case.is_finished for run in done),
    }


def _answered(run: Run, field: Field) -> bool:
    answers = run.case.progress.registration
    return answers is not None and answers.is_answered(field)


def _figures(values: list[float]) -> dict[str, float]:
    return {"median": statistics.median(values), "least": min(values), "most": max(values)}


def main() -> int:
    parser = argparse.ArgumentParser(prog="caseflow", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="cases in each language")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    found = {
        name: measure(name, options.runs, options.seed, sys.stderr.write) for name in ("zh", "en")
    }
    found["platform"] = QApplication.platformName()
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    is_met = all(
        found[name]["touches"]["median"] <= MOST_TOUCHES
        and found[name]["staff_s_to_second_reading"]["median"] <= MOST_STAFF_S
        and found[name]["closed"] == options.runs
        and not found[name]["not_answered"]
        for name in ("zh", "en")
    )
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
