"""What all screens have in common."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from station.core.events import Event
from ui.desk import Desk
from ui.sizes import PRIMARY_MM
from ui.widgets.touch import TouchButton


class Screen(QWidget):
    """One screen of the kiosk; the package's docstring tells when each method is called.

    Args:
        parent: the window.
        desk: what the kiosk knows, and the way to ask the station.
    """

    REFRESH_MS = 250
    """How often it is refreshed while it is in sight."""

    go_to = Signal(str)
    """Bring the screen with this key into sight."""

    def __init__(self, parent: QWidget, desk: Desk) -> None:
        super().__init__(parent)
        self.desk = desk

    def big_button(self, on_touch: Callable[[], None], role: str = "") -> TouchButton:
        """Return a button of primary size on this screen that acts when it is meant."""
        button = TouchButton(
            self, role=role, height_mm=PRIMARY_MM, monotonic_s=self.desk.clock.monotonic_s
        )
        button.touched.connect(lambda _: on_touch())
        return button

    def retranslate(self) -> None:
        """Show every fixed word in the kiosk's language."""
        raise NotImplementedError

    def refresh(self, now: datetime) -> None:
        """Show what holds now."""
        raise NotImplementedError

    def show_fresh(self) -> None:
        """Show pictures that have just come, if this screen shows any."""

    def take(self, event: Event) -> None:
        """Keep what an event says, if this screen needs more than the model keeps."""

    def renew(self) -> None:
        """Forget what was taken: the station answers again, a snapshot follows."""
