"""What became of a damaged ledger, in words for staff: what is saved, what is not, what to do."""

from datetime import datetime

from station.core.salvage import SalvageExtent, SalvageTold
from ui.texts import translate

# The newest; more would hide the rest.
_MOST_NAMED = 20
_STAFF_SEE = ("outbox", "case_", "passage", "reading", "audit", "account")


def salvage_text(told: SalvageTold) -> str:
    """Return all that staff must know, one sentence a line."""
    return "\n".join(filter(None, (*_saved(told), *_missing(told), *_to_do(told))))


def _saved(told: SalvageTold) -> list[str]:
    found = translate(
        "salvage",
        "The ledger was damaged on {0}. The station went on with a new one: screening goes on.",
    )
    extents = {
        SalvageExtent.ALL: translate(
            "salvage",
            "Saved: {0} alerts that still go to the CDC, {1} unfinished cases, {2} passages.",
        ),
        SalvageExtent.VITAL: translate(
            "salvage",
            "The disk is too full for all of it. Saved: {0} alerts that still go to the CDC, "
            "{1} unfinished cases.",
        ),
        SalvageExtent.NOTHING: translate(
            "salvage",
            "The disk is too full: nothing is carried over. Alerts that had not left wait in the "
            "damaged file, tell the CDC by telephone.",
        ),
    }
    saved = extents[told.extent].format(
        told.waiting, told.unfinished, told.carried.get("passage", 0)
    )
    return [found.format(_when(told.at)), saved]


def _missing(told: SalvageTold) -> list[str]:
    names = {
        "outbox": translate("salvage", "{0} messages to the CDC"),
        "case_": translate("salvage", "{0} cases"),
        "passage": translate("salvage", "{0} passages"),
        "reading": translate("salvage", "{0} second readings"),
        "audit": translate("salvage", "{0} rows of the audit trail"),
        "account": translate("salvage", "{0} accounts"),
    }
    gone = [names[name].format(told.gone[name]) for name in _STAFF_SEE if told.gone.get(name, 0)]
    if not gone:
        words = translate("salvage", "Nothing is known to be missing.")
        return [words if told.whole_until else _unknown()]
    told_gone = translate("salvage", "Missing: {0}.").format(translate("salvage", ", ").join(gone))
    if told.whole_until is None:
        return [told_gone, _unknown()]
    until = translate("salvage", "Nothing is missing up to {0}.")
    return [told_gone, until.format(_when(told.whole_until))]


def _unknown() -> str:
    return translate("salvage", "How much is missing cannot be told.")


def _to_do(told: SalvageTold) -> list[str]:
    case = translate(
        "salvage", "Staff: look whether a traveller at the second check has no case any more."
    )
    technician = translate(
        "salvage",
        "Technician: copy {0} to a safe place and check the disk; move the file away and this "
        "alarm ends at the next start.",
    )
    lost = ""
    if told.lost_cases:
        comma = translate("salvage", ", ")
        numbers = comma.join(str(number) for number in told.lost_cases[-_MOST_NAMED:])
        lost = translate(
            "salvage", "Only the alerts are left of these cases, look for their travellers: {0}."
        ).format(numbers)
    return [case if told.gone.get("case_") else "", lost, technician.format(told.kept_as)]


def _when(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M}"
