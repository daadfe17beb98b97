"""A killed part is back soon: its start loads nothing that only later work needs."""

import subprocess
import sys

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from station.core.pairing import cheapest_pairs

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


@pytest.mark.parametrize(("told", "says"), [("\n", "fever-station"), ("", "")])
def test_a_spare_runs_its_program_only_when_it_is_told_to_go(told, says):
    command = [sys.executable, "-m", "station.service.spare", "json,no_such_driver"]
    done = subprocess.run(
        [*command, "station", "config", "--help"],
        input=told,
        check=True,
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert says in done.stdout
    assert bool(done.stdout) == bool(told)
