"""Where the operator was, kept on disk, so that a kiosk that was killed comes back there."""

import json
import logging
import os
from pathlib import Path
from uuid import UUID

from ui.model import Place

logger = logging.getLogger(__name__)

NOWHERE = Place(None, None)


class PlaceFile:
    """A small file of mode 0600: random ids of cases and a lane's name, nothing about anybody.

    Args:
        path: the file; it need not exist.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept = NOWHERE

    def read(self) -> Place:
        """Return the place that was kept; nowhere if there is none or it cannot be read."""
        try:
            found = json.loads(self._path.read_text("utf-8"))
            case_id, lane, asking = found["case_id"], found["lane"], found.get("asking")
            self._kept = Place(
                UUID(case_id) if case_id else None,
                str(lane) if lane else None,
                UUID(asking) if asking else None,
            )
        except FileNotFoundError:
            pass
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            logger.warning("the kiosk begins anew, %s cannot be read: %s", self._path, error)
        return self._kept

    def keep(self, place: Place) -> None:
        """Write the place if it is another one; a reader never meets half of it."""
        if place == self._kept:
            return
        self._kept = place
        case_id, asking = (str(one) if one else None for one in (place.case_id, place.asking))
        told = {"case_id": case_id, "lane": place.lane, "asking": asking}
        try:
            _write(self._path, json.dumps(told))
        except OSError as error:
            logger.warning("the operator's place is not kept: %s", error)


class TokenFile:
    """A small file of mode 0600: what takes up the session of a kiosk that was killed.

    Args:
        path: the file; it need not exist.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept = ""

    def read(self) -> str:
        """Return the token that was kept; empty if there is none."""
        try:
            self._kept = self._path.read_text("ascii").strip()
        except FileNotFoundError:
            pass
        except (OSError, ValueError) as error:
            logger.warning("the session is not taken up, %s: %s", self._path, error)
        return self._kept

    def keep(self, token: str) -> None:
        """Write the token if it is another one; without one, remove the file."""
        if token == self._kept:
            return
        self._kept = token
        try:
            if token:
                _write(self._path, token)
            else:
                self._path.unlink(missing_ok=True)
        except OSError as error:
            logger.warning("the session is not kept: %s", error)


def _write(path: Path, text: str) -> None:
    """Write a file for this user alone, whole or not at all."""
    new = path.with_name(f"{path.name}.new")
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    new.replace(path)
