"""All lanes at once: a tile each, one touch away from the large picture."""

import math
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from station.core.lane_events import LaneUpdate
from station.core.masks import Region
from station.runtime.bridge_frames import Picture
from ui.palette import PaletteName
from ui.theme import NOTICE_COLORS
from ui.viewmodels.lanes import TileView
from ui.widgets.thermal import ThermalView
from ui.widgets.touch import TouchButton

_GAP_PX = 8
_LEAST_PX = (120, 90)


class LaneTile(TouchButton):
    """One lane: its name, how it is, its picture."""

    def __init__(self, parent: QWidget, lane: str, monotonic_s: Callable[[], float]) -> None:
        super().__init__(parent, role="tile", monotonic_s=monotonic_s)
        self.set_target(lane)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._words = QLabel(self)
        self._words.setWordWrap(True)
        self.picture = ThermalView(self, _LEAST_PX, is_small=True)
        for part in (self._words, self.picture):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 8)
        column.setSpacing(4)
        column.addWidget(self._words)
        column.addWidget(self.picture, 1)

    def show_tile(self, tile: TileView) -> None:
        """Show how the lane is."""
        text = f"{tile.title} · {tile.notice.text}"
        if text != self._words.text():
            self._words.setText(text)
            self._words.setStyleSheet(f"color: {NOTICE_COLORS[tile.notice.role]};")
            self.setAccessibleName(text)
        # The words stand above: the cover only takes the picture for what it is.
        self.picture.set_late(tile.notice.text if tile.is_covered else "")


class LaneWall(QWidget):
    """As many tiles as there are lanes, in a grid as square as can be.

    Args:
        monotonic_s: the clock for touches.
    """

    lane_asked = Signal(object)
    """Somebody wants to see this lane large (its name)."""

    def __init__(self, parent: QWidget, monotonic_s: Callable[[], float]) -> None:
        super().__init__(parent)
        self._monotonic_s = monotonic_s
        self.tiles: dict[str, LaneTile] = {}
        self._palette = PaletteName.BLUE_YELLOW
        self._masks: Mapping[str, tuple[Region, ...]] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(_GAP_PX)

    def show_tiles(self, tiles: Sequence[TileView]) -> None:
        """Show how each lane is; a lane heard of for the first time gets its tile."""
        if [tile.lane for tile in tiles] != list(self.tiles):
            self._make([tile.lane for tile in tiles])
        for tile in tiles:
            self.tiles[tile.lane].show_tile(tile)

    def show_frame(self, picture: Picture, update: LaneUpdate) -> None:
        """Show a lane's picture in its tile."""
        if update.lane in self.tiles:
            self.tiles[update.lane].picture.show_picture(picture.pixels_ck, update)

    def set_palette(self, palette: PaletteName) -> None:
        """Show all pictures in these colours."""
        self._palette = palette
        for tile in self.tiles.values():
            tile.picture.set_palette(palette)

    def set_masks(self, masks: Mapping[str, tuple[Region, ...]]) -> None:
        """Hatch where nobody is measured, by lane."""
        self._masks = masks
        for tile in self.tiles.values():
            tile.picture.set_masks(masks)

    def _make(self, lanes: Sequence[str]) -> None:
        for tile in self.tiles.values():
            tile.hide()
            self._grid.removeWidget(tile)
            tile.deleteLater()
        self.tiles = {lane: LaneTile(self, lane, self._monotonic_s) for lane in lanes}
        columns = math.ceil(math.sqrt(len(lanes)))
        for number, tile in enumerate(self.tiles.values()):
            tile.touched.connect(self.lane_asked)
            tile.picture.set_palette(self._palette)
            tile.picture.set_masks(self._masks)
            self._grid.addWidget(tile, number // columns, number % columns)
