"""Locks the kiosk when nobody has touched it for a while."""

from PySide6.QtCore import QCoreApplication, QEvent, QObject

from ui.desk import Desk

_SIGNS_OF_LIFE = (
    QEvent.Type.MouseButtonPress,
    QEvent.Type.KeyPress,
    QEvent.Type.TouchBegin,
    QEvent.Type.Wheel,
)


class IdleLock(QObject):
    """Looks at every touch and key of the application, and signs out after too long without.

    Args:
        parent: the window.
        desk: knows who is signed in, and for how long without a touch.
    """

    def __init__(self, parent: QObject, desk: Desk) -> None:
        super().__init__(parent)
        self._desk = desk
        self._touched_s = desk.clock.monotonic_s()
        self._is_watching = False

    def look(self) -> None:
        """Sign out if it is time; called from the window's timer."""
        session = self._desk.model.session
        is_watching = session is not None and session.is_required and session.person is not None
        if is_watching != self._is_watching:
            self._is_watching = is_watching
            self._watch(is_watching)
        if session is None or not is_watching or not session.lock_after_s:
            return
        if self._desk.clock.monotonic_s() - self._touched_s >= session.lock_after_s:
            self._desk.lock()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Note a sign of life; nothing is kept from whom it is for."""
        if event.type() in _SIGNS_OF_LIFE:
            self._touched_s = self._desk.clock.monotonic_s()
        return False

    def _watch(self, is_watching: bool) -> None:
        # Only while somebody is signed in: every event of the application passes a filter.
        application = QCoreApplication.instance()
        if application is None:
            return
        if is_watching:
            self._touched_s = self._desk.clock.monotonic_s()
            application.installEventFilter(self)
        else:
            application.removeEventFilter(self)
