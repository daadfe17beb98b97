"""What was sent, against what was recorded: nothing lost, nothing twice, no number from garbage."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from simulators.faults import LINE_FAULTS, Fault
from tests.soak.plan import AFTERMATH_S, SETTLES_S, late_s

# A reading may come this much later than its trigger, held back by the line.
_LONGEST_HELD = timedelta(seconds=15)
# A gun's error is 0.1 °C, one sigma.
_SAME_C = 0.45
# Under these a value may be another one: whoever can, must notice it elsewhere.
_VALUES_MAY_CHANGE = set(Fault) - LINE_FAULTS | {Fault.BIT_FLIP}


@dataclass
class Trigger:
    """One pull of a trigger that the simulator has confirmed."""

    at: datetime
    """When, aware."""
    body_c: float
    """What it must read, °C."""
    is_clean: bool = False
    """Whether no fault was on, from long before to a little after."""
    readings: int = 0
    """How often it was recorded."""


@dataclass
class DeviceTruth:
    """What the hub was told about one device."""

    model: str
    """Its model."""
    triggers: list[Trigger] = field(default_factory=list)
    faults: list[tuple[datetime, datetime, str]] = field(default_factory=list)
    """From, to, which."""

    def faults_felt(self, begin: datetime, end: datetime) -> set[str]:
        """Return the faults that were on in some of that time, or not yet healed from."""
        felt = set()
        for on_at, off_at, fault in self.faults:
            healed_at = off_at + timedelta(seconds=AFTERMATH_S.get(fault, SETTLES_S))
            if on_at < end and healed_at > begin:
                felt.add(fault)
        return felt

    def judge(self) -> None:
        """Decide which triggers must have been recorded."""
        late = timedelta(seconds=late_s(self.model))
        for trigger in self.triggers:
            trigger.is_clean = not self.faults_felt(trigger.at, trigger.at + late)


def compare(name, truth, readings, doubted_at=()):
    """Match readings with triggers and yield each breach of the law.

    Args:
        name: the device's name.
        truth: what was sent; its triggers' counts are filled in.
        readings: what the ledger holds of this device.
        doubted_at: when its driver told that it does not believe what it reads; such a trigger is
            accounted for.
    """
    truth.judge()
    for reading in sorted(readings, key=lambda one: one.taken_at):
        may_change = truth.faults_felt(reading.taken_at, reading.taken_at) & _VALUES_MAY_CHANGE
        sent = _sent(truth, reading, any_value=bool(may_change))
        if sent is not None:
            sent.readings += 1
        elif reading.is_plausible and not may_change:
            yield f"{name}: nobody triggered {reading.body_c:.2f} °C at {reading.taken_at:%H:%M:%S}"
    for trigger in truth.triggers:
        told = f"{name}: the trigger at {trigger.at:%H:%M:%S} ({trigger.body_c} °C) was recorded"
        if trigger.readings > 1:
            yield f"{told} {trigger.readings} times"
        elif (
            trigger.is_clean
            and not trigger.readings
            and not _is_doubted(trigger, truth, doubted_at)
        ):
            yield f"{told} never, and no fault was on"


def _is_doubted(trigger, truth, doubted_at):
    late = timedelta(seconds=late_s(truth.model))
    return any(trigger.at <= at <= trigger.at + late for at in doubted_at)


def _sent(truth, reading, *, any_value):
    """Return the latest trigger that a reading can come from, if its value fits or need not."""
    for trigger in reversed(truth.triggers):
        age = reading.taken_at - trigger.at
        fits = any_value or abs(reading.body_c - trigger.body_c) < _SAME_C
        if timedelta(0) <= age <= _LONGEST_HELD and fits:
            return trigger
    return None
