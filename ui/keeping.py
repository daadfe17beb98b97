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
    """A small file of mode 0600: a case's random id and a lane's name, nothing about anybody.

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
            case_id, lane = found["case_id"], found["lane"]
            self._kept = Place(UUID(case_id) if case_id else None, str(lane) if lane else None)
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
        case_id = str(place.case_id) if place.case_id else None
        new = self._path.with_name(f"{self._path.name}.new")
        try:
            with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                json.dump({"case_id": case_id, "lane": place.lane}, file)
            new.replace(self._path)
        except OSError as error:
            logger.warning("the operator's place is not kept: %s", error)
