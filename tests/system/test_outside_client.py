"""A client that we did not write reads alerts with the command that the CDC's page documents."""

import json
import shlex
import shutil
import subprocess

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from station.reporting.schema import json_schemas
from tests.secured.parties import GOOD, HOST, ROOT, until

pytestmark = pytest.mark.system


@pytest.fixture
def documented(secured):
    """Return the page's command, with this broker in the place of the example's."""
    if shutil.which("mosquitto_sub") is None:
        pytest.skip("mosquitto_sub is not installed: run `make system`")
    page = (ROOT / "station" / "cdc" / "README.md").read_text("utf-8").replace("\\\n", "")
    [command] = [line for line in page.splitlines() if line.startswith("    mosquitto_sub")]
    there = {"mqtt.example": HOST, "8883": str(secured.port)}
    return [there.get(word, word) for word in shlex.split(command)]


@pytest.mark.parametrize("version", ["5", "311"])
def test_mosquitto_sub_reads_an_alert_as_documented(secured, documented, version):
    command = [*documented, "-V", version, "-W", "60"]
    granted = "Sending SUBACK to cdc-2"
    before = secured.log("broker").count(granted)
    with subprocess.Popen(
        command, cwd=secured.files.auditor, stdout=subprocess.PIPE, text=True
    ) as client:
        # Its own word for it, with -d, stays in its buffer until the first alert.
        assert until(lambda: secured.log("broker").count(granted) > before, 60)
        sent = secured.alert(GOOD)
        secured.station.publish(GOOD.alert_topic, sent, secured.keys[GOOD].sign(sent))
        report_id = json.loads(sent)["id"]
        read = next((line for line in client.stdout if report_id in line), None)
        client.terminate()
    assert read is not None and json.loads(read) == json.loads(sent)
    schema = json_schemas()["alert.v1"]
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(json.loads(read))
