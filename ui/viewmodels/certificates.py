"""What is shown of linearity certificates, as plain values: pure functions."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from station.core.linearity import Verdict
from station.core.service_commands import CameraCertificate
from ui.texts import QT_TRANSLATE_NOOP, say, translate
from ui.viewmodels.notices import Notice

CERTIFIED: Mapping[Verdict, str] = {
    Verdict.PASS: QT_TRANSLATE_NOOP("texts", "Linearity: PASS"),
    Verdict.NORMALISING: QT_TRANSLATE_NOOP("texts", "Linearity: FAIL, bends towards 37 °C"),
    Verdict.NOT_LINEAR: QT_TRANSLATE_NOOP("texts", "Linearity: FAIL, not linear"),
    Verdict.INCOMPLETE: QT_TRANSLATE_NOOP("texts", "Linearity: sweep incomplete"),
}

_PASS_SIGN, _FAIL_SIGN, _NONE_SIGN = "✓", "✗", "–"
_FAILED = frozenset({Verdict.NORMALISING, Verdict.NOT_LINEAR})


def certificate_notice(
    certificates: Sequence[CameraCertificate], camera_id: str, now: datetime
) -> Notice:
    """Return what a camera's latest certificate says, or that there is none."""
    found = next((one for one in certificates if one.camera_id == camera_id), None)
    if found is None:
        none = translate("certificates", "No linearity certificate yet")
        return Notice(f"{_NONE_SIGN} {none}", "caution")
    is_pass = found.verdict is Verdict.PASS
    is_expired = found.expires_at <= now
    # The sign stands before the word, so that neither needs a colour.
    head = f"{_PASS_SIGN if is_pass else _FAIL_SIGN} {say(CERTIFIED, found.verdict)}"
    if not found.is_whole:
        head += translate("certificates", " (shortened sweep, not the whole check)")
    text = f"{head} · {_day(found.at)}"
    if is_pass:
        expiry = (
            translate("certificates", "EXPIRED {0}")
            if is_expired
            else translate("certificates", "valid until {0}")
        )
        text += f" · {expiry.format(_day(found.expires_at))}"
    if figures := _figures(found):
        text = f"{text}\n{figures}"
    if found.verdict in _FAILED:
        return Notice(text, "alarm")
    is_good = is_pass and found.is_whole and not is_expired
    return Notice(text, "good" if is_good else "caution")


def _figures(found: CameraCertificate) -> str:
    parts = []
    if found.slope is not None:
        parts.append(translate("certificates", "slope {0}").format(f"{found.slope:.4f}"))
    if found.max_deviation_c is not None:
        words = translate("certificates", "largest deviation {0} °C")
        parts.append(words.format(f"{found.max_deviation_c:+.3f}"))
    return " · ".join(parts)


def _day(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d}"
