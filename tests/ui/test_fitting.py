"""A line in a place that is too narrow."""

import numpy as np
import pytest
from PySide6.QtWidgets import QWidget

from tests.ui.looks import drawn
from ui.widgets.fitting import LEAST_WIDTH, FittingLabel

WORDS = "late by 21:39: ring the duty desk 010-5555-0000"


@pytest.fixture
def label(application: None) -> FittingLabel:
    label = FittingLabel(WORDS)
    label.setStyleSheet("color: white; background: black")
    return label


def inked(label: QWidget, width_px: int) -> np.ndarray:
    """Return which columns carry ink at this width."""
    label.resize(width_px, label.sizeHint().height())
    return np.asarray(drawn(label))[..., :3].max(axis=(0, 2)) > 128


def test_the_last_digit_of_a_telephone_number_is_drawn(label: FittingLabel) -> None:
    natural_px = label.sizeHint().width()
    whole = inked(label, natural_px)
    narrow = inked(label, round(natural_px * 0.85))
    # As many strokes side by side, only nearer to each other; the last one ends at the edge.
    assert narrow[-12:].any()
    assert np.flatnonzero(narrow)[-1] < len(narrow)
    assert np.count_nonzero(np.diff(narrow)) >= 0.8 * np.count_nonzero(np.diff(whole))


@pytest.mark.parametrize("text", [WORDS, "超时 1:01:49：电话通知疾控值班室 010-5555-0000"])
def test_a_line_is_whole_in_every_width_down_to_its_least(label: FittingLabel, text: str) -> None:
    label.setText(text)
    natural_px = label.sizeHint().width()
    least_px = label.minimumSizeHint().width()
    assert least_px < LEAST_WIDTH * natural_px + 4
    shown = [label.fitted(width_px) for width_px in range(least_px, natural_px + 1)]
    assert {one for one, _ in shown} == {text}
    assert all(LEAST_WIDTH <= factor <= 1.0 for _, factor in shown)


def test_what_does_not_fit_in_any_way_ends_with_an_ellipsis(label: FittingLabel) -> None:
    shown, _ = label.fitted(label.sizeHint().width() // 2)
    assert shown.endswith("…")


def test_a_name_that_is_read_from_the_right_does_not_turn_its_line_round(
    label: FittingLabel,
) -> None:
    label.setText("1749 · 12:29 · محمد عبدالله")
    columns = np.flatnonzero(inked(label, label.sizeHint().width() + 200))
    label.setText("1749 · 12:29 ·")
    begin = np.flatnonzero(inked(label, label.sizeHint().width() + 200))
    # The line begins with its number at the left, and ends with the name.
    assert columns[0] == begin[0]
    assert np.array_equal(columns[: len(begin) // 2], begin[: len(begin) // 2])
