"""When a thermometer that is asked counts as silent."""

import pytest

from drivers.api import DeviceInfo
from drivers.errors import DeviceTimeout
from drivers.thermometers.point import PolledThermometer


class Mute(PolledThermometer):
    """Answers so many questions, then none."""

    def __init__(self, answers):
        super().__init__(poll_s=0.001)
        self.answers = answers

    def _open(self):
        return DeviceInfo("mute", "mute", "")

    def _close(self):
        pass

    def _poll(self, until_s):
        self.answers -= 1
        if self.answers < 0:
            raise DeviceTimeout("silent")
        return ()


def test_a_call_in_which_it_answered_at_all_is_no_silence_and_the_next_one_is():
    with Mute(answers=2) as thermometer:
        assert thermometer.read(0.15) is None
        with pytest.raises(DeviceTimeout):
            thermometer.read(0.15)
