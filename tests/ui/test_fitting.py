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
    assert narrow[-6:].any()
    assert np.flatnonzero(narrow)[-1] < len(narrow)
    assert np.count_nonzero(np.diff(narrow)) >= 0.8 * np.count_nonzero(np.diff(whole))


def test_what_does_not_fit_in_any_way_ends_with_an_ellipsis(label: FittingLabel) -> None:
    natural_px = label.sizeHint().width()
    least_px = label.minimumSizeHint().width()
    assert least_px < natural_px <= least_px / LEAST_WIDTH + 1
    shown = inked(label, natural_px // 2)
    label.setText(WORDS[: len(WORDS) // 2])
    assert not np.array_equal(shown, inked(label, natural_px // 2))
