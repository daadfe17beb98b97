"""The pages of a ledger's file and its log as they lie on the disk, read without SQLite.

SQLite gives up a whole table, or the file, for one page that it cannot use. Here each page stands
for itself: whatever lies on a sound one is found, however much is damaged around it.

Source: https://sqlite.org/fileformat2.html ("Database File Format"; the write-ahead log is section
4). The format has been stable since 2004 and is promised to stay so.
"""

import errno
import os
import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

_MAGIC = b"SQLite format 3\x00"
_HEADER_BYTES = 100
_USUAL_PAGE_BYTES = 4096
_SMALLEST_PAGE, _LARGEST_PAGE = 512, 65_536
_TABLE_LEAF = 0x0D
_LEAF_HEADER_BYTES = 8
_WAL_HEADER_BYTES, _FRAME_HEADER_BYTES = 32, 24
_WAL_LITTLE, _WAL_BIG = 0x377F0682, 0x377F0683
_VARINT_BYTES = 9
# What SQLite takes for one value at most.
_LONGEST_RECORD = 1_000_000_000

Value = int | float | str | bytes | None
"""What SQLite stores in a column."""


class PageDamaged(ValueError):
    """The bytes are not what they should be."""


class Record(NamedTuple):
    """One row as it is stored."""

    rowid: int
    """Its number; the integer primary key, if the table has one."""
    values: tuple[Value, ...]
    """Its columns; those that were added later may be missing at the end."""


class Place(NamedTuple):
    """Where a version of a page lies."""

    is_log: bool
    """Whether in the log, not in the file."""
    at: int
    """From which byte on."""


class _Frame(NamedTuple):
    page: int
    at: int
    is_commit: bool


class _Sums(NamedTuple):
    first: int
    second: int


class _Log(NamedTuple):
    """What holds for all frames of a log."""

    order: str
    salts: bytes
    sums: _Sums | None
    is_sound: bool


class PageFile:
    """A database file with the log beside it; nothing of either is ever changed.

    A page may have several versions: those that the log holds, and the file's own. Each frame of
    the log tells by itself whether it is sound, also behind a damaged one, where SQLite ends.

    Args:
        path: the file; its log is `<path>-wal`.

    Raises:
        OSError: if the file cannot be opened at all.
    """

    def __init__(self, path: Path) -> None:
        self._main = _open(path)
        self._wal = _open(Path(f"{path}-wal"))
        self._wal_size = os.fstat(self._wal).st_size if self._wal is not None else 0
        size = os.fstat(self._main).st_size if self._main is not None else 0
        header = self._read(self._main, _HEADER_BYTES, 0)
        self.page_size, reserved = self._measures(header)
        self._usable = self.page_size - reserved
        self.is_log_whole, self._in_log = self._read_log()
        """Whether the log is as it was written."""
        self._in_file = -(-size // self.page_size)
        self.page_count = max(self._in_file, 0, *self._in_log)
        """Of the file, or of what its log would make of it."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close both files; closing twice is safe."""
        for descriptor in (self._main, self._wal):
            if descriptor is not None:
                os.close(descriptor)
        self._main = self._wal = None

    def places(self, number: int) -> list[Place]:
        """Return where the versions of a page lie, the newest first; pages count from 1."""
        found = [Place(True, at) for at in self._in_log.get(number, [])]
        if number <= self._in_file:
            found.append(Place(False, (number - 1) * self.page_size))
        return found

    def read(self, place: Place) -> bytes:
        """Return a page; nothing if the disk does not give it or it is cut off."""
        page = self._read(self._wal if place.is_log else self._main, self.page_size, place.at)
        return page if len(page) == self.page_size else b""

    def records(self, number: int, page: bytes) -> Iterator[Record]:
        """Yield the rows of a page of a table that are sound; none if it holds no rows.

        Args:
            number: its number.
            page: one of its versions.
        """
        if not page:
            return
        begin = _HEADER_BYTES if number == 1 else 0
        if page[begin] != _TABLE_LEAF:
            return
        (count,) = struct.unpack_from(">H", page, begin + 3)
        first = begin + _LEAF_HEADER_BYTES
        if first + 2 * count > self._usable:
            return
        for place in struct.unpack_from(f">{count}H", page, first):
            with suppress(PageDamaged, IndexError, struct.error, UnicodeDecodeError):
                yield self._record(page, place)

    def _record(self, page: bytes, place: int) -> Record:
        length, at = _varint(page, place)
        rowid, at = _varint(page, at)
        if rowid >= 1 << 63:
            rowid -= 1 << 64
        if length > _LONGEST_RECORD:
            raise PageDamaged("a record is too long")
        here = self._local_bytes(length)
        stored = page[at : at + here]
        if at + here > self._usable:
            raise PageDamaged("a record leaves its page")
        if here < length:
            (more,) = struct.unpack_from(">I", page, at + here)
            stored += self._overflow(more, length - here)
        return Record(rowid, _values(stored))

    def _local_bytes(self, length: int) -> int:
        """Return how much of a record lies on its own page (section 1.6)."""
        most = self._usable - 35
        if length <= most:
            return length
        least = (self._usable - 12) * 32 // 255 - 23
        share = least + (length - least) % (self._usable - 4)
        return share if share <= most else least

    def _overflow(self, number: int, length: int) -> bytes:
        parts, seen = [], set[int]()
        while length > 0:
            if number in seen or not 0 < number <= self.page_count:
                raise PageDamaged("the chain of a long record is broken")
            seen.add(number)
            page = next(filter(None, map(self.read, self.places(number))), b"")
            if not page:
                raise PageDamaged("a part of a long record is gone")
            parts.append(page[4 : min(self._usable, 4 + length)])
            length -= len(parts[-1])
            (number,) = struct.unpack_from(">I", page)
        return b"".join(parts)

    def _read(self, descriptor: int | None, size: int, at: int) -> bytes:
        if descriptor is None:
            return b""
        try:
            return os.pread(descriptor, size, at)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            return b""

    def _measures(self, header: bytes) -> tuple[int, int]:
        """Return the size of a page and how much of each is set aside."""
        if header.startswith(_MAGIC):
            (size,) = struct.unpack_from(">H", header, 16)
            size = _LARGEST_PAGE if size == 1 else size
            if _is_page_size(size) and header[20] < size // 4:
                return size, header[20]
        log = self._read(self._wal, _WAL_HEADER_BYTES, 0)
        if len(log) == _WAL_HEADER_BYTES:
            (size,) = struct.unpack_from(">I", log, 8)
            if _is_page_size(size):
                return size, 0
        # Python's SQLite makes no other, and the ledger asks for none.
        return _USUAL_PAGE_BYTES, 0

    def _read_log(self) -> tuple[bool, dict[int, list[int]]]:
        """Return whether the log is whole, and where each page's versions are, newest first."""
        size = _FRAME_HEADER_BYTES + self.page_size
        heads = {
            at: self._read(self._wal, _FRAME_HEADER_BYTES, at)
            for at in range(_WAL_HEADER_BYTES, self._wal_size - size + 1, size)
        }
        if not heads:
            return True, {}
        log = _log_facts(self._read(self._wal, _WAL_HEADER_BYTES, 0), heads.values())
        is_cut = (self._wal_size - _WAL_HEADER_BYTES) % size != 0
        is_whole, is_older = log.is_sound and not is_cut, False
        frames, sums = list[_Frame](), log.sums
        for at, head in heads.items():
            if head[8:16] != log.salts:
                # What an earlier round of the log left lies behind everything of this one.
                is_older, sums = True, None
                continue
            page, pages_after, *_, first, second = struct.unpack(">6I", head)
            body = self.read(Place(True, at + _FRAME_HEADER_BYTES))
            told = _Sums(first, second)
            if body and sums and _checksum(sums, head[:8] + body, log.order) == told:
                frames.append(_Frame(page, at + _FRAME_HEADER_BYTES, bool(pages_after)))
                is_whole = is_whole and not is_older
            else:
                is_whole = False
            # The next frame counts on from here: so it tells by itself whether it is sound.
            sums = told
        if is_whole:
            while frames and not frames[-1].is_commit:
                frames.pop()
        found: dict[int, list[int]] = {}
        for frame in reversed(frames):
            found.setdefault(frame.page, []).append(frame.at)
        return is_whole, found


def _open(path: Path) -> int | None:
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None


def _is_page_size(size: int) -> bool:
    return _SMALLEST_PAGE <= size <= _LARGEST_PAGE and size & (size - 1) == 0


def _log_facts(header: bytes, heads: Iterable[bytes]) -> _Log:
    if len(header) == _WAL_HEADER_BYTES:
        magic, *_, first, second = struct.unpack(">8I", header)
        order = {_WAL_LITTLE: "<", _WAL_BIG: ">"}.get(magic)
        told = _Sums(first, second)
        if order and _checksum(_Sums(0, 0), header[:24], order) == told:
            return _Log(order, header[16:24], told, True)
    # Without its header: what most frames say, and the order of every machine that we know.
    salts = Counter(head[8:16] for head in heads).most_common(1)[0][0]
    return _Log("<", salts, None, False)


def _checksum(sums: _Sums, data: bytes, order: str) -> _Sums:
    first, second = sums
    for one, two in struct.iter_unpack(f"{order}II", data):
        first = (first + one + second) & 0xFFFFFFFF
        second = (second + two + first) & 0xFFFFFFFF
    return _Sums(first, second)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return a number of one to nine bytes and where the next thing begins."""
    value = 0
    for _ in range(_VARINT_BYTES - 1):
        byte = data[at]
        at += 1
        value = (value << 7) | (byte & 0x7F)
        if not byte & 0x80:
            return value, at
    return (value << 8) | data[at], at + 1


_INTEGER_BYTES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
_REAL, _FIRST_LONG = 7, 12
_CONSTANTS: dict[int, Value] = {0: None, 8: 0, 9: 1}


def _values(record: bytes) -> tuple[Value, ...]:
    """Return the columns of a record (section 2.1)."""
    at, begin = _varint(record, 0)
    if not begin <= at <= len(record):
        raise PageDamaged("the header of a record is damaged")
    values = list[Value]()
    for kind in _kinds(record[begin:at]):
        if kind in _CONSTANTS:
            values.append(_CONSTANTS[kind])
            continue
        if kind in _INTEGER_BYTES:
            size = _INTEGER_BYTES[kind]
        elif kind == _REAL:
            size = 8
        elif kind >= _FIRST_LONG:
            size = (kind - _FIRST_LONG) // 2
        else:
            raise PageDamaged("no such kind of value")
        stored = record[at : at + size]
        if len(stored) != size:
            raise PageDamaged("a value is cut off")
        at += size
        values.append(_value(kind, stored))
    if at != len(record):
        raise PageDamaged("a record is longer than its values")
    return tuple(values)


def _kinds(header: bytes) -> Sequence[int]:
    """Return the kinds of a record's values; most headers have a byte for each."""
    if header.isascii():
        return header
    kinds, at = [], 0
    while at < len(header):
        kind, at = _varint(header, at)
        kinds.append(kind)
    return kinds


def _value(kind: int, stored: bytes) -> Value:
    if kind == _REAL:
        value: float = struct.unpack(">d", stored)[0]
        return value
    if kind in _INTEGER_BYTES:
        return int.from_bytes(stored, "big", signed=True)
    return stored.decode() if kind % 2 else stored
