"""What every bench is: a driver, its simulator on a wire, and how the two are compared."""

from drivers.registry import create
from simulators.catalogue import plug_in
from simulators.clock import SceneClock
from simulators.faults import Fault
from simulators.site import Site


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
    # Whether opening shows who is there; a device that sleeps shows it when it wakes.
    tells_at_opening = True
    # Whether the device hears when its peer goes away; a datagram's sender never does.
    hears_unplugging = True
    # So long a read waits for what was provoked.
    patience_s = 2.0
    simulator = {}
    options = {}
    # Why a row of the fault catalogue cannot happen to this device.
    cannot = {}
    # Faults that change a value by what no driver can see; who else notices stands beside it.
    unseen = {}

    def __init__(self, folder):
        self.clock = SceneClock(0.0)
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

    def settle(self, device):
        """Bring the device to where it can be read; most are there at once."""
