"""What the settings of the devices must keep, beside their types."""

from collections.abc import Iterator, Mapping, Sequence

from config.places import Place
from config.rules import (
    BOX_RULE,
    DISC_RULE,
    LABEL_RULE,
    Check,
    is_box,
    is_disc,
    is_label,
)
from config.settings import Settings

Region = tuple[float, float, float, float]
Options = Mapping[str, str | int | float | bool]

# Options that say where a device is, each with those that belong to it. Two devices on one serial
# port cannot be read, whatever their addresses on its bus are: only one can open it.
_ADDRESSES: Mapping[str, Sequence[str]] = {
    "url": ("channel",),
    "source": ("nodes", "serial_number"),
    "host": ("port",),
    "port": ("host",),
    "address": ("port",),
}
# Chosen: some hot things in view, and never most of the way that people walk.
_MOST_MASKS, _LARGEST_MASK = 4, 0.25


def device_checks(s: Settings) -> Iterator[Check]:
    """Yield the checks of cameras, thermometers, reference sources and room sensors."""
    yield from _name_checks(s)
    yield from _address_checks(s)
    yield from _reference_checks(s)
    yield from _source_checks(s)
    yield from _swept_source_checks(s)
    yield from _room_sensor_checks(s)
    yield from _health_checks(s)


def _name_checks(s: Settings) -> Iterator[Check]:
    for i, camera in enumerate(s.cameras):
        yield ("cameras", i, "lane"), is_label(camera.lane), LABEL_RULE
        yield ("cameras", i, "camera_id"), is_label(camera.camera_id), LABEL_RULE
        yield from _mask_checks(i, camera.masks)
    for i, thermometer in enumerate(s.thermometers):
        yield ("thermometers", i, "device_id"), is_label(thermometer.device_id), LABEL_RULE
    lanes = [camera.lane for camera in s.cameras]
    yield ("cameras",), len(lanes) == len(set(lanes)), "must watch different lanes"
    names = [name for _, name, _ in _all_devices(s)]
    yield ("cameras",), len(names) == len(set(names)), "and other devices need different names"


def _all_devices(s: Settings) -> Iterator[tuple[Place, str, Options]]:
    """Yield every device of the station with its place in the file, its name and its options."""
    for i, camera in enumerate(s.cameras):
        yield ("cameras", i), camera.camera_id, camera.options
    for i, thermometer in enumerate(s.thermometers):
        yield ("thermometers", i), thermometer.device_id, thermometer.options
    for i, source in enumerate(s.sources):
        yield ("sources", i), source.device_id, source.options
    for i, sensor in enumerate(s.room_sensors):
        yield ("room_sensors", i), sensor.device_id, sensor.options


def _address_checks(s: Settings) -> Iterator[Check]:
    """Yield the checks that no two devices name one port, camera or radio address."""
    owners: dict[tuple[object, ...], str] = {}
    for place, name, options in _all_devices(s):
        for option, parts in _ADDRESSES.items():
            if option in options:
                whole = (option, options[option], *(options.get(part) for part in parts))
                owner = owners.setdefault(whole, name)
                rule = f"is that of {owner} too: each device needs its own"
                yield (*place, "options", option), owner == name, rule


def _mask_checks(i: int, masks: Sequence[Region]) -> Iterator[Check]:
    """Yield the checks of a camera's masked areas: they may not blind a lane."""
    rule = f"may be {_MOST_MASKS}: who walks there is not measured"
    yield ("cameras", i, "masks"), len(masks) <= _MOST_MASKS, rule
    for j, (top, left, bottom, right) in enumerate(masks):
        at = ("cameras", i, "masks", j)
        is_in_picture = is_box((top, left, bottom, right))
        yield at, is_in_picture, BOX_RULE
        is_small = (bottom - top) * (right - left) <= _LARGEST_MASK
        rule = "must not be more than a quarter of the picture: who walks there is not measured"
        yield at, is_small or not is_in_picture, rule


def _reference_checks(s: Settings) -> Iterator[Check]:
    r = s.reference
    yield ("reference", "regions"), bool(r.regions), "needs at least one region"
    for i, region in enumerate(r.regions):
        yield ("reference", "regions", i), is_box(region), BOX_RULE
    yield ("reference", "radius_fraction"), is_disc(r.radius_fraction), DISC_RULE


def _source_checks(s: Settings) -> Iterator[Check]:
    names = {camera.camera_id for camera in s.cameras}
    taken: set[str] = set()
    for i, source in enumerate(s.sources):
        at, seen = ("sources", i), set(source.cameras) or names
        yield (*at, "device_id"), is_label(source.device_id), LABEL_RULE
        yield (*at, "cameras"), seen <= names, f"must name cameras: {', '.join(sorted(names))}"
        yield (*at, "cameras"), not seen & taken, "may not name a camera of another source"
        taken |= seen
        yield (*at, "silence_s"), source.silence_s > source.poll_s, "must be above poll_s"
        is_measured = not (source.uses_own_temperature and source.driver == "fixed")
        rule = "needs a source on a wire: a fixed one measures nothing"
        yield (*at, "uses_own_temperature"), is_measured, rule


def _swept_source_checks(s: Settings) -> Iterator[Check]:
    swept = s.swept_source
    yield ("swept_source", "region"), is_box(swept.region), BOX_RULE
    yield ("swept_source", "radius_fraction"), is_disc(swept.radius_fraction), DISC_RULE


def _room_sensor_checks(s: Settings) -> Iterator[Check]:
    roles = [sensor.role for sensor in s.room_sensors]
    yield ("room_sensors",), len(roles) == len(set(roles)), "may be one indoor and one outdoor"
    for i, sensor in enumerate(s.room_sensors):
        at = ("room_sensors", i)
        yield (*at, "device_id"), is_label(sensor.device_id), LABEL_RULE
        yield (*at, "silence_s"), sensor.silence_s > sensor.poll_s, "must be above poll_s"


def _health_checks(s: Settings) -> Iterator[Check]:
    h = s.health
    is_above = h.drift_block_c >= h.drift_warn_c
    yield ("health", "drift_block_c"), is_above, "must be at least drift_warn_c"
