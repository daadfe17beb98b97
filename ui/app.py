"""The kiosk's application: start, exceptions, and the order of ending."""

import faulthandler
import logging
import os
import signal
import sys
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from station.runtime.bridge import BridgeClient
from ui.bridge import StationBridge
from ui.language import Language, LanguageName
from ui.theme import style_sheet
from ui.window import KioskWindow

logger = logging.getLogger(__name__)

_TEXT_PX = 18
# Python runs its signal handlers only between Qt's events: this brings some.
_SIGNAL_POLL_MS = 200


def make_application() -> QApplication:
    """Return the application in the kiosk's style."""
    # OpenCV 5 with a Qt of its own points Qt to its plug-ins; ours must find theirs.
    os.environ.pop("QT_QPA_PLATFORM_PLUGIN_PATH", None)
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication(["fever-station"])
    application.setStyle("Fusion")
    application.setStyleSheet(style_sheet(_TEXT_PX))
    return application


def run_kiosk(socket_path: Path, language: LanguageName, *, is_full_screen: bool) -> int:
    """Show the kiosk until its window is closed; return the exit code."""
    faulthandler.enable()
    sys.excepthook = _log_exception
    application = make_application()
    bridge = StationBridge(BridgeClient(socket_path))
    window = KioskWindow(bridge, Language(language))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: application.quit())
    poll = QTimer()
    poll.timeout.connect(lambda: None)
    poll.start(_SIGNAL_POLL_MS)
    bridge.start()
    if is_full_screen:
        window.showFullScreen()
    else:
        window.resize(1280, 800)
        window.show()
    code = application.exec()
    bridge.stop()
    return code


def _log_exception(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """A slot that raises is our bug: say it loudly and keep the kiosk up."""
    logger.critical("unexpected error in the kiosk", exc_info=(kind, error, trace))
