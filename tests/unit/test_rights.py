from typing import get_args
from uuid import UUID

import pytest

from station.core.cases import CaseRefused, Refusal
from station.core.commands import CheckByHand, Command, SendReport
from station.core.people import KIOSK, Person, Role
from station.core.people_commands import ReadAudit
from station.core.questions import CancelWork, Question
from station.core.rights import LEAST_ROLE, check_right, may_give
from station.core.shift_commands import AskShift
from station.core.threshold_commands import AskThreshold

CHECK = CheckByHand(UUID(int=1), UUID(int=2))


def test_every_command_has_its_least_role():
    assert set(LEAST_ROLE) == set(get_args(Command))


def test_each_role_may_all_that_those_before_it_may():
    for kind, least in LEAST_ROLE.items():
        allowed = [role for role in Role if may_give(kind, role)]
        assert allowed == list(Role)[least.rank :], kind


def test_an_auditor_looks_and_changes_nothing():
    looks = {*get_args(Question), CancelWork, ReadAudit, AskThreshold, AskShift}
    for kind in get_args(Command):
        assert may_give(kind, Role.AUDITOR) == (kind in looks), kind


def test_a_command_without_a_row_is_nobodys():
    assert not any(may_give(int, role) for role in Role)


def test_who_may_is_named_to_whom_it_concerns():
    li = Person("Li", Role.OPERATOR)
    assert check_right(CHECK, li) is li
    assert check_right(CHECK, KIOSK) is KIOSK


def test_nobody_may_give_a_command():
    with pytest.raises(CaseRefused) as refused:
        check_right(CHECK, None)
    assert refused.value.refusal is Refusal.NOT_SIGNED_IN


def test_a_role_below_the_least_is_refused_with_whom_to_ask():
    report = SendReport(UUID(int=1), None)
    with pytest.raises(CaseRefused, match=r"Li is an operator.*a shift lead") as refused:
        check_right(report, Person("Li", Role.OPERATOR))
    assert refused.value.refusal is Refusal.NOT_ALLOWED
