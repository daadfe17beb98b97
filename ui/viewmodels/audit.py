"""What the auditor's screen shows, as plain values."""

from station.core.audit import AuditKind, AuditRow, TrailVerdict
from station.core.people import Role
from ui.texts import AUDIT_KINDS, CHAIN_FAULTS, ROLES, say, shortened, translate
from ui.viewmodels.notices import Notice
from ui.viewmodels.rows import Row
from ui.viewmodels.trail_words import brief, in_full

_MOST_DETAIL = 44


def kind_rows(chosen: AuditKind | None) -> list[Row]:
    """Return a row for each kind of step, and one for all of them."""
    everything = Row("", translate("audit", "Everything"), "", is_selected=chosen is None)
    kinds = [
        Row(kind, say(AUDIT_KINDS, kind), "", is_selected=kind is chosen) for kind in AuditKind
    ]
    return [everything, *kinds]


def step_rows(rows: tuple[AuditRow, ...], selected: int | None) -> list[Row]:
    """Return a row for each step, the newest first."""
    return [
        Row(
            row.number,
            f"{row.number} · {_at(row)} · {shortened(_actor(row))}",
            shortened(_told(row, brief(row)), _MOST_DETAIL),
            is_selected=row.number == selected,
        )
        for row in rows
    ]


def step_text(row: AuditRow) -> str:
    """Return all of one step, with its codes and its digest."""
    entry = row.entry
    role = f" ({say(ROLES, Role(entry.role))})" if entry.role else ""
    lines = (
        f"{row.number} · {_at(row)} · {_actor(row)}{role}",
        _told(row, in_full(row)),
        f"sha256:{row.digest[:16]}…",
    )
    return "\n".join(lines)


def verdict_notice(verdict: TrailVerdict | None) -> Notice | None:
    """Return whether the trail is whole; None before it was looked at."""
    if verdict is None:
        return None
    if verdict.finding is not None:
        words = translate("audit", "NOT WHOLE: row {0}: {1}. Keep the file, tell the auditor.")
        fault = say(CHAIN_FAULTS, verdict.finding.fault)
        return Notice(words.format(verdict.finding.number, fault), "alarm")
    if verdict.head is None:
        return Notice(translate("audit", "The trail has no rows yet."), "caution")
    words = translate("audit", "Whole: {0} rows. Note the head elsewhere: sha256:{1}…")
    return Notice(words.format(verdict.head.number, verdict.head.digest[:16]), "good")


def _told(row: AuditRow, words: str) -> str:
    return translate("audit", "{0}: {1}").format(say(AUDIT_KINDS, row.entry.kind), words)


def _actor(row: AuditRow) -> str:
    name = row.entry.actor
    return translate("audit", "station") if name == "station" else name


def _at(row: AuditRow) -> str:
    return f"{row.entry.at.astimezone():%Y-%m-%d %H:%M:%S}"
