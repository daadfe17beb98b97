"""A killed part is back soon: its start loads nothing that only later work needs."""

import os
import subprocess
import sys

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from station.core.pairing import cheapest_pairs
from station.service import loaded

_STATION = "station.commands.run, drivers.cameras.hikvision"


@pytest.mark.parametrize(
    ("started", "later"),
    [
        # Crowds, spreadsheets, and a command line that comes with the cameras' library.
        (_STATION, {"scipy", "xlsxwriter", "pygments", "click"}),
        # The kiosk never opens the ledger.
        ("ui.app", {"scipy", "xlsxwriter", "sqlalchemy", "paho", "httpx", "cv2"}),
    ],
)
def test_a_start_does_without_what_only_later_work_needs(started, later):
    code = f"import sys, {started}; print(*sys.modules)"
    said = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=200
    )
    assert not later & set(said.stdout.split())


@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (4, 1), (3, 4), (6, 2)])
def test_a_pairing_costs_least_whatever_its_shape(shape):
    costs = np.random.default_rng(sum(shape)).uniform(0, 9, shape)
    found, expected = cheapest_pairs(costs), linear_sum_assignment(costs)
    assert np.array_equal(found, expected)


def test_a_loaded_program_runs_each_time_it_is_asked_to_and_never_else(tmp_path):
    folder = tmp_path / "counting"
    folder.mkdir()
    runs = tmp_path / "runs"
    folder.joinpath("__main__.py").write_text(
        f"import sys\ndef main():\n    with open({str(runs)!r}, 'a') as file:\n"
        "        print(sys.argv[1:], sys.stdin.read(), sys.modules.get('json'), file=file)\n"
        "    return 7\n"
    )
    command = [sys.executable, "-m", loaded.MODULE, "json,no_such_driver", "", "counting", "--a"]
    paths = os.pathsep.join([str(tmp_path), *sys.path])
    program = loaded.LoadedProgram(command, os.environ | {"PYTHONPATH": paths})
    for _ in range(2):
        program.begin()
        assert [code for _ in range(2) if (code := program.poll(60.0)) is not None] == [7]
    assert program.end(60.0) is None
    first, second = runs.read_text().splitlines()
    assert first == second
    assert first.startswith("['--a']  <module 'json'")
