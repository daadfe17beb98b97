import pytest

from simulators.hub_file import HubFileError, read_hub_file, shipped


def test_the_shipped_hubs_can_be_read():
    assert {"demo", "bench"} <= set(shipped())
    for name in shipped():
        assert read_hub_file(name).devices


def test_single_values_are_changed_in_their_place():
    table = read_hub_file("demo", ["speed=5", "people.count=3", "camera.port=8418", "gun.link=a"])
    assert (table.speed, table.people.count) == (5, 3)
    camera, gun = table.devices
    assert (camera.options["port"], gun.options) == (8418, {"link": "a"})


@pytest.mark.parametrize("setting", ["speed", "=3", "oven.port=3", "people.=3"])
def test_a_setting_that_fits_nowhere_is_refused_with_the_devices_there_are(setting):
    with pytest.raises(HubFileError, match="devices: camera, gun"):
        read_hub_file("demo", [setting])


def test_every_fault_of_a_file_is_named_at_once(tmp_path):
    path = tmp_path / "hub.toml"
    path.write_text('speed = -1\ncolour = "red"\n[people]\ncount = 0\n[[devices]]\nname = "a b"\n')
    with pytest.raises(HubFileError) as refused:
        read_hub_file(str(path))
    for word in ("speed", "colour", "people.count", "devices.0.name", "devices.0.model"):
        assert word in str(refused.value)


@pytest.mark.parametrize("text", ["seed = ", "\udcff"])
def test_what_is_no_toml_is_refused(tmp_path, text):
    path = tmp_path / "hub.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(HubFileError, match=r"hub\.toml"):
        read_hub_file(str(path))


def test_a_missing_file_is_refused_with_the_names_of_those_that_come_along():
    with pytest.raises(HubFileError, match="one of bench, checkpoint, demo"):
        read_hub_file("nothing.toml")
