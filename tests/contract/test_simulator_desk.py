"""What a technician at the kiosk asks of simulated devices, asked of real simulators."""

import json
from uuid import uuid4

import pytest

from config.loader import load_settings
from config.settings import SimulatorSettings
from simulators.hub_file import read_hub_file, start_hub
from station.core.about import StationDescribed
from station.core.audit import AuditKind
from station.core.errors import KnownError
from station.core.people import Person, Role
from station.core.simulator_commands import (
    ClearFaults,
    LookAtSimulators,
    SendPeople,
    SetSceneSpeed,
    SimulatedPeople,
    SwitchFault,
    TellSimulator,
)
from station.runtime.clock import SystemClock
from station.runtime.simulators import SimulatorDesk
from station.runtime.wiring import Station

WU = Person("Wu", Role.TECHNICIAN)


@pytest.fixture
def hub(tmp_path):
    hub = start_hub(read_hub_file("checkpoint", ["speed=0"]), tmp_path)
    yield hub
    hub.close()


class Desk(SimulatorDesk):
    """Keeps the steps of the audit trail for the test; one technician does everything."""

    def __init__(self, settings):
        self.steps = []
        super().__init__(settings, self.steps.append, SystemClock())

    def answer(self, command):
        return super().answer(command, WU)


@pytest.fixture
def desk(hub):
    host, port = hub.control.address
    return Desk(SimulatorSettings(f"{host}:{port}"))


def described(folder, more=""):
    """Return what a station says of itself that never starts."""
    site = folder / "site.toml"
    site.write_text(
        f'[station]\nledger_path = "{folder}/ledger.sqlite"\n'
        f'[kiosk]\nsocket_path = "{folder}/bridge"\n{more}'
    )
    station = Station(load_settings(site))
    station.stop()
    return next(one for one in station.board.snapshot() if isinstance(one, StationDescribed))


def named(told, name):
    return next(one for one in told.devices if one.name == name)


def test_every_fault_of_every_device_can_be_injected_and_all_are_cleared_at_once(hub, desk):
    told = desk.answer(LookAtSimulators(uuid4()))
    assert [one.name for one in told.devices] == list(hub.devices)
    for device in told.devices:
        assert device.faults == tuple(sorted(hub.devices[device.name].faults.possible))
    for device, fault in (("camera-http", "source_covered"), ("gun-1", "silent")):
        told = desk.answer(SwitchFault(uuid4(), device, fault, True))
        assert named(told, device).on == (fault,)
    told = desk.answer(ClearFaults(uuid4(), "gun-1"))
    assert (named(told, "gun-1").on, named(told, "camera-http").on) == ((), ("source_covered",))
    assert not any(one.on for one in desk.answer(ClearFaults(uuid4(), None)).devices)
    desk.answer(SwitchFault(uuid4(), "gun-1", "slow", True))
    assert named(desk.answer(SwitchFault(uuid4(), "gun-1", "slow", False)), "gun-1").on == ()


@pytest.mark.parametrize("who", SimulatedPeople)
def test_whoever_is_sent_comes(hub, desk, who):
    told = desk.answer(SendPeople(uuid4(), who))
    assert told.has_people
    guests = hub.site.guests.people if hub.site.guests else ()
    febrile = [one for one in guests if one.core_c > 38]
    looks = {(one.glasses, one.turned_away) for one in guests}
    match who:
        case SimulatedPeople.FEBRILE:
            assert (len(guests), len(febrile), looks) == (1, 1, {(False, False)})
        case SimulatedPeople.AFEBRILE:
            assert (len(guests), len(febrile), looks) == (1, 0, {(False, False)})
        case SimulatedPeople.GLASSES:
            assert looks == {(True, False)}
        case SimulatedPeople.TURNED_AWAY:
            assert looks == {(False, True)}
        case SimulatedPeople.QUEUE:
            assert (len(guests), len(febrile)) == (8, 2)
        case SimulatedPeople.USUAL:
            assert (guests, told.people) == ((), 12)
        case SimulatedPeople.NOBODY:
            assert (guests, told.people) == ((), 0)


def test_time_runs_as_fast_as_it_is_told_and_devices_do_what_only_they_can(desk):
    assert desk.answer(SetSceneSpeed(uuid4(), 10)).speed == 10
    for name, command, degrees_c in (
        ("gun-1", "trigger", 38.6),
        ("source-1", "panel", 36.0),
        ("camera-video", "correct", None),
    ):
        told = desk.answer(TellSimulator(uuid4(), name, command, degrees_c))
        assert command in named(told, name).commands


def test_every_act_on_simulators_is_kept_in_the_audit_trail_with_who_did_it(desk):
    for command in (
        LookAtSimulators(uuid4()),
        SwitchFault(uuid4(), "gun-1", "silent", True),
        ClearFaults(uuid4(), None),
        SendPeople(uuid4(), SimulatedPeople.FEBRILE),
        SetSceneSpeed(uuid4(), 10),
        TellSimulator(uuid4(), "gun-1", "trigger", 38.6),
    ):
        desk.answer(command)
    assert {(one.kind, one.actor, one.role) for one in desk.steps} == {
        (AuditKind.SIMULATION, "Wu", "technician")
    }
    assert [(one.subject, json.loads(one.details)) for one in desk.steps] == [
        ("gun-1", {"fault": "silent", "on": True}),
        ("", {"did": "clear_faults"}),
        ("", {"people": "febrile"}),
        ("", {"speed": 10}),
        ("gun-1", {"did": "trigger", "temperature_c": 38.6}),
    ]


def test_what_simulators_refused_is_kept_as_refused(desk):
    with pytest.raises(KnownError):
        desk.answer(SwitchFault(uuid4(), "gun-1", "source_covered", True))
    asked, refused = (json.loads(one.details) for one in desk.steps)
    assert refused == {**asked, "refused": refused["refused"]}
    assert "knows no fault" in refused["refused"]


def test_nothing_is_done_that_the_trail_cannot_keep(hub):
    def full(_):
        raise KnownError("The disk is full: free some space.")

    host, port = hub.control.address
    desk = SimulatorDesk(SimulatorSettings(f"{host}:{port}"), full, SystemClock())
    with pytest.raises(KnownError, match="disk is full"):
        desk.answer(SwitchFault(uuid4(), "gun-1", "silent", True), WU)
    assert not named(desk.answer(LookAtSimulators(uuid4()), WU), "gun-1").on


def test_what_simulators_refuse_is_told_in_their_words(desk):
    with pytest.raises(KnownError, match="knows no fault 'source_covered'"):
        desk.answer(SwitchFault(uuid4(), "gun-1", "source_covered", True))
    with pytest.raises(KnownError, match="0 to 1000"):
        desk.answer(SetSceneSpeed(uuid4(), 1e9))


@pytest.mark.parametrize("is_simulated", [True, False])
def test_a_station_of_simulated_devices_says_so_and_all_its_alerts_are_a_drill(
    tmp_path, is_simulated
):
    section = '[simulators]\ncontrol = "127.0.0.1:4711"\n'
    about = described(tmp_path, section if is_simulated else "")
    assert (about.is_simulated, about.is_drill) == (is_simulated, is_simulated)


def test_where_no_simulators_are_every_command_is_refused(hub, desk):
    with pytest.raises(KnownError, match="are real"):
        Desk(None).answer(LookAtSimulators(uuid4()))
    hub.close()
    with pytest.raises(KnownError, match="No simulators answer"):
        desk.answer(LookAtSimulators(uuid4()))
