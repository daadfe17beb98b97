"""What the devices' screen shows, as plain values: pure functions of events and the time."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from station.core.events import DeviceChanged, DeviceState, SourceChanged
from station.core.handhelds import CheckVerdict, DeviceCheck
from station.core.trends import CameraTrend, TrendPoint
from ui.model import KioskModel
from ui.texts import DEVICE_HINTS, DEVICES, DOUBTS, REFERENCES, say, say_station, translate
from ui.viewmodels.ages import age_text
from ui.viewmodels.curves import Curve
from ui.viewmodels.notices import link_notice
from ui.viewmodels.rows import Row
from ui.viewmodels.salvage import salvage_text

LINK, STATION = "", " "
"""Stand for the way to the CDC and the station itself among devices, which all have names."""

_SHOWN_SHUTTERS = 6
_LEAST_ERROR_C, _LEAST_NOISE_MK, _LEAST_GAPS = 0.5, 100.0, 5.0
_HEADROOM = 1.15


def device_rows(model: KioskModel, selected: str | None) -> list[Row]:
    """Return every device with how it is; a touch selects it."""
    return [
        Row(
            key=device.device_id,
            title=say(DEVICES, device.state).format(device.device_id),
            detail=_hint(device),
            is_selected=device.device_id == selected,
        )
        for device in model.devices.values()
    ]


def station_rows(model: KioskModel, selected: str | None) -> list[Row]:
    """Return the station itself while it has a fault, or an alarm that lasts."""
    if not has_station_alarm(model):
        return []
    is_faulty = bool(model.faults)
    damaged = translate("deviceviews", "Station: ledger was damaged")
    title = translate("deviceviews", "Station: fault") if is_faulty else damaged
    hint = say(DEVICE_HINTS, DeviceState.DOUBTFUL)
    return [Row(STATION, title, hint, is_selected=selected == STATION)]


def has_station_alarm(model: KioskModel) -> bool:
    """Whether there is something to say of the station itself."""
    return bool(model.faults) or model.salvage is not None


def link_row(model: KioskModel, now: datetime, selected: str | None) -> Row:
    """Return the way to the CDC as one more row."""
    notice = link_notice(model, now)
    return Row(LINK, notice.text, notice.hint, is_selected=selected == LINK)


def link_text(model: KioskModel, now: datetime) -> str:
    """Return all that is known of the way to the CDC, with the station's own sentence."""
    notice = link_notice(model, now)
    said = say_station(model.link.text) if model.link is not None else ""
    return "\n".join(part for part in (notice.text, notice.hint, said) if part)


def station_text(model: KioskModel) -> str:
    """Return what the station says of its own faults, and of a ledger that was damaged."""
    said = list(dict.fromkeys(map(say_station, model.faults.values())))
    if model.salvage is not None:
        said.append(salvage_text(model.salvage))
    return "\n".join(said)


def curves(trend: CameraTrend, now: datetime) -> tuple[Curve, Curve, Curve]:
    """Return a camera's reference error, its noise, and its missing frames."""
    points = trend.points
    return _reference(points, now), _noise(points, now), _gaps(points, now)


def camera_title(trend: CameraTrend) -> str:
    """Return a camera's name, its lane and how it sees its reference source."""
    words = translate("deviceviews", "{0} · lane {1} · {2}")
    return words.format(trend.camera_id, trend.lane, say(REFERENCES, trend.reference))


def shutter_text(trend: CameraTrend, now: datetime) -> str:
    """Return when the camera's latest shutter corrections were."""
    if not trend.shutters:
        return translate("deviceviews", "Shutter corrections (FFC): none noticed")
    latest = trend.shutters[-_SHOWN_SHUTTERS:][::-1]
    ages = "  ".join(age_text(now, at) for at in latest)
    words = translate("deviceviews", "Shutter corrections (FFC), so long ago: {0}")
    return words.format(ages)


def device_text(
    device: DeviceChanged,
    sources: Mapping[str, SourceChanged],
    checks: Mapping[str, DeviceCheck],
    now: datetime,
) -> str:
    """Return all that is known of a device that is no camera."""
    since = translate("deviceviews", "for {0}").format(age_text(now, device.at))
    lines = [f"{say(DEVICES, device.state).format(device.device_id)} · {since}", _hint(device)]
    if device.text:
        lines.append(say_station(device.text))
    if (source := sources.get(device.device_id)) is not None:
        lines += _source_lines(source)
    if (check := checks.get(device.device_id)) is not None:
        lines.append(check_text(check, now))
    return "\n".join(lines)


def check_text(check: DeviceCheck, now: datetime) -> str:
    """Return how a thermometer's last daily check ended."""
    if check.verdict is CheckVerdict.PASSED:
        words = translate("deviceviews", "Daily check: PASS {0} ago")
    else:
        words = translate("deviceviews", "Daily check: FAIL {0} ago")
    off = translate("deviceviews", "at most {0} °C off (limit {1})")
    told = off.format(f"{check.worst_c:+.2f}", f"±{check.limit_c:.1f}")
    return f"{words.format(age_text(now, check.at))}\n{told}"


def _hint(device: DeviceChanged) -> str:
    return say(DOUBTS, device.doubt) if device.doubt else say(DEVICE_HINTS, device.state)


def _source_lines(source: SourceChanged) -> list[str]:
    shown = translate("deviceviews", "Shows {0} °C, set to {1} °C")
    settled = (
        translate("deviceviews", "Settled")
        if source.is_stable
        else translate("deviceviews", "Not settled yet")
    )
    heating = (
        translate("deviceviews", "Output on")
        if source.is_heating
        else translate("deviceviews", "Output off")
    )
    return [
        shown.format(f"{source.temperature_c:.2f}", f"{source.set_point_c:.2f}"),
        f"{settled} · {heating}",
    ]


def _reference(points: Sequence[TrendPoint], now: datetime) -> Curve:
    values = [point.reference_c for point in points]
    high = _headroom([abs(value) for value in values if value is not None], _LEAST_ERROR_C)
    latest = translate("deviceviews", "no reference")
    if points and points[-1].reference_c is not None:
        latest = f"{points[-1].reference_c:+.2f} °C"
        if points[-1].spread_c is not None:
            latest += f" ±{points[-1].spread_c:.2f}"
    zero = translate("deviceviews", "as it should be")
    marks = ((high, f"{high:+.1f} °C"), (0.0, zero), (-high, f"{-high:+.1f} °C"))
    title = translate("deviceviews", "Reference: read minus true")
    return Curve(title, latest, _timed(points, values, now), -high, high, marks)


def _noise(points: Sequence[TrendPoint], now: datetime) -> Curve:
    values = [None if point.noise_c is None else 1000 * point.noise_c for point in points]
    high = _headroom([value for value in values if value is not None], _LEAST_NOISE_MK)
    has_value = bool(values) and values[-1] is not None
    latest = f"{values[-1]:.0f} mK" if has_value else translate("deviceviews", "unknown")
    title = translate("deviceviews", "Noise of a pixel (NETD)")
    marks = ((high, f"{high:.0f} mK"), (0.0, "0"))
    return Curve(title, latest, _timed(points, values, now), 0.0, high, marks)


def _gaps(points: Sequence[TrendPoint], now: datetime) -> Curve:
    values = [float(point.gaps) for point in points]
    high = _headroom(values, _LEAST_GAPS)
    rate_hz = points[-1].rate_hz if points else None
    rate = translate("deviceviews", "rate unknown")
    if rate_hz is not None:
        rate = translate("deviceviews", "{0} pictures/s").format(f"{rate_hz:.1f}")
    gaps = translate("deviceviews", "{0} gaps").format(sum(point.gaps for point in points))
    title = translate("deviceviews", "Missing or late pictures in 5 s")
    marks = ((high, f"{high:.0f}"), (0.0, "0"))
    timed = _timed(points, values, now)
    return Curve(title, f"{rate} · {gaps}", timed, 0.0, high, marks, is_bars=True)


def _timed(
    points: Sequence[TrendPoint], values: Sequence[float | None], now: datetime
) -> tuple[tuple[float, float | None], ...]:
    ages_min = [(now - point.at).total_seconds() / 60 for point in points]
    return tuple(zip(ages_min, values, strict=True))


def _headroom(values: Sequence[float], least: float) -> float:
    return max(least, _HEADROOM * max(values, default=0.0))
