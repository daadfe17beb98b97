"""The ledger in a process of its own: killed, watched by strace, without space."""

import os
import re
import shutil
import subprocess
import sys
import textwrap
from contextlib import closing
from uuid import UUID

import pytest

from station.core.errors import KnownError
from station.ledger.outbox_reader import SqlOutboxReader
from station.ledger.store import SqlLedger
from station.ledger.trail_proof import verify

_UUID_LINE = 37

HEAD = """
    import resource, runpy, signal, sys
    from pathlib import Path
    from types import SimpleNamespace
    from station.core.errors import KnownError
    from station.ledger.store import SqlLedger
    making = SimpleNamespace(**runpy.run_path(sys.argv[1]))
    ledger = SqlLedger(Path(sys.argv[2]))
    def say(*words):
        print(*words, flush=True)
"""


def script(text):
    return textwrap.dedent(HEAD) + textwrap.dedent(text)


def run(making_path, path, text, *before):
    command = [*before, sys.executable, "-c", script(text), str(making_path), str(path)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_killed_between_any_two_steps_the_ledger_loses_nothing_committed(making_path, path):
    endless = script("""
        say("epoch", ledger.epoch)
        while True:
            entry = making.flagged(ledger)
            ledger.record(entry)
            say(entry.outbox[0].report_id)
    """)
    epochs, told = set(), []
    for kill_after in (1, 3, 17):
        child = subprocess.Popen(
            [sys.executable, "-c", endless, str(making_path), str(path)],
            stdout=subprocess.PIPE,
            text=True,
        )
        epochs.add(child.stdout.readline().split()[1])
        told += [child.stdout.readline().strip() for _ in range(kill_after)]
        child.kill()
        told += [line.strip() for line in child.stdout if len(line) == _UUID_LINE]
        child.wait()
        child.stdout.close()
    with SqlLedger(path) as ledger:
        epochs.add(str(ledger.epoch))
        assert len(epochs) == 4, "each unclean end must give a new epoch"
        assert ledger.next_sequence() == 1
        reader = SqlOutboxReader(path)
        stored = reader.waiting(100_000)
        reader.close()
        assert ledger.next_case_number() == len(stored) + 1
    assert set(told) <= {str(item.report_id) for item in stored}
    for epoch in epochs:
        numbers = [item.sequence for item in stored if str(item.epoch) == epoch]
        assert numbers == list(range(1, len(numbers) + 1)), "no gap within an epoch"


def test_a_write_ahead_log_lost_in_a_power_cut_does_not_bring_an_old_epoch_back(making_path, path):
    SqlLedger(path).close()
    said = run(
        making_path,
        path,
        """
        import os
        ledger.record(making.flagged(ledger))
        say(ledger.epoch)
        os._exit(0)
        """,
    )
    path.with_name(f"{path.name}-wal").unlink()
    path.with_name(f"{path.name}-shm").unlink()
    path.with_name(f"{path.name}.numbers").unlink()
    with SqlLedger(path) as ledger:
        assert str(ledger.epoch) != said[0], "its numbers would be given out twice"


def test_killed_before_it_is_in_its_tables_a_durable_flag_is_filed_at_the_next_start(
    making_path, making, path
):
    said = run(
        making_path,
        path,
        """
        import os
        ledger.record(making.flagged(ledger))
        def die():
            say(ledger.epoch, entry.case.case_id)
            os._exit(0)
        entry = making.flagged(ledger)
        ledger.record(entry, die)
        """,
    )
    with SqlLedger(path) as ledger, closing(SqlOutboxReader(path)) as reader:
        case = ledger.case(UUID(said[1]))
        assert case.number == 2 and case in ledger.unfinished_cases()
        assert ledger.passage(case.passage_id) is not None
        stored = reader.waiting(9)
        assert [(str(one.epoch), one.sequence) for one in stored] == [(said[0], 1), (said[0], 2)]
        assert (ledger.losses, ledger.next_case_number()) == ((), 3)
        assert verify(path) is None, "the audit trail tells of the filed case as of any other"


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_one_flagged_traveller_costs_one_transaction_and_one_sync(making_path, path, tmp_path):
    trace = tmp_path / "trace"
    marks = """
        import os
        for n in range(4):
            entry = making.flagged(ledger)
            os.write(2, b"MARK")
            ledger.record(entry)
        os.write(2, b"MARK")
        os._exit(0)
    """
    strace = ["strace", "-f", "-e", "trace=fsync,fdatasync,write", "-o", str(trace)]
    try:
        run(making_path, path, marks, *strace)
    except AssertionError as error:
        if "ptrace" in str(error):
            pytest.skip("strace may not trace here")
        raise
    parts = re.split(r"write\(2, \"MARK\"", trace.read_text())
    # The first commit after a checkpoint also syncs the restarted WAL's header.
    assert [len(re.findall(r"f(?:data)?sync\(", part)) for part in parts[2:5]] == [1, 1, 1]


def test_a_full_disk_is_one_sentence_and_afterwards_all_works_again(making_path, path):
    said = run(
        making_path,
        path,
        """
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        for _ in range(5):
            ledger.record(making.flagged(ledger))
        wal = Path(sys.argv[2] + "-wal").stat().st_size
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.setrlimit(resource.RLIMIT_FSIZE, (wal + 2000, hard))
        entry = making.flagged(ledger)
        for _ in range(3):
            try:
                ledger.record(entry)
                say("written")
            except KnownError as error:
                say("free_space" if "free space" in str(error) else error)
                assert sys.argv[2] in str(error)
        assert ledger.next_sequence() == 6 and ledger.case(entry.case.case_id) is None
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        ledger.record(entry)
        assert ledger.next_sequence() == 7 and ledger.case(entry.case.case_id) == entry.case
        ledger.close()
        say("closed")
        """,
    )
    assert said == ["free_space"] * 3 + ["closed"]


def test_a_full_disk_at_the_start_is_one_sentence(making_path, tmp_path):
    text = """
        import resource, signal, sys
        from pathlib import Path
        from station.core.errors import KnownError
        from station.ledger.store import SqlLedger
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        try:
            SqlLedger(Path(sys.argv[1]))
        except KnownError as error:
            print(error)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(text), str(tmp_path / "x.sqlite")],
        check=False,
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert "free space" in done.stdout, done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_ledger_is_one_sentence(path):
    SqlLedger(path).close()
    path.chmod(0o400)
    with pytest.raises(KnownError, match="read-only"):
        SqlLedger(path)
