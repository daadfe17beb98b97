"""The site of one lane with a simulated camera, as tests, benchmarks and campaigns run it."""

_SITE = """\
[station]
station_id = "st-1"
region = "110000"
site = "west"
ledger_path = "{folder}/ledger.sqlite"
[reference]
regions = [[0.0, 0.7, 0.5, 1.0]]
[[cameras]]
camera_id = "camera-1"
lane = "1"
driver = "hikvision-isapi"
warm_up_s = 0
[cameras.options]
url = "{camera}"
user = "admin"
password = "{password}"
[link]
port = {port}
[kiosk]
socket_path = "{folder}/bridge"
{more}"""
_THERMOMETER = """\
[[thermometers]]
device_id = "gun-1"
driver = "fefd"
[thermometers.options]
port = "{gun}"
"""


def gun(hub):
    """Return the lines of a site file for the hub's forehead gun."""
    return _THERMOMETER.format(gun=hub["gun"]["port"])


def write_site(folder, hub, port, *, more="", password="pw"):
    """Write `site.toml` into a folder and return its path.

    Args:
        folder: where ledger and bridge lie, too.
        hub: what the simulators tell of their devices, by name.
        port: the broker's.
        more: what else the site has, beginning with what belongs to [kiosk].
        password: the camera's.
    """
    camera, site = hub["camera"]["url"], folder / "site.toml"
    site.write_text(
        _SITE.format(folder=folder, camera=camera, port=port, password=password, more=more)
    )
    return site
