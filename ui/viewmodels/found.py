"""What the list of passages shows: pure functions from the station's answers to words."""

from dataclasses import dataclass

from station.core.questions import WorkProgress, WorkState
from station.core.screening import Outcome
from station.core.search import CaseBrief, FoundPassage
from ui.texts import CASES, OUTCOMES, REASONS, say, say_station, shortened, translate


@dataclass(frozen=True, slots=True)
class FoundLine:
    """One passage in words."""

    time: str
    """When it ended, in this machine's time."""
    outcome: Outcome
    """The answer, whose sign stands beside its words."""
    answer: str
    """The answer."""
    value: str
    """The skin temperature, or why there is none."""
    camera: str
    """Which camera."""
    case: str
    """Its case, how that stands, and the last second reading; empty without one."""


def found_line(one: FoundPassage) -> FoundLine:
    """Return a passage in words."""
    passage, screening = one.passage, one.passage.screening
    measured = screening.measurement
    if measured is not None:
        value = f"{measured.skin_c:.1f} ± {2 * measured.u_c:.1f} °C"
    else:
        value = say(REASONS, screening.reasons[0]) if screening.reasons else ""
    return FoundLine(
        f"{passage.last_at.astimezone():%Y-%m-%d %H:%M:%S}",
        screening.outcome,
        say(OUTCOMES, screening.outcome),
        value,
        shortened(passage.camera_id),
        "" if one.case is None else _case_words(one.case),
    )


def page_words(number: int, rows: int, about: int | None) -> str:
    """Return which page of about how many passages is shown.

    Args:
        number: of the page, from 1.
        rows: passages on it.
        about: passages in all, if it is known.
    """
    if not rows and number == 1:
        return translate("foundviews", "Nothing fits: choose a longer time or fewer filters")
    if about is None:
        return translate("foundviews", "Page {0}").format(number)
    return translate("foundviews", "Page {0} · about {1} passages").format(number, f"{about:,}")


def progress_words(progress: WorkProgress) -> str:
    """Return how far an export is, or how it ended."""
    done = f"{progress.done:,}"
    match progress.state:
        case WorkState.RUNNING:
            return translate("foundviews", "{0} of about {1} passages are written").format(
                done, f"{progress.about:,}"
            )
        case WorkState.DONE:
            return translate(
                "foundviews", "{0} passages are in {1}, in the station's export folder"
            ).format(done, progress.file)
        case WorkState.CANCELLED:
            return translate("foundviews", "Cancelled: nothing is left of the file")
        case WorkState.FAILED:
            return translate("foundviews", "Not written: {0}").format(say_station(progress.text))


def share_done(progress: WorkProgress) -> float:
    """Return how far an export is, 0 to 1."""
    if progress.state is WorkState.DONE:
        return 1.0
    return min(1.0, progress.done / progress.about) if progress.about else 0.0


def _case_words(case: CaseBrief) -> str:
    how = say(CASES, case.verdict or case.state)
    words = translate("foundviews", "{0}: {1}").format(case.number, how)
    return f"{words} · {case.readings[-1].body_c:.1f} °C" if case.readings else words
