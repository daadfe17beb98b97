"""Looking for passages, page by page, and writing what was found into a file."""

from datetime import datetime
from functools import partial
from uuid import UUID, uuid4

from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from station.core.events import Event
from station.core.people_events import SessionChanged
from station.core.questions import (
    AskStatistics,
    CancelWork,
    ExportPassages,
    SearchPage,
    SearchPassages,
    StatisticsCounted,
    TableFormat,
    WorkProgress,
)
from station.core.search import PagePlace
from ui.asking import Asking, problem_text
from ui.desk import Answer, Desk
from ui.entering.searching import (
    CASE_DIGITS,
    MOMENT_DIGITS,
    Facet,
    Wish,
    choices,
    facet_title,
    typed_moment,
)
from ui.screens.base import Screen
from ui.texts import translate
from ui.viewmodels.found import found_line, page_words
from ui.views.choosing import ChoosingView
from ui.views.export import ExportView
from ui.views.number import NumberView
from ui.widgets.facet import FacetButton
from ui.widgets.found_table import MOST_LINES, FoundTable
from ui.widgets.rows import GAP_PX
from ui.widgets.touch import TouchButton


class LedgerScreen(Screen):
    """What is asked about on top; below it the page, a choice, a keypad, or an export."""

    REFRESH_MS = 500

    def __init__(self, parent: QWidget, desk: Desk) -> None:
        super().__init__(parent, desk)
        monotonic_s = desk.clock.monotonic_s
        self._wish = Wish()
        self._facet = Facet.TIME
        self._cameras: tuple[str, ...] = ()
        self._searching, self._counting = Asking(desk), Asking(desk)
        self._exporting: UUID | None = None
        self._places: list[PagePlace | None] = [None]
        self._page: SearchPage | None = None
        self._about: int | None = None
        self._problem = ""
        self.facets = {facet: FacetButton(self, monotonic_s=monotonic_s) for facet in Facet}
        self.export = FacetButton(self, monotonic_s=monotonic_s)
        self._views = QStackedWidget(self)
        self._found = QWidget(self._views)
        self.table = FoundTable(self._found)
        self._said = QLabel(self._found)
        self._said.setProperty("role", "quiet")
        self.newest, self.newer, self.older = (
            TouchButton(self._found, monotonic_s=monotonic_s) for _ in range(3)
        )
        self.choosing = ChoosingView(self._views, monotonic_s)
        self.number = NumberView(self._views, monotonic_s)
        self.export_view = ExportView(self._views, monotonic_s)
        self._lay_out()
        self._connect()

    def retranslate(self) -> None:
        """Show everything in the kiosk's language."""
        self.newest.set_words(translate("ledger", "Newest"))
        if self._views.currentWidget() in {self.choosing, self.number}:
            # What is being chosen has words, too: it begins anew.
            self._back()
        for view in (self.choosing, self.number, self.export_view):
            view.retranslate()
        self.export_view.show_wanted(self._wish_words())
        self._show()

    def refresh(self, now: datetime) -> None:
        """Search when nothing was asked yet, and show as much as there is room for."""
        if self._is_unasked and self.desk.model.loss is None:
            self._search([None])
        self._show_page()

    def take(self, event: Event) -> None:
        """Ask anew when somebody else has signed in: what is refused to one is told to another."""
        if isinstance(event, SessionChanged):
            self.renew()

    def renew(self) -> None:
        """Ask anew: the station answers again."""
        self._searching.forget()
        self._counting.forget()
        self._page, self._cameras, self._exporting = None, (), None

    @property
    def _is_unasked(self) -> bool:
        return self._page is None and self._searching.asked_s == float("-inf")

    def _search(self, places: list[PagePlace | None]) -> None:
        """Ask for the page that begins below the last of these places."""
        self._places = places
        # Nobody waits for a page behind the list of cameras: that is asked for again afterwards.
        self._counting.end()
        wanted = self._wish.wanted(self.desk.clock.now())
        command = SearchPassages(uuid4(), wanted, MOST_LINES, places[-1])
        self._searching.ask(command, self._on_page)
        self._show()

    def _on_page(self, answer: Answer) -> None:
        if isinstance(answer, SearchPage):
            self._page, self._problem = answer, ""
            if answer.about is not None:
                self._about = answer.about
            if not self._cameras:
                self._ask_cameras()
        else:
            self._page = None
            self._problem = problem_text(
                answer, translate("ledger", "The search was not answered: try again")
            )
        self._show()

    def _ask_cameras(self) -> None:
        """Ask which cameras have passages; the ledger also knows those of long ago."""
        self._counting.ask(AskStatistics(uuid4(), None, None), self._on_cameras)

    def _on_cameras(self, answer: Answer) -> None:
        if isinstance(answer, StatisticsCounted):
            self._cameras = answer.statistics.cameras

    def _on_facet(self, facet: Facet, _: object) -> None:
        self._facet = facet
        if facet is Facet.CASE:
            self.number.begin(translate("ledger", "Number of the case"), CASE_DIGITS, _case_number)
            self._views.setCurrentWidget(self.number)
            self.number.setFocus()
            return
        is_time = facet is Facet.TIME
        current = {
            Facet.TIME: None if self._wish.before else self._wish.period,
            Facet.CAMERA: self._wish.camera,
            Facet.OUTCOME: self._wish.outcome,
            Facet.REASON: self._wish.reason,
        }[facet]
        self.choosing.begin(
            facet_title(facet),
            choices(facet, self._cameras),
            current,
            translate("ledger", "Type day and time") if is_time else "",
        )
        self._views.setCurrentWidget(self.choosing)

    def _on_typing(self) -> None:
        self.number.begin(
            translate("ledger", "Passages before: month, day, hour, minute"),
            MOMENT_DIGITS,
            lambda digits: typed_moment(digits, self.desk.clock.now()),
        )
        self._views.setCurrentWidget(self.number)
        self.number.setFocus()

    def _on_chosen(self, value: object) -> None:
        self._wish = self._wish.chosen(self._facet, value)
        self._about = None
        self._back()
        self._search([None])

    def _back(self) -> None:
        self._views.setCurrentWidget(self._found)

    def _on_newer(self, _: object) -> None:
        self._search(self._places[:-1] or [None])

    def _on_older(self, _: object) -> None:
        next_place = self._next_place()
        if next_place is not None:
            self._search([*self._places, next_place])

    def _next_place(self) -> PagePlace | None:
        """Return where the next page begins: below the last row that there is room for."""
        page, room = self._page, self.table.capacity
        if page is None or len(page.rows) <= room:
            return page.after if page else None
        last = page.rows[room - 1].passage
        return PagePlace(last.last_at, last.passage_id)

    def _on_export(self, _: object) -> None:
        self.export_view.show_wanted(self._wish_words())
        self._views.setCurrentWidget(self.export_view)

    def _wish_words(self) -> str:
        form = translate("ledger", "{0}: {1}")
        said = (form.format(facet_title(one), self._wish.said(one)) for one in Facet)
        return " · ".join(said)

    def _on_form(self, form: TableFormat) -> None:
        wanted = self._wish.wanted(self.desk.clock.now())
        command = ExportPassages(uuid4(), wanted, form)
        self._exporting = command.command_id
        self.export_view.show_asked(translate("ledger", "Asking the station…"))
        self.desk.ask(command, self._on_progress)

    def _on_progress(self, answer: Answer) -> None:
        if isinstance(answer, WorkProgress):
            self.export_view.show_progress(answer)
        else:
            otherwise = translate("ledger", "Not begun: another export may be running")
            self.export_view.show_problem(problem_text(answer, otherwise))
        self._show_export()

    def _on_export_ended(self) -> None:
        if self._exporting is not None:
            self.desk.tell(CancelWork(uuid4(), self._exporting))

    def _show(self) -> None:
        for facet, button in self.facets.items():
            button.show_choice(facet_title(facet), self._wish.said(facet))
        self._show_export()
        self._show_page()

    def _show_export(self) -> None:
        self.export.show_choice(translate("ledger", "Export"), self.export_view.brief)

    def _show_page(self) -> None:
        rows = self._page.rows[: self.table.capacity] if self._page else ()
        self.table.show_lines([found_line(one) for one in rows])
        number = len(self._places)
        if self._searching.is_waiting:
            said = translate("ledger", "Searching…")
        elif self._page is None:
            said = self._problem
        else:
            said = page_words(number, len(rows), self._about)
        self._said.setText(said)
        has_newer, has_older = number > 1, self._next_place() is not None
        self.newer.setEnabled(has_newer)
        self.older.setEnabled(has_older)
        # In words, too: a colour alone tells nobody that there is nothing more.
        newer, older = translate("ledger", "Newer"), translate("ledger", "Older")
        self.newer.set_words(newer if has_newer else translate("ledger", "Nothing newer"))
        self.older.set_words(older if has_older else translate("ledger", "Nothing older"))

    def _connect(self) -> None:
        for facet, button in self.facets.items():
            button.touched.connect(partial(self._on_facet, facet))
        self.export.touched.connect(self._on_export)
        self.newest.touched.connect(lambda _: self._search([None]))
        self.newer.touched.connect(self._on_newer)
        self.older.touched.connect(self._on_older)
        self.choosing.chosen.connect(self._on_chosen)
        self.choosing.typing_asked.connect(self._on_typing)
        self.number.typed.connect(self._on_chosen)
        for view in (self.choosing, self.number, self.export_view):
            view.cancelled.connect(self._back)
        self.export_view.asked.connect(self._on_form)
        self.export_view.ended.connect(self._on_export_ended)

    def _lay_out(self) -> None:
        facets, ends = QHBoxLayout(), QHBoxLayout()
        for button in (*self.facets.values(), self.export):
            facets.addWidget(button)
        for turn in (self.newest, self.newer, self.older):
            ends.addWidget(turn)
        found = QVBoxLayout(self._found)
        found.addWidget(self._said)
        found.addWidget(self.table, 1)
        found.addLayout(ends)
        layout = QVBoxLayout(self)
        layout.addLayout(facets)
        layout.addWidget(self._views, 1)
        for spaced in (facets, ends, found, layout):
            spaced.setContentsMargins(0, 0, 0, 0)
            spaced.setSpacing(GAP_PX)
        for view in (self._found, self.choosing, self.number, self.export_view):
            self._views.addWidget(view)


def _case_number(digits: str) -> int | None:
    return int(digits) if digits and int(digits) else None
