"""What the system refuses is said in one sentence: memory, threads, characters."""

import errno
import subprocess
import sys

import pytest

from station.__main__ import main
from station.commands import check_config
from station.service.scarcity import in_words

_SHORT = "import resource; resource.setrlimit(resource.RLIMIT_AS, (10**9, 10**9)); "
_RUN = "from station.__main__ import main; raise SystemExit(main(['run', '--config', 'no-such']))"


def test_a_station_that_may_not_have_enough_memory_says_so_before_a_library_crashes():
    done = subprocess.run(
        [sys.executable, "-c", _SHORT + _RUN],
        check=False,
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("fever-station run: This process may use 1.0 GB")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("refused", "told"),
    [
        (MemoryError(), "no more memory"),
        (ImportError("libx.so: failed to map segment from shared object"), "no more memory"),
        (RuntimeError("can't start new thread"), "no more threads"),
        (OSError(errno.ENOSPC, "No space left on device", "out.csv"), "no room left for out.csv"),
        (UnicodeEncodeError("ascii", "站", 0, 1, "ordinal not in range"), "set LC_ALL=C.UTF-8"),
    ],
)
def test_what_the_system_refuses_ends_in_one_sentence(monkeypatch, capsys, refused, told):
    def refuse(args):
        raise refused

    monkeypatch.setattr(check_config, "run", refuse)
    assert main(["check-config", "site.toml"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("fever-station check-config: ")
    assert told in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    "bug",
    [
        OSError(errno.EPIPE, "x"),
        RuntimeError("x"),
        ImportError("x"),
        UnicodeEncodeError("utf-8", "\ud800", 0, 1, "x"),
    ],
)
def test_a_bug_of_ours_stays_one(bug):
    assert in_words(bug) is None
