import numpy as np
import pytest
from PySide6.QtGui import QColor

from station.core.screening import Outcome
from ui import theme
from ui.palette import PALETTES, PaletteName


@pytest.mark.parametrize("pair", theme.TEXT_PAIRS)
def test_every_text_is_readable_on_its_ground(pair: tuple[str, str]) -> None:
    assert theme.contrast(*pair) >= theme.MIN_CONTRAST


@pytest.mark.parametrize("palette", PaletteName)
@pytest.mark.parametrize("text", [theme.TEXT, theme.CAUTION])
def test_words_over_the_picture_are_readable_on_all_its_colours(
    text: str, palette: PaletteName
) -> None:
    opacity = theme.SHADE_ALPHA / 255
    shade = np.array(QColor(theme.SHADE).getRgb()[:3])
    for color in PALETTES[palette][::15]:
        ground = QColor(*(int(v) for v in shade * opacity + color * (1 - opacity)))
        assert theme.contrast(text, ground.name()) >= theme.MIN_CONTRAST


def test_black_on_white_has_the_contrast_of_the_standard() -> None:
    assert theme.contrast("#000000", "#ffffff") == pytest.approx(21.0)


def test_each_outcome_has_a_shape_of_its_own_whatever_its_colour() -> None:
    styles = [theme.OUTCOME_STYLES[outcome] for outcome in Outcome]
    assert len({style.corners for style in styles}) == len(styles)
    assert len({style.color for style in styles}) == len(styles)


def test_only_what_was_not_measured_is_hatched_and_dashed() -> None:
    dashed = {outcome for outcome in Outcome if theme.OUTCOME_STYLES[outcome].is_dashed}
    assert dashed == {Outcome.NOT_MEASURED}


@pytest.mark.parametrize("palette", PaletteName)
def test_each_palette_gets_lighter_all_the_way(palette: PaletteName) -> None:
    weights = np.array([0.2126, 0.7152, 0.0722])
    lightness = ((PALETTES[palette] / 255.0) ** 2.2) @ weights
    assert np.all(np.diff(lightness) > -1e-3)
    assert lightness[-1] - lightness[0] > 0.8


def test_text_grows_with_the_window_between_two_bounds() -> None:
    sizes = [theme.text_px(height) for height in (600, 800, 1080, 4000)]
    assert sizes == sorted(sizes)
    assert sizes[0] == sizes[1] == 18
    assert sizes[-1] == 26
