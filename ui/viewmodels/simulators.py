"""What the simulators' screen shows, as plain values: pure functions of what they told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from station.core.simulator_commands import SimulatedInstrument, SimulatedPeople, SimulatorsTold
from ui.texts import QT_TRANSLATE_NOOP, translate
from ui.viewmodels.choices import Choice
from ui.viewmodels.rows import Row

FAULTS: Mapping[str, str] = {
    "silent": QT_TRANSLATE_NOOP("simulators", "Silent"),
    "disconnect": QT_TRANSLATE_NOOP("simulators", "Unplugged"),
    "wrong_device": QT_TRANSLATE_NOOP("simulators", "Another\ndevice"),
    "start_mid_frame": QT_TRANSLATE_NOOP("simulators", "Begins in\nmid-message"),
    "truncated": QT_TRANSLATE_NOOP("simulators", "Cut short"),
    "dropped_bytes": QT_TRANSLATE_NOOP("simulators", "Bytes lost"),
    "bit_flip": QT_TRANSLATE_NOOP("simulators", "Bits flipped"),
    "parity": QT_TRANSLATE_NOOP("simulators", "Parity\nas data"),
    "false_header": QT_TRANSLATE_NOOP("simulators", "False\nheader"),
    "split": QT_TRANSLATE_NOOP("simulators", "In pieces"),
    "merged": QT_TRANSLATE_NOOP("simulators", "Run\ntogether"),
    "interleaved": QT_TRANSLATE_NOOP("simulators", "Needless\nanswers"),
    "duplicate": QT_TRANSLATE_NOOP("simulators", "Sent twice"),
    "reordered": QT_TRANSLATE_NOOP("simulators", "Out of\norder"),
    "slow": QT_TRANSLATE_NOOP("simulators", "Slow"),
    "drip": QT_TRANSLATE_NOOP("simulators", "Drips"),
    "wrong_length": QT_TRANSLATE_NOOP("simulators", "Wrong\nlength"),
    "echo": QT_TRANSLATE_NOOP("simulators", "Echo"),
    "incomplete": QT_TRANSLATE_NOOP("simulators", "Pictures\nwith holes"),
    "sentinel": QT_TRANSLATE_NOOP("simulators", "Says it has\nno value"),
    "fahrenheit": QT_TRANSLATE_NOOP("simulators", "Fahrenheit"),
    "stuck": QT_TRANSLATE_NOOP("simulators", "Value\nstuck"),
    "drift": QT_TRANSLATE_NOOP("simulators", "Drift"),
    "clock": QT_TRANSLATE_NOOP("simulators", "Wrong clock"),
    "noisy": QT_TRANSLATE_NOOP("simulators", "Ten times\nthe noise"),
    "not_a_number": QT_TRANSLATE_NOOP("simulators", "Pixels with\nno value"),
    "frozen_frame": QT_TRANSLATE_NOOP("simulators", "Frozen\npicture"),
    "shutter": QT_TRANSLATE_NOOP("simulators", "Shutter\ncloses"),
    "freeze_flag": QT_TRANSLATE_NOOP("simulators", "Marked as\nfrozen"),
    "offset_step": QT_TRANSLATE_NOOP("simulators", "Offset\njumps"),
    "not_radiometric": QT_TRANSLATE_NOOP("simulators", "No tempe-\nratures"),
    "dead_pixels": QT_TRANSLATE_NOOP("simulators", "Dead pixels"),
    "overheated": QT_TRANSLATE_NOOP("simulators", "Overheated"),
    "source_covered": QT_TRANSLATE_NOOP("simulators", "Reference\ncovered"),
    "normalise": QT_TRANSLATE_NOOP("simulators", "Bends to\n37 °C"),
    "unauthorized": QT_TRANSLATE_NOOP("simulators", "Password\nrefused"),
    "stale_nonce": QT_TRANSLATE_NOOP("simulators", "Logins\nexpire"),
    "busy": QT_TRANSLATE_NOOP("simulators", "Busy"),
    "video_unplugged": QT_TRANSLATE_NOOP("simulators", "Video wire\npulled"),
    "control_unplugged": QT_TRANSLATE_NOOP("simulators", "Control\nwire pulled"),
    "surface_mode": QT_TRANSLATE_NOOP("simulators", "Object\nmode"),
    "warmed": QT_TRANSLATE_NOOP("simulators", "Warmed\nby a hand"),
    "comma": QT_TRANSLATE_NOOP("simulators", "Decimal\ncomma"),
    "cut_out": QT_TRANSLATE_NOOP("simulators", "Cut-out\ntripped"),
    "unsettled": QT_TRANSLATE_NOOP("simulators", "Unsteady"),
}
"""The simulators' faults by their names on the wire; an unknown one keeps its name."""

PEOPLE: Mapping[SimulatedPeople, str] = {
    SimulatedPeople.FEBRILE: QT_TRANSLATE_NOOP("simulators", "One with\nfever"),
    SimulatedPeople.AFEBRILE: QT_TRANSLATE_NOOP("simulators", "One without\nfever"),
    SimulatedPeople.GLASSES: QT_TRANSLATE_NOOP("simulators", "One with\nglasses"),
    SimulatedPeople.TURNED_AWAY: QT_TRANSLATE_NOOP("simulators", "One who\nlooks aside"),
    SimulatedPeople.QUEUE: QT_TRANSLATE_NOOP("simulators", "A queue\nof eight"),
    SimulatedPeople.USUAL: QT_TRANSLATE_NOOP("simulators", "Usual\ntraffic"),
    SimulatedPeople.NOBODY: QT_TRANSLATE_NOOP("simulators", "Nobody"),
}
"""Who can be sent."""

_SPEEDS = (0.0, 1.0, 2.0, 10.0, 60.0)

# A forehead without and with fever; the usual set point, and one that somebody pressed by mistake.
_TRIGGERED_C = (36.6, 38.6)
_PANEL_C = (37.0, 36.0)


@dataclass(frozen=True, slots=True)
class Deed:
    """What only one device can be told, with the temperature that goes with it."""

    device: str
    """Which device."""
    command: str
    """Its command."""
    temperature_c: float | None = None
    """Of whom a thermometer measures, or what a source is set to, °C."""


def instrument_rows(told: SimulatorsTold, selected: str | None) -> list[Row]:
    """Return every simulated device with how many of its faults are on; a touch selects it."""
    return [
        Row(
            key=one.name,
            title=one.name,
            detail=f"{one.model} · {_count_text(len(one.on))}",
            is_selected=one.name == selected,
        )
        for one in told.devices
    ]


def _count_text(count: int) -> str:
    if not count:
        return translate("simulators", "no fault")
    return translate("simulators", "faults on: {0}").format(count)


def fault_choices(one: SimulatedInstrument) -> list[Choice]:
    """Return a device's faults; a touch turns one over."""
    return [
        Choice(
            (one.name, fault),
            fault_words(fault),
            is_chosen=fault in one.on,
            role="fault" if fault in one.on else "",
            mark="⚠",
        )
        for fault in one.faults
    ]


def fault_words(fault: str) -> str:
    """Return how a technician says a fault."""
    known = FAULTS.get(fault)
    return translate("simulators", known) if known else fault.replace("_", "\n", 1)


def deed_choices(one: SimulatedInstrument) -> list[Choice]:
    """Return what only this device can be told."""
    found: list[Choice] = []
    for command in one.commands:
        for words, degrees_c in _deeds(command):
            found.append(Choice(Deed(one.name, command, degrees_c), words))
    return found


def _deeds(command: str) -> Sequence[tuple[str, float | None]]:
    match command:
        case "trigger":
            words = translate("simulators", "Measure\n{0} °C")
            return [(words.format(f"{degrees_c:.1f}"), degrees_c) for degrees_c in _TRIGGERED_C]
        case "panel":
            words = translate("simulators", "Set panel\nto {0} °C")
            return [(words.format(f"{degrees_c:.1f}"), degrees_c) for degrees_c in _PANEL_C]
        case "correct":
            return [(translate("simulators", "Shutter\ncorrection"), None)]
        case "restart":
            return [(translate("simulators", "Restart"), None)]
        case "power_cycle":
            return [(translate("simulators", "Power off\nand on"), None)]
        case _:
            return [(command.replace("_", "\n", 1), None)]


def people_choices(told: SimulatorsTold | None) -> list[Choice]:
    """Return who can be sent; nobody walks by a bench."""
    is_possible = told is not None and told.has_people
    return [
        Choice(who, translate("simulators", words), is_enabled=is_possible)
        for who, words in PEOPLE.items()
    ]


def speed_choices(told: SimulatorsTold | None) -> list[Choice]:
    """Return how fast simulated time can run."""
    return [
        Choice(
            speed,
            translate("simulators", "Time ×{0}").format(f"{speed:g}")
            if speed
            else translate("simulators", "Pause"),
            is_chosen=told is not None and told.speed == speed,
            is_enabled=told is not None,
        )
        for speed in _SPEEDS
    ]
