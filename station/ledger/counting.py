"""Counts of what a station did between two moments."""

from collections import Counter
from datetime import datetime

from sqlalchemy import Connection, func, select

from station.core.cases import CaseState
from station.core.daily import DayCounts
from station.core.screening import Outcome
from station.ledger.tables import case, passage


def day_counts(
    connection: Connection, since: datetime, until: datetime, *, is_drill: bool
) -> DayCounts:
    """Count passages and cases from a moment on, up to but without another.

    A passage belongs to the moment at which it ended, a case to the one at which it was opened.
    """
    answers = (
        select(passage.c.outcome, passage.c.reasons, func.count())
        .where(passage.c.last_at >= since, passage.c.last_at < until)
        .where(passage.c.is_drill == is_drill)
        .group_by(passage.c.outcome, passage.c.reasons)
    )
    states = (
        select(case.c.state, func.count())
        .where(case.c.opened_at >= since, case.c.opened_at < until, case.c.is_drill == is_drill)
        .group_by(case.c.state)
    )
    outcomes, reasons = dict.fromkeys(Outcome, 0), Counter[str]()
    for outcome, why, number in connection.execute(answers):
        outcomes[Outcome(outcome)] += number
        if why:
            reasons[why[0]] += number
    cases = dict.fromkeys(CaseState, 0)
    cases.update((CaseState(state), number) for state, number in connection.execute(states))
    return DayCounts(outcomes, dict(reasons.most_common()), cases)
