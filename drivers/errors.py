"""Everything a driver may raise; each docstring lists when, so this file is the error manual."""

from station.core.errors import KnownError


class DeviceError(KnownError):
    """A device did not do its job. Vendor and operating-system errors are wrapped once, here."""


class DriverUnavailable(DeviceError):
    """The driver or a library it needs is not installed, or its name is not registered."""


class OpenFailed(DeviceError):
    """The device cannot be opened: no such port, refused, port in use, wrong password."""


class DeviceTimeout(DeviceError, TimeoutError):
    """The device is open but says nothing in time: unplugged cable, asleep, stalled stream."""


class DeviceDisconnected(DeviceError):
    """The device went away while open: pulled plug, closed socket, end of a recording's file."""


class ProtocolError(DeviceError):
    """Bytes arrived that this protocol does not know: another device, noise, a torn message.

    Attributes:
        raw: the bytes in question, at most the first 32 are shown in the text.
    """

    def __init__(self, message: str, raw: bytes = b"") -> None:
        shown = raw[:32].hex(" ")
        super().__init__(f"{message} (received: {shown})" if raw else message)
        self.raw = raw
