import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from station.core.errors import KnownError
from ui import app
from ui.__main__ import main

ROOT = Path(__file__).parents[2]


def kiosk(*arguments: str, **environment: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "ui", *arguments],
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"} | environment,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")


@pytest.mark.usefixtures("no_display")
def test_without_a_display_there_is_one_clear_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--socket", "/nowhere"]) == 2
    told = capsys.readouterr().err
    assert told.startswith("fever-station-kiosk: There is no display here")
    assert "Traceback" not in told


@pytest.mark.usefixtures("no_display")
def test_a_display_asked_for_but_absent_is_told_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    with pytest.raises(KnownError):
        app.check_display()


@pytest.mark.usefixtures("no_display")
@pytest.mark.parametrize(
    ("name", "value"),
    [("DISPLAY", ":0"), ("WAYLAND_DISPLAY", "wayland-0"), ("QT_QPA_PLATFORM", "offscreen:x")],
)
def test_any_way_to_draw_is_enough(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    app.check_display()


def test_the_plug_in_path_of_opencv_is_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM_PLUGIN_PATH", "/cv2/qt/plugins")
    app.make_application()
    assert "QT_QPA_PLATFORM_PLUGIN_PATH" not in os.environ


def test_qt_paints_in_the_window_s_thread_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QT_NO_GUI_THREADPOOL", raising=False)
    app.make_application()
    assert "QT_NO_GUI_THREADPOOL" in os.environ


def test_a_kiosk_without_a_station_starts_and_saves_its_picture(tmp_path: Path) -> None:
    process = kiosk(
        "--socket", str(tmp_path / "none"), "--screenshot", str(tmp_path / "shots"),
        QT_QPA_PLATFORM_PLUGIN_PATH="/cv2/qt/plugins",
    )  # fmt: skip
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    image = QImage(str(tmp_path / "shots" / "kiosk.png"))
    assert (image.width(), image.height()) == (1280, 800)


def test_a_kiosk_ends_in_order_when_it_is_told_to(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as station:
        station.bind(str(tmp_path / "bridge"))
        station.listen()
        process = kiosk("--socket", str(tmp_path / "bridge"))
        # It looks for the station once its handlers are set.
        station.settimeout(60)
        station.accept()[0].close()
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    assert "Traceback" not in errors


def test_a_slot_that_raises_is_logged_loudly(caplog: pytest.LogCaptureFixture) -> None:
    error = ValueError("a bug")
    app._log_exception(ValueError, error, None)
    assert [record.levelname for record in caplog.records] == ["CRITICAL"]
    assert "a bug" in caplog.text


def test_a_thread_that_dies_is_logged_with_its_name(caplog: pytest.LogCaptureFixture) -> None:
    error = ValueError("a bug")
    thread = threading.Thread(name="bridge-read")
    app._log_thread_exception(
        threading.ExceptHookArgs((ValueError, error, error.__traceback__, thread))
    )
    assert "bridge-read" in caplog.text
    assert "a bug" in caplog.text
