"""Each check of a screen fails when it should: widgets broken on purpose, one fault each."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QSlider, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.ui import checks
from ui.sizes import PRIMARY_MM, TARGET_MM
from ui.theme import ALARM, CAUTION, LINE, TEXT, style_sheet
from ui.widgets.touch import TouchButton

Break = Callable[["Bench"], None]


class Painted(QWidget):
    """A picture; nobody says what of."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.darkBlue)
        painter.end()


class Bench(QWidget):
    """A small screen without fault: a text, a button, a primary button, an input, a light."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setStyleSheet(style_sheet(18))
        self.label = QLabel("Waiting for second check", self)
        self.button = TouchButton(self, height_mm=TARGET_MM)
        self.button.set_words("More")
        self.primary = TouchButton(self, role="primary", height_mm=PRIMARY_MM)
        self.primary.set_words("Attach")
        self.input = QLineEdit(self)
        self.input.setMinimumHeight(self.button.minimumHeight())
        self.input.setAccessibleName("Number")
        self.input.setPlaceholderText("Number of the case")
        self.light = QFrame(self)
        self.light.setFixedSize(40, 40)
        self.light.setStyleSheet(f"background: {ALARM};")
        self.column = QVBoxLayout(self)
        for widget in (self.label, self.button, self.primary, self.input, self.light):
            self.column.addWidget(widget)
        self.resize(500, 500)

    def faults(self) -> list[str]:
        return [
            *checks.cut_texts(self),
            *checks.low_contrasts(self),
            *checks.small_targets(self),
            *checks.lying_over_each_other(self),
            *checks.untranslated(self, "en"),
            *checks.nameless(self),
            *checks.out_of_reach(self),
        ]


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    bench = Bench()
    qtbot.addWidget(bench)
    bench.show()
    with qtbot.waitActive(bench):
        bench.activateWindow()
    return bench


def picture(bench: Bench) -> None:
    bench.column.addWidget(Painted(bench))


def slider(bench: Bench) -> None:
    bench.column.addWidget(QSlider(Qt.Orientation.Horizontal, bench))


def over_the_button(bench: Bench) -> None:
    other = TouchButton(bench)
    other.set_words("Over it")
    other.setGeometry(bench.button.geometry().translated(9, 9))
    other.show()


BROKEN: list[tuple[Break, str]] = [
    (lambda b: b.label.setFixedWidth(80), "'Waiting for second check' needs"),
    (lambda b: b.button.setFixedSize(90, 90) or b.button.setText("Far too long"), "needs"),
    (lambda b: b.label.setStyleSheet(f"color: {LINE};"), "'Waiting for second check' has a cont"),
    (lambda b: b.button.setStyleSheet("color: #8899a8;"), "'More' has a contrast of"),
    (
        lambda b: b.input.setStyleSheet("placeholder-text-color: #777777;"),
        "'Number of the case' has a contrast",
    ),
    (lambda b: b.input.setFixedWidth(120), "'Number of the case' needs"),
    (lambda b: b.label.setStyleSheet(f"background: {CAUTION};"), "'Waiting for second check' has"),
    (lambda b: b.button.setFixedHeight(60), "'More' has only 60 px of"),
    (lambda b: b.input.setFixedHeight(30), "'Number' has only 30 px of"),
    (lambda b: b.primary.setFixedHeight(b.button.height()), "'Attach' is primary and has only"),
    (slider, "Bench must be dragged"),
    (over_the_button, "'More' and 'Over it' overlap"),
    (lambda b: b.label.setText("等待复测"), "'等待复测' says ['等待复测']"),
    (lambda b: b.button.setAccessibleName("更多"), "'更多' says"),
    (lambda b: b.input.setPlaceholderText("编号"), "'编号' says"),
    (lambda b: b.button.setAccessibleName(""), "a TouchButton has no name"),
    (lambda b: b.input.setAccessibleName(""), "a QLineEdit has no name"),
    (picture, "a picture (Painted) has no name"),
    (lambda b: b.button.setFocusPolicy(Qt.FocusPolicy.ClickFocus), "'More' is out of the keyb"),
]


def test_a_screen_without_fault_has_none(bench: Bench) -> None:
    assert bench.faults() == []


@pytest.mark.parametrize(("spoil", "told"), BROKEN, ids=range(len(BROKEN)))
def test_each_fault_is_told(bench: Bench, qtbot: QtBot, spoil: Break, told: str) -> None:
    spoil(bench)
    qtbot.wait(1)
    assert any(told in fault for fault in bench.faults()), bench.faults()


@pytest.mark.parametrize("text", ["Waiting", "等待 second 复测", "通道 lane"])
def test_words_left_in_english_are_told_in_chinese(bench: Bench, text: str) -> None:
    bench.label.setText(text)
    assert any(repr(text) in fault for fault in checks.untranslated(bench, "zh"))


@pytest.mark.parametrize("text", ["gun-1：断开", "等待 37.2 °C", "camera_2.toml", "疾控 CDC", "A"])
def test_names_and_units_are_words_of_no_language(bench: Bench, text: str) -> None:
    bench.label.setText(text)
    assert not any(repr(text) in fault for fault in checks.untranslated(bench, "zh"))


def test_a_light_that_changes_its_colour_alone_is_told(bench: Bench) -> None:
    before = checks.looks(bench)
    bench.light.setStyleSheet(f"background: {CAUTION};")
    assert list(checks.told_by_color_alone(before, checks.looks(bench)))


def test_a_word_that_changes_its_colour_alone_is_told(bench: Bench) -> None:
    before = checks.looks(bench)
    bench.label.setStyleSheet(f"color: {ALARM};")
    assert list(checks.told_by_color_alone(before, checks.looks(bench)))


def test_a_colour_with_a_new_word_a_new_name_or_a_new_shape_is_well(bench: Bench) -> None:
    before = checks.looks(bench)
    bench.label.setStyleSheet(f"color: {ALARM};")
    bench.label.setText("Overdue")
    bench.light.setStyleSheet(
        f"background: {CAUTION}; border: 12px solid {TEXT}; border-radius: 20px;"
    )
    bench.button.setCheckable(True)
    bench.button.setChecked(True)
    assert list(checks.told_by_color_alone(before, checks.looks(bench))) == []
