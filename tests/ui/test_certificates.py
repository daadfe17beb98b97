"""What a technician sees of linearity certificates at the devices."""

import pytest

from station.core.linearity import Verdict
from station.core.people import Role
from station.core.service_commands import ListCertificates
from tests.ui import scenes_technician as scenes
from tests.ui.looking import everything_said
from tests.ui.making import NOON
from tests.ui.making_devices import certificates
from tests.ui.making_people import session
from tests.ui.screens import Stage
from ui.viewmodels.certificates import certificate_notice


@pytest.mark.parametrize(
    ("told", "words", "role"),
    [
        (certificates(), "✓ Linearity: PASS · 2026-10-15 · valid until 2027-10-15", "good"),
        (certificates(days_ago=365), "✓ Linearity: PASS · 2025-11-24 · EXPIRED", "caution"),
        (certificates(is_whole=False), "PASS (shortened sweep, not the whole check)", "caution"),
        (certificates(Verdict.NORMALISING), "✗ Linearity: FAIL, bends towards 37 °C", "alarm"),
        (certificates(Verdict.NOT_LINEAR), "✗ Linearity: FAIL, not linear", "alarm"),
        (certificates(Verdict.INCOMPLETE), "✗ Linearity: sweep incomplete", "caution"),
        ((), "– No linearity certificate", "caution"),
    ],
)
def test_a_certificate_is_told_in_a_sign_and_words(told: tuple, words: str, role: str) -> None:
    notice = certificate_notice(told, "camera-1", NOON)
    assert words in notice.text
    assert notice.role == role
    assert ("slope 0.9987 · largest deviation +0.041 °C" in notice.text) == bool(told)


def test_another_camera_s_certificate_is_not_this_one_s() -> None:
    assert "No linearity" in certificate_notice(certificates(), "camera-2", NOON).text


def test_only_a_technician_asks_and_nobody_after_sees_the_answer(stage: Stage) -> None:
    stage.window.show_screen("devices")
    stage.tell(session("Wang-03"))
    scenes.trends(stage)
    before = len(_asked(stage))
    stage.clock.advance(100)
    stage.settle()
    assert len(_asked(stage)) == before
    stage.tell(session("Wu-01", Role.TECHNICIAN))
    stage.settle()
    scenes.tell_certificates(stage, certificates())
    assert "✓ Linearity: PASS" in everything_said(stage.window)
    stage.tell(session("Wang-03"))
    stage.settle()
    assert "Linearity" not in everything_said(stage.window)


def test_the_station_is_asked_again_after_a_while(stage: Stage) -> None:
    stage.window.show_screen("devices")
    scenes.certified(stage)
    asked = _asked(stage)
    stage.clock.advance(31)
    stage.settle()
    assert len(_asked(stage)) > len(asked)


def _asked(stage: Stage) -> list[ListCertificates]:
    return [one for one in stage.bridge.sent if isinstance(one, ListCertificates)]
