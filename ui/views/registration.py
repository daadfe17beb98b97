"""The page on which staff ask the traveller: one question after the other, one touch each."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from station.core.case_flow import CaseFlow
from station.core.cases import Case
from station.core.identity import LONGEST_IDENTITY, Identity, IdentityField
from station.core.registration import UNKNOWN, Exposure, Field, Medicine, Symptom
from ui.case_texts import EXPOSURES, FIELDS, MEDICINES, NUMBERS, SYMPTOMS
from ui.entering.registering import (
    DOES_NOT_KNOW,
    ERASE,
    HEALTH,
    IDENTITY,
    NEXT,
    TEXTS,
    TYPE,
    Draft,
    Page,
    begun,
)
from ui.language import Language
from ui.sizes import PRIMARY_MM, TARGET_MM, px
from ui.texts import say, translate
from ui.viewmodels.choices import Choice
from ui.views.writing_pages import WritingPages
from ui.widgets.choices import ChoiceGrid
from ui.widgets.labels import role_label
from ui.widgets.rows import GAP_PX
from ui.widgets.touch import TouchButton

_COLUMNS = {True: 12, False: 10}
_HERE = "▸"
_MARGINS_PX = (14, 8, 14, 10)


class RegistrationView(QFrame):
    """Asks for a case's registration; what is typed of an identity is forgotten when it closes.

    Args:
        language: the kiosk's.
        monotonic_s: the clock for touches.
    """

    registered = Signal(object)
    """What was answered: (case UUID, Registration, Identity, whether they are isolated)."""
    closed = Signal()
    """Staff go back; the answers so far are kept for this case, an identity is not."""

    def __init__(
        self, parent: QWidget, language: Language, monotonic_s: Callable[[], float]
    ) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._flow = CaseFlow(policies=())
        self._case: Case | None = None
        self._draft = begun(self._flow, None, ())
        self._is_shared = False
        self._kept: dict[UUID, Draft] = {}
        self._to_ask_again: set[UUID] = set()
        self._is_lost = False
        self._has_station = True
        self.writing = WritingPages(self, language, monotonic_s)
        self._title = role_label(self, "title")
        self._typed = role_label(self, "big")

        def grid(columns: int) -> ChoiceGrid:
            return ChoiceGrid(self, columns=columns, monotonic_s=monotonic_s)

        self.tabs, self.answers = grid(6), grid(10)
        self.symptoms, self.medicines, self.exposures = grid(7), grid(4), grid(5)
        self._health_titles = [role_label(self, "quiet") for _ in range(3)]
        self.lines = {one: QLineEdit(self) for one in IdentityField}
        self._line_titles = {one: role_label(self, "quiet") for one in IdentityField}
        self._rule = role_label(self, "quiet")
        self._again = role_label(self, "caution", wraps=True)
        self.back, self.unknown = _button(self, monotonic_s), _button(self, monotonic_s)
        self.only = _button(self, monotonic_s)
        self.enter = TouchButton(
            self, role="primary", height_mm=PRIMARY_MM, monotonic_s=monotonic_s
        )
        self._body = QStackedWidget(self)
        for one, line in self.lines.items():
            is_name = one is IdentityField.NAME
            # The station would refuse more, and all of it would have to be typed again.
            line.setMaxLength(LONGEST_IDENTITY)
            # Names may be Chinese; what follows is as in a passport.
            self.writing.offer(line, may_be_chinese=is_name, has_capitals=True)
            line.setProperty("bilingual", True)
        self._lay_out()
        self._connect()

    @property
    def draft(self) -> Draft:
        """What was answered so far."""
        return self._draft

    def open_case(
        self, case: Case, flow: CaseFlow, now: datetime, *, is_drill: bool, is_lost: bool = False
    ) -> None:
        """Begin to ask for a case, or go on where it was left.

        Args:
            case: the case.
            flow: what is asked.
            now: for the rules in force.
            is_drill: an exercise tells the CDC nobody.
            is_lost: the kiosk was asking for it and was started again: say so.
        """
        permit = flow.permit(case, now)
        permitted = permit.fields if permit else ()
        fresh = begun(flow, case.progress.registration, permitted)
        kept = self._kept.get(case.case_id)
        # The rule may have changed since: what is permitted comes from now alone.
        draft = fresh if kept is None else kept.under(fresh.asked, fresh.permitted)
        self._forget_identity()
        self._flow, self._case = flow, case
        self._is_shared = permit is not None and permit.share_with_cdc and not is_drill
        self._is_lost = is_lost
        self._show(draft)
        self.retranslate()

    def show_station(self, *, is_there: bool) -> None:
        """Say whether what is asked can be registered now; what was typed stays."""
        if is_there != self._has_station:
            self._has_station = is_there
            self._show(self._draft)

    def take_case(self, case: Case) -> None:
        """Take what the station says of a case; forget what was asked once it is registered."""
        before = self._case if self._case and self._case.case_id == case.case_id else None
        registered_at = case.progress.registered_at
        is_news = registered_at != (before.progress.registered_at if before else None)
        is_over = case.is_finished or (registered_at is not None and is_news)
        if before is not None:
            self._case = case
            self._show(self._draft)
        if is_over:
            self.forget(case.case_id)

    def forget(self, case_id: UUID) -> None:
        """Forget what was asked for a case."""
        if self._case is not None and self._case.case_id == case_id:
            self._forget_identity()
        self._kept.pop(case_id, None)
        self._to_ask_again.discard(case_id)

    def retranslate(self) -> None:
        """Show the words in the kiosk's language."""
        self.back.set_words(translate("registration", "Back"))
        self.unknown.set_words(translate("registration", "Does not\nknow"))
        self.only.set_words(translate("registration", "Register"))
        self.enter.set_words(translate("registration", "Register: now in\nthe isolation room"))
        names = {
            IdentityField.NAME: translate("registration", "Name"),
            IdentityField.DOCUMENT: translate("registration", "Identity card or passport"),
            IdentityField.TELEPHONE: translate("registration", "Telephone"),
        }
        for one, line in self.lines.items():
            line.setAccessibleName(names[one])
            self._line_titles[one].setText(names[one])
        self.writing.retranslate()
        kept = translate(
            "registration", "Asked under a rule, kept on this station, deleted in time"
        )
        told = translate(
            "registration",
            "Asked under a rule, also for the CDC (sealed, only it can read it), deleted in time",
        )
        self._rule.setText(told if self._is_shared else kept)
        self._show(self._draft)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Take letters and digits from a keyboard or a ticket's scanner as well."""
        text = event.text().upper()
        if not isinstance(self._draft.page, Field):
            super().keyPressEvent(event)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._on_answer(NEXT)
        elif event.key() == Qt.Key.Key_Backspace:
            self._on_answer(ERASE)
        elif text.isalnum() and text.isascii():
            self._show(self._draft.touched(TYPE).touched(text))
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Forget the identity whenever the page leaves the sight."""
        self._forget_identity()
        super().hideEvent(event)

    def _on_tab(self, page: Page) -> None:
        self._show(self._draft.at(page))

    def _on_answer(self, choice: str) -> None:
        self._show(self._draft.touched(choice))

    def _on_symptom(self, symptom: Symptom | None) -> None:
        self._show(self._draft.with_symptom(symptom))

    def _on_exposure(self, exposure: Exposure | None) -> None:
        self._show(self._draft.with_exposure(exposure))

    def _on_medicine(self, medicine: Medicine | None) -> None:
        hours = self._flow.medicine_hours
        if medicine is None:
            self._show(self._draft.with_no_to_all(hours))
        else:
            self._show(self._draft.with_medicine(medicine, hours))

    def _on_entered(self, is_isolated: bool) -> None:
        if self._case is None:
            return
        texts = {one: line.text().strip() for one, line in self.lines.items()}
        identity = Identity(
            texts[IdentityField.NAME],
            texts[IdentityField.DOCUMENT],
            texts[IdentityField.TELEPHONE],
        )
        asked = identity if self._draft.permitted else Identity()
        self.registered.emit((self._case.case_id, self._draft.answers, asked, is_isolated))

    def _on_back(self) -> None:
        self._forget_identity()
        self.closed.emit()

    def _forget_identity(self) -> None:
        self.writing.leave()
        if self._case is not None and self._has_identity:
            self._to_ask_again.add(self._case.case_id)
        for line in self.lines.values():
            line.clear()

    @property
    def _has_identity(self) -> bool:
        return any(line.text().strip() for line in self.lines.values())

    def _show(self, draft: Draft) -> None:
        self._draft = draft
        if self._case is not None:
            self._kept[self._case.case_id] = draft
            words = translate("registration", "Register case {0}")
            self._title.setText(words.format(self._case.number) + self._trouble())
        self._typed.setText(self._typed_text(draft))
        self.tabs.show_choices([self._tab(page) for page in draft.pages], len(draft.pages))
        pages = (HEALTH, IDENTITY)
        is_text = draft.page not in pages
        # Cars and rows have the same numbers, seats of two cases the same letters.
        asked = self._case and self._case.case_id, draft.page, draft.row
        self.unknown.set_target(asked)
        self._body.setCurrentIndex(0 if is_text else 1 + pages.index(str(draft.page)))
        if is_text:
            choices = [_choice(key, draft) for key in draft.choices()]
            self.answers.show_choices(choices, _COLUMNS[draft.has_pad], asked)
        self._show_health(draft)
        for one in IdentityField:
            for widget in (self.lines[one], self._line_titles[one]):
                widget.setVisible(one in draft.permitted)
        self._again.setText(self._again_text())
        self._again.setVisible(bool(self._again.text()))
        self.unknown.setEnabled(is_text)
        is_whole = not draft.missing and self._has_station
        is_isolated = self._case is not None and self._case.progress.isolated_at is not None
        self.only.setEnabled(is_whole)
        self.enter.setEnabled(is_whole and not is_isolated)

    def _trouble(self) -> str:
        """Return why the page is not as it was, or cannot be ended."""
        if not self._has_station:
            return translate("registration", " · no station: wait, what you typed stays here")
        if self._is_lost:
            return translate("registration", " · the kiosk restarted: ask all questions again")
        return ""

    def _again_text(self) -> str:
        """Return what became of an identity that was given before."""
        if self._case is None or self._has_identity:
            return ""
        if self._case.case_id in self._to_ask_again:
            return translate(
                "registration", "What was typed here was forgotten when the page closed: ask again"
            )
        if self._case.progress.has_identity:
            return translate(
                "registration", "An identity is kept: leave this empty, or type all of it anew"
            )
        return ""

    def _show_health(self, draft: Draft) -> None:
        answers = draft.answers
        hours = self._flow.medicine_hours
        for label, field in zip(
            self._health_titles, (Field.SYMPTOMS, Field.MEDICINE, Field.EXPOSURE), strict=True
        ):
            label.setText(say(FIELDS, field).format(hours))
        none = translate("registration", "None")
        symptoms = [
            Choice(one, say(SYMPTOMS, one), one in (answers.symptoms or ())) for one in Symptom
        ]
        self.symptoms.show_choices([*symptoms, Choice(None, none, answers.symptoms == ())])
        medicines = [Choice(one, say(MEDICINES, one), answers.medicine is one) for one in Medicine]
        no_to_all = translate("registration", "No to all\nthree questions")
        self.medicines.show_choices([*medicines, Choice(None, no_to_all)])
        exposures = [
            Choice(one, say(EXPOSURES, one), one in (answers.exposure or ())) for one in Exposure
        ]
        self.exposures.show_choices([*exposures, Choice(None, none, answers.exposure == ())])

    def _tab(self, page: Page) -> Choice:
        draft = self._draft
        if page == IDENTITY:
            words = translate("registration", "Identity") + f"\n{self._identity_word()}"
            return Choice(page, words, draft.page == page, mark=_HERE)
        if page == HEALTH:
            is_open = bool(set(draft.missing) - set(TEXTS))
            answered = translate("registration", "asked") if not is_open else "…"
            words = translate("registration", "Health") + f"\n{answered}"
            return Choice(page, words, draft.page == page, mark=_HERE)
        field = Field(page)
        name = say(NUMBERS, draft.answers.hub) if field is Field.NUMBER else say(FIELDS, field)
        answer = getattr(draft.answers, field.value)
        answer = translate("registration", "unknown") if answer == UNKNOWN else answer or "…"
        return Choice(page, f"{name}\n{answer}", draft.page == page, mark=_HERE)

    def _identity_word(self) -> str:
        if self._has_identity:
            return translate("registration", "typed")
        if self._case is not None and self._case.case_id in self._to_ask_again:
            return translate("registration", "ask again")
        is_kept = self._case is not None and self._case.progress.has_identity
        return translate("registration", "asked") if is_kept else "…"

    def _typed_text(self, draft: Draft) -> str:
        if not isinstance(draft.page, Field):
            return ""
        return draft.typed + ("_" if draft.has_pad else draft.row)

    def _connect(self) -> None:
        for line in self.lines.values():
            line.textChanged.connect(lambda _: self._show(self._draft))
        self.tabs.chosen.connect(self._on_tab)
        self.answers.chosen.connect(self._on_answer)
        self.symptoms.chosen.connect(self._on_symptom)
        self.medicines.chosen.connect(self._on_medicine)
        self.exposures.chosen.connect(self._on_exposure)
        self.back.touched.connect(lambda _: self._on_back())
        self.unknown.touched.connect(lambda _: self._on_answer(DOES_NOT_KNOW))
        self.only.touched.connect(lambda _: self._on_entered(False))
        self.enter.touched.connect(lambda _: self._on_entered(True))

    def _lay_out(self) -> None:
        text = _page(self._body, self.answers)
        health = _page(
            self._body,
            *(
                part
                for pair in zip(
                    self._health_titles,
                    (self.symptoms, self.medicines, self.exposures),
                    strict=True,
                )
                for part in pair
            ),
        )
        rows: list[QWidget] = [self._rule, self._again]
        for one, line in self.lines.items():
            line.setMinimumHeight(px(self, TARGET_MM))
            rows += [self._line_titles[one], line]
        for page in (text, health, _page(self._body, *rows)):
            self._body.addWidget(page)
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._typed)
        ends = QHBoxLayout()
        ends.setSpacing(GAP_PX)
        for button, stretch in ((self.back, 1), (self.unknown, 1), (self.only, 1), (self.enter, 2)):
            ends.addWidget(button, stretch, Qt.AlignmentFlag.AlignBottom)
        frame = QVBoxLayout(self)
        frame.setContentsMargins(0, 0, 0, 0)
        frame.addWidget(self.writing)
        layout = QVBoxLayout(self.writing.content)
        layout.setContentsMargins(*_MARGINS_PX)
        layout.setSpacing(GAP_PX)
        layout.addLayout(head)
        layout.addWidget(self.tabs)
        layout.addWidget(self._body, 1)
        layout.addLayout(ends)


def _choice(key: str, draft: Draft) -> Choice:
    words = {
        TYPE: translate("registration", "Type it"),
        ERASE: translate("typing", "Erase"),
        NEXT: translate("registration", "Next"),
    }
    return Choice(key, words.get(key, key), is_enabled=key != NEXT or bool(draft.typed))


def _page(parent: QWidget, *widgets: QWidget) -> QWidget:
    page = QWidget(parent)
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(GAP_PX // 2)
    for widget in widgets:
        layout.addWidget(widget)
    layout.addStretch(1)
    return page


def _button(parent: QWidget, monotonic_s: Callable[[], float]) -> TouchButton:
    return TouchButton(parent, height_mm=PRIMARY_MM, monotonic_s=monotonic_s)
