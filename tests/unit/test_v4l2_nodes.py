"""Finding capture nodes, on a tree that looks like /sys and /dev."""

import pytest

from drivers.transport.v4l2_nodes import VideoNode, list_video_devices


@pytest.fixture
def tree(tmp_path):
    return Tree(tmp_path)


class Tree:
    def __init__(self, root):
        self.sys, self.dev, self.udev = root / "sys", root / "dev", root / "udev"
        for folder in (self.sys / "class/video4linux", self.dev / "v4l/by-id", self.udev):
            folder.mkdir(parents=True)

    def plug(self, port, number, *, index=0, ids=("1e4e", "0100"), product="", by_id="", can=None):
        """Plug in a camera at a USB port, or add another node to it."""
        device = self.sys / "devices/usb1" / port
        node = device / f"{port}:1.0/video4linux/video{number}"
        node.mkdir(parents=True)
        if ids:
            (device / "idVendor").write_text(ids[0] + "\n")
            (device / "idProduct").write_text(ids[1] + "\n")
        if product:
            (device / "product").write_text(product + "\n")
        (node / "index").write_text(f"{index}\n")
        (node / "dev").write_text(f"81:{number}\n")
        (node / "device").symlink_to(device / f"{port}:1.0")
        (self.sys / f"class/video4linux/video{number}").symlink_to(node)
        (self.dev / f"video{number}").touch()
        if by_id:
            (self.dev / "v4l/by-id" / by_id).symlink_to(f"../../video{number}")
        if can is not None:
            (self.udev / f"c81:{number}").write_text(f"N:v4l\nE:ID_V4L_CAPABILITIES={can}\n")

    def found(self):
        return list_video_devices(self.sys, self.dev, self.udev)


def test_a_camera_is_found_under_its_stable_name_with_its_ids(tree):
    tree.plug("1-2", 3, product="PureThermal (fw:v1.3.0)", by_id="usb-GroupGets_1-video-index0")
    path = str(tree.dev / "v4l/by-id/usb-GroupGets_1-video-index0")
    assert tree.found() == (VideoNode(path, "1e4e", "0100", "PureThermal (fw:v1.3.0)"),)


def test_a_node_of_metadata_is_left_out(tree):
    tree.plug("1-2", 0, by_id="usb-a-video-index0")
    tree.plug("1-2", 1, index=1, by_id="usb-a-video-index1")
    assert [node.path[-6:] for node in tree.found()] == ["index0"]


def test_what_udev_knows_counts_more_than_the_index(tree):
    tree.plug("1-2", 0, can=":")
    tree.plug("1-2", 1, index=1, can=":capture:")
    assert [node.path for node in tree.found()] == [str(tree.dev / "video1")]


def test_a_camera_without_a_stable_name_keeps_its_number(tree):
    tree.plug("1-4", 7, ids=("0BDA", "5830"))
    assert tree.found() == (VideoNode(str(tree.dev / "video7"), "0bda", "5830", ""),)


def test_video_devices_that_are_not_on_usb_are_left_out(tree):
    tree.plug("soc", 10, ids=None)
    assert tree.found() == ()


def test_cameras_come_in_the_order_of_their_names(tree):
    tree.plug("1-3", 0, by_id="usb-b-video-index0")
    tree.plug("1-2", 2, by_id="usb-a-video-index0")
    assert [node.path.rpartition("usb-")[2][0] for node in tree.found()] == ["a", "b"]


def test_a_machine_without_video_has_none(tmp_path):
    assert list_video_devices(tmp_path, tmp_path, tmp_path) == ()


def test_a_camera_that_is_pulled_while_it_is_looked_at_is_left_out(tree):
    tree.plug("1-2", 0)
    (tree.sys / "devices/usb1/1-2/idVendor").unlink()
    assert tree.found() == ()
