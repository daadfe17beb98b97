"""The figures of a sweep, as `certify` keeps them and the station finds them."""

from datetime import UTC, datetime, timedelta

import pytest

from station.core.errors import KnownError
from station.core.linearity import Verdict
from station.service.certificates import keep_figures, latest_certificates

AT = datetime(2026, 5, 1, 8, tzinfo=UTC)


def figures(camera_id="camera-1", at=AT, verdict=Verdict.PASS):
    return {
        "camera_id": camera_id,
        "finished_at": at.isoformat(),
        "verdict": verdict.value,
        "is_whole_sweep": True,
        "slope": 0.9987,
        "max_deviation_c": 0.04,
    }


def test_the_latest_of_each_camera_is_found_whatever_its_verdict(tmp_path):
    later = AT + timedelta(days=2)
    for one in (
        figures(at=later, verdict=Verdict.NORMALISING),
        figures(),
        figures("lane 2/left"),
    ):
        keep_figures(tmp_path / "files", one)
    first, second = latest_certificates(tmp_path / "files", 365)
    assert (first.camera_id, first.at, first.verdict) == ("camera-1", later, Verdict.NORMALISING)
    assert first.expires_at == later + timedelta(days=365)
    assert (second.camera_id, second.slope, second.max_deviation_c) == ("lane 2/left", 0.9987, 0.04)


def test_what_is_no_certificate_is_left_out_and_logged(tmp_path, caplog):
    keep_figures(tmp_path, figures())
    (tmp_path / "certificate-a.json").write_text("{", "utf-8")
    (tmp_path / "certificate-b.json").write_text("[]", "utf-8")
    (tmp_path / "certificate-c.json").write_bytes(b"\xff")
    (found,) = latest_certificates(tmp_path, 365)
    assert found.camera_id == "camera-1"
    assert len(caplog.records) == 3


def test_without_a_folder_there_is_no_certificate(tmp_path):
    assert latest_certificates(tmp_path / "none", 365) == ()


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "files").write_text("", "utf-8")
    with pytest.raises(KnownError, match="export_folder"):
        keep_figures(tmp_path / "files", figures())
