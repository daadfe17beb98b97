"""Which video devices there are, under names that stay when they are plugged in again.

A USB camera has several nodes, of which only some capture; the others carry metadata. udev notes
what each can do; where it does not run, a camera's node of index 0 is the one that captures, as
the kernel's uvcvideo registers it.

Source: Linux documentation, admin-guide/media and ABI/testing/sysfs-class-video4linux (`index`);
udev's v4l_id (`ID_V4L_CAPABILITIES`) and its rule 60-persistent-v4l (`/dev/v4l/by-id`).
"""

from dataclasses import dataclass
from pathlib import Path

_CAPTURES = ":capture:"
_CAPABILITIES = "E:ID_V4L_CAPABILITIES="


@dataclass(frozen=True, slots=True)
class VideoNode:
    """One USB video device that captures pictures."""

    path: str
    """Its name under `/dev/v4l/by-id`, or `/dev/videoN` where it has none."""
    vendor_id: str
    """USB vendor id, four hexadecimal digits, lower case."""
    product_id: str
    """USB product id, likewise."""
    product: str
    """The product's name as it tells it; empty where it tells none."""


def list_video_devices(
    sys_root: Path = Path("/sys"),
    dev_root: Path = Path("/dev"),
    udev_root: Path = Path("/run/udev/data"),
) -> tuple[VideoNode, ...]:
    """Return the USB video devices that capture, by path; none is opened.

    Args:
        sys_root: where sysfs is mounted.
        dev_root: where device nodes are.
        udev_root: where udev keeps what it knows.
    """
    stable = _stable_names(dev_root)
    found = (
        _look(node, stable.get(node.name, str(dev_root / node.name)), udev_root)
        for node in (sys_root / "class" / "video4linux").glob("video*")
    )
    return tuple(sorted((node for node in found if node is not None), key=lambda node: node.path))


def _stable_names(dev_root: Path) -> dict[str, str]:
    """Return the by-id path of each node's name."""
    try:
        links = sorted((dev_root / "v4l" / "by-id").iterdir())
    except OSError:
        return {}
    return {link.resolve().name: str(link) for link in links}


def _look(node: Path, path: str, udev_root: Path) -> VideoNode | None:
    # `device` leads to the interface of a USB device, which is one step up.
    device = (node / "device").resolve().parent
    vendor_id, product_id = _line(device / "idVendor"), _line(device / "idProduct")
    if not (vendor_id and product_id and _captures(node, udev_root)):
        return None
    return VideoNode(path, vendor_id.lower(), product_id.lower(), _line(device / "product"))


def _captures(node: Path, udev_root: Path) -> bool:
    noted = _text(udev_root / f"c{_line(node / 'dev')}").splitlines()
    for line in noted:
        if line.startswith(_CAPABILITIES):
            return _CAPTURES in line
    return _line(node / "index") == "0"


def _line(path: Path) -> str:
    return _text(path).strip()


def _text(path: Path) -> str:
    """Return a file's text; empty if it is gone, as when the plug is pulled meanwhile."""
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""
