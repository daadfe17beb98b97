"""What `fever-station certify` found, kept as a file beside exports and sheets."""

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from station.core.errors import KnownError
from station.core.linearity import Verdict
from station.core.service_commands import CameraCertificate

logger = logging.getLogger(__name__)

_PREFIX = "certificate-"
# A whole sweep has some kilobytes; what is larger is something else.
_LARGEST_BYTES = 1_000_000


def keep_figures(folder: Path, content: Mapping[str, Any]) -> Path:
    """Keep a sweep's figures, so that a running station finds them; return the file.

    Raises:
        KnownError: if the file cannot be written.
    """
    at = datetime.fromisoformat(content["finished_at"])
    camera = "".join(c if c.isalnum() or c in "-_" else "-" for c in content["camera_id"])
    path = folder / f"{_PREFIX}{camera}-{at:%Y%m%d-%H%M%S}.json"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")
    except OSError as error:
        raise KnownError(
            f"{path} cannot be written ({error.strerror or error}): the station will not know of "
            "this certificate; see to export_folder in [station]."
        ) from error
    return path


def latest_certificates(folder: Path, valid_days: float) -> tuple[CameraCertificate, ...]:
    """Return each camera's latest certificate; files that are none are logged and left out."""
    latest: dict[str, CameraCertificate] = {}
    for path in sorted(folder.glob(f"{_PREFIX}*.json")):
        try:
            found = _read(path, timedelta(days=valid_days))
        except (OSError, ValueError, KeyError, TypeError) as error:
            logger.warning("%s is no certificate and is left out: %s", path.name, error)
            continue
        known = latest.get(found.camera_id)
        if known is None or known.at < found.at:
            latest[found.camera_id] = found
    return tuple(latest[camera_id] for camera_id in sorted(latest))


def _read(path: Path, valid: timedelta) -> CameraCertificate:
    if path.stat().st_size > _LARGEST_BYTES:
        raise ValueError("it is too large")
    content = json.loads(path.read_text("utf-8"))
    at = datetime.fromisoformat(content["finished_at"])
    if at.tzinfo is None:
        raise ValueError("its time has no zone")
    slope, worst_c = content["slope"], content["max_deviation_c"]
    return CameraCertificate(
        str(content["camera_id"]),
        at.astimezone(UTC),
        (at + valid).astimezone(UTC),
        Verdict(content["verdict"]),
        content["is_whole_sweep"] is True,
        None if slope is None else float(slope),
        None if worst_c is None else float(worst_c),
    )
