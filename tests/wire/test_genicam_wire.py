"""The same transcripts judge the driver and the simulator, which never see each other."""

from pathlib import Path

import numpy as np
import pytest

from drivers.cameras import genicam_opening
from drivers.cameras.genicam import FlirGenicamCamera
from drivers.cameras.genicam_codec import A_SERIES, AX5, to_celsius
from drivers.errors import OpenFailed
from simulators.clock import SceneClock
from simulators.devices.flir_gige import FlirGigeDevice
from simulators.devices.thermal_camera import ThermalCameraDevice
from simulators.dialects.genicam import GenicamNodes
from simulators.faults import Faults

FORMS = {"a-series": A_SERIES, "ax5": AX5}
families = pytest.mark.parametrize("family", FORMS)


def steps(name, *words):
    lines = (Path(__file__).parent / "flir_genicam" / f"{name}.txt").read_text("utf-8").splitlines()
    found = (line.partition(" ")[::2] for line in lines if line and not line.startswith("#"))
    return [step for step in found if step[0] in words]


class ScriptedLine:
    """Stands in for the line of the nodes: hears what the transcript says, in its order."""

    def __init__(self, script):
        self.left = list(script)

    def __call__(self, port, baud):
        return self

    def write(self, data):
        word, text = self.left.pop(0)
        assert (word, data) == ("host", text.encode() + b"\n")

    def read(self, max_bytes, timeout_s):
        word, text = self.left.pop(0)
        assert word == "camera"
        return text.encode() + b"\n"

    def close(self):
        pass


@families
def test_the_driver_keeps_to_the_transcript(family, monkeypatch):
    line = ScriptedLine(steps(family, "host", "camera"))
    monkeypatch.setattr(genicam_opening, "SerialTransport", line)
    # No buffers are behind it: the nodes are through when the driver looks for them.
    camera = FlirGenicamCamera(source="tcp://127.0.0.1:1", nodes="socket://there")
    with pytest.raises(OpenFailed, match="frame stream"):
        camera.open()
    assert line.left == []


class Wall:
    def render(self, t_s, *, is_source_covered=False):
        return np.full((240, 320), 25.0, dtype=np.float32)


@pytest.fixture
def device():
    faults = Faults()
    camera = ThermalCameraDevice(Wall(), SceneClock(0.0), faults)
    return lambda family: FlirGigeDevice(family, camera, (240, 320), faults)


@families
def test_the_simulator_keeps_to_the_transcript(family, device):
    nodes = GenicamNodes(device(family))
    for word, text in steps(family, "host", "camera"):
        if word == "host":
            said = b"".join(nodes.answer(text.encode() + b"\n"))
        else:
            assert said == text.encode() + b"\n"


@families
def test_both_understand_the_pixels_alike(family, device):
    camera = device(family)
    for node, value in FORMS[family].nodes:
        camera.take(node, value)
    for _, text in steps(family, "pixel"):
        celsius, _, data = text.partition(" ")
        counts = np.frombuffer(bytes.fromhex(data), "<u2")
        half_a_count = FORMS[family].kelvin_per_count / 2
        assert to_celsius(counts, FORMS[family])[0] == pytest.approx(
            float(celsius), abs=half_a_count + 1e-4
        )
        assert camera.pixels(np.array([float(celsius)], np.float32)) == counts


def test_the_simulated_camera_refuses_what_a_camera_refuses(device):
    camera = device("a-series")
    nodes = GenicamNodes(camera)

    def ask(line):
        return b"".join(nodes.answer(line + b"\n"))

    assert b"no such node" in ask(b'{"node": "Nose"}')
    assert b"no such node" in ask(b'{"node": "Nose", "value": "1"}')
    assert b"does not take" in ask(b'{"node": "IRFormat", "value": "Hot"}')
    assert b"does not take" in ask(b'{"node": "Width", "value": "9"}')
    ask(b'{"node": "AcquisitionStart", "value": "1"}')
    assert b"is locked" in ask(b'{"node": "PixelFormat", "value": "Mono16"}')
    assert b"names a node" in ask(b"what?")
    assert b"names a node" in ask(b"[]")
    assert ask(b"") == b""


def test_the_simulated_camera_hears_lines_in_any_chunking(device):
    nodes = GenicamNodes(device("ax5"))
    said = [line for byte in b'{"node": "Width"}\n' for line in nodes.answer(bytes([byte]))]
    assert said == [b'{"node": "Width", "value": "320"}\n']
