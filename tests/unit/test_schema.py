import json
import shutil
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from station.__main__ import main
from station.core.report import Channel
from station.reporting.messages.alert import DrillAlert, RealAlert
from station.reporting.messages.catalogue import STATION_EVENTS
from station.reporting.messages.receipt import Receipt, RejectedReport
from station.reporting.payload import decode_event, encode_receipt
from station.reporting.schema import asyncapi, json_schemas

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
JUDGE = Path(__file__).parents[1] / "asyncapi"
COUNTS = dict.fromkeys("opened open referred confirmed cleared unresolved closed".split(), 0)
DATA = {
    "alert": {
        "epoch": str(uuid4()),
        "sequence": 1,
        "kind": "handover",
        "case": {
            "case_id": str(uuid4()),
            "number": 3,
            "state": "confirmed",
            "lane": "国际到达 1",
            "flagged_at": NOON.isoformat(),
        },
        "skin": {
            "skin_surface_temperature_c": 37.25,
            "standard_uncertainty_c": 0.2,
            "site": "inner_canthus",
            "outcome": "above",
            "reasons": [],
            "policy_id": "policy",
        },
        "body": [
            {
                "body_temperature_c": 38.4,
                "taken_at": NOON.isoformat(),
                "device_id": "thermo-1",
                "trust": "tympanic",
            }
        ],
        "handover": [{"step": "requested", "at": NOON.isoformat(), "to": "120"}],
    },
    "report": {
        "epoch": str(uuid4()),
        "sequence": 2,
        "day": date(2026, 11, 24).isoformat(),
        "time_zone": "Asia/Shanghai",
        "since": NOON.isoformat(),
        "until": NOON.isoformat(),
        "is_complete": False,
        "screened": 3,
        "below": 1,
        "above": 1,
        "repeat": 0,
        "not_measured": 1,
        "not_measured_reasons": [{"reason": "glasses", "count": 1}],
        "cases": {**COUNTS, "opened": 1, "confirmed": 1},
    },
    "status": {
        "state": "attention",
        "lanes": [{"lane": "1", "is_measuring": False, "reason": "no_reference"}],
        "is_ledger_writing": True,
    },
}


def message(model):
    channel = model.channel
    data = {
        "schema_version": "1.1",
        "is_drill": channel.is_drill,
        "clock": "jumped",
        **DATA[channel.value.rpartition("/")[2]],
    }
    return {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": "/fs/000000/hub/station-1",
        "type": f"org.fever-station.{channel.value.replace('/', '.')}.v1",
        "time": NOON.isoformat(),
        "datacontenttype": "application/json",
        "data": data,
    }


def validator(name):
    schema = json_schemas()[name]
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FormatChecker())


def without(whole, *path):
    copy = json.loads(json.dumps(whole))
    part = copy
    for key in path[:-1]:
        part = part[key]
    del part[path[-1]]
    return copy


def paths(value, prefix=()):
    for key, inner in value.items():
        yield (*prefix, key)
        if isinstance(inner, dict):
            yield from paths(inner, (*prefix, key))


def decodes(whole, channel):
    try:
        decode_event(json.dumps(whole).encode(), channel)
    except Exception:
        return False
    return True


@pytest.mark.parametrize("model", STATION_EVENTS, ids=lambda model: model.__name__)
def test_schema_and_program_agree_on_each_message_and_on_each_field_that_is_missing(model):
    whole = message(model)
    judge = validator(whole["type"].removeprefix("org.fever-station."))
    assert judge.is_valid(whole), list(judge.iter_errors(whole))
    assert decodes(whole, model.channel)
    for path in paths(whole):
        part = without(whole, *path)
        assert judge.is_valid(part) == decodes(part, model.channel), path


@pytest.mark.parametrize("model", STATION_EVENTS, ids=lambda model: model.__name__)
def test_schema_and_program_agree_that_a_drill_and_the_real_thing_are_two(model):
    whole = message(model)
    judge = validator(whole["type"].removeprefix("org.fever-station."))
    for path, value in (
        (("type",), whole["type"].replace("station.drill.", "station.")),
        (("data", "is_drill"), not model.channel.is_drill),
        (("source",), "/fs/a/b"),
    ):
        other = json.loads(json.dumps(whole))
        part = other
        for key in path[:-1]:
            part = part[key]
        if part[path[-1]] == value:
            continue
        part[path[-1]] = value
        assert not judge.is_valid(other)
        assert not decodes(other, model.channel)


def test_schema_and_program_agree_on_a_sealed_person():
    judge = validator("alert.v1")
    whole = message(RealAlert)
    person = {"jwe": "eyJh.k_.-i.c.t", "delete_at": NOON.isoformat()}
    whole["data"] |= {"schema_version": "1.3", "person_sealed": person}
    assert judge.is_valid(whole), list(judge.iter_errors(whole))
    assert decodes(whole, Channel.ALERT)
    plain = {"name": "Zhang San"}
    for faulty in ({**person, "jwe": "Zhang San"}, {**person, "name": "Zhang"}, plain, "Zhang"):
        whole["data"]["person_sealed"] = faulty
        assert not judge.is_valid(whole), faulty
        assert not decodes(whole, Channel.ALERT), faulty
    drill = message(DrillAlert)
    drill["data"] |= {"schema_version": "1.3", "person_sealed": person}
    assert not validator("drill.alert.v1").is_valid(drill)
    assert not decodes(drill, Channel.DRILL_ALERT)


def test_a_receipt_fits_its_schema():
    receipt = Receipt(
        stored=(uuid4(),), duplicate=(uuid4(),), rejected=(RejectedReport(id=uuid4(), reason="x"),)
    )
    judge = validator("receipt.v1")
    assert judge.is_valid(json.loads(encode_receipt(receipt, event_id=uuid4(), at=NOON)))


def test_no_schema_has_a_name_that_skin_and_body_share():
    names = {"skin": set(), "body": set()}
    definitions = json_schemas()["alert.v1"]["$defs"]
    names["skin"] = set(definitions["SkinData"]["properties"])
    names["body"] = set(definitions["BodyData"]["properties"])
    assert not names["skin"] & names["body"]


def test_the_document_names_every_topic_once_with_its_quality_and_what_is_retained():
    document = asyncapi()
    addresses = [channel["address"] for channel in document["channels"].values()]
    assert sorted(addresses) == sorted(
        f"fs/v1/{{region}}/{{site}}/{{station}}/{channel.value}" for channel in Channel
    )
    bindings = {
        name: operation["bindings"]["mqtt"] for name, operation in document["operations"].items()
    }
    retained = {name for name, binding in bindings.items() if binding["retain"]}
    assert retained == {"sendStatus", "sendDrillStatus"}
    assert {name for name, binding in bindings.items() if binding["qos"] == 0} == retained
    will = document["servers"]["broker"]["bindings"]["mqtt"]["lastWill"]
    assert (will["retain"], will["topic"]) == (True, document["channels"]["status"]["address"])


def test_the_command_writes_every_document(tmp_path):
    assert main(["cdc", "schema", "--out", str(tmp_path / "new")]) == 0
    written = {path.name: json.loads(path.read_text()) for path in (tmp_path / "new").iterdir()}
    assert written.pop("asyncapi.json") == asyncapi()
    assert written == {f"{name}.schema.json": schema for name, schema in json_schemas().items()}


def test_a_folder_that_cannot_be_made_is_named(tmp_path, capsys):
    (tmp_path / "file").touch()
    assert main(["cdc", "schema", "--out", str(tmp_path / "file")]) == 2
    assert "name another folder" in capsys.readouterr().err


@pytest.fixture(scope="session")
def judge(request):
    """Return the official parser as a function; it is installed once and kept."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("node and npm are not installed: the official AsyncAPI parser cannot run")
    home = Path(request.config.cache.mkdir("asyncapi-parser"))
    wanted = (JUDGE / "package.json").read_text()
    kept = home / "package.json"
    if not (home / "node_modules").is_dir() or kept.read_text() != wanted:
        kept.write_text(wanted)
        install = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(
            install, cwd=home, timeout=250, capture_output=True, text=True, check=False
        )
        if done.returncode:
            shutil.rmtree(home / "node_modules", ignore_errors=True)
            pytest.skip(f"npm cannot install @asyncapi/parser: {done.stderr[-200:]}")

    def parse(document):
        done = subprocess.run(
            [node, str(JUDGE / "judge.mjs")],
            cwd=home,
            input=json.dumps(document),
            timeout=200,
            capture_output=True,
            text=True,
            check=True,
        )
        return json.loads(done.stdout)

    return parse


@pytest.mark.timeout(220)
def test_the_official_parser_takes_the_document_and_refuses_a_spoilt_one(judge):
    said = judge(asyncapi())
    assert said["faults"] == []
    assert "send sendDrillAlert" in said["operations"]
    assert "receive receiveReceipt" in said["operations"]
    spoilt = asyncapi()
    spoilt["operations"]["sendAlert"]["action"] = "shout"
    spoilt["servers"]["broker"]["bindings"]["mqtt"]["lastWill"]["qos"] = 7
    assert judge(spoilt)["faults"]
