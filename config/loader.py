"""TOML to `Settings`, with every fault named at once: file, line, and what was probably meant."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from config.checks import checks
from config.conversion import Converter
from config.places import dotted, line_numbers
from config.reading import read_text
from config.settings import Settings


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
    except (ValueError, RecursionError) as error:
        # Beside what is no TOML: numbers of thousands of digits, thousands of brackets.
        raise ConfigError([f"{path}: not valid TOML: {error}"]) from error
    return _build_all(_merged(defaults, site), str(path), text)


def shipped_site(name: str) -> Path:
    """Return the path of a site file that comes with the program."""
    return Path(str(files("config").joinpath("sites", f"{name}.toml")))


def _read(path: Path) -> str:
    try:
        return read_text(path)
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
    converter = Converter(source, line_numbers(text))
    settings = converter.section(Settings, {**_NO_DEVICES, **raw}, ())
    if settings is not None:
        for place, is_good, rule in checks(settings):
            if not is_good:
                converter.fault(place, f"{dotted(place)!r} {rule}")
    if converter.faults or settings is None:
        raise ConfigError(converter.faults)
    return settings


_NO_DEVICES: Mapping[str, Any] = {
    "cameras": [],
    "thermometers": [],
    "sources": [],
    "room_sensors": [],
    "collection_orders": [],
    "clinics": [],
}
