"""A driver's options against what its constructor takes: names and types, before it is made."""

import difflib
import inspect
import math
import types
from collections.abc import Mapping
from typing import Any, Union, get_args, get_origin, get_type_hints

_WORDS: Mapping[Any, str] = {
    str: "a text in quotes",
    float: "a number",
    int: "a whole number",
    bool: "true or false",
}


def wrong_options(driver_class: type, options: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with a driver's options: unknown, missing, or of another type."""
    parameters = inspect.signature(driver_class).parameters
    known = {name: one for name, one in parameters.items() if one.kind is not one.VAR_KEYWORD}
    hints, faults = _hints(driver_class), []
    for name, value in options.items():
        wanted = _simple_types(hints.get(name))
        if name in known:
            if wanted and not _fits(value, wanted):
                faults.append(f"the option {name!r} must be {_WORDS[wanted[0]]}, not {value!r}")
        elif len(known) == len(parameters):
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(known)}"
            faults.append(f"there is no option {name!r}: {hint}")
    for name, parameter in known.items():
        if name not in options and parameter.default is parameter.empty:
            faults.append(f"the option {name!r} is missing: add it")
    return faults


def _hints(driver_class: type) -> Mapping[str, Any]:
    try:
        return get_type_hints(driver_class.__init__)  # type: ignore[misc]
    except NameError:
        # An outside driver that imports its types for type checkers only.
        return {}


def _simple_types(hint: Any) -> list[type]:
    """Return which types of a site file an option takes; none if that is not known."""
    is_union = get_origin(hint) in {Union, types.UnionType}
    return [part for part in (get_args(hint) if is_union else (hint,)) if part in _WORDS]


def _fits(value: Any, wanted: list[type]) -> bool:
    if isinstance(value, float) and not math.isfinite(value):
        return False
    if type(value) is int and float in wanted:
        return True
    if type(value) in {bool, int, float}:
        return type(value) in wanted
    return str in wanted if isinstance(value, str) else not isinstance(value, list | dict)
