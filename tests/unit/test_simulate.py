import pytest
from rich.console import Console

from config.loader import load_settings
from station.commands.simulate_lines import Desk, LineRefused, completions
from station.commands.simulate_screen import Screen
from station.commands.simulate_site import write_site
from station.core.errors import KnownError

DOWN, RIGHT = "\x1b[B", "\x1b[C"


class Hub:
    """Answers as the control port does, and remembers what it was told."""

    def __init__(self):
        self.told, self.speed = [], 1.0
        self.on = {"camera-1": [], "gun-1": ["slow"], "source-1": []}
        self.scene, self.more = "checkpoint", []

    def ask(self, **message):
        if message["do"] != "list":
            self.told.append(message)
        match message:
            case {"do": "list"}:
                return self.listed()
            case {"do": "fault", "device": name, "fault": fault, "on": is_on}:
                (self.on[name].append if is_on else self.on[name].remove)(fault)
            case {"do": "speed", "factor": factor}:
                if factor < 0:
                    return {"error": "the factor must be 0 to 1000"}
                self.speed = factor
            case {"do": "truth", "device": _}:
                return {"surface_c": 36.9871}
            case {"do": "truth"}:
                return {"travellers": [{"name": "t-1", "core_c": 38.6}]}
        return {}

    def listed(self):
        def one(name, model, address, commands):
            faults = ["busy", "silent", "slow"]
            return {
                "name": name, "model": model, "address": address, "faults": faults,
                "on": sorted(self.on[name]), "commands": commands,
            }  # fmt: skip

        url = {"url": "http://127.0.0.1:80", "user": "admin", "password": 'p"w', "channel": 2}
        return {
            "scene": self.scene,
            "room_c": 23.5,
            "humidity_pct": 35.0,
            "speed": self.speed,
            "people": 12,
            "devices": [
                one("camera-1", "hikvision-isapi", url, []),
                one("gun-1", "fefd", {"port": "/tmp/gun"}, ["trigger"]),
                one("source-1", "fluke418x", {"port": "socket://127.0.0.1:9"}, ["panel"]),
                *self.more,
            ],
        }


@pytest.fixture
def hub():
    return Hub()


@pytest.fixture
def desk(hub):
    return Desk(hub.ask)


@pytest.fixture
def screen(desk):
    return Screen(desk)


def shown(screen, width=120, height=30):
    console = Console(width=width, height=height)
    with console.capture() as captured:
        console.print(screen.draw(width, height))
    return captured.get()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "fault camera-1 silent on",
            {"do": "fault", "device": "camera-1", "fault": "silent", "on": True},
        ),
        ("fault gun-1 slow off", {"do": "fault", "device": "gun-1", "fault": "slow", "on": False}),
        ("people 20 3", {"do": "people", "count": 20, "febrile_every": 3, "spacing_s": 4.0}),
        ("people 20 25% 1.5", {"do": "people", "count": 20, "febrile_every": 4, "spacing_s": 1.5}),
        ("people 5 0%", {"do": "people", "count": 5, "febrile_every": 0, "spacing_s": 4.0}),
        ("speed 10", {"do": "speed", "factor": 10.0}),
        ("pause", {"do": "speed", "factor": 0.0}),
        (
            "trigger gun-1 38.2",
            {"do": "tell", "device": "gun-1", "command": "trigger", "temperature_c": 38.2},
        ),
        (
            "panel source-1 36",
            {"do": "tell", "device": "source-1", "command": "panel", "set_point_c": 36.0},
        ),
        (
            "tell gun-1 trigger temperature_c=37.5 who=me",
            {
                "do": "tell", "device": "gun-1", "command": "trigger", "temperature_c": 37.5,
                "who": "me",
            },
        ),
    ],
)  # fmt: skip
def test_a_line_becomes_one_command_of_the_hub(hub, desk, line, message):
    assert desk.obey(line)
    assert hub.told == [message]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("foult camera-1 silent on", "did you mean 'fault'"),
        ("xyzzy", "use one of list, fault"),
        ("fault camera-1 silent", "write: fault DEVICE FAULT on|off"),
        ("fault oven silent on", "no device 'oven': use one of camera-1, gun-1, source-1"),
        ("fault gun-1 tired on", "knows no fault 'tired': use one of busy, silent, slow"),
        ("fault gun-1 silent yes", "on or off, not 'yes'"),
        ("people", "write: people COUNT"),
        ("people many", "COUNT must be a whole number"),
        ("people 5 120%", "0% to 100%"),
        ("speed fast", "FACTOR must be a number"),
        ("speed nan", "FACTOR must be a number"),
        ("speed -1", "the factor must be 0 to 1000"),
        ("trigger camera-1 37", "knows no command 'trigger': it knows none"),
        ("tell gun-1 trigger 37", "no NAME=VALUE"),
        ("list all", "write: list"),
    ],
)
def test_a_line_that_does_not_fit_is_refused_with_what_to_type(desk, line, why):
    with pytest.raises(LineRefused, match=why.replace("|", r"\|").replace("%", "%")):
        desk.obey(line)


def test_a_pause_ends_at_the_speed_before(hub, desk):
    for line in ("speed 8", "pause", "pause", "go"):
        desk.obey(line)
    assert hub.speed == 8


def test_clearing_switches_every_fault_off_that_is_on(hub, desk):
    desk.obey("fault camera-1 busy on")
    assert desk.obey("clear") == "2 faults switched off"
    assert hub.on == {"camera-1": [], "gun-1": [], "source-1": []}


def test_the_list_tells_address_and_faults_but_no_password(desk):
    told = desk.obey("list")
    assert "camera-1  hikvision-isapi  url=http://127.0.0.1:80 user=admin channel=2" in told
    assert "gun-1  fefd  port=/tmp/gun  slow  trigger" in told
    assert 'p"w' not in told


def test_truth_tells_people_or_a_device(desk):
    assert desk.obey("truth") == "name=t-1  core_c=38.60"
    assert desk.obey("truth source-1") == "source-1: surface_c=36.99"


def test_quit_ends_and_an_empty_line_says_nothing(desk):
    assert desk.obey("  ") == ""
    assert not desk.is_over
    desk.obey("quit")
    assert desk.is_over


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("fau", ["fault", "faults"]),
        ("fault ", ["camera-1", "gun-1", "source-1"]),
        ("fault gun-1 s", ["silent", "slow"]),
        ("fault gun-1 slow o", ["on", "off"]),
        ("tell gun-1 ", ["trigger"]),
        ("speed ", []),
    ],
)
def test_begun_words_are_completed(desk, line, words):
    assert completions(line, desk.hub) == words


def test_arrows_choose_a_device_and_a_fault_and_enter_switches_it(hub, screen):
    screen.press(DOWN + RIGHT + "\n")
    assert hub.on["gun-1"] == ["slow", "silent"]
    assert "gun-1: silent is on" in shown(screen)
    screen.press("\n")
    assert hub.on["gun-1"] == ["slow"]


def test_a_typed_command_with_completion_is_carried_out_and_answered(hub, screen):
    screen.press("fault cam\tsi\ton\x7f\x7foff\x15fault cam\tsi\ton\n")
    assert hub.on["camera-1"] == ["silent"]
    assert "camera-1: silent is on" in shown(screen)


def test_a_refused_line_is_shown_and_the_screen_goes_on(screen):
    screen.press("speed fast\n")
    assert "FACTOR must be a number" in shown(screen)
    screen.press("speed 5\n")
    assert "5 times the speed" in shown(screen)


def test_space_pauses_and_plus_doubles(hub, screen):
    screen.press("++")
    assert hub.speed == 4
    screen.press(" ")
    assert "PAUSED" in shown(screen)
    screen.press(" -")
    assert hub.speed == 2


def test_the_chosen_device_and_the_prompt_stay_visible_on_a_low_screen(screen):
    screen.press(DOWN * 2)
    low = shown(screen, height=13)
    assert "source-1" in low
    assert low.rstrip().splitlines()[-1].startswith("> ")


def added(name, model):
    address = {"port": f"/tmp/{name}"}
    told = {"name": name, "model": model, "address": address}
    return told | {"faults": [], "on": [], "commands": []}


def test_the_site_file_leads_a_station_to_every_device(hub, tmp_path):
    hub.more = [added("air", "modbus-room"), added("yard", "modbus-room")]
    path = tmp_path / "site.toml"
    desk = Desk(hub.ask)
    assert write_site(desk.hub, ("127.0.0.1", 4711), path) == []
    settings = load_settings(path)
    (camera,), (gun,), (source,) = settings.cameras, settings.thermometers, settings.sources
    assert (camera.camera_id, camera.driver, camera.warm_up_s) == ("camera-1", "hikvision-isapi", 0)
    assert camera.options == desk.hub.devices[0].address
    assert (gun.device_id, gun.options) == ("gun-1", {"port": "/tmp/gun"})
    assert (source.cameras, source.options) == (("camera-1",), {"port": "socket://127.0.0.1:9"})
    roles = {sensor.device_id: sensor.role for sensor in settings.room_sensors}
    assert roles == {"air": "indoor", "yard": "outdoor"}
    assert settings.room.ambient_c == 23.5
    assert settings.station.ledger_path.parent == tmp_path
    assert (settings.simulators.host, settings.simulators.port) == ("127.0.0.1", 4711)


def test_at_a_bench_the_source_is_the_one_that_certifying_sweeps(hub, tmp_path):
    hub.scene, hub.more = "bench", [added("second", "fluke418x"), added("oven", "no-driver")]
    path = tmp_path / "site.toml"
    assert write_site(Desk(hub.ask).hub, ("127.0.0.1", 4711), path) == ["second", "oven"]
    settings = load_settings(path)
    assert settings.swept_source.options == {"port": "socket://127.0.0.1:9"}
    assert settings.reference.regions == ((0.0, 0.75, 0.4, 1.0),)


def test_a_site_file_that_cannot_be_written_is_a_known_error(desk, tmp_path):
    with pytest.raises(KnownError, match="name another place"):
        write_site(desk.hub, ("127.0.0.1", 4711), tmp_path / "no" / "site.toml")
