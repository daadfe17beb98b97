"""What devices say, as lines for a technician."""

from drivers.api import (
    Device,
    DeviceInfo,
    HandheldThermometer,
    ReferenceSource,
    RoomSample,
    RoomSensor,
    SourceState,
    ThermalCamera,
    ThermometerSample,
)
from station.core.frames import ThermalFrame


def told(info: DeviceInfo) -> str:
    """Return who answered, in one line."""
    serial = f", serial {info.serial_number}" if info.serial_number else ", no serial number"
    can = ", ".join(sorted(info.capabilities))
    return f"{info.model}{serial}, driver {info.driver}" + (f" ({can})" if can else "")


def read_line(device: Device, timeout_s: float) -> str | None:
    """Read once and return it as a line; None for silence, or the end of a recording.

    Raises:
        DeviceError: as the device's `read` does.
    """
    match device:
        case ThermalCamera():
            frame = device.read(timeout_s)
            return None if frame is None else frame_text(frame, device.sensor_c)
        case HandheldThermometer():
            sample = device.read(timeout_s)
            return None if sample is None else sample_text(sample)
        case ReferenceSource():
            return source_text(device.read(timeout_s))
        case RoomSensor():
            return room_text(device.read(timeout_s))
    return None


def frame_text(frame: ThermalFrame, sensor_c: float | None) -> str:
    """Return a frame's numbers in one line, and the sensor's own temperature where it is told."""
    rows, columns = frame.shape
    picture = frame.temperature_c
    age = "" if frame.shutter_age_s is None else f", shutter {frame.shutter_age_s:.0f} s ago"
    own = "" if sensor_c is None else f", sensor at {sensor_c:.1f} °C"
    return (
        f"frame {frame.sequence}: {columns}x{rows}, {frame.status}, "
        f"{picture.min():.2f} to {picture.max():.2f} °C, mean {picture.mean():.2f} °C{age}{own}"
    )


def sample_text(sample: ThermometerSample) -> str:
    """Return a handheld reading in one line."""
    doubt = "" if sample.is_plausible else ", IMPLAUSIBLE: never used"
    return f"{sample.temperature_c:.2f} °C ({sample.mode}, {sample.trust}){doubt}"


def source_text(state: SourceState) -> str:
    """Return what a source says of itself in one line."""
    parts = [
        f"{state.temperature_c:.2f} °C",
        f"set to {state.set_point_c:.2f} °C",
        "stable" if state.is_stable else "not stable",
        "output on" if state.is_heating else "output off",
    ]
    return ", ".join(parts + ([f"FAULT: {state.fault}"] if state.fault else []))


def room_text(room: RoomSample) -> str:
    """Return what a room sensor measures in one line."""
    humidity = "" if room.humidity_pct is None else f", {room.humidity_pct:.0f} %"
    return f"{room.ambient_c:.1f} °C{humidity}"
