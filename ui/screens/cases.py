"""All cases that go on, and the next step of the one that the operator is at."""

from datetime import datetime
from uuid import UUID, uuid4

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from station.core.cases import Case, CaseOutcome, HandoverStep
from station.core.commands import (
    CloseCase,
    HandOver,
    IsolateCase,
    RegisterCase,
    TakeBack,
)
from station.core.events import CaseChanged, Event
from station.core.identity import Identity
from station.core.registration import Registration
from station.core.stages import CaseStage
from ui.desk import Desk
from ui.screens.base import Screen
from ui.sizes import PRIMARY_MM, px
from ui.slip import Slip, make_slip
from ui.texts import translate
from ui.viewmodels.cases import CaseStand, case_lines, case_stand, desk_notice
from ui.viewmodels.duty_page import duty_page
from ui.viewmodels.notices import message_text
from ui.viewmodels.rows import Row
from ui.viewmodels.steps import Ask, Go, next_choices
from ui.views.duty import DutyView
from ui.views.registration import RegistrationView
from ui.widgets.banner import Banner
from ui.widgets.case_picture import CasePicture
from ui.widgets.choices import ChoiceGrid
from ui.widgets.labels import role_label
from ui.widgets.message import MessageBar
from ui.widgets.rows import GAP_PX, PagedRows
from ui.widgets.slip import SlipPicture, has_printer, print_slip
from ui.widgets.touch import TouchButton, set_role

_MOST_CASES, _FEWEST_CASES = 10, 3
_MARGINS_PX = (14, 8, 14, 10)
# A killed station is back within seconds; an identity is not left on show for longer.
_WAIT_S = 60.0


class CasesScreen(Screen):
    """From the verdict to the clinic's finding; nothing is forgotten on the way."""

    def __init__(self, parent: QWidget, desk: Desk) -> None:
        super().__init__(parent, desk)
        monotonic_s = desk.clock.monotonic_s
        self._slip: Slip | None = None
        self._alone_since_s: float | None = None
        self._has_printer = False
        self._is_printed: bool | None = None
        self._prints = 0
        self._shown_id: UUID | None = None
        self.pages = QStackedWidget(self)
        self._overview = QWidget(self.pages)
        self.registration = RegistrationView(self.pages, desk.language, monotonic_s)
        self.duty_page = DutyView(self.pages, monotonic_s)
        self.message, self.desk_banner = MessageBar(self), Banner(self)
        self.duty = TouchButton(self, monotonic_s=monotonic_s)
        self._count = role_label(self._overview, "title")
        self.queue = PagedRows(
            self._overview, capacity=_MOST_CASES, is_checkable=True, monotonic_s=monotonic_s
        )
        self._panel = QFrame(self._overview)
        self._panel.setObjectName("panel")
        self.picture = CasePicture(self._panel, px(self, PRIMARY_MM))
        self._title, self._due = role_label(self._panel, "title"), role_label(self._panel, "good")
        self._facts = role_label(self._panel, "")
        self._facts.setWordWrap(True)
        self.steps = ChoiceGrid(
            self._panel, columns=2, height_mm=PRIMARY_MM, monotonic_s=monotonic_s
        )
        self.slip_picture = SlipPicture(self._panel)
        self.take_back, self.left, self.slip, self.print = (
            TouchButton(self._panel, monotonic_s=monotonic_s) for _ in range(4)
        )
        self._lay_out()
        self._connect()

    def take(self, event: Event) -> None:
        """Leave the pages of a case that has ended."""
        if not isinstance(event, CaseChanged):
            return
        self.registration.take_case(event.case)
        if event.case.is_finished and event.case.case_id == self._shown_id:
            self.pages.setCurrentWidget(self._overview)

    def refresh(self, now: datetime) -> None:
        """Show what the model and the clock say now."""
        model = self.desk.model
        self.registration.show_station(is_there=model.loss is None)
        if not model.allows(RegisterCase) or self._is_left_alone():
            # Locked, signed in for looking only, or long without a station: nobody may go on
            # asking; the duty desk's page asks nothing and closes with the lock alone.
            is_asking = self.pages.currentWidget() is not self.duty_page
            if is_asking or model.person is None:
                self.pages.setCurrentWidget(self._overview)
        elif model.to_register is not None:
            case, model.to_register = model.going.get(model.to_register), None
            if case is not None:
                self._open_registration(case, now, is_lost=model.is_interrupted)
            model.is_interrupted = False
        self.message.show_text(message_text(model))
        self._shown_id = model.at
        self._show_duty(now)
        self._fit_rows()
        lines = case_lines(model, now)
        self._count.setText(translate("cases", "Open cases: {0}").format(len(lines)))
        self.queue.show_rows(
            [
                Row(
                    line.case_id,
                    line.title,
                    line.detail,
                    line.outcome,
                    is_selected=line.is_selected,
                    picture=line.picture,
                )
                for line in lines
            ]
        )
        self._show_case(case_stand(model, now))

    def retranslate(self) -> None:
        """Show the fixed words in the kiosk's language."""
        self.take_back.set_words(translate("cases", "Take back\nlast step"))
        self.left.set_words(translate("cases", "Left without\nhand-over"))
        self._name_print()
        self.slip.set_words(translate("cases", "Slip: fever\nclinics"))
        self.message.retranslate()
        self.registration.retranslate()
        self.duty.set_words(translate("cases", "Page for the\nduty desk"))
        self.duty_page.retranslate()

    def _is_left_alone(self) -> bool:
        """Whether the station has been gone for too long to wait amid the questions."""
        now_s = self.desk.clock.monotonic_s()
        if self.desk.model.loss is None:
            self._alone_since_s = None
            return False
        self._alone_since_s = now_s if self._alone_since_s is None else self._alone_since_s
        return now_s - self._alone_since_s >= _WAIT_S

    def _show_duty(self, now: datetime) -> None:
        model = self.desk.model
        notice = desk_notice(model, now)
        case = model.going.get(model.at) if model.at else None
        is_open = self.pages.currentWidget() is self.duty_page
        self.desk_banner.show_notice(notice)
        is_overview = self.pages.currentWidget() is self._overview
        self.duty.setVisible(notice is not None and is_overview)
        self.duty.setEnabled(case is not None and model.person is not None)
        if is_open and case is not None:
            self.duty_page.show_page(duty_page(model, case, now))

    def _show_case(self, stand: CaseStand | None) -> None:
        has_case = stand is not None
        for button in (self.take_back, self.left, self.slip):
            button.setEnabled(has_case)
        shown = self.slip.isChecked() and has_case
        self.steps.setVisible(has_case and not shown)
        self.picture.show_picture(stand.picture if stand else None)
        if stand is None:
            self._title.setText(translate("cases", "No open case"))
            self._due.setText("")
            self._facts.setText(translate("cases", "Travellers with a confirmed fever appear here"))
            self._show_slip(None, is_shown=False)
            return
        self._title.setText(stand.title)
        self._due.setText(stand.due.text)
        set_role(self._due, stand.due.role)
        self._facts.setText(stand.facts)
        self.picture.setAccessibleName(stand.title)
        self.steps.show_choices(next_choices(stand))
        for button, may in ((self.take_back, stand.can_take_back), (self.left, stand.can_leave)):
            button.setEnabled(may)
            button.set_target((stand.case.case_id, stand.stage))
        self._show_slip(make_slip(self.desk.model.flow, stand.case.number), is_shown=shown)

    def _show_slip(self, slip: Slip | None, *, is_shown: bool) -> None:
        self._slip = slip
        self.slip.setEnabled(slip is not None)
        self.slip_picture.show_slip(slip)
        self.slip_picture.setVisible(is_shown and slip is not None)
        self.print.setVisible(is_shown and slip is not None and self._has_printer)

    def _on_case(self, case_id: UUID) -> None:
        self.desk.model.at = case_id
        self.slip.setChecked(False)
        self.refresh(self.desk.clock.now())

    def _on_step(self, step: Ask | Go) -> None:
        model = self.desk.model
        case = model.going.get(step.case_id)
        if case is None:
            return
        now = self.desk.clock.now()
        if isinstance(step, Ask):
            self._ask(case, step.what)
        elif step.stage is CaseStage.REGISTRATION:
            self._open_registration(case, now)
        else:
            model.selected = case.case_id
            self.go_to.emit("lane")

    def _ask(self, case: Case, what: tuple[HandoverStep, ...] | CaseOutcome | None) -> None:
        if what is None:
            self.desk.send(IsolateCase(uuid4(), case.case_id))
        elif isinstance(what, CaseOutcome):
            self.desk.send(CloseCase(uuid4(), case.case_id, what))
        else:
            for one in what:
                to = self.desk.model.flow.emergency
                self.desk.send(HandOver(uuid4(), case.number, one, to))

    def _open_registration(self, case: Case, now: datetime, *, is_lost: bool = False) -> None:
        model = self.desk.model
        is_drill = model.about is not None and model.about.is_drill
        model.asking = case.case_id
        self.registration.open_case(case, model.flow, now, is_drill=is_drill, is_lost=is_lost)
        self.pages.setCurrentWidget(self.registration)
        self.registration.setFocus()

    def _on_registered(self, given: tuple[UUID, Registration, Identity, bool]) -> None:
        case_id, answers, identity, is_isolated = given
        self.desk.send(RegisterCase(uuid4(), case_id, answers, identity, is_isolated))
        self.pages.setCurrentWidget(self._overview)

    def _on_duty(self) -> None:
        model, now = self.desk.model, self.desk.clock.now()
        case = model.going.get(model.at) if model.at else None
        if case is not None:
            self.duty_page.open_page(duty_page(model, case, now))
            self.pages.setCurrentWidget(self.duty_page)

    def _on_take_back(self, about: tuple[UUID, CaseStage]) -> None:
        self.desk.send(TakeBack(uuid4(), about[0]))

    def _on_left(self, about: tuple[UUID, CaseStage]) -> None:
        case = self.desk.model.going.get(about[0])
        if case is not None:
            self.desk.send(HandOver(uuid4(), case.number, HandoverStep.LEFT_WITHOUT, ""))

    def _on_print(self) -> None:
        if self._slip is None:
            return
        self._is_printed = print_slip(self._slip)
        # A second touch of the same glove prints no second slip.
        self._prints += 1
        self._name_print()

    def _on_slip(self) -> None:
        # Asking for printers may take its time: once, not with every look.
        self._has_printer, self._is_printed = has_printer(), None
        self._name_print()
        self.refresh(self.desk.clock.now())

    def _name_print(self) -> None:
        words = {
            None: translate("cases", "Print"),
            True: translate("cases", "Printed:\nonce more"),
            False: translate("cases", "Not printed:\ntry again"),
        }
        self.print.set_words(words[self._is_printed])
        self.print.set_target(self._prints)

    def _connect(self) -> None:
        self.queue.chosen.connect(self._on_case)
        self.steps.chosen.connect(self._on_step)
        self.take_back.touched.connect(self._on_take_back)
        self.left.touched.connect(self._on_left)
        self.slip.setCheckable(True)
        self.slip.touched.connect(lambda _: self._on_slip())
        self.print.touched.connect(lambda _: self._on_print())
        self.duty.touched.connect(lambda _: self._on_duty())
        self.duty_page.closed.connect(lambda: self.pages.setCurrentWidget(self._overview))
        self.pages.currentChanged.connect(lambda _: self._on_page())
        self.registration.registered.connect(self._on_registered)
        self.registration.closed.connect(lambda: self.pages.setCurrentWidget(self._overview))
        self.message.dismissed.connect(self._on_dismissed)

    def _on_page(self) -> None:
        if self.pages.currentWidget() is not self.registration:
            self.desk.model.asking = None
        # Only the overview has room for the duty page's button.
        self._show_duty(self.desk.clock.now())

    def _on_dismissed(self) -> None:
        self.desk.model.dismiss()
        self.refresh(self.desk.clock.now())

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(14)
        head.addWidget(self.picture)
        words = QVBoxLayout()
        for label in (self._title, self._due):
            words.addWidget(label)
        head.addLayout(words, 1)
        ends = QHBoxLayout()
        for button in (self.take_back, self.left, self.slip, self.print):
            ends.addWidget(button)
        panel = QVBoxLayout(self._panel)
        panel.setContentsMargins(*_MARGINS_PX)
        panel.addLayout(head)
        panel.addWidget(self._facts)
        panel.addWidget(self.slip_picture, 1)
        panel.addStretch(0)
        panel.addWidget(self.steps, 0, Qt.AlignmentFlag.AlignBottom)
        panel.addLayout(ends)
        left = QVBoxLayout()
        left.addWidget(self._count)
        left.addWidget(self.queue)
        left.addStretch(1)
        body = QHBoxLayout(self._overview)
        body.setContentsMargins(0, 0, 0, 0)
        body.addLayout(left, 4)
        body.addWidget(self._panel, 5)
        top = QHBoxLayout()
        top.addWidget(self.desk_banner, 1)
        top.addWidget(self.duty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.message)
        layout.addLayout(top)
        layout.addWidget(self.pages, 1)
        self.pages.addWidget(self._overview)
        self.pages.addWidget(self.registration)
        self.pages.addWidget(self.duty_page)
        for spaced in (ends, panel, left, top, layout):
            spaced.setSpacing(GAP_PX)
        body.setSpacing(14)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a height at which the rows decide how many of them show."""
        return QSize(super().minimumSizeHint().width(), 0)

    def _fit_rows(self) -> None:
        spare_px = self._overview.height() - self._count.sizeHint().height()
        self.queue.set_capacity(max(_FEWEST_CASES, (spare_px - GAP_PX) // self.queue.row_px))
