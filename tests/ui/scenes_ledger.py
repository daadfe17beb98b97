"""What the search of passages and the figures are looked at in."""

from station.core.cases import Refusal
from station.core.events import CommandRefused
from station.core.questions import ExportPassages, SearchPage, TableFormat, WorkProgress, WorkState
from tests.ui import counted, found
from tests.ui.making import DISK_FULL
from tests.ui.scenes_lane import calm
from tests.ui.screens import Stage
from ui.entering.periods import Period
from ui.entering.searching import Facet


def found_page(stage: Stage) -> None:
    calm(stage)
    stage.tell(found.page(stage.bridge.sent[-1]))


def found_nothing(stage: Stage) -> None:
    calm(stage)
    stage.tell(SearchPage(stage.bridge.sent[-1].command_id, (), None, 0))


def search_refused(stage: Stage) -> None:
    calm(stage)
    stage.tell(CommandRefused(stage.bridge.sent[-1].command_id, "Nobody.", Refusal.NOT_SIGNED_IN))


def choosing_a_reason(stage: Stage) -> None:
    found_page(stage)
    stage.window.screens["ledger"].facets[Facet.REASON].click()
    stage.settle()


def choosing_a_time(stage: Stage) -> None:
    found_page(stage)
    stage.window.screens["ledger"].facets[Facet.TIME].click()
    stage.settle()


def typing_a_case(stage: Stage) -> None:
    found_page(stage)
    stage.window.screens["ledger"].facets[Facet.CASE].click()
    stage.settle()


def exporting(stage: Stage) -> None:
    """A file is half written."""
    offering_exports(stage)
    stage.window.screens["ledger"].export_view.forms[TableFormat.XLSX].click()
    stage.settle()
    _tell_progress(stage, WorkState.RUNNING, 345_000)


def exported(stage: Stage) -> None:
    exporting(stage)
    _tell_progress(stage, WorkState.DONE, 1_000_000)


def export_failed(stage: Stage) -> None:
    exporting(stage)
    asked = next(one for one in reversed(stage.bridge.sent) if isinstance(one, ExportPassages))
    stage.tell(WorkProgress(asked.command_id, WorkState.FAILED, 345_000, 1_000_000, "", DISK_FULL))


def offering_exports(stage: Stage) -> None:
    found_page(stage)
    stage.window.screens["ledger"].export.click()
    stage.settle()


def _tell_progress(stage: Stage, state: WorkState, done: int) -> None:
    asked = next(one for one in reversed(stage.bridge.sent) if isinstance(one, ExportPassages))
    file = "passages-20261124-120000.xlsx" if state is WorkState.DONE else ""
    stage.tell(WorkProgress(asked.command_id, state, done, 1_000_000, file))


def figures(stage: Stage) -> None:
    calm(stage)
    stage.window.screens["statistics"].periods[Period.MONTH].click()
    stage.tell(counted.counted(stage.bridge.sent[-1], counted.statistics()))


def figures_of_a_day(stage: Stage) -> None:
    calm(stage)
    stage.tell(counted.counted(stage.bridge.sent[-1], counted.statistics(days=1)))


def figures_of_second_checks(stage: Stage) -> None:
    figures(stage)
    stage.window.screens["statistics"].turn.click()
    stage.settle()


def figures_of_nobody(stage: Stage) -> None:
    calm(stage)
    stage.tell(counted.counted(stage.bridge.sent[-1], counted.nobody()))


def figures_refused(stage: Stage) -> None:
    calm(stage)
    stage.tell(CommandRefused(stage.bridge.sent[-1].command_id, DISK_FULL))


SCENES = {
    "ledger": (
        found_page,
        found_nothing,
        search_refused,
        choosing_a_reason,
        choosing_a_time,
        typing_a_case,
        offering_exports,
        exporting,
        exported,
        export_failed,
    ),
    "statistics": (
        figures,
        figures_of_a_day,
        figures_of_second_checks,
        figures_of_nobody,
        figures_refused,
    ),
}
"""By the key of the screen."""
