"""A source without a wire is no live device: the contract suite has nothing to plug in for it."""

import pytest

from drivers.api import Capability
from drivers.errors import DeviceDisconnected, DeviceError, DriverUnavailable
from drivers.registry import DeviceKind, create


def fixed(**options):
    return create(DeviceKind.REFERENCE, "fixed", **options)


def test_it_repeats_what_was_written_down_and_does_not_claim_to_measure_it():
    source = fixed(set_point_c=36, model="Mikron M300", device_id="source-1")
    info = source.open()
    state = source.read(1.0)
    assert (state.temperature_c, state.set_point_c, state.fault) == (36.0, 36.0, "")
    assert state.is_stable and state.is_heating
    assert info.model == "Mikron M300"
    assert Capability.OWN_TEMPERATURE not in info.capabilities
    assert Capability.SET_POINT not in info.capabilities
    source.close()
    source.close()
    with pytest.raises(DeviceDisconnected):
        source.read(1.0)


def test_nothing_of_it_can_be_changed_over_a_wire():
    with fixed(set_point_c=36.0) as source:
        with pytest.raises(DeviceError, match=r"set it to 37\.00 °C at its panel"):
            source.change_set_point(37.0, lambda _: True, 1.0)
        with pytest.raises(DeviceError, match="switch it off at its panel"):
            source.stop_heating(1.0)
        assert source.read(1.0).set_point_c == 36.0


@pytest.mark.parametrize(
    ("set_point_c", "why"),
    [(19.0, "within 20 to 50 °C"), (300.0, "within 20 to 50 °C"), (float("nan"), "a number")],
)
def test_a_set_point_that_no_screening_needs_is_refused(set_point_c, why):
    with pytest.raises(DriverUnavailable, match=why):
        fixed(set_point_c=set_point_c)
