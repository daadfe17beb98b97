import os
import tomllib
from dataclasses import is_dataclass
from importlib.resources import files
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from config.limits import LIMITS
from config.loader import ConfigError, load_settings, shipped_site
from config.settings import Settings
from config.versions import SiteVersions, VersionError
from station.core.errors import KnownError
from station.runtime.driver_options import driver_options
from tests.support import NOON


@pytest.fixture
def site(tmp_path):
    def write(text):
        path = tmp_path / "site.toml"
        path.write_text(text, "utf-8")
        return path

    return write


def faults(path):
    with pytest.raises(ConfigError) as refused:
        load_settings(path)
    return refused.value.faults


def test_the_shipped_defaults_are_correct():
    assert load_settings(None).policies[0].skin_comparison == ">="


@pytest.mark.parametrize("name", ["example", "recordings"])
def test_every_shipped_site_is_correct(name):
    assert load_settings(shipped_site(name)).cameras


def test_a_site_changes_single_keys_and_keeps_the_rest(site):
    settings = load_settings(site("[reference]\nset_point_c = 36.5\n"))
    assert settings.reference.set_point_c == 36.5
    assert settings.reference.band_c == load_settings(None).reference.band_c


def test_all_mistakes_are_named_at_once_with_line_and_suggestion(site):
    path = site(
        "[station]\n"
        'station_idd = "x"\n'
        "[reference]\n"
        'set_point_c = "warm"\n'
        "[[cameras]]\n"
        'camera_id = "c"\n'
        'lane = "1"\n'
        'driver = "recording"\n'
        'orientation = "transposed"\n'
    )
    told = faults(path)
    assert len(told) == 3
    assert told[0] == (
        f"{path}, line 2: there is no setting 'station.station_idd': did you mean 'station_id'?"
    )
    assert told[1] == f"{path}, line 4: 'reference.set_point_c' must be a number, not 'warm'"
    assert "line 9" in told[2]
    assert "did you mean 'transpose'" in told[2]


def test_values_that_make_no_sense_are_named(site):
    path = site("[link]\nport = 70000\n[tracking]\nmin_valid_frames = 20\n")
    assert [fault.split(": ")[0] for fault in faults(path)] == [
        f"{path}, line 2",
        f"{path}, line 4",
    ]


def test_a_time_zone_that_nobody_knows_and_a_time_that_is_none_are_refused(site):
    told = faults(site('[station]\ntime_zone = "Mars/Olympus"\n[report]\ndaily_at = 14:30:00\n'))
    assert "Asia/Shanghai" in told[0]
    told = faults(site('[report]\ndaily_at = "half past two"\n'))
    assert "a time like 14:30:00" in told[0]


def test_two_devices_of_one_name_are_refused(site):
    gun = '[[thermometers]]\ndevice_id = "g"\ndriver = "fefd"\n'
    assert "different names" in faults(site(gun * 2))[0]


@pytest.mark.parametrize("lane", ["", "x" * 65, "a\\u0007b"])
def test_a_lane_name_that_cannot_be_shown_or_sent_is_refused(site, lane):
    camera = '[[cameras]]\ncamera_id = "c"\ndriver = "recording"\n'
    assert "printable" in faults(site(camera + f'lane = "{lane}"\n'))[0]


def test_a_missing_setting_is_named(site):
    assert "cameras[1].lane' is missing" in faults(site('[[cameras]]\ncamera_id="c"\n'))[1]


@pytest.mark.parametrize("text", ["[station", "a = = 1", "[station]\nregion = 'x\n"])
def test_text_that_is_no_toml_is_told_with_its_place(site, text):
    (fault,) = faults(site(text))
    assert "not valid TOML" in fault
    assert "(at " in fault


def test_a_file_that_is_not_there_is_told():
    (fault,) = faults(Path("/no/such/site.toml"))
    assert "no such file" in fault


def test_bytes_that_are_no_text_are_told(tmp_path):
    path = tmp_path / "site.toml"
    path.write_bytes(b"\xff\xfe\x00")
    (fault,) = faults(path)
    assert "UTF-8" in fault


def test_a_table_where_a_value_belongs_is_told(site):
    (fault,) = faults(site("[station.region]\nx = 1\n"))
    assert "a text in quotes" in fault


def test_watches_that_would_mislead_are_refused(site):
    told = faults(
        site("[crowd]\nwindow_people = 10\nmax_age_s = 0\n[bias]\nslice_s = 7200\nclear_c = 0.3\n")
    )
    assert [text.split("line ")[1] for text in told] == [
        "1: 'crowd.newest_people' must be at most window_people",
        "2: 'crowd.window_people' must be 50 to 10000",
        "3: 'crowd.max_age_s' must be 1 to 604800",
        "5: 'bias.slice_s' must be at most stretch_s",
        "6: 'bias.clear_c' must be below alarm_c",
    ]


TLS = 'ca_file = "ca"\ncert_file = "cert"\nkey_file = "key"\n'


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ('host = "mqtt.example"\n', "is not this machine"),
        ('host = "10.0.0.5"\nca_file = "ca"\nsigning_key_file = "s"\n', "together"),
        ('host = "mqtt.example"\n' + TLS, "needs signing_key_file"),
    ],
)
def test_a_link_that_others_could_get_into_is_refused(site, link, words):
    assert words in faults(site("[link]\n" + link))[0]


@pytest.mark.parametrize(
    "link",
    [
        'host = "127.0.0.1"\n',
        'host = "::1"\n',
        'host = "localhost"\n',
        'host = "mqtt.example"\nsigning_key_file = "s"\n' + TLS,
        'host = "mqtt.example"\nallow_plaintext = true\n',
    ],
)
def test_a_link_that_is_closed_or_allowed_to_be_open_is_taken(site, link):
    load_settings(site("[link]\n" + link))


ORDER = """[[collection_orders]]
order_id = "wh-1"
legal_basis = "law"
signed_by = "office"
valid_from = 2026-11-20
valid_until = 2026-12-20
fields = ["name"]
keep_days = 14
share_with_cdc = true
"""


@pytest.mark.parametrize("rule", [ORDER, "[registration]\nshare_with_cdc = true\n"])
def test_identities_are_shared_with_the_cdc_only_where_its_key_is_named(site, rule):
    (told,) = faults(site(rule))
    assert "share_with_cdc' needs cdc_encryption_key_file in [link]" in told
    assert "fever-station pki encryption-key" in told
    load_settings(site(rule + '[link]\ncdc_encryption_key_file = "cdc-encryption.jwk"\n'))


def test_without_a_word_nobody_s_identity_is_shared(site):
    settings = load_settings(site(ORDER.replace("share_with_cdc = true\n", "")))
    assert not settings.registration.share_with_cdc
    assert not settings.collection_orders[0].share_with_cdc


def test_room_sensors_are_one_a_role_and_read_often_enough(site):
    air = '[[room_sensors]]\ndevice_id = "air-{0}"\ndriver = "modbus-room"\n'
    text = air.format(1) + "poll_s = 30.0\n" + air.format(2)
    told = faults(site(text))
    assert "one indoor and one outdoor" in told[0]
    assert "'room_sensors[1].poll_s' must be 0.05 to 10" in told[1]
    fine = load_settings(site(air.format(1) + air.format(2) + 'role = "outdoor"\n'))
    assert [sensor.role for sensor in fine.room_sensors] == ["indoor", "outdoor"]


CAMERA = '[[cameras]]\ncamera_id = "camera-1"\nlane = "1"\ndriver = "recording"\n'
SOURCE = '[[sources]]\ndevice_id = "source-1"\ndriver = "m340"\n'


def test_a_source_on_a_wire_is_read_with_its_own_options(site):
    text = CAMERA + SOURCE + 'cameras = ["camera-1"]\n[sources.options]\naddress = 2\n'
    (source,) = load_settings(site(text)).sources
    assert (source.cameras, source.options) == (("camera-1",), {"address": 2})
    assert not source.uses_own_temperature


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('cameras = ["camera-9"]', "must name cameras: camera-1"),
        ("poll_s = 0.2", "must be 1 to 10"),
        ("silence_s = 1.0", "must be above poll_s"),
        ("u_c = 0.0", "must be 0.001 to 2"),
        ('uses_own_temperature = true\ndriver = "fixed"', "a fixed one measures nothing"),
    ],
)
def test_a_source_s_settings_that_would_mislead_are_refused(site, line, fault):
    source = SOURCE.replace('driver = "m340"\n', "") if "driver" in line else SOURCE
    assert fault in faults(site(CAMERA + source + line + "\n"))[0]


def test_two_sources_may_not_speak_for_one_camera(site):
    other = SOURCE.replace("source-1", "source-2")
    assert "another source" in faults(site(CAMERA + SOURCE + other))[0]


@pytest.mark.parametrize("control", ["192.168.1.7:4711", "127.0.0.1", "localhost:0", ":4711"])
def test_simulators_are_controlled_on_this_machine_or_not_at_all(site, control):
    (fault,) = faults(site(f'[simulators]\ncontrol = "{control}"\n'))
    assert "line 2" in fault and "a port of this machine" in fault


def test_only_a_site_with_simulators_has_them(site):
    assert load_settings(site("")).simulators is None
    simulators = load_settings(site('[simulators]\ncontrol = "[::1]:4711"\n')).simulators
    assert (simulators.host, simulators.port) == ("::1", 4711)


def numbers():
    """Yield (section, key) of every setting that is one number."""
    for section, hint in get_type_hints(Settings).items():
        kinds = [kind for kind in (hint, *get_args(hint)) if is_dataclass(kind)]
        for kind in kinds:
            for name, value in get_type_hints(kind).items():
                if {int, float} & {value, *get_args(value)} and "tuple" not in str(value):
                    yield section, name


NUMBERS = [one for one in numbers() if one[1] != "options"]


def test_every_number_of_a_site_file_has_limits():
    assert set(NUMBERS) == {(section, name) for section in LIMITS for name in LIMITS[section]}


DEVICES = {
    "cameras": 'camera_id = "c"\nlane = "1"\ndriver = "recording"\n',
    "sources": 'device_id = "s"\ndriver = "m340"\n',
    "room_sensors": 'device_id = "r"\ndriver = "modbus-room"\n',
}


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "-1e9", "1e9", "9" * 400])
def test_a_number_that_would_switch_a_watch_off_is_refused_wherever_it_stands(site, number):
    shipped = tomllib.loads(files("config").joinpath("defaults.toml").read_text("utf-8"))
    text = ""
    for section in (one for one in LIMITS if one not in {"policies", "collection_orders"}):
        whole = section not in DEVICES
        text += f"[{section}]\n" if whole else f"[[{section}]]\n{DEVICES[section]}"
        text += "".join(
            f"{name} = {number}\n"
            for name in LIMITS[section]
            if not whole or isinstance(shipped[section].get(name), float)
        )
    told = faults(site(text))
    wrong = [line for line in text.splitlines() if line.endswith(f" = {number}")]
    assert len([one for one in told if "must be" in one]) >= len(wrong) > 50


def test_a_file_from_windows_is_read(tmp_path):
    path = tmp_path / "site.toml"
    path.write_bytes(b'\xef\xbb\xbf[station]\r\nsite = "hub-2"\r\n')
    assert load_settings(path).station.site == "hub-2"


@pytest.mark.parametrize(
    "text",
    ["[link]\nport = " + "9" * 5000, "a = " + "[" * 5000 + "]" * 5000],
    ids=["digits", "deep"],
)
def test_text_that_no_reader_can_take_is_told(site, text):
    assert "not valid TOML" in faults(site(text))[0]


@pytest.mark.parametrize("what", ["pipe", "endless", "folder", "huge"])
def test_what_is_no_site_file_is_told_at_once_and_never_waited_for(tmp_path, what):
    path = tmp_path / "site.toml"
    match what:
        case "pipe":
            os.mkfifo(path)
        case "endless":
            path.symlink_to("/dev/zero")
        case "folder":
            path.mkdir()
        case "huge":
            with path.open("wb") as file:
                file.truncate(1 << 23)
    with pytest.raises(ConfigError, match=r"name the file in it|name another") as told:
        load_settings(path)
    assert len(told.value.faults) == 1
    with pytest.raises(VersionError, match=r"name the file in it|name another"):
        SiteVersions(path).note_file(NOON)
    with pytest.raises(KnownError, match=r"name the file in it|name another"):
        driver_options({"password_file": str(path)})


def test_an_empty_path_is_refused(site):
    assert "a path in quotes, not ''" in faults(site('[station]\nledger_path = ""\n'))[0]


GUN = '[[thermometers]]\ndevice_id = "gun-{0}"\ndriver = "fefd"\n[thermometers.options]\n{1}\n'


def test_two_devices_of_one_address_are_refused_at_the_second_s_line(site):
    (told,) = faults(site(GUN.format(1, 'port = "/dev/a"') + GUN.format(2, 'port = "/dev/a"')))
    assert "line 10" in told
    assert "'thermometers[2].options.port' is that of gun-1 too" in told
    load_settings(site(GUN.format(1, 'port = "/dev/a"') + GUN.format(2, 'port = "/dev/b"')))


def test_two_channels_of_one_camera_are_two_cameras(site):
    camera = (
        '[[cameras]]\ncamera_id = "c{0}"\nlane = "{0}"\ndriver = "hikvision-isapi"\n'
        '[cameras.options]\nurl = "http://10.0.0.1"\nchannel = {1}\n'
    )
    load_settings(site(camera.format(1, 1) + camera.format(2, 2)))
    assert "that of c1 too" in faults(site(camera.format(1, 2) + camera.format(2, 2)))[0]


def test_an_option_that_is_a_list_is_refused(site):
    (told,) = faults(site(GUN.format(1, 'port = ["/dev/a"]')))
    assert "a text, a number, or true or false" in told
