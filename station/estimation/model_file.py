"""The oral estimate's model as a file: JSON, versioned, checked before it is used."""

import hashlib
import json
from dataclasses import dataclass, fields
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from station.core.errors import KnownError
from station.core.estimation import Calibration, Floats, OralModel

FORMAT = "fever-station oral model 1"
"""First field of the file; another number is another layout."""

_SHIPPED = "oral.json"
_AGAIN = "fit it again with `fever-station fit oral`, or take the shipped one."


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a model comes from."""

    fitted_on: str
    """Day of the fit, ISO."""
    tables: tuple[tuple[str, str], ...]
    """Name and SHA-256 of every table it was fitted on."""
    cross_validation: dict[str, Any]
    """Figures of the repeated cross-validation; empty if none was made."""


def shipped_model() -> OralModel:
    """Read the model that comes with the station."""
    file = resources.files("station.estimation") / "models" / _SHIPPED
    return parse_model(file.read_text("utf-8"), f"the shipped model {_SHIPPED}")


def read_model(path: Path) -> OralModel:
    """Read a model file.

    Raises:
        KnownError: saying in one sentence what is wrong with it.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KnownError(f"{path} cannot be read ({error}): name a model file.") from error
    return parse_model(text, str(path))


def parse_model(text: str, name: str) -> OralModel:
    """Turn a file's text into a model.

    Raises:
        KnownError: if it is no such file, of another format, incomplete or inconsistent.
    """
    try:
        content = json.loads(text)
    except ValueError as error:
        raise KnownError(f"{name} is not JSON ({error}): {_AGAIN}") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        found = content.get("format") if isinstance(content, dict) else None
        raise KnownError(f"{name} has format {found!r}, this station reads {FORMAT!r}: {_AGAIN}")
    try:
        model = _model(content)
    except KeyError as error:
        raise KnownError(f"{name} has no {error.args[0]!r}: {_AGAIN}") from error
    except (TypeError, ValueError) as error:
        raise KnownError(f"{name} holds a value that cannot be ({error}): {_AGAIN}") from error
    return model


def write_model(path: Path, model: OralModel, provenance: Provenance) -> None:
    """Write a model file; the same model gives the same bytes.

    Raises:
        KnownError: if the place cannot be written.
    """
    content: dict[str, Any] = {
        "format": FORMAT,
        "name": model.name,
        "version": model.version,
        "fitted_on": provenance.fitted_on,
        "tables": [{"name": table, "sha256": digest} for table, digest in provenance.tables],
        "cross_validation": provenance.cross_validation,
    }
    for field in fields(model):
        value = getattr(model, field.name)
        if isinstance(value, Calibration):
            content[field.name] = {part.name: getattr(value, part.name) for part in fields(value)}
        else:
            content[field.name] = value.tolist() if isinstance(value, np.ndarray) else value
    # A line for each key and each row of a matrix: differences between versions can be read.
    text = ",\n".join(f'"{key}": {_compact(value)}' for key, value in content.items())
    try:
        path.write_text(f"{{\n{text}\n}}\n", encoding="utf-8")
    except OSError as error:
        raise KnownError(
            f"{path} cannot be written ({error.strerror or error}): choose another place."
        ) from error


def table_digest(path: Path) -> tuple[str, str]:
    """Return a table's name and SHA-256."""
    return path.name, hashlib.sha256(path.read_bytes()).hexdigest()


def _compact(value: object) -> str:
    if isinstance(value, list) and value and isinstance(value[0], list):
        return "[\n" + ",\n".join(json.dumps(row, separators=(",", ":")) for row in value) + "\n]"
    return json.dumps(value)


def _model(content: dict[str, Any]) -> OralModel:
    inputs, waves = len(content["features"]), len(content["waves"])
    scale = _numbers(content, "scale", (inputs,))
    if (scale <= 0).any():
        raise ValueError("scale must be above 0")
    unknown = set(content["required"]) - set(content["features"])
    if unknown:
        raise ValueError(f"required names {sorted(unknown)[0]!r}, which is no feature")
    return OralModel(
        name=str(content["name"]),
        version=str(content["version"]),
        features=tuple(map(str, content["features"])),
        required=tuple(map(str, content["required"])),
        mean=_numbers(content, "mean", (inputs,)),
        scale=scale,
        lowest=_numbers(content, "lowest", (inputs,)),
        highest=_numbers(content, "highest", (inputs,)),
        correlation=_numbers(content, "correlation", (inputs, inputs)),
        unit_slope_above_c=float(content["unit_slope_above_c"]),
        intercept_c=float(content["intercept_c"]),
        linear=_numbers(content, "linear", (inputs,)),
        frequencies=_numbers(content, "frequencies", (inputs, waves)),
        phases=_numbers(content, "phases", (waves,)),
        waves=_numbers(content, "waves", (waves,)),
        single=_calibration(content["single"], "single"),
        several=_calibration(content["several"], "several"),
    )


def _calibration(content: dict[str, Any], name: str) -> Calibration:
    keys = [field.name for field in fields(Calibration)]
    missing = [key for key in keys if key not in content]
    if missing:
        raise KeyError(f"{name}.{missing[0]}")
    found = Calibration(
        offset_c=float(content["offset_c"]),
        step_c=float(content["step_c"]),
        knot_c=float(content["knot_c"]),
        width_c=float(content["width_c"]),
        u_at_c=tuple(map(float, content["u_at_c"])),
        u_c=tuple(map(float, content["u_c"])),
        cut_c=float(content["cut_c"]),
    )
    if not np.isfinite([v for key in keys for v in np.ravel(getattr(found, key))]).all():
        raise ValueError(f"{name} is not finite")
    # A negative step would pull fevers towards the normal.
    if found.step_c < 0 or found.width_c <= 0:
        raise ValueError(f"{name}: the step must not be negative and its width above 0")
    if not found.u_c or len(found.u_at_c) != len(found.u_c) or min(found.u_c) <= 0:
        raise ValueError(f"{name}: each uncertainty must be above 0 and have its temperature")
    if list(found.u_at_c) != sorted(found.u_at_c):
        raise ValueError(f"{name}: u_at_c must rise")
    return found


def _numbers(content: dict[str, Any], name: str, shape: tuple[int, ...]) -> Floats:
    values = np.array(content[name], dtype=np.float64)
    if values.shape != shape:
        raise ValueError(f"{name} has the shape {values.shape} and not {shape}")
    if not np.isfinite(values).all():
        raise ValueError(f"{name} is not finite")
    values.flags.writeable = False
    return values
