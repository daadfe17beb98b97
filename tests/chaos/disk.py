"""A disk for each ledger and inbox, which can be full and whose write-ahead log can be torn."""

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

_SIZE = "256m"
_PAGE = 4096
_WAL_HEADER = 32
_NOISE = 512
_FEWEST_PAGES = 60


def with_own_mounts(module, arguments):
    """Become the same program with mounts of its own, if this machine allows it.

    A file system of a few megabytes is the way to a full disk that an unmodified SQLite meets as
    SQLITE_FULL. Its mounts end with the program. Without them a limit on the size of files stands
    in, which SQLite meets as an input/output error.
    """
    if os.environ.get("CHAOS_MOUNTS") is not None:
        return
    unshare = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    try:
        probe = [*unshare, "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
        is_allowed = subprocess.run(probe, check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        is_allowed = False
    os.environ["CHAOS_MOUNTS"] = "own" if is_allowed else ""
    before = unshare if is_allowed else []
    command = [*before, sys.executable, "-m", module, *arguments]
    os.execvp(command[0], command)


class Disk:
    """Holds one SQLite file.

    Args:
        folder: where it is; made.
        name: the file's name.
    """

    def __init__(self, folder, name):
        folder.mkdir(parents=True)
        self.is_mounted = bool(os.environ.get("CHAOS_MOUNTS"))
        if self.is_mounted:
            mount = ["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", str(folder)]
            subprocess.run(mount, check=True)
        self._folder = folder
        self.path = folder / name
        self.wal = folder / f"{name}-wal"
        self._ballast = folder / "ballast"
        self._limited = None

    def fill(self, child):
        """Take all the space that is left.

        Args:
            child: the process that writes here.
        """
        if self.is_mounted:
            size = shutil.disk_usage(self._folder).free
            with self._ballast.open("wb") as ballast:
                while size >= _PAGE:
                    try:
                        os.posix_fallocate(ballast.fileno(), ballast.seek(0, os.SEEK_END), size)
                    except OSError:
                        # Others take space meanwhile.
                        size //= 2
            return
        size = max(
            (path.stat().st_size for path in (self.path, self.wal) if path.exists()), default=0
        )
        self._limited = child
        _limit(child, size)

    def empty(self):
        """Give the space back."""
        self._ballast.unlink(missing_ok=True)
        if self._limited is not None and self._limited.is_alive:
            _limit(self._limited, resource.RLIM_INFINITY)
        self._limited = None

    def tear(self, rng):
        """Damage the end of the write-ahead log, or something in it; nobody may have it open.

        Returns:
            What was done; empty if there was nothing to damage.
        """
        size = self.wal.stat().st_size if self.wal.exists() else 0
        if size <= _WAL_HEADER + _PAGE:
            return ""
        at = rng.randrange(_WAL_HEADER, size)
        how = rng.choice(["truncated", "noise", "zeros"])
        with self.wal.open("r+b") as wal:
            if how == "truncated":
                wal.truncate(at)
            else:
                wal.seek(at)
                wal.write(rng.randbytes(_NOISE) if how == "noise" else bytes(_PAGE))
        return f"{how} at {at} of {size}"

    def spoil(self, rng):
        """Damage the file itself; somebody may have it open.

        Returns:
            What was done; empty if there is hardly a file yet.
        """
        pages = self.path.stat().st_size // _PAGE if self.path.exists() else 0
        if pages < _FEWEST_PAGES:
            return ""
        page = rng.randrange(1, pages)
        how = rng.choice(["zeroed page", "noise", "torn header", "cut off", "no database"])
        with self.path.open("r+b") as file:
            match how:
                case "zeroed page" | "noise":
                    file.seek(page * _PAGE)
                    file.write(bytes(_PAGE) if how == "zeroed page" else rng.randbytes(_PAGE))
                case "torn header":
                    file.write(rng.randbytes(_NOISE))
                case "cut off":
                    file.truncate(rng.randrange(pages // 2, pages) * _PAGE)
                case _:
                    file.write(b"these are not the bytes of a database\n" * (pages * _PAGE // 38))
        return f"{how} at page {page} of {pages}"

    def back_up_to(self, path):
        """Copy the file as SQLite does while others use it."""
        with (
            closing(sqlite3.connect(f"{self.path.as_uri()}?mode=ro", uri=True)) as ours,
            closing(sqlite3.connect(path)) as copy,
        ):
            ours.backup(copy)

    def put_back(self, path):
        """Put a copy in the file's place, as somebody does who restores a backup."""
        for side in ("-wal", "-shm"):
            Path(f"{self.path}{side}").unlink(missing_ok=True)
        shutil.copy(path, self.path)

    def unmount(self):
        if self.is_mounted:
            subprocess.run(["umount", "-l", str(self._folder)], check=False)


def _limit(child, size):
    hard = resource.prlimit(child.pid, resource.RLIMIT_FSIZE)[1]
    soft = hard if size == resource.RLIM_INFINITY else size
    resource.prlimit(child.pid, resource.RLIMIT_FSIZE, (soft, hard))
