"""What stands beside a face, and how a measurement is said."""

from dataclasses import dataclass

from station.core.lane_events import FaceView
from station.core.screening import Measurement, Outcome
from ui.texts import OUTCOMES, say, say_reason, translate


@dataclass(frozen=True, slots=True)
class FaceLabel:
    """The words beside a face."""

    title: str
    """Number and outcome; empty while it is not clear who it is."""
    detail: str
    """Skin temperature with its expanded uncertainty, or what to do."""
    hint: str = ""
    """Beside the answer: unusually warm against the crowd."""


def face_label(face: FaceView) -> FaceLabel:
    """Return the words beside a face; a camera's value is always called skin."""
    number = "" if face.traveller is None else f"{face.traveller}"
    if face.outcome is None:
        detail = say_reason(face.reason) if face.reason else translate("viewmodels", "Measuring")
        return FaceLabel(number, detail)
    title = f"{number} · {say(OUTCOMES, face.outcome)}"
    if face.skin_c is None or face.u_c is None:
        return FaceLabel(title, say_reason(face.reason) if face.reason else "")
    hint = translate("viewmodels", "Warm against the crowd") if face.is_warm else ""
    return FaceLabel(title, skin_text(face.skin_c, face.u_c), hint)


def skin_text(skin_c: float, u_c: float) -> str:
    """Return a skin temperature with its expanded uncertainty (k=2)."""
    return translate("viewmodels", "skin {0} ±{1} °C").format(f"{skin_c:.1f}", f"{2 * u_c:.1f}")


def measured_text(measurement: Measurement | None) -> str:
    """Return what the thermograph measured, in words."""
    if measurement is None:
        return say(OUTCOMES, Outcome.NOT_MEASURED)
    return skin_text(measurement.skin_c, measurement.u_c)
