"""Nested tables to dataclasses: every fault is noted, with its line and what was probably meant."""

import difflib
import math
import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, time
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from config.places import Place, dotted

_Section = TypeVar("_Section")


class Converter:
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
            self.fault((*place, key), f"there is no setting {dotted((*place, key))!r}: {hint}")
        values = {}
        for name, field in known.items():
            if name in raw:
                values[name] = self._value(hints[name], raw[name], (*place, name))
            elif _is_required(field):
                self.fault(place, f"the setting {dotted((*place, name))!r} is missing: add it")
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
            return self._options(raw, place)
        if hint is float and isinstance(raw, int | float) and not isinstance(raw, bool):
            return self._finite(raw, place)
        if hint is Path and isinstance(raw, str) and raw.strip():
            return Path(raw)
        if type(raw) is hint:
            return raw
        return self._wrong(place, _WORDS.get(hint, str(hint)), raw)

    def _options(self, raw: Any, place: Place) -> Any:
        if not isinstance(raw, dict):
            return self._wrong(place, "a table", raw)
        for name, value in raw.items():
            if not isinstance(value, str | int | float):
                self._wrong((*place, name), "a text, a number, or true or false", value)
        return raw

    def _finite(self, raw: float, place: Place) -> float | None:
        """Every comparison with nan is false, and nothing exceeds inf: a check would be off."""
        try:
            number = float(raw)
        except OverflowError:
            number = math.inf
        if math.isfinite(number):
            return number
        self._wrong(place, _WORDS[float], raw)
        return None

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
        self.fault(place, f"{dotted(place)!r} must be {wanted}, not {raw!r}")

    def _wrong_choice(self, hint: Any, raw: Any, place: Place) -> None:
        options = [str(option) for option in get_args(hint)]
        near = difflib.get_close_matches(str(raw), options, n=1)
        meant = f": did you mean {near[0]!r}?" if near else ""
        self.fault(place, f"{dotted(place)!r} must be one of {', '.join(options)}{meant}")


_WORDS: Mapping[Any, str] = {
    str: "a text in quotes",
    float: "a number",
    int: "a whole number",
    bool: "true or false",
    Path: "a path in quotes",
    date: "a date like 2026-01-31",
    time: "a time like 14:30:00",
}


def _is_required(field: "Field[Any]") -> bool:
    return field.default is MISSING and field.default_factory is MISSING
