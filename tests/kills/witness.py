"""Another client of the bridge: it hears all that the station tells, and does the second checks."""

import threading
import time
from uuid import uuid4

from station.core.cases import VERDICTS, CaseState, ClearCause
from station.core.commands import AttachReading, ResolveCase
from station.core.events import (
    CaseChanged,
    DeviceChanged,
    DeviceState,
    HandheldRead,
    PassageRecorded,
)
from station.core.lane_events import LaneUpdate
from station.core.second_check import READINGS_NEEDED
from station.runtime.bridge_client import BridgeClient, BridgeClosed

_FEBRILE_C = 37.3


class Witness:
    """Hears the station for ever and remembers what it said was durable.

    Args:
        path: the bridge.
        left_alone: how many cases stay open, so that the kiosk has some to be at.
    """

    def __init__(self, path, left_alone):
        self._client = BridgeClient(path, as_user=True)
        self._left_alone = left_alone
        self._stop = threading.Event()
        self.passages, self.readings, self.cases = set(), {}, {}
        self.told = []
        """Each (case, state, readings) that was told."""
        self.lane_s = []
        """When lane updates came."""
        self.gun = []
        """(when, whether the gun can be used)."""
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def close(self):
        self._stop.set()
        self._client.close()
        self._thread.join()

    def open_cases(self):
        """Return the cases without a verdict, oldest first."""
        cases = [case for case in list(self.cases.values()) if case.state not in VERDICTS]
        return sorted(cases, key=lambda case: case.number)

    def _run(self):
        while not self._stop.is_set():
            try:
                self._client.connect()
                while not self._stop.is_set():
                    self._take(self._client.read())
            except BridgeClosed:
                self.gun.append((time.monotonic(), False))
                self._stop.wait(0.02)

    def _take(self, event):
        match event:
            case LaneUpdate():
                self.lane_s.append(time.monotonic())
            case PassageRecorded(passage=passage):
                self.passages.add(passage.passage_id)
            case HandheldRead(reading=reading):
                is_new = reading.reading_id not in self.readings
                self.readings[reading.reading_id] = reading
                if is_new:
                    self._attach(reading)
            case CaseChanged(case=case):
                self._take_case(case)
            case DeviceChanged(device_id="gun-1", state=state):
                self.gun.append((time.monotonic(), state is DeviceState.READY))
            case _:
                pass

    def _take_case(self, case):
        self.cases[case.case_id] = case
        readings = frozenset(reading.reading_id for reading in case.readings)
        self.told.append((case.case_id, case.state, readings))
        is_measured = case.state is CaseState.REFERRED and len(case.readings) == READINGS_NEEDED
        if is_measured and case not in self._kept():
            verdict, cause = _verdict(case)
            self._client.send(ResolveCase(uuid4(), case.case_id, verdict, cause))

    def _attach(self, reading):
        """Give the reading to the oldest case that is nobody's; without one it stays unattached."""
        for case in self.open_cases()[self._left_alone :]:
            if len(case.readings) < READINGS_NEEDED:
                self._client.send(AttachReading(uuid4(), case.case_id, reading.reading_id))
                return

    def _kept(self):
        return self.open_cases()[: self._left_alone]


def _verdict(case):
    febrile = {reading.body_c >= _FEBRILE_C for reading in case.readings}
    if febrile == {True}:
        return CaseState.CONFIRMED, ""
    if febrile == {False}:
        return CaseState.CLEARED, ClearCause.NOT_FOUND.value
    return CaseState.UNRESOLVED, ""
