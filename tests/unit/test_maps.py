"""The maps in front of the largest packages lead to what is there."""

import re
from pathlib import Path

import pytest

import station.cdc
import station.cdc.inbox
import station.core
import station.ledger
import station.reporting
import station.runtime
import ui

WORDS = {"and", "those", "of", "one", "subject", "in"}


PACKAGES = (
    station.core,
    station.runtime,
    station.ledger,
    station.reporting,
    station.cdc,
    station.cdc.inbox,
    ui,
)


@pytest.mark.parametrize("package", PACKAGES)
def test_the_map_of_a_package_names_modules_that_are_there_each_in_one_place(package):
    _, _, rooms = package.__doc__.partition("Where to look:")
    named = [
        name
        for room in rooms.split("\n- ")[1:]
        for name in re.findall(r"\w+", re.sub(r"`.*?`", "", room.split(":")[1]))
        if name not in WORDS
    ]
    modules = {path.stem for path in Path(package.__path__[0]).glob("[a-z]*.py")}
    assert len(named) > len(modules) / 2
    assert sorted(named) == sorted(set(named))
    assert set(named) <= modules
