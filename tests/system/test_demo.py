import os
import subprocess
import sys

import pytest


@pytest.mark.system
def test_the_demo_tells_the_whole_way_from_flag_to_receipt():
    headless = {k: v for k, v in os.environ.items() if k not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    demo = subprocess.run(
        [sys.executable, "-m", "station", "demo", "--seconds", "26"],
        env=headless,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert demo.returncode == 0, demo.stdout + demo.stderr
    assert "no display here" in demo.stdout
    places = [
        demo.stdout.rindex(word)
        for word in ("flagged  ", "second check", "durable", "acknowledged by the broker",
                     "stored at CDC  ", "receipt  ")
    ]  # fmt: skip
    assert places == sorted(places)
