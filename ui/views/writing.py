"""The page on which gloves write a line: Latin letters, digits, signs, and Chinese by its sound."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui.pinyin import Candidate, Composing, characters
from ui.sizes import PRIMARY_MM, TARGET_MM, px
from ui.texts import translate
from ui.viewmodels.choices import Choice
from ui.widgets.choices import ChoiceGrid
from ui.widgets.keypad import ERASE
from ui.widgets.labels import role_label
from ui.widgets.rows import GAP_PX
from ui.widgets.touch import TouchButton

_ROWS = ("QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM")
_DIGITS = "1234567890"
_COLUMNS = 10
_CANDIDATES = _COLUMNS - 1
# What ends the last row: names are written with these, in Latin letters and in Chinese.
_MARKS = {False: ("-", "'", "."), True: ("-", "·", "，")}
# What stands in the letters' places while signs are wanted, in Latin and in Chinese writing.
_SIGNS = {
    False: ",.:;!?/()-" + "+=%°$@#*_" + "\"'<>[]~",
    True: "，。：；！？、（）—" + "+=%°《》“”…" + "‘’·～-/@",
}
_MORE = "more"
_MARGINS_PX = (14, 8, 14, 10)


class WritingView(QFrame):
    """Keys of twenty millimetres for one line at a time; a keyboard types into the line as well.

    Args:
        monotonic_s: the clock for touches.
    """

    written = Signal(str)
    """The whole text, after each change."""
    done = Signal()
    """Staff go back to where the line stands."""
    next_wanted = Signal()
    """Staff want to write the next line."""

    def __init__(self, parent: QWidget, monotonic_s: Callable[[], float]) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._monotonic_s = monotonic_s
        self._composing = Composing()
        self._is_chinese = False
        self._has_capitals = self._is_capital = True
        self._has_signs = False
        self._has_next = False
        self._title = role_label(self, "title")
        self._letters = role_label(self, "big")
        self.line = QLineEdit(self)
        self.line.setProperty("role", "key")
        self.upper = ChoiceGrid(self, columns=_COLUMNS, monotonic_s=monotonic_s)
        # What people are called is the same in every language.
        for written in (self.line, self._letters, self.upper):
            written.setProperty("bilingual", True)
        self.keys = {letter: self._key(letter) for row in _ROWS for letter in row}
        self.marks = [self._key(mark) for mark in _MARKS[False]]
        self.erase = self._key(ERASE, role="")
        self.mode, self.shift, self.signs, self.space, self.next = (self._end() for _ in range(5))
        self.shift.setCheckable(True)
        self.enter = self._end(role="primary")
        self._lay_out()
        self._connect()

    @property
    def letters(self) -> str:
        """The letters that wait for their characters."""
        return self._composing.letters

    def begin(self, text: str, most: int, *, is_chinese: bool, has_capitals: bool = True) -> None:
        """Write on a line.

        Args:
            text: what stands there already.
            most: its longest text, characters.
            is_chinese: whether letters are pinyin to begin with.
            has_capitals: whether Latin letters are capitals, as in passports.
        """
        self._composing = Composing()
        self._is_chinese, self._has_signs = is_chinese, False
        self._has_capitals = self._is_capital = has_capitals
        self.line.setMaxLength(most)
        self._put(text)
        self._show()
        self.line.setFocus()

    def forget(self) -> None:
        """Forget what was written, here and not where it came from."""
        self._composing = Composing()
        self._put("")
        self._show()

    def name_line(self, title: str, *, has_next: bool) -> None:
        """Say what the line is, and whether another one follows."""
        self._title.setText(title)
        self.line.setAccessibleName(title)
        self._has_next = has_next
        self._show()

    def retranslate(self) -> None:
        """Show the words in the kiosk's language."""
        self.erase.set_words(translate("typing", "Erase"))
        self.shift.set_words(translate("writing", "Capital\nletter"))
        self.space.set_words(translate("writing", "Space"))
        self.next.set_words(translate("writing", "Next\nline"))
        self.enter.set_words(translate("writing", "Done"))
        self._show()

    def _put(self, text: str) -> None:
        """Show a text without telling that it was written."""
        self.line.blockSignals(True)
        self.line.setText(text)
        self.line.blockSignals(False)

    def _show(self) -> None:
        self._letters.setText(self._composing.letters)
        self.upper.show_choices(self._upper_row())
        for (letter, key), sign in zip(self.keys.items(), _SIGNS[self._is_chinese], strict=True):
            key.set_target(sign if self._has_signs else letter)
            key.set_words(sign if self._has_signs else self._cased(letter))
        self.shift.setChecked(self._is_capital and not self._is_chinese)
        self.shift.setEnabled(not self._is_chinese and not self._has_signs)
        letters, signs = translate("writing", "Letters"), translate("writing", "Signs")
        self.signs.set_words(letters if self._has_signs else signs)
        for mark, key in zip(_MARKS[self._is_chinese], self.marks, strict=True):
            key.set_target(mark)
            key.set_words(mark)
        self.mode.set_words(
            translate("writing", "Latin\nletters")
            if self._is_chinese
            else translate("writing", "Chinese\nby pinyin")
        )
        self.next.setVisible(self._has_next)

    def _upper_row(self) -> list[Choice]:
        """Return the digits, or while letters wait the characters that they may be."""
        if not self._composing.letters:
            return [Choice(digit, digit, role="key") for digit in _DIGITS]
        found, pages = self._candidates()
        start = self._composing.page * _CANDIDATES
        shown = [Choice(one, one.text, role="key") for one in found[start : start + _CANDIDATES]]
        if pages > 1:
            words = translate("rows", "More\n{0}/{1}")
            shown.append(Choice(_MORE, words.format(self._composing.page + 1, pages)))
        return shown

    def _candidates(self) -> tuple[tuple[Candidate, ...], int]:
        is_first = not self.line.text()[: self.line.cursorPosition()]
        found = characters().candidates(self._composing.letters, is_first=is_first)
        return found, -(-len(found) // _CANDIDATES)

    def _on_upper(self, key: object) -> None:
        if isinstance(key, Candidate):
            self.line.insert(key.text)
            self._composing = self._composing.chosen(key)
        elif key == _MORE:
            self._composing = self._composing.turned(self._candidates()[1])
        else:
            self.line.insert(str(key))
        self._show()

    def _on_key(self, key: object) -> None:
        letter = str(key)
        is_letter = letter in self.keys
        if self._is_chinese and is_letter:
            self._composing = self._composing.pressed(letter)
        elif letter == ERASE and self._composing.letters:
            self._composing = self._composing.erased()
        elif letter == ERASE:
            self.line.backspace()
        else:
            self._write_waiting()
            self.line.insert(self._cased(letter) if is_letter else letter)
            self._is_capital = self._has_capitals if is_letter else self._is_capital
        self._show()

    def _cased(self, letter: str) -> str:
        return letter if self._is_capital and not self._is_chinese else letter.lower()

    def _on_space(self) -> None:
        if self._composing.letters:
            # As on every Chinese keyboard: the likeliest one.
            self._on_upper(self._upper_row()[0].key)
        else:
            # After a sign and a space letters follow.
            self._has_signs = False
            self._on_key(" ")

    def _on_shift(self) -> None:
        self._is_capital = not self._is_capital
        self._show()

    def _on_signs(self) -> None:
        self._has_signs = not self._has_signs
        self._show()

    def _on_mode(self) -> None:
        self._write_waiting()
        self._is_chinese, self._has_signs = not self._is_chinese, False
        self._show()

    def _write_waiting(self) -> None:
        """Write letters that got no characters as they are: nothing typed is lost."""
        self.line.insert(self._composing.letters)
        self._composing = Composing()

    def _leave(self, signal: Callable[[], None]) -> None:
        self._write_waiting()
        self._show()
        signal()

    def _key(self, target: str, role: str = "key") -> TouchButton:
        key = TouchButton(self, role=role, height_mm=TARGET_MM, monotonic_s=self._monotonic_s)
        key.set_target(target)
        key.touched.connect(self._on_key)
        return key

    def _end(self, role: str = "") -> TouchButton:
        return TouchButton(self, role=role, height_mm=PRIMARY_MM, monotonic_s=self._monotonic_s)

    def _connect(self) -> None:
        self.line.textChanged.connect(self.written)
        self.line.returnPressed.connect(lambda: self._leave(self.done.emit))
        self.upper.chosen.connect(self._on_upper)
        self.mode.touched.connect(lambda _: self._on_mode())
        self.shift.touched.connect(lambda _: self._on_shift())
        self.signs.touched.connect(lambda _: self._on_signs())
        self.space.touched.connect(lambda _: self._on_space())
        self.next.touched.connect(lambda _: self._leave(self.next_wanted.emit))
        self.enter.touched.connect(lambda _: self._leave(self.done.emit))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._letters)
        self.line.setMinimumHeight(px(self, TARGET_MM))
        keys = QGridLayout()
        keys.setSpacing(GAP_PX)
        ends = {1: [self.erase], 2: self.marks}
        for row, letters in enumerate(_ROWS):
            buttons = [self.keys[letter] for letter in letters] + ends.get(row, [])
            for column, button in enumerate(buttons):
                keys.addWidget(button, row, column)
        last = QHBoxLayout()
        last.setSpacing(GAP_PX)
        for button in (self.mode, self.shift, self.signs, self.space, self.next, self.enter):
            last.addWidget(button, 2 if button in {self.space, self.enter} else 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*_MARGINS_PX)
        layout.setSpacing(GAP_PX)
        layout.addLayout(head)
        layout.addWidget(self.line)
        layout.addStretch(1)
        layout.addWidget(self.upper)
        layout.addLayout(keys)
        layout.addLayout(last)
