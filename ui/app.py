"""The kiosk's application: start, exceptions, and the order of ending."""

import faulthandler
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from station.core.errors import KnownError
from station.runtime.bridge_client import BridgeClient
from station.runtime.clock import SystemClock
from station.service.notify import Notifier
from ui.bridge import StationBridge
from ui.care import Care
from ui.keeping import PlaceFile, TokenFile
from ui.language import Language, LanguageName
from ui.pulse import Pulse
from ui.speaker import find_programs
from ui.traveller import TravellerPlace, TravellerSide
from ui.window import KioskWindow

logger = logging.getLogger(__name__)

# Python runs its signal handlers only between Qt's events: this brings some.
_SIGNAL_POLL_MS = 200
# After this time a fresh kiosk has its snapshot and some pictures.
_SCREENSHOT_MS = 3000
# The window's thread has the interpreter back after so long, whatever the reading thread does.
_SWITCH_S = 0.001
_NEEDS_NO_DISPLAY = ("offscreen", "minimal", "vnc", "eglfs", "linuxfb")


def check_display() -> None:
    """Check that there is a display: Qt itself would end the process without a word to catch.

    Raises:
        KnownError: if there is none.
    """
    platform = os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0]
    if not sys.platform.startswith("linux") or platform in _NEEDS_NO_DISPLAY:
        return
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise KnownError(
            "There is no display here (DISPLAY and WAYLAND_DISPLAY are empty): start the kiosk in "
            "a desktop session, or set QT_QPA_PLATFORM=offscreen to draw without one."
        )


def make_application() -> QApplication:
    """Return the application in the kiosk's style."""
    # OpenCV 5 with a Qt of its own points Qt to its plug-ins; ours must find theirs.
    os.environ.pop("QT_QPA_PLATFORM_PLUGIN_PATH", None)
    # Else Qt hands pieces of each painted shape to other threads, and on a busy machine the window
    # waits for every one of them to get a core.
    os.environ["QT_NO_GUI_THREADPOOL"] = "1"
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication(["fever-station"])
    application.setStyle("Fusion")
    return application


def run_kiosk(
    socket_path: Path,
    language: LanguageName,
    *,
    is_full_screen: bool,
    place_path: Path,
    traveller: TravellerPlace = TravellerPlace.AUTO,
    recordings: Path | None = None,
    screenshot_folder: Path | None = None,
    on_shown: Callable[[KioskWindow, Pulse], None] = lambda window, pulse: None,
) -> int:
    """Show the kiosk until its window is closed; return the exit code.

    Args:
        socket_path: the station's bridge; a kiosk without a station says so and keeps trying.
        language: at start.
        is_full_screen: whether it takes the whole screen.
        place_path: the file that keeps where the operator is; beside it lies the session's.
        traveller: where travellers see what they are told.
        recordings: a folder of recorded prompts, if there is one.
        screenshot_folder: if given, save a picture of the kiosk there after three seconds and end.
        on_shown: called once the window is on show, with what measures whether it answers.

    Raises:
        KnownError: if there is no display.
    """
    check_display()
    faulthandler.enable()
    sys.setswitchinterval(_SWITCH_S)
    sys.excepthook = _log_exception
    threading.excepthook = _log_thread_exception
    application = make_application()
    bridge = StationBridge(BridgeClient(socket_path))
    window = KioskWindow(bridge, Language(language), SystemClock())
    for number in (signal.SIGTERM, signal.SIGINT):
        # By a timer: asked to quit before its loop runs, Qt would forget it.
        signal.signal(number, lambda *_: QTimer.singleShot(0, application.quit))
    poll = QTimer()
    poll.timeout.connect(lambda: None)
    poll.start(_SIGNAL_POLL_MS)
    token_file = TokenFile(place_path.with_name(f"{place_path.name}.session"))
    care = Care(window.desk, PlaceFile(place_path), token_file, Notifier.of_environment())
    bridge.start()
    if is_full_screen:
        window.showFullScreen()
    else:
        window.resize(1280, 800)
        window.show()
    window.desk.speaker.open(find_programs(), recordings)
    travellers = TravellerSide(window.desk)
    travellers.open(traveller, window)
    travellers.start()
    if screenshot_folder is not None:
        QTimer.singleShot(_SCREENSHOT_MS, lambda: _save_and_quit(window, screenshot_folder))
    pulse = Pulse()
    for begin in (care.begin, pulse.start, lambda: on_shown(window, pulse)):
        QTimer.singleShot(0, begin)
    code = application.exec()
    care.end()
    pulse.stop()
    # Timers first, then the threads that emit to the window, then the window.
    window.stop()
    travellers.stop()
    bridge.stop()
    window.close()
    return code


def _save_and_quit(window: KioskWindow, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "kiosk.png"
    is_saved = window.grab().save(str(path))
    if not is_saved:
        logger.error("the picture of the kiosk could not be written: check %s", path)
    QApplication.exit(0 if is_saved else 1)


def _log_exception(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """A slot that raises is our bug: say it loudly and keep the kiosk up."""
    logger.critical("unexpected error in the kiosk", exc_info=(kind, error, trace))


def _log_thread_exception(args: threading.ExceptHookArgs) -> None:
    """A thread that dies leaves the picture late, which the kiosk shows; the log says why."""
    name = args.thread.name if args.thread else "?"
    logger.critical("thread %s died in the kiosk", name, exc_info=args.exc_value)
