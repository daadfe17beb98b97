from datetime import UTC, datetime, timedelta

import pytest

from station.core.accounts import (
    FREE_TRIES,
    LONGEST_WAIT,
    check_card,
    check_may_change,
    check_name,
    check_pin,
    may_try_at,
)
from station.core.cases import CaseRefused
from station.core.people import Person, Role

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "pin", ["", "12345", "1" * 13, "12345a", "１２３４５７", "777777", "123456", "987654"]
)
def test_a_pin_that_is_short_or_easy_is_refused(pin):
    with pytest.raises(CaseRefused, match="6 to 12 digits"):
        check_pin(pin)


@pytest.mark.parametrize("pin", ["135791", "900900", "024680135791"])
def test_other_pins_are_taken(pin):
    check_pin(pin)


@pytest.mark.parametrize("name", ["", " Li", "a" * 25, "Li\n", "Kiosk", "station", "cli:li"])
def test_names_that_the_trail_could_not_tell_apart_are_refused(name):
    with pytest.raises(CaseRefused):
        check_name(name)


@pytest.mark.parametrize("name", ["Li Na", "李娜", "A-17"])
def test_other_names_are_taken(name):
    check_name(name)


@pytest.mark.parametrize("card", ["", "123", "12 34", "1" * 41])
def test_what_no_reader_types_is_no_card(card):
    with pytest.raises(CaseRefused):
        check_card(card)


def test_only_a_technician_changes_leads_and_technicians():
    lead, technician = Person("a", Role.SHIFT_LEAD), Person("b", Role.TECHNICIAN)
    for role in Role:
        check_may_change(technician, role)
    check_may_change(lead, Role.OPERATOR)
    for role in (Role.SHIFT_LEAD, Role.TECHNICIAN):
        with pytest.raises(CaseRefused, match="ask a technician"):
            check_may_change(lead, role)


def test_waits_after_wrong_pins_grow_and_end():
    waits = [may_try_at(n, NOON) for n in range(FREE_TRIES)]
    assert waits == [None] * FREE_TRIES
    waits = [may_try_at(n, NOON) - NOON for n in range(FREE_TRIES, FREE_TRIES + 60)]
    assert waits[:3] == [timedelta(seconds=s) for s in (10, 20, 40)]
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_WAIT
