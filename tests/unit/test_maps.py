"""The maps in front of the largest packages lead to what is there."""

import re
from fnmatch import fnmatch
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
def test_the_map_of_a_package_names_every_module_in_one_place_and_none_that_is_not_there(package):
    _, _, rooms = package.__doc__.partition("Where to look:")
    named = [
        name
        for room in rooms.split("\n- ")[1:]
        for name in re.findall(r"\w+", re.sub(r"`.*?`", "", room.split(":")[1]))
        if name not in WORDS
    ]
    modules = {path.stem for path in Path(package.__path__[0]).glob("[a-z]*.py")}
    assert sorted(named) == sorted(set(named))
    assert set(named) <= modules
    kinds = [kind for kind in re.findall(r"`(.*?)`", rooms) if "*" in kind]
    left = modules.difference(named)
    assert [one for one in left if not any(fnmatch(one, kind) for kind in kinds)] == []
