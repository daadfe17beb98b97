"""TOML to `Settings`, with every fault named at once: file, line, and what was probably meant."""

import difflib
import re
import tomllib
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, time
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints
from zoneinfo import available_timezones

from config.case_checks import LABEL_RULE, case_checks, is_label
from config.settings import Settings, SimulatorSettings, SweptSourceSettings, is_loopback

_Section = TypeVar("_Section")
Place = tuple[str | int, ...]
"""Keys and list positions from the top of the file to one value."""


class ConfigError(Exception):
    """The configuration cannot be used. The text lists every fault, one a line."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


def load_settings(path: Path | None) -> Settings:
    """Read the shipped defaults and, over them, a site file.

    Args:
        path: the site file; None takes the defaults alone.

    Raises:
        ConfigError: listing all faults, if the file cannot be read or does not fit.
    """
    defaults = tomllib.loads(files("config").joinpath("defaults.toml").read_text("utf-8"))
    if path is None:
        return _build_all(defaults, "defaults.toml", "")
    text = _read(path)
    try:
        site = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([f"{path}: not valid TOML: {error}"]) from error
    return _build_all(_merged(defaults, site), str(path), text)


def shipped_site(name: str) -> Path:
    """Return the path of a site file that comes with the program."""
    return Path(str(files("config").joinpath("sites", f"{name}.toml")))


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        raise ConfigError([f"{path}: there is no such file: check the name"]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([f"{path}: cannot be read as UTF-8 text: {error}"]) from error


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Tables are merged key by key; everything else, lists of tables included, is replaced."""
    result = dict(base)
    for key, value in over.items():
        old = result.get(key)
        both_tables = isinstance(old, Mapping) and isinstance(value, Mapping)
        result[key] = _merged(old, value) if both_tables else value  # type: ignore[arg-type]
    return result


def _build_all(raw: Mapping[str, Any], source: str, text: str) -> Settings:
    reader = _Reader(source, _line_numbers(text))
    settings = reader.section(Settings, {**_NO_DEVICES, **raw}, ())
    if settings is not None:
        reader.check(settings)
    if reader.faults or settings is None:
        raise ConfigError(reader.faults)
    return settings


_NO_DEVICES: Mapping[str, Any] = {
    "cameras": [],
    "thermometers": [],
    "sources": [],
    "room_sensors": [],
    "collection_orders": [],
    "clinics": [],
}


class _Reader:
    """Converts nested tables to dataclasses and collects the faults."""

    def __init__(self, source: str, lines: Mapping[Place, int]) -> None:
        self._source = source
        self._lines = lines
        self._faults: list[tuple[int, str]] = []

    @property
    def faults(self) -> list[str]:
        """The faults in the order of the file's lines."""
        told = []
        for line, text in sorted(self._faults):
            told.append(
                f"{self._source}, line {line}: {text}" if line else f"{self._source}: {text}"
            )
        return told

    def fault(self, place: Place, text: str) -> None:
        """Note a fault at the nearest line that the file has for the place."""
        known = (place[:end] for end in range(len(place), 0, -1))
        line = next((self._lines[part] for part in known if part in self._lines), 0)
        self._faults.append((line, text))

    def section(
        self, kind: type[_Section], raw: Mapping[str, Any], place: Place
    ) -> _Section | None:
        """Build one dataclass, or return None after noting why not."""
        hints = get_type_hints(kind)
        known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
        before = len(self._faults)
        for key in raw.keys() - known.keys():
            near = difflib.get_close_matches(key, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(known)}"
            self.fault((*place, key), f"there is no setting {_dotted((*place, key))!r}: {hint}")
        values = {}
        for name, field in known.items():
            if name in raw:
                values[name] = self._value(hints[name], raw[name], (*place, name))
            elif _is_required(field):
                self.fault(place, f"the setting {_dotted((*place, name))!r} is missing: add it")
        return kind(**values) if len(self._faults) == before else None

    def _value(self, hint: Any, raw: Any, place: Place) -> Any:  # noqa: PLR0911
        origin = get_origin(hint)
        if is_dataclass(hint):
            if isinstance(raw, dict):
                return self.section(hint, raw, place)  # type: ignore[arg-type]
            return self._wrong(place, "a table", raw)
        if origin is tuple:
            return self._list(get_args(hint), raw, place)
        if origin in {Union, types.UnionType}:
            inner = [arg for arg in get_args(hint) if arg is not type(None)]
            return self._value(inner[0], raw, place)
        if origin is Literal:
            return raw if raw in get_args(hint) else self._wrong_choice(hint, raw, place)
        if origin is dict:
            return raw if isinstance(raw, dict) else self._wrong(place, "a table", raw)
        if hint is float and isinstance(raw, int) and not isinstance(raw, bool):
            return float(raw)
        if hint is Path and isinstance(raw, str):
            return Path(raw)
        if type(raw) is hint:
            return raw
        return self._wrong(place, _WORDS.get(hint, str(hint)), raw)

    def _list(self, inner: tuple[Any, ...], raw: Any, place: Place) -> Any:
        if not isinstance(raw, list):
            return self._wrong(place, "a list", raw)
        if inner[-1] is Ellipsis:
            inner = inner[:1] * len(raw)
        if len(inner) != len(raw):
            return self._wrong(place, f"a list of {len(inner)}", raw)
        return tuple(
            self._value(hint, item, (*place, i))
            for i, (hint, item) in enumerate(zip(inner, raw, strict=True))
        )

    def _wrong(self, place: Place, wanted: str, raw: Any) -> None:
        self.fault(place, f"{_dotted(place)!r} must be {wanted}, not {raw!r}")

    def _wrong_choice(self, hint: Any, raw: Any, place: Place) -> None:
        options = [str(option) for option in get_args(hint)]
        near = difflib.get_close_matches(str(raw), options, n=1)
        meant = f": did you mean {near[0]!r}?" if near else ""
        self.fault(place, f"{_dotted(place)!r} must be one of {', '.join(options)}{meant}")

    def check(self, settings: Settings) -> None:
        """Note values that have the right type and still make no sense."""
        for place, is_good, text in _checks(settings):
            if not is_good:
                self.fault(place, f"{_dotted(place)!r} {text}")


_WORDS: Mapping[Any, str] = {
    str: "a text in quotes",
    float: "a number",
    int: "a whole number",
    bool: "true or false",
    Path: "a path in quotes",
    date: "a date like 2026-01-31",
    time: "a time like 14:30:00",
}
_ZONE_RULE = (
    'must be a name of the time zone database like "Asia/Shanghai" (Debian\'s package tzdata)'
)
_NAME = re.compile(r"[A-Za-z0-9-]{1,64}")
_LARGEST_PORT = 65535


def _checks(s: Settings) -> Iterator[tuple[Place, bool, str]]:
    """Yield (place, whether it holds, what must hold)."""
    for name in ("station_id", "region", "site"):
        text = getattr(s.station, name)
        yield (
            ("station", name),
            bool(_NAME.fullmatch(text)),
            "may hold up to 64 letters, digits and '-'",
        )
    is_zone = s.station.time_zone in available_timezones()
    yield ("station", "time_zone"), is_zone, _ZONE_RULE
    r = s.reference
    yield ("reference", "set_point_c"), _within(20, 50)(r.set_point_c), "must be 20 to 50 °C"
    yield ("reference", "set_point_u_c"), r.set_point_u_c > 0, "must be above 0"
    yield ("reference", "regions"), bool(r.regions), "needs at least one region"
    for i, (top, left, bottom, right) in enumerate(r.regions):
        is_box = 0 <= top < bottom <= 1 and 0 <= left < right <= 1
        yield ("reference", "regions", i), is_box, "must be top < bottom, left < right, 0 to 1"
    low, high = r.radius_fraction
    yield ("reference", "radius_fraction"), 0 < low <= high < 1, "must be 0 < smallest <= largest"
    yield ("reference", "emissivity"), _is_share(r.emissivity), "must be above 0 and at most 1"
    yield from _source_checks(s)
    yield from _swept_checks(s.swept_source)
    yield from _room_checks(s)
    yield from _health_checks(s)
    yield from _account_checks(s)
    yield ("frame", "frozen_frames"), s.frame.frozen_frames >= 1, "must be at least 1"
    yield from _locator_checks(s)
    e = s.extraction
    is_share = _is_share(e.skin_emissivity)
    yield ("extraction", "skin_emissivity"), is_share, "must be above 0 and at most 1"
    is_fraction = _within(0, 1)(e.min_frontality)
    yield ("extraction", "min_frontality"), is_fraction, "must be 0 to 1"
    yield ("extraction", "skin_low_c"), e.skin_low_c < e.skin_high_c, "must be below skin_high_c"
    t = s.tracking
    yield ("tracking", "confirm_frames"), t.confirm_frames >= 1, "must be at least 1"
    is_window = 1 <= t.min_valid_frames <= t.window_frames
    yield ("tracking", "min_valid_frames"), is_window, "must be 1 to window_frames"
    yield from _watch_checks(s)
    yield ("policies",), bool(s.policies), "needs at least one threshold policy"
    for i, p in enumerate(s.policies):
        at = ("policies", i)
        yield (*at, "policy_id"), is_label(p.policy_id), LABEL_RULE
        is_skin = _within(34, 39)(p.skin_threshold_c)
        yield (*at, "skin_threshold_c"), is_skin, "must be 34 to 39 °C"
        is_small = _within(0, 1)(p.skin_adjust_c)
        yield (*at, "skin_adjust_c"), is_small, "must be 0 to 1 °C"
        is_body = _within(36, 40)(p.body_threshold_c)
        yield (*at, "body_threshold_c"), is_body, "must be 36 to 40 °C"
        yield (*at, "guard_band_c"), _within(0, 2)(p.guard_band_c), "must be 0 to 2 °C"
        is_ordered = p.valid_until is None or p.valid_from <= p.valid_until
        yield (*at, "valid_until"), is_ordered, "must not lie before valid_from"
    yield ("link", "port"), _within(1, _LARGEST_PORT)(s.link.port), "must be 1 to 65535"
    yield ("link", "window"), _within(1, 1000)(s.link.window), "must be 1 to 1000"
    yield from _link_checks(s)
    yield from case_checks(s)
    yield from _name_checks(s)
    yield from _simulator_checks(s.simulators)


def _simulator_checks(simulators: SimulatorSettings | None) -> Iterator[tuple[Place, bool, str]]:
    if simulators is None:
        return
    is_here = is_loopback(simulators.host) and 1 <= simulators.port <= _LARGEST_PORT
    rule = f'must be a port of this machine like "127.0.0.1:4711", not {simulators.control!r}'
    yield ("simulators", "control"), is_here, rule


def _name_checks(s: Settings) -> Iterator[tuple[Place, bool, str]]:
    for i, camera in enumerate(s.cameras):
        yield ("cameras", i, "lane"), is_label(camera.lane), LABEL_RULE
        yield ("cameras", i, "camera_id"), is_label(camera.camera_id), LABEL_RULE
    for i, device in enumerate(s.thermometers):
        yield ("thermometers", i, "device_id"), is_label(device.device_id), LABEL_RULE
    names = [c.lane for c in s.cameras]
    yield ("cameras",), len(names) == len(set(names)), "must watch different lanes"
    devices = [c.camera_id for c in s.cameras]
    devices += [device.device_id for device in s.thermometers]
    devices += [sensor.device_id for sensor in s.room_sensors]
    devices += [source.device_id for source in s.sources]
    yield ("cameras",), len(devices) == len(set(devices)), "and other devices need different names"


def _link_checks(s: Settings) -> Iterator[tuple[Place, bool, str]]:
    """Yield what keeps others out of the link."""
    link = s.link
    files = (link.ca_file, link.cert_file, link.key_file)
    is_whole = all(files) or not any(files)
    yield ("link",), is_whole, "needs ca_file, cert_file and key_file together, or none of them"
    is_closed = link.ca_file is not None or link.is_local or link.allow_plaintext
    text = (
        "is not this machine: name ca_file, cert_file and key_file (fever-station pki enrol), or "
        "set allow_plaintext = true on a closed network"
    )
    yield ("link", "host"), is_closed, text
    is_signed = link.signing_key_file is not None or link.ca_file is None
    yield ("link",), is_signed, "needs signing_key_file with TLS: receivers refuse what is unsigned"


def _locator_checks(s: Settings) -> Iterator[tuple[Place, bool, str]]:
    is_named = s.locator.kind == "own" or s.locator.file is not None
    yield ("locator", "file"), is_named, "must name the YuNet file"
    is_score = _within(0.05, 0.95)(s.locator.min_score)
    yield ("locator", "min_score"), is_score, "must be 0.05 to 0.95"
    is_less = 0.05 <= s.locator.keep_score <= s.locator.min_score  # noqa: PLR2004
    yield ("locator", "keep_score"), is_less, "must be 0.05 to min_score"


def _room_checks(s: Settings) -> Iterator[tuple[Place, bool, str]]:
    room = s.room
    is_band = room.lowest_ambient_c < room.highest_ambient_c
    yield ("room", "lowest_ambient_c"), is_band, "must be below highest_ambient_c"
    is_band = room.lowest_humidity_pct < room.highest_humidity_pct
    yield ("room", "lowest_humidity_pct"), is_band, "must be below highest_humidity_pct"
    yield ("room", "ambient_u_c"), room.ambient_u_c > 0, "must be above 0"
    yield ("room", "measured_u_c"), room.measured_u_c > 0, "must be above 0"
    roles = [sensor.role for sensor in s.room_sensors]
    yield ("room_sensors",), len(roles) == len(set(roles)), "may be one indoor and one outdoor"
    for i, sensor in enumerate(s.room_sensors):
        at = ("room_sensors", i)
        yield (*at, "device_id"), is_label(sensor.device_id), LABEL_RULE
        yield (*at, "u_c"), sensor.u_c > 0, "must be above 0"
        yield (*at, "poll_s"), 0 < sensor.poll_s <= _LONGEST_POLL_S, _POLL_RULE
        yield (*at, "silence_s"), sensor.silence_s > sensor.poll_s, "must be above poll_s"


def _account_checks(s: Settings) -> Iterator[tuple[Place, bool, str]]:
    is_time = s.accounts.lock_after_min >= 0
    yield ("accounts", "lock_after_min"), is_time, "must be 0 (never) or more"


def _health_checks(s: Settings) -> Iterator[tuple[Place, bool, str]]:
    h = s.health
    for name in ("source_stuck_s", "camera_stuck_s", "room_stuck_s", "drift_stretch_s"):
        yield ("health", name), getattr(h, name) > 0, "must be above 0"
    yield ("health", "drift_warn_c"), h.drift_warn_c > 0, "must be above 0"
    is_above = h.drift_block_c >= h.drift_warn_c
    yield ("health", "drift_block_c"), is_above, "must be at least drift_warn_c"


def _watch_checks(s: Settings) -> Iterator[tuple[Place, bool, str]]:
    """Yield what the watches of crowd and cameras need."""
    c, b = s.crowd, s.bias
    is_enough = c.window_people >= _LEAST_CROWD
    yield ("crowd", "window_people"), is_enough, f"must be at least {_LEAST_CROWD}"
    is_part = _LEAST_NEWEST <= c.newest_people <= c.window_people
    yield ("crowd", "newest_people"), is_part, f"must be {_LEAST_NEWEST} to window_people"
    for name in ("max_age_s", "max_gap_s", "warn_c", "warn_spreads", "shift_c", "shift_sigmas"):
        yield ("crowd", name), getattr(c, name) > 0, "must be above 0"
    for name in ("stretch_s", "slice_s", "min_people", "alarm_c", "alarm_sigmas", "clear_c"):
        yield ("bias", name), getattr(b, name) > 0, "must be above 0"
    yield ("bias", "slice_s"), b.slice_s <= b.stretch_s, "must be at most stretch_s"
    yield ("bias", "clear_c"), b.clear_c < b.alarm_c, "must be below alarm_c"


# A smaller crowd is worse than none; a few people cannot show a shift.
_LEAST_CROWD, _LEAST_NEWEST = 50, 10


def _source_checks(s: Settings) -> Iterator[tuple[Place, bool, str]]:
    names = {camera.camera_id for camera in s.cameras}
    taken: set[str] = set()
    for i, source in enumerate(s.sources):
        at, seen = ("sources", i), set(source.cameras) or names
        yield (*at, "device_id"), is_label(source.device_id), LABEL_RULE
        yield (*at, "cameras"), seen <= names, f"must name cameras: {', '.join(sorted(names))}"
        yield (*at, "cameras"), not seen & taken, "may not name a camera of another source"
        taken |= seen
        yield (*at, "u_c"), source.u_c > 0, "must be above 0"
        is_slow = _SHORTEST_POLL_S <= source.poll_s <= _LONGEST_POLL_S
        rule = f"must be {_SHORTEST_POLL_S:g} to {_LONGEST_POLL_S:g} s: slow lines need a second"
        yield (*at, "poll_s"), is_slow, rule
        yield (*at, "silence_s"), source.silence_s > source.poll_s, "must be above poll_s"
        is_measured = not (source.uses_own_temperature and source.driver == "fixed")
        rule = "needs a source on a wire: a fixed one measures nothing"
        yield (*at, "uses_own_temperature"), is_measured, rule


def _swept_checks(swept: SweptSourceSettings) -> Iterator[tuple[Place, bool, str]]:
    top, left, bottom, right = swept.region
    is_box = 0 <= top < bottom <= 1 and 0 <= left < right <= 1
    yield ("swept_source", "region"), is_box, "must be top < bottom, left < right, 0 to 1"
    low, high = swept.radius_fraction
    is_ordered = 0 < low <= high < 1
    yield ("swept_source", "radius_fraction"), is_ordered, "must be 0 < smallest <= largest"
    is_share = _is_share(swept.emissivity)
    yield ("swept_source", "emissivity"), is_share, "must be above 0 and at most 1"
    yield ("swept_source", "u_c"), swept.u_c > 0, "must be above 0"
    yield ("swept_source", "dwell_s"), swept.dwell_s >= 0, "must not be below 0"


# A thread that does not move for longer counts as hung.
_LONGEST_POLL_S = 10.0
_SHORTEST_POLL_S = 1.0
_POLL_RULE = f"must be above 0 and at most {_LONGEST_POLL_S:g} s"


def _is_share(value: float) -> bool:
    return 0 < value <= 1


def _within(low: float, high: float) -> Callable[[float], bool]:
    return lambda value: low <= value <= high


def _is_required(field: "Field[Any]") -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _dotted(place: Place) -> str:
    text = ""
    for part in place:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.\-\"' ]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")


def _line_numbers(text: str) -> dict[Place, int]:
    """Map tables and keys to their line, for the plain layout of a site file."""
    lines: dict[Place, int] = {}
    counts: dict[tuple[str, ...], int] = {}
    table: Place = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            names = tuple(name.strip(" \"'") for name in header[2].split("."))
            if header[1] == "[[":
                counts[names] = counts.get(names, -1) + 1
            table = ()
            for depth, name in enumerate(names, 1):
                table = (*table, name)
                if names[:depth] in counts:
                    lines.setdefault(table, number)
                    table = (*table, counts[names[:depth]])
            lines[table] = number
        elif key := _KEY.match(line):
            lines.setdefault((*table, key[1]), number)
    return lines
