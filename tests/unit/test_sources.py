"""Lanes measure by a source on a wire only as long as it says that it is well."""

import math
from dataclasses import replace

import pytest

from drivers.api import Capability, DeviceInfo, ReferenceSource, SourceState
from drivers.errors import DeviceDisconnected, DeviceTimeout
from station.core.events import DeviceChanged, DeviceState, SourceChanged
from station.core.health import DeviceDoubt
from station.core.reference import ReferenceReading, ReferenceState
from station.core.source import SILENT, SourceLimits, SourceStanding, SourceWord, doubt_of, truth_of
from station.runtime.devices import DeviceKeeper
from station.runtime.sources import SourceReader
from tests.support import HEALTHY, NOON

LIMITS = SourceLimits(
    set_point_c=37.0,
    set_point_u_c=0.15,
    emissivity=0.98,
    max_away_c=0.2,
    uses_own_temperature=True,
    own_u_c=0.05,
)
WELL = SourceState(37.02, 37.0, is_stable=True, is_heating=True)
WORD = SourceWord(37.02, 37.0, True, True, "", 0.95, is_own=True)
WIRED = frozenset({Capability.OWN_TEMPERATURE, Capability.FINE_TEMPERATURE})


class Source(ReferenceSource):
    """Says what the test wants; an exception is raised."""

    def __init__(self, capabilities):
        super().__init__()
        self.says = WELL
        self.capabilities = capabilities

    @property
    def emissivity(self):
        return 0.95

    def _open(self):
        return DeviceInfo("fake", "fake", "1", self.capabilities)

    def _close(self):
        pass

    def _read(self, timeout_s):
        if isinstance(self.says, Exception):
            raise self.says
        return self.says

    def _change_set_point(self, to_c, timeout_s):
        raise AssertionError("the station must never change a source's set point")

    _stop_heating = _change_set_point


class Stand:
    """A source, its thread's step, and a lane that keeps what it is told."""

    def __init__(self, limits=LIMITS, capabilities=WIRED):
        self.passed_s, self.events, self.standing = 0.0, [], SILENT
        self.source = Source(capabilities)
        keeper = DeviceKeeper(
            "source-1", lambda: self.source, clock=self, events=self, wait=self.wait
        )
        self.reader = SourceReader(
            "source-1",
            keeper,
            limits,
            [self.take],
            poll_s=1.0,
            silence_s=5.0,
            stuck_s=60.0,
            clock=self,
            events=self,
            wait=self.wait,
        )

    def now(self):
        return NOON

    def monotonic_s(self):
        return self.passed_s

    def emit(self, event):
        self.events.append(event)

    def wait(self, seconds):
        self.passed_s += seconds
        return False

    def take(self, standing):
        self.standing = standing

    def run(self, says=None, steps=1):
        self.source.says = says or self.source.says
        for _ in range(steps):
            self.reader.step()
        return self

    @property
    def blocks(self):
        return self.standing.at(self.passed_s).blocks

    @property
    def device(self):
        return [event for event in self.events if isinstance(event, DeviceChanged)][-1]


@pytest.fixture(autouse=True)
def quiet(caplog):
    caplog.set_level("CRITICAL")


def test_a_source_that_is_well_is_measured_by_with_its_own_temperature_and_emissivity():
    stand = Stand().run()
    assert stand.blocks is None
    truth = stand.standing.truth
    assert (truth.temperature_c, truth.u_c, truth.emissivity) == (37.02, 0.05, 0.95)
    told = [event for event in stand.events if isinstance(event, SourceChanged)][-1]
    assert (told.device_id, told.temperature_c, told.doubt) == ("source-1", 37.02, None)
    assert stand.device.state is DeviceState.READY


def test_unless_asked_for_the_set_point_counts_and_not_the_source_s_own_temperature():
    truth = truth_of(WORD, replace(LIMITS, uses_own_temperature=False))
    assert (truth.temperature_c, truth.u_c, truth.emissivity) == (37.0, 0.15, 0.95)


def test_what_somebody_wrote_down_is_never_taken_for_a_measured_temperature():
    truth = truth_of(replace(WORD, is_own=False, emissivity=None), LIMITS)
    assert (truth.temperature_c, truth.u_c, truth.emissivity) == (37.0, 0.15, 0.98)


@pytest.mark.parametrize(
    ("changes", "doubt", "blocks"),
    [
        ({"is_stable": False}, DeviceDoubt.UNSETTLED, ReferenceState.UNSTABLE),
        ({"temperature_c": 37.3}, DeviceDoubt.UNSETTLED, ReferenceState.UNSTABLE),
        ({"temperature_c": math.nan}, DeviceDoubt.UNSETTLED, ReferenceState.UNSTABLE),
        ({"is_heating": False}, DeviceDoubt.SWITCHED_OFF, ReferenceState.LOST),
        ({"fault": "its cut-out has tripped"}, DeviceDoubt.COMPLAINS, ReferenceState.OUT_OF_BAND),
        (
            {"set_point_c": 36.9, "temperature_c": 36.9},
            DeviceDoubt.OTHER_SET_POINT,
            ReferenceState.OUT_OF_BAND,
        ),
        ({"set_point_c": math.nan}, DeviceDoubt.OTHER_SET_POINT, ReferenceState.OUT_OF_BAND),
    ],
)
def test_a_source_that_is_not_well_blocks_its_lanes_and_is_named(changes, doubt, blocks):
    stand = Stand().run(replace(WELL, **changes))
    assert stand.blocks is blocks
    assert (stand.device.state, stand.device.doubt) == (DeviceState.DOUBTFUL, doubt)
    stand.run(WELL)
    assert stand.blocks is None
    assert stand.device.state is DeviceState.READY


def test_a_source_that_falls_silent_blocks_its_lanes_within_its_time():
    stand = Stand().run(steps=3)
    stand.run(DeviceTimeout("no answer"), steps=4)
    assert stand.blocks is None
    stand.run(steps=2)
    assert stand.blocks is ReferenceState.LOST
    assert stand.device.state is DeviceState.LOST


def test_a_thread_that_hangs_blocks_its_lanes_too():
    stand = Stand().run()
    stand.passed_s += 60.0
    assert stand.blocks is ReferenceState.LOST


def test_a_source_that_is_plugged_in_again_is_measured_by_again():
    stand = Stand().run()
    stand.run(DeviceDisconnected("gone"))
    stand.run(WELL)
    assert stand.blocks is None


def test_a_temperature_that_stands_still_to_the_last_bit_blocks():
    stand = Stand().run(steps=70)
    assert stand.blocks is ReferenceState.OUT_OF_BAND
    assert stand.device.doubt is DeviceDoubt.STUCK
    stand.run(replace(WELL, temperature_c=37.01))
    assert stand.blocks is None


@pytest.mark.parametrize("capabilities", [frozenset(), frozenset({Capability.OWN_TEMPERATURE})])
def test_tenths_of_a_degree_and_written_numbers_may_stand_still(capabilities):
    assert Stand(capabilities=capabilities).run(steps=200).blocks is None


def test_a_source_set_to_a_tenth_is_the_same_as_the_settings():
    assert doubt_of(replace(WORD, set_point_c=37.05, temperature_c=37.05), LIMITS) is None


def test_what_the_camera_sees_wrong_stays_wrong_whatever_the_source_says():
    unseen = ReferenceReading(ReferenceState.MOVED)
    assert SourceStanding(None, None).limit(unseen) is unseen
    assert SILENT.limit(unseen).state is ReferenceState.MOVED
    assert SILENT.limit(HEALTHY).state is ReferenceState.LOST
    assert SILENT.limit(HEALTHY).has_offset
