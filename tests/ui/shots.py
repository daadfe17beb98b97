"""`python -m tests.ui.shots DIR`: draw every screen in every scene, size and language."""

import os
import sys
from pathlib import Path
from typing import get_args

from tests.ui.scenes import scenes_of
from tests.ui.screens import SIZES, Stage
from ui.app import make_application
from ui.language import LanguageName
from ui.screens.table import SCREENS


def draw_all(folder: Path) -> list[Path]:
    """Draw them all, one folder a screen, and return the files."""
    paths = []
    for entry in SCREENS:
        (folder / entry.key).mkdir(parents=True, exist_ok=True)
        for size in SIZES:
            for name in get_args(LanguageName):
                for scene, play in scenes_of(entry.key).items():
                    stage = Stage(name, size)
                    stage.window.show_screen(entry.key)
                    play(stage)
                    path = folder / entry.key / f"{scene}_{size[0]}x{size[1]}_{name}.png"
                    stage.window.grab().save(str(path))
                    paths.append(path)
                    stage.close()
    return paths


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = make_application()
    for drawn in draw_all(Path(sys.argv[1])):
        sys.stdout.write(f"{drawn}\n")
