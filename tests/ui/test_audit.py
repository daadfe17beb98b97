"""The auditor's screen: search, verify, export, and an altered chain that is found."""

import re
from pathlib import Path

import pytest

from station.core.audit import AuditKind, TrailFilter
from station.core.copying import Copied, CopyDeed
from station.core.people_commands import ReadAudit
from station.core.people_events import AuditPage
from station.core.questions import ExportAudit, VerifyAudit
from tests.ui import scenes_lead as scenes
from tests.ui.conftest import MakeStage
from tests.ui.looking import everything_said
from tests.ui.making_people import session, trail_rows
from tests.ui.scenes import Scene
from tests.ui.screens import Stage
from ui.language import LanguageName
from ui.viewmodels.audit import step_rows
from ui.viewmodels.trail_words import CODES, code_words


def on_screen(stage: Stage, scene: Scene) -> object:
    stage.window.show_screen("audit")
    scene(stage)
    return stage.window.screens["audit"]


def asked(stage: Stage) -> ReadAudit:
    return next(one for one in reversed(stage.bridge.sent) if isinstance(one, ReadAudit))


def test_an_altered_chain_is_told_with_its_row(stage: Stage) -> None:
    on_screen(stage, scenes.trail_altered)
    assert "NOT WHOLE: row 17: a row was altered" in everything_said(stage.window)


def test_a_whole_chain_is_told_with_its_head(stage: Stage) -> None:
    screen = on_screen(stage, scenes.trail_whole)
    assert "Whole: 1203 rows" in everything_said(stage.window)
    screen.verify.click()
    assert isinstance(stage.bridge.sent[-1], VerifyAudit)
    assert "Whole" not in everything_said(stage.window)


def test_a_kind_and_words_narrow_the_trail_and_its_file(stage: Stage) -> None:
    screen = on_screen(stage, scenes.trail)
    screen.kinds.chosen.emit(AuditKind.ACCOUNT)
    screen.text.setText(" zhao ")
    screen._typing.timeout.emit()
    assert asked(stage).wanted == TrailFilter(AuditKind.ACCOUNT, "zhao")
    screen.export.click()
    sent = stage.bridge.sent[-1]
    assert isinstance(sent, ExportAudit)
    assert sent.wanted == TrailFilter(AuditKind.ACCOUNT, "zhao")


def test_older_steps_follow_the_last_one_and_the_end_leads_back(stage: Stage) -> None:
    screen = on_screen(stage, scenes.trail)
    screen.older.click()
    assert asked(stage).before == trail_rows()[-1].number
    stage.tell(AuditPage(trail_rows()[-1:], asked(stage).command_id, True))
    screen.older.click()
    assert asked(stage).before is None


def test_a_step_is_told_in_full(stage: Stage) -> None:
    on_screen(stage, scenes.trail)
    said = everything_said(stage.window)
    told = "Accounts: Zhao-05 · what: account made (did:add) · role: operator"
    assert f"Chen-01 (shift lead)\n{told}" in said


@pytest.mark.parametrize(
    ("name", "fault", "switch", "copy"),
    [
        ("en", "Video wire pulled", "on", "Backups, files: backup · made"),
        ("zh", "拔掉视频线", "开启", "备份与导出：备份 · 已完成"),
    ],
)
def test_a_row_says_names_and_the_whole_step_has_the_code_beside(
    make_stage: MakeStage, name: LanguageName, fault: str, switch: str, copy: str
) -> None:
    stage = make_stage(name)
    screen = on_screen(stage, scenes.trail)
    said = "\n".join(row.detail for row in step_rows(trail_rows(), None))
    assert f"seek-1 · {fault} · {switch}" in said
    assert copy in said
    assert "video_unplugged" not in said
    number = next(row.number for row in trail_rows() if row.entry.subject == "seek-1")
    screen.steps.chosen.emit(number)
    stage.settle()
    assert f"{fault} (fault:video_unplugged)" in everything_said(stage.window)


def test_every_deed_that_the_station_keeps_has_a_name() -> None:
    sources = (Path(__file__).parents[2] / "station").rglob("*.py")
    text = "".join(source.read_text("utf-8") for source in sources)
    deeds = set(re.findall(r'\bdid="([^"]+)"', text)) | {*Copied, *CopyDeed}
    assert len(deeds) > 10
    assert {deed for deed in deeds if deed not in CODES and code_words(deed) == deed} == set()


def test_a_locked_kiosk_forgets_the_trail_and_asks_nothing(stage: Stage) -> None:
    screen = on_screen(stage, scenes.trail)
    stage.tell(session(None))
    count = len(stage.bridge.sent)
    stage.settle()
    assert len(stage.bridge.sent) == count
    assert stage.window.screens["lane"].isVisible()
    assert not screen._rows
