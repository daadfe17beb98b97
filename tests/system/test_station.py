"""The whole station as its own process, with simulated devices on real wires."""

import json
import signal
import socket
import sqlite3
from contextlib import closing
from uuid import UUID

import pytest
from sqlalchemy import select

from station.cdc.store import InboxStore
from station.cdc.tables import daily_report
from station.commands.broker import LocalBroker, free_port
from station.core.events import DeviceChanged, DeviceState, RoomChanged, RoomSource
from station.core.lane_events import LaneFault, LaneUpdate
from tests.one_lane import write_site
from tests.support import wait_for
from tests.system.whole_station import connect, read_until

pytestmark = pytest.mark.system


@pytest.fixture
def hub(start, tmp_path):
    # Everybody has a fever and walks fast: the first flag comes within seconds.
    hub = start(
        "simulators", "hub", "demo", "--folder", tmp_path, "--set", "camera.password=pw",
        "--set", "people.febrile_every=1", "--set", "people.spacing_s=2", "--set", "people.count=6",
    )  # fmt: skip
    return json.loads(hub.stdout.readline())


def set_fault(hub, fault, is_on):
    with socket.create_connection(hub["control"]) as control, control.makefile("rw") as stream:
        order = {"do": "fault", "device": "camera", "fault": fault, "on": is_on}
        stream.write(json.dumps(order) + "\n")
        stream.flush()
        assert "error" not in json.loads(stream.readline())


def outbox(folder):
    """Return (report id, state) of every alert, read beside the running station."""
    path = folder / "ledger.sqlite"
    if not path.exists():
        return []
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            return connection.execute(
                "select report_id, state from outbox where case_id is not null"
            ).fetchall()
    except sqlite3.OperationalError:
        return []


def test_an_alert_of_a_station_killed_before_publishing_arrives_once(start, hub, tmp_path):
    port = free_port()
    site = write_site(tmp_path, hub["devices"], port)
    # No broker listens yet: the flag is committed and cannot be published.
    station = start("station", "run", "--config", site)
    wait_for(lambda: outbox(tmp_path))
    station.send_signal(signal.SIGKILL)
    station.wait()
    committed = {UUID(report_id) for report_id, _ in outbox(tmp_path)}

    inbox = tmp_path / "cdc.sqlite"
    with LocalBroker(port=port):
        cdc = start("station", "cdc", "serve", "--port", port, "--db", inbox, "--json")
        assert json.loads(cdc.stdout.readline()) == {"ready": True}
        start("station", "run", "--config", site)
        wait_for(lambda: all(state == "delivered" for _, state in outbox(tmp_path)))
        cdc.terminate()
        cdc.wait()
    with closing(InboxStore(inbox, read_only=True)) as store:
        arrived = [alert.id for alert in store.alerts(100)]
    assert len(arrived) == len(set(arrived))
    assert committed <= set(arrived)


def test_a_camera_that_is_cut_off_and_comes_back_is_told(start, hub, tmp_path):
    start("station", "run", "--config", write_site(tmp_path, hub["devices"], free_port()))
    with closing(connect(tmp_path, as_user=True)) as client:
        read_until(client, lambda event: isinstance(event, LaneUpdate))
        set_fault(hub, "disconnect", True)
        lost = read_until(client, lambda event: isinstance(event, DeviceChanged))
        assert lost.state is DeviceState.LOST
        read_until(client, lambda event: isinstance(event, LaneFault))
        set_fault(hub, "disconnect", False)
        read_until(client, lambda event: isinstance(event, LaneUpdate))


def test_a_technician_tells_the_room_and_a_value_no_room_has_is_refused(start, hub, tmp_path):
    site = write_site(tmp_path, hub["devices"], free_port())
    start("station", "run", "--config", site)
    with closing(connect(tmp_path, as_user=True)) as client:
        read_until(client, lambda event: isinstance(event, RoomChanged))
        done = start("station", "room", "--config", site, "--ambient-c", 21.5, "--outdoor-c=-12")
        assert done.wait(timeout=120) == 0
        told = read_until(client, lambda event: isinstance(event, RoomChanged))
        assert (told.source, told.room.ambient_c) == (RoomSource.MEASURED, 21.5)
        assert (told.room.outdoor_c, told.room.humidity_pct) == (-12.0, None)
    refused = start("station", "room", "--config", site, "--ambient-c", 215)
    _, words = refused.communicate(timeout=120)
    assert refused.returncode == 2
    assert "must be -10 to 50 °C, not 215" in words
    assert words.count("\n") == 1


def test_figures_asked_for_reach_the_cdc_and_an_open_case_is_not_handed_over(start, hub, tmp_path):
    port, inbox = free_port(), tmp_path / "cdc.sqlite"
    site = write_site(tmp_path, hub["devices"], port)
    with LocalBroker(port=port):
        cdc = start("station", "cdc", "serve", "--port", port, "--db", inbox, "--json")
        assert json.loads(cdc.stdout.readline()) == {"ready": True}
        start("station", "run", "--config", site)
        wait_for(lambda: outbox(tmp_path))
        asked = start("station", "report", "--config", site)
        shown, words = asked.communicate(timeout=120)
        assert (asked.returncode, words) == (0, "")
        assert "screened" in shown
        refused = start(
            *("station", "hand-over", "--config", site, "--case", 1, "--step", "requested")
        )
        _, words = refused.communicate(timeout=120)
        assert refused.returncode == 2
        assert "end its second check first" in words

        def reports():
            with closing(InboxStore(inbox, read_only=True)) as store:
                with store._database.reading() as connection:
                    return connection.scalars(select(daily_report.c.raw)).all()

        told = json.loads(wait_for(reports)[-1])["data"]
        assert told["screened"] >= 1
        assert told["cases"]["opened"] >= 1


def test_a_room_told_to_no_station_gives_one_sentence(start, tmp_path):
    site = tmp_path / "site.toml"
    site.write_text(f'[kiosk]\nsocket_path = "{tmp_path}/bridge"\n')
    alone = start("station", "room", "--config", site, "--ambient-c", 21.5)
    _, words = alone.communicate(timeout=120)
    assert alone.returncode == 2
    assert "No station answers" in words
    assert words.count("\n") == 1


def test_a_second_station_on_the_same_ledger_is_refused(start, hub, tmp_path):
    site = write_site(tmp_path, hub["devices"], free_port())
    start("station", "run", "--config", site)
    connect(tmp_path, as_user=True).close()
    second = start("station", "run", "--config", site)
    _, told = second.communicate(timeout=120)
    assert second.returncode == 2
    assert "Traceback" not in told
    assert told.count("\n") == 1


def test_a_broken_site_file_is_refused_with_all_its_faults(start, tmp_path):
    site = tmp_path / "site.toml"
    site.write_text('[station]\nregin = "x"\n[link]\nport = "a"\nwindw = 3\n')
    station = start("station", "run", "--config", site)
    _, told = station.communicate(timeout=120)
    assert station.returncode == 2
    assert told.count("\n") == 3
    assert "did you mean 'region'?" in told
    assert "Traceback" not in told
