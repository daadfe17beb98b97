"""A camera is recorded and the file screened again."""

import itertools
import threading

import numpy as np
import pytest

from drivers.cameras.recording import RecordingCamera
from simulators.catalogue import plug_in
from simulators.site import Site
from station.__main__ import main


@pytest.fixture
def camera(tmp_path):
    options = {"password": "pw", "rows": 72, "columns": 96}
    plugged = plug_in(Site(tmp_path, seed=1), "camera", "hikvision-isapi", options)
    yield plugged
    plugged.close()


def record(camera, out, *more):
    options = (f"--option={name}={value}" for name, value in camera.address.items())
    named = ["--driver", "hikvision-isapi", *options, "--option", "max_rate_hz=50"]
    return main(["record", *named, "--out", str(out), "--seconds", "1", *more])


def close_after(camera, pictures):
    taken, picture = itertools.count(1), camera.device.picture

    def counted():
        if next(taken) == pictures:
            threading.Thread(target=camera.close).start()
        return picture()

    camera.device.picture = counted


class EighthsOfASecond:
    """A clock that goes on by an eighth of a second whenever somebody looks at it."""

    def __init__(self):
        self._looks = itertools.count()

    def monotonic(self):
        return next(self._looks) / 8


def test_what_was_recorded_is_played_again(camera, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("station.commands.record.time", EighthsOfASecond())
    out = tmp_path / "clip.npz"
    assert record(camera, out) == 0
    said = capsys.readouterr().out
    frames = []
    with RecordingCamera(out) as recording:
        while (frame := recording.read(1.0)) is not None:
            frames.append(frame)
    assert f"{len(frames)} frames in" in said
    # The camera is asked seven times before the second is over.
    assert len(frames) == 7
    assert np.all(np.diff([frame.monotonic_s for frame in frames]) > 0)
    # Somewhere in every frame is the reference source at 37 °C, read 0.6 °C high by this camera.
    assert frames[0].temperature_c.max() == pytest.approx(37.3, abs=0.6)
    assert record(camera, out) == 2
    assert "choose another name" in capsys.readouterr().err


def test_a_camera_that_goes_away_leaves_what_it_gave(camera, tmp_path, capsys):
    out = tmp_path / "clip.npz"
    close_after(camera, pictures=10)
    assert record(camera, out, "--seconds", "30") == 1
    assert "The camera was lost" in capsys.readouterr().out
    with RecordingCamera(out) as recording:
        assert recording.read(1.0) is not None


def test_only_cameras_are_recorded(tmp_path, capsys):
    out = str(tmp_path / "clip.npz")
    assert main(["record", "--driver", "fefd", "--option", "port=x", "--out", out]) == 2
    assert "Only cameras" in capsys.readouterr().err
