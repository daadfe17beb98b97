"""What every bench is: a driver, its simulator on a wire, and how the two are compared."""

import time
from collections import deque
from contextlib import suppress

import numpy as np

from drivers.errors import DeviceError
from drivers.registry import create
from simulators.catalogue import plug_in
from simulators.clock import SceneClock
from simulators.faults import Fault
from simulators.site import Site
from station.core.frames import FrameStatus


class Bench:
    """The device under test and the simulator that it talks to. Subclasses say which.

    `model` is the simulator's name where it differs from the driver's, `simulator` its options,
    `options` the driver's own beside those that lead to the simulator.
    """

    kind = None
    name = ""
    model = ""
    # A camera is asked and must answer; a thermometer may be silent for ever.
    is_silence_a_fault = True
    # How long a reading may take when each answer comes half a second late.
    slow_timeout_s = 5.0
    # Whether opening shows who is there; a device that sleeps shows it when it wakes.
    tells_at_opening = True
    # Whether the device hears when its peer goes away; a datagram's sender never does.
    hears_unplugging = True
    # So long a read waits for what was provoked.
    patience_s = 2.0
    simulator = {}
    options = {}
    # Scene seconds in a second; a device that sends by itself needs a clock that runs.
    speed = 0.0
    # Why a row of the fault catalogue cannot happen to this device.
    cannot = {}
    # Faults that change a value by what no driver can see; who else notices stands beside it.
    unseen = {}

    def __init__(self, folder):
        self.clock = SceneClock(self.speed)
        self.site = Site(folder, clock=self.clock, seed=1)
        self._stay = {}
        self.plugged = None
        self.plug_in()

    @property
    def faults(self):
        return self.plugged.faults

    def plug_in(self):
        """Plug the simulator in, at the place where it was before."""
        options = self.simulator | self._stay
        self.plugged = plug_in(self.site, "under-test", self.model or self.name, options)
        self._stay = self.stay(self.plugged.address)

    def stay(self, address):
        """Return the simulator's options that bring it back to the same address."""
        for value in address.values():
            if isinstance(value, str) and "://" in value:
                return {"port": int(value.rpartition(":")[2])}
        return {}

    def unplug(self):
        self.plugged.close()

    def close(self):
        self.plugged.close()

    def device(self, **options):
        return create(self.kind, self.name, **(dict(self.plugged.address) | self.options | options))

    def turn_on(self, fault):
        self.faults.set(Fault(fault), is_on=True)

    def turn_off(self, fault):
        self.faults.set(Fault(fault), is_on=False)

    def do(self, command, **message):
        return self.plugged.commands[command](message)

    def provoke(self):
        """Make the device have something new to say."""
        self.clock.step(1.0)

    def check(self, result):
        """Compare what the driver read with what is true."""
        raise NotImplementedError

    def is_value(self, result):
        """Whether the driver says that this may be used."""
        return True

    def check_under(self, fault, result):
        """Compare a result that came while a fault was on, unless it is marked as no value."""
        if self.is_value(result) and fault not in self.unseen:
            self.check(result)

    def let_through(self, device):
        """Read what was on its way already when a fault was switched on."""

    def settle(self, device):
        """Bring the device to where it can be read; most are there at once."""


class StreamingCameraBench(Bench):
    """A camera that sends by itself: what the driver reads is one of the last pictures it saw."""

    speed = 1.0
    options = {"camera_id": "under-test"}
    # Half the step of the numbers on the wire, and float32.
    tolerance_c = 0.0
    # What of a frame is surely of one picture; where the protocol cannot tell, it has several.
    parts = (np.s_[:],)

    def plug_in(self):
        # Before it is plugged in: it sends at once.
        self.shown = deque(maxlen=32)
        self.site.view = lambda shape: Watched(Site.view(self.site, shape), self.shown)
        super().plug_in()

    def provoke(self):
        """It sends by itself."""

    def let_through(self, device):
        time.sleep(0.05)
        with suppress(DeviceError):
            device.read(0.05)

    def is_value(self, frame):
        return frame.status is FrameStatus.LIVE

    def check(self, frame):
        assert frame.camera_id == "under-test"
        assert frame.captured_at.tzinfo is not None
        shown = tuple(self.shown)
        for part in self.parts:
            seen_c = frame.temperature_c[part]
            assert any(
                np.allclose(seen_c, picture[part], rtol=0, atol=self.tolerance_c)
                for picture in shown
            )


class Watched:
    """What a camera looks at, and its last pictures; the camera's own error is added in place."""

    def __init__(self, view, shown):
        self._view = view
        self._shown = shown

    def render(self, t_s, **options):
        picture = self._view.render(t_s, **options)
        self._shown.append(picture)
        return picture
