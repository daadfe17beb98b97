"""Noticing that a file was written anew, so that nobody needs to restart anything."""

from pathlib import Path


class FileWatch:
    """Tells whether a file was written, replaced or removed since it was last asked."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = self._look()

    def has_changed(self) -> bool:
        """Whether it is another one than when this was asked last."""
        before, self._seen = self._seen, self._look()
        return self._seen != before

    def _look(self) -> tuple[int, int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino
