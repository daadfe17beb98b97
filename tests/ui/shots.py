"""`python -m tests.ui.shots DIR`: draw every screen in every scene, size and language.

Everybody in the pictures is simulated. With `QT_SCALE_FACTOR=2` they are drawn for a dense screen.
"""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from tests.ui.scenes import scenes_of
from tests.ui.screens import SIZES, Stage
from ui.app import make_application
from ui.language import Language, LanguageName
from ui.screens.table import SCREENS
from ui.theme import style_sheet
from ui.viewmodels.prompts import Prompt
from ui.views.traveller import TravellerView


def draw_all(folder: Path) -> Iterator[Path]:
    """Draw them all, one folder a screen, and tell each file."""
    for entry in SCREENS:
        for size in SIZES:
            for name in get_args(LanguageName):
                for scene, play in scenes_of(entry.key).items():
                    stage = Stage(name, size)
                    stage.window.show_screen(entry.key)
                    play(stage)
                    place = folder / entry.key / f"{scene}_{_named(size)}_{name}.png"
                    yield _save(stage.window, place)
                    stage.close()


def draw_travellers(folder: Path) -> Iterator[Path]:
    """Draw what travellers see, both languages at once: each wish, and four lanes side by side."""
    view = TravellerView(None, Language("en"))
    view.setStyleSheet(style_sheet(18))
    for size in SIZES:
        view.resize(*size)
        for prompt in Prompt:
            view.show_prompts({"1": prompt})
            view.show()
            yield _save(view, folder / "travellers" / f"{prompt}_{_named(size)}.png")
        wishes = (Prompt.GO_ON, Prompt.STEP_ASIDE, Prompt.REMOVE_GLASSES, Prompt.STAFF)
        view.show_prompts({str(lane): wish for lane, wish in enumerate(wishes, start=1)})
        yield _save(view, folder / "travellers" / f"four_lanes_{_named(size)}.png")
    view.close()


def _save(window: QWidget, path: Path) -> Path:
    QCoreApplication.processEvents()
    path.parent.mkdir(parents=True, exist_ok=True)
    window.grab().save(str(path))
    return path


def _named(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]}"


def main() -> None:
    """Draw everything."""
    folder, started_s = Path(sys.argv[1]), time.monotonic()
    count = sum(1 for draw in (draw_all, draw_travellers) for _ in draw(folder))
    took_s = time.monotonic() - started_s
    sys.stdout.write(f"{count} pictures in {folder}, {took_s:.0f} s\n")


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # Held until the end: without it nothing can be drawn.
    application = make_application()
    main()
