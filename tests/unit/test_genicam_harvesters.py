"""The way to the library `harvesters`, tried with the producer that genicam brings along.

That producer shows a bouncing ball: its nodes, buffers and errors are real, its pixels are no
temperatures. No FLIR camera and no network are exercised here.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from drivers.cameras.genicam import FlirGenicamCamera
from drivers.cameras.genicam_source import NodeRefused
from drivers.errors import DeviceDisconnected, DeviceTimeout, DriverUnavailable, OpenFailed

genicam = pytest.importorskip("genicam")

from genicam import genapi  # noqa: E402

from drivers.cameras.genicam_harvesters import HarvestersSource  # noqa: E402

PRODUCER = str(Path(genicam.__file__).parent / "viky.cti")


@pytest.fixture
def open_camera():
    opened = []

    def open_one(serial_number):
        opened.append(HarvestersSource(PRODUCER, serial_number))
        return opened[-1]

    yield open_one
    for source in opened:
        source.close()


@pytest.fixture
def camera(open_camera):
    return open_camera("1")


def test_nodes_are_read_and_set_as_text(camera):
    assert camera.get("PixelFormat") == "RGBa8"
    camera.set("PixelFormat", "Mono8")
    assert camera.get("PixelFormat") == "Mono8"
    assert camera.get("Width") == "400"
    assert camera.get("IRFormat") is None
    assert camera.identity() == ("Viky", "1")


@pytest.mark.parametrize(
    ("node", "value"),
    [("PixelFormat", "Mono99"), ("Width", "1234567"), ("IRFormat", "Radiometric")],
)
def test_a_value_that_a_node_does_not_take_is_told(camera, node, value):
    with pytest.raises(NodeRefused, match=f"does not take {node} '{value}'"):
        camera.set(node, value)


def test_buffers_come_numbered_while_pictures_are_taken(camera):
    # A busy machine may miss one: the next one's number tells it.
    camera.stop()
    camera.start()
    camera.start()
    buffers = [camera.fetch(5.0) for _ in range(20)]
    blocks = [item.block for item in buffers]
    assert blocks[0] >= 1 and blocks == sorted(set(blocks))
    assert all(item.is_complete and len(item.data) > 400 * 400 for item in buffers)
    camera.stop()
    camera.stop()
    with pytest.raises(DeviceTimeout, match="sends no picture"):
        camera.fetch(0.1)


def test_a_buffer_with_missing_packets_is_told_as_incomplete(camera, monkeypatch):
    camera.start()
    monkeypatch.setattr(camera._acquirer, "try_fetch", lambda **_: camera._dropped.emit())
    buffer = camera.fetch(5.0)
    assert (buffer.is_complete, buffer.data, buffer.block) == (False, b"", None)


class Gone:
    """Stands where the library's parts stand; whatever is asked of it fails."""

    def __init__(self, error):
        self._error = error

    def __getattr__(self, name):
        raise self._error


@pytest.mark.parametrize(
    "use",
    [
        lambda camera: camera.get("Width"),
        lambda camera: camera.set("Width", "5"),
        lambda camera: camera.start(),
        lambda camera: camera.fetch(1.0),
    ],
)
def test_a_camera_that_is_gone_is_told(camera, monkeypatch, use):
    monkeypatch.setattr(camera, "_acquirer", Gone(genapi.TimeoutException("no answer")))
    with pytest.raises(DeviceDisconnected, match=r"is gone .no answer.: check its power"):
        use(camera)


def test_two_cameras_of_one_producer_run_at_once_and_one_by_one(open_camera):
    first, second = open_camera("0"), open_camera("2")
    first.start()
    second.start()
    assert first.fetch(5.0).block == second.fetch(5.0).block == 1
    first.close()
    first.close()
    assert second.fetch(5.0).block
    again = open_camera("0")
    again.start()
    assert again.fetch(5.0).block == 1


def test_a_camera_that_is_in_use_is_refused(camera, open_camera):
    with pytest.raises(OpenFailed, match="no other program uses it"):
        open_camera("1")
    assert camera.get("Width") == "400"


@pytest.mark.parametrize("serial_number", ["", "9"])
def test_which_camera_must_be_said_where_there_are_several(open_camera, serial_number):
    with pytest.raises(OpenFailed, match="finds the cameras 0, 1, 2: choose one of them"):
        open_camera(serial_number)


def test_a_producer_that_is_not_there_or_none_is_refused(tmp_path):
    missing = FlirGenicamCamera(source=str(tmp_path / "none.cti"))
    with pytest.raises(OpenFailed, match="There is no GenTL producer"):
        missing.open()
    text = tmp_path / "text.cti"
    text.write_text("no library")
    with pytest.raises(OpenFailed, match="finds no camera"):
        FlirGenicamCamera(source=str(text)).open()


def test_a_camera_that_cannot_send_temperatures_is_refused_and_released(open_camera):
    camera = FlirGenicamCamera(source=PRODUCER, serial_number="1")
    with pytest.raises(OpenFailed, match="Viky has neither IRFormat nor TemperatureLinearMode"):
        camera.open()
    assert open_camera("1").get("Width") == "400"


def test_without_the_library_the_command_that_installs_it_is_told(monkeypatch):
    monkeypatch.delitem(sys.modules, "drivers.cameras.genicam_harvesters", raising=False)
    monkeypatch.setitem(sys.modules, "harvesters.core", None)
    camera = FlirGenicamCamera(source=PRODUCER)
    with pytest.raises(DriverUnavailable, match=r"python\S* -m pip install harvesters"):
        camera.open()


def test_the_library_is_imported_only_for_a_producer():
    program = (
        "import sys, drivers.cameras.genicam; "
        "loaded = {'harvesters', 'genicam'} & set(sys.modules); assert not loaded, loaded"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=200)
