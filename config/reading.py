"""Reading a small file that somebody named: what is no file is told at once, never waited for."""

import errno
import os
import stat
from pathlib import Path

_LARGEST_BYTES = 4_000_000


def read_text(path: Path) -> str:
    """Return the text of a file in UTF-8.

    Raises:
        OSError: if it cannot be read, is no ordinary file (a pipe would be waited for, and a device
            may never end), or is far too large for a file that people write.
        UnicodeDecodeError: if it is no such text.
    """
    found = os.stat(path)
    if stat.S_ISDIR(found.st_mode):
        raise OSError(errno.EISDIR, "it is a folder: name the file in it", str(path))
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "it is no ordinary file: name another", str(path))
    with path.open("rb") as file:
        content = file.read(_LARGEST_BYTES + 1)
    if len(content) > _LARGEST_BYTES:
        raise OSError(errno.EFBIG, "it is far too large for such a file: name another", str(path))
    # Windows' editors begin a file with a mark of its encoding.
    return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
