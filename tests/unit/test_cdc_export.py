import builtins
import csv
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from fhir.resources.R4B.bundle import Bundle

from station.__main__ import main
from station.cdc.fhir import CODES, SKIN_CODE
from station.cdc.store import InboxStore, Taken
from station.core.cases import CaseOutcome, CaseState, Handover, HandoverStep, TrustClass
from station.core.clock_quality import ClockQuality
from station.core.registration import HubKind, Medicine, Registration, Symptom
from station.core.report import BodyFinding, Channel, Report, ReportKind, SkinFinding
from station.reporting.composing import encode_report
from station.reporting.messages.alert import SealedPerson
from station.reporting.payload import decode_event
from station.reporting.topics import StationIdentity

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
WHO = StationIdentity("000000", "hub", "station-1")
EPOCH, CASE = uuid4(), uuid4()
MEASURED = SkinFinding(37.25, 0.2, "inner_canthus", "above", (), "policy")
DOUBT = SkinFinding(None, None, None, "not_measured", ("covered_eyes", "too_far"), "policy")
EAR = BodyFinding(38.4, NOON, "thermo-1", TrustClass.TYMPANIC)
FOREHEAD = BodyFinding(38.1, NOON, "thermo-2", TrustClass.FOREHEAD)
JOURNEY = Registration(
    HubKind.FLIGHT, "CA123", "", "12A", "?", (Symptom.COUGH,), Medicine.NONE, 6, exposure=()
)
FLAGGED = Report(
    uuid4(), ReportKind.FLAGGED, CASE, 3, CaseState.OPEN, "到达 1", NOON, NOON, MEASURED, ()
)


def handed(*steps):
    return tuple(
        Handover(step, NOON + timedelta(minutes=number), "120") for number, step in enumerate(steps)
    )


class Export:
    """An inbox, and what the command writes of it."""

    def __init__(self, folder):
        self.folder = folder
        self.store = InboxStore(folder / "cdc.sqlite")
        self.sequence = 0

    def add(self, report=FLAGGED, *, is_drill=False, at=NOON, sequence=None, **changes):
        self.sequence += 1
        report = replace(report, report_id=uuid4(), **changes)
        raw = encode_report(
            report,
            WHO,
            EPOCH,
            sequence or self.sequence,
            is_drill=is_drill,
            clock=ClockQuality.SYNCHRONISED,
        )
        channel = Channel.ALERT.for_drill(is_drill)
        event = decode_event(raw, channel)
        self.store.add([Taken(WHO.topic(channel), raw, at, event, event.id)])

    def add_sealed(self):
        self.sequence += 1
        person = SealedPerson(jwe="eyJh.k.i.c.t", delete_at=NOON + timedelta(days=3650))
        report = replace(FLAGGED, report_id=uuid4(), kind=ReportKind.REGISTERED)
        raw = encode_report(
            report,
            WHO,
            EPOCH,
            self.sequence,
            is_drill=False,
            clock=ClockQuality.SYNCHRONISED,
            person=person,
        )
        event = decode_event(raw, Channel.ALERT)
        self.store.add([Taken(WHO.topic(Channel.ALERT), raw, NOON, event, event.id)])

    def write(self, *arguments):
        return main(["cdc", "export", "--db", str(self.folder / "cdc.sqlite"), *arguments])

    def fhir(self, *arguments):
        path = self.folder / "out.json"
        assert self.write("--fhir", str(path), *arguments) == 0
        bundle = Bundle.model_validate_json(path.read_text("utf-8"))
        return [entry.resource for entry in bundle.entry or ()]

    def table(self, *arguments):
        path = self.folder / "out.csv"
        assert self.write("--csv", str(path), *arguments) == 0
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))


@pytest.fixture
def export(tmp_path):
    made = Export(tmp_path)
    yield made
    made.store.close()


def of(resources, name):
    return [one for one in resources if one.get_resource_type() == name]


def codes(observation):
    return {(coding.system, coding.code) for coding in observation.code.coding}


def skin_and_body(resources):
    skins, bodies = [], []
    for one in of(resources, "Observation"):
        (skins if (CODES, SKIN_CODE) in codes(one) else bodies).append(one)
    return skins, bodies


def test_skin_and_body_never_share_a_code(export):
    export.add(kind=ReportKind.SECOND_READING, body=(EAR, FOREHEAD))
    [skin], bodies = skin_and_body(export.fhir())
    assert codes(skin) == {(CODES, SKIN_CODE)}, "no LOINC code: it is no body temperature"
    assert [codes(one) for one in bodies] == [
        {("http://loinc.org", "8310-5"), ("http://loinc.org", "76011-6")},
        {("http://loinc.org", "8310-5")},
    ]
    assert (float(skin.valueQuantity.value), skin.valueQuantity.code) == (37.25, "Cel")
    assert float(skin.extension[0].valueQuantity.value) == 0.2
    assert [float(one.valueQuantity.value) for one in bodies] == [38.4, 38.1]
    assert [one.device.identifier.value for one in bodies] == ["thermo-1", "thermo-2"]


def test_what_was_not_measured_has_a_reason_and_no_value(export):
    export.add(skin=DOUBT)
    [skin], _ = skin_and_body(export.fhir())
    assert skin.valueQuantity is None
    assert skin.dataAbsentReason.coding[0].code == "not-performed"
    assert skin.dataAbsentReason.text == "covered_eyes, too_far"


def test_a_case_told_three_times_is_three_communications_about_the_same_readings(export):
    export.add()
    export.add(kind=ReportKind.SECOND_READING, body=(EAR,))
    export.add(kind=ReportKind.VERDICT, body=(EAR,), case_state=CaseState.CONFIRMED)
    resources = export.fhir()
    assert len(of(resources, "Communication")) == 3
    skins, bodies = skin_and_body(resources)
    assert (len(skins), len(bodies)) == (1, 1)
    known = {f"urn:uuid:{one.id}" for one in resources}
    for told in of(resources, "Communication"):
        assert {about.reference for about in told.about} <= known
        assert told.subject.identifier.value == f"urn:uuid:{CASE}"
        assert told.extension[0].valueCode == "synchronised"
    assert of(resources, "Patient") == [], "nobody knows who it is"


@pytest.mark.parametrize(
    ("steps", "task", "request_"),
    [
        ([HandoverStep.REQUESTED], "requested", "active"),
        ([HandoverStep.REQUESTED, HandoverStep.ACCEPTED], "accepted", "active"),
        (list(HandoverStep)[:3], "in-progress", "active"),
        (list(HandoverStep)[:4], "completed", "completed"),
        ([HandoverStep.REQUESTED, HandoverStep.LEFT_WITHOUT], "cancelled", "revoked"),
    ],
)
def test_a_hand_over_is_a_request_and_its_task(export, steps, task, request_):
    export.add(kind=ReportKind.HANDOVER, handover=handed(*steps))
    resources = export.fhir()
    [asked], [done] = of(resources, "ServiceRequest"), of(resources, "Task")
    assert (done.status, asked.status) == (task, request_)
    assert done.focus.reference == f"urn:uuid:{asked.id}"
    assert done.owner.display == "120"
    assert [note.text for note in done.note] == [step.value for step in steps]


def test_whoever_is_called_second_replaces_the_first(export):
    steps = (HandoverStep.REQUESTED, HandoverStep.REQUESTED, HandoverStep.ACCEPTED)
    export.add(kind=ReportKind.HANDOVER, handover=handed(*steps))
    resources = export.fhir()
    assert [one.status for one in of(resources, "Task")] == ["cancelled", "accepted"]


def test_whoever_left_before_anybody_was_called_leaves_only_a_message(export):
    export.add(kind=ReportKind.HANDOVER, handover=handed(HandoverStep.LEFT_WITHOUT))
    resources = export.fhir()
    assert of(resources, "Task") == []
    [told] = of(resources, "Communication")
    assert "left_without" in told.payload[0].contentString


def test_an_alert_that_came_late_does_not_turn_a_hand_over_back(export):
    steps = (HandoverStep.REQUESTED, HandoverStep.ACCEPTED)
    export.add(kind=ReportKind.HANDOVER, handover=handed(*steps), sequence=9)
    export.add(kind=ReportKind.HANDOVER, handover=handed(steps[0]), sequence=8)
    [task] = of(export.fhir(), "Task")
    assert task.status == "accepted"


def test_every_resource_of_a_drill_says_so_and_no_real_one_does(export):
    everything = {
        "kind": ReportKind.HANDOVER,
        "body": (EAR,),
        "handover": handed(HandoverStep.REQUESTED),
        "registration": JOURNEY,
        "outcome": CaseOutcome.NEGATIVE,
    }
    export.add(is_drill=True, **everything)
    drill = export.fhir()
    export.add(**everything)
    both = export.fhir()
    assert len(drill) == 9
    tagged = {one.id for one in both if one.meta and one.meta.tag[0].code == "drill"}
    assert tagged == {one.id for one in drill}
    assert len(both) == 18, "a drill and the real thing share no resource"
    texts = [one.code.text for one in drill if hasattr(one, "code")]
    assert all(text.startswith("DRILL: ") for text in texts)


def test_the_table_has_a_row_for_each_alert(export):
    export.add(body=(EAR,), handover=handed(HandoverStep.REQUESTED))
    [row] = export.table()
    assert (row["is_drill"], row["lane"], row["case_number"]) == ("no", "到达 1", "3")
    assert (row["skin_surface_temperature_c"], row["last_body_temperature_c"]) == ("37.25", "38.4")
    assert (row["last_body_trust"], row["handover_step"]) == ("tympanic", "requested")
    assert (row["clock"], row["received_at"]) == ("synchronised", NOON.isoformat())


def test_the_table_tells_the_journey_the_answers_and_the_clinics_finding(export):
    journey = Registration(
        HubKind.TRAIN, "G123", "5", "12A", "12B", (Symptom.COUGH, Symptom.RASH), exposure=()
    )
    export.add(registration=journey, outcome=CaseOutcome.POSITIVE)
    [row] = export.table()
    assert (row["asked_hub"], row["asked_number"], row["asked_seat_actual"]) == (
        "train", "G123", "12B",
    )  # fmt: skip
    assert (row["asked_symptoms"], row["asked_exposure"], row["asked_medicine"]) == (
        "cough rash", "none", "",
    )  # fmt: skip
    assert row["clinic_found"] == "positive"


def asked_and_found(resources):
    said = {one.code.coding[0].code: one for one in of(resources, "Observation")}
    return said.get("424483007"), said.get("clinic-finding")


def test_the_journey_has_standard_codes_and_says_what_the_traveller_did_not_know(export):
    export.add(registration=JOURNEY)
    resources = export.fhir()
    [journey, found] = asked_and_found(resources)
    assert found is None
    assert journey.category[0].coding[0].code == "TRNS"
    assert journey.valueCodeableConcept.coding[0].code == "journey-flight"
    parts = {part.code.coding[0].code: part for part in journey.component}
    assert parts.keys() == {"journey-number", "journey-seat", "journey-seat-actual"}
    assert (parts["journey-number"].valueString, parts["journey-seat"].valueString) == (
        "CA123", "12A",
    )  # fmt: skip
    assert parts["journey-seat-actual"].dataAbsentReason.coding[0].code == "asked-unknown"
    [answers] = of(resources, "QuestionnaireResponse")
    assert {item.linkId: item.answer[0].valueCoding.code for item in answers.item} == {
        "symptoms": "symptoms-cough",
        "medicine": "medicine-none",
        "exposure": "exposure-none",
    }


def test_a_journey_by_road_without_answers_is_told_as_such(export):
    export.add(registration=Registration(HubKind.ROAD))
    resources = export.fhir()
    assert asked_and_found(resources)[0].component is None
    assert of(resources, "QuestionnaireResponse") == []


@pytest.mark.parametrize(
    ("outcome", "sign"),
    [(CaseOutcome.POSITIVE, "POS"), (CaseOutcome.NEGATIVE, "NEG"), (CaseOutcome.OTHER, None)],
)
def test_the_clinics_finding_is_an_observation(export, outcome, sign):
    export.add(kind=ReportKind.OUTCOME, outcome=outcome)
    resources = export.fhir()
    found = asked_and_found(resources)[1]
    assert found.valueCodeableConcept.coding[0].code == f"clinic-{outcome.value}"
    assert (found.interpretation[0].coding[0].code if found.interpretation else None) == sign
    [told] = of(resources, "Communication")
    assert f"urn:uuid:{found.id}" in {about.reference for about in told.about}


def test_a_clinic_that_does_not_tell_leaves_no_value(export):
    export.add(kind=ReportKind.OUTCOME, outcome=CaseOutcome.UNKNOWN)
    found = asked_and_found(export.fhir())[1]
    assert found.valueCodeableConcept is None
    assert found.dataAbsentReason.coding[0].code == "asked-unknown"


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_no_cell_can_be_taken_for_a_formula(export, start):
    evil = f'{start}cmd|"/C calc"!A0'
    export.add(lane=evil, skin=replace(MEASURED, policy_id=evil))
    [row] = export.table()
    assert row["lane"] == row["policy_id"] == f"'{evil}"


def test_only_what_came_since_then_is_written(export):
    export.add(case_number=1, at=NOON)
    export.add(case_number=2, at=NOON + timedelta(hours=1))
    since = ("--since", "2026-11-24T20:30:00+08:00")
    assert [row["case_number"] for row in export.table(*since)] == ["2"]
    assert len(of(export.fhir(*since), "Communication")) == 1


def test_a_day_or_a_case_can_be_written_alone(export):
    other = uuid4()
    for hours, case_id in ((0, CASE), (12, CASE), (24, other), (25, CASE)):
        export.add(at=NOON + timedelta(hours=hours), case_id=case_id)
    day = ("--since", "2026-11-25T00:00+00:00", "--until", "2026-11-26T00:00+00:00")
    assert [row["sequence"] for row in export.table(*day)] == ["2", "3", "4"]
    assert [row["sequence"] for row in export.table("--case", str(CASE))] == ["1", "2", "4"]
    assert [row["sequence"] for row in export.table(*day, "--case", str(other))] == ["3"]
    assert len(of(export.fhir(*day, "--case", str(CASE)), "Communication")) == 2


def test_an_empty_inbox_gives_an_empty_table_and_an_empty_bundle(export):
    assert export.table() == []
    assert (export.folder / "out.csv").read_text("utf-8-sig").startswith("is_drill,")
    assert export.fhir() == []


def test_refusals_say_what_to_do_and_leave_the_file_that_was_there(export, capsys, monkeypatch):
    export.add()
    assert export.write() == 2
    assert "name --fhir" in capsys.readouterr().err
    assert export.write("--csv", str(export.folder / "no" / "out.csv")) == 2
    assert "name another file" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        export.write("--csv", "x", "--since", "yesterday")
    assert "is no time" in capsys.readouterr().err
    real = builtins.__import__

    def missing(name, *others):
        if name.startswith("fhir"):
            raise ImportError(name)
        return real(name, *others)

    kept = export.folder / "out.json"
    kept.write_text("{}")
    monkeypatch.setattr(builtins, "__import__", missing)
    assert export.write("--fhir", str(kept)) == 2
    assert "fever-station[fhir]" in capsys.readouterr().err
    assert json.loads(kept.read_text()) == {}
    assert not list(export.folder.glob("*.part"))


def test_ids_stay_the_same_from_export_to_export(export):
    export.add(body=(EAR,), handover=handed(HandoverStep.REQUESTED))
    first, second = ({one.id for one in export.fhir()} for _ in range(2))
    assert first == second
    assert all(UUID(one) for one in first)


def test_a_sealed_identity_is_in_no_export(export):
    export.add_sealed()
    assert of(export.fhir(), "Communication")
    assert len(export.table()) == 1
    for path in export.folder.glob("out.*"):
        assert "eyJh" not in path.read_text("utf-8")
