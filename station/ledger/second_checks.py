"""How the station's own second checks ended."""

from datetime import datetime

from sqlalchemy import Connection, select

from station.core.cases import CaseState
from station.core.threshold_change import SecondCheck
from station.ledger.statistics import verdict_column
from station.ledger.tables import case

_MOST = 20_000


def second_checks(
    connection: Connection, since: datetime, *, is_drill: bool
) -> tuple[SecondCheck, ...]:
    """Return the latest checks that found fever or none, of travellers who had been measured.

    Args:
        connection: to the ledger.
        since: from when on, aware.
        is_drill: whether exercises are looked at, and nothing else.
    """
    verdict = verdict_column()
    ends = (CaseState.CONFIRMED.value, CaseState.CLEARED.value)
    query = (
        select(case.c.skin_c, verdict)
        .where(case.c.opened_at >= since, case.c.is_drill == is_drill, case.c.skin_c.is_not(None))
        .where(verdict.in_(ends))
        .order_by(case.c.opened_at.desc())
        .limit(_MOST)
    )
    return tuple(
        SecondCheck(skin_c, how == CaseState.CONFIRMED.value)
        for skin_c, how in connection.execute(query)
    )
