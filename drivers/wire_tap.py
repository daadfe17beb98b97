"""Every byte that crosses a wire, for whoever listens to the logger `wire`; off otherwise.

A record carries the bytes themselves: `wire_from` ("host" or "device"), `wire_name` and
`wire_bytes`, so that a capture need not read them back from text.
"""

import logging

LOGGER = logging.getLogger("wire")
"""Debug level switches it on."""

_SHOWN_BYTES = 64


def sent(name: str, data: bytes) -> None:
    """Tell what the host said on the wire of that name."""
    _tell(name, "host", data)


def heard(name: str, data: bytes) -> None:
    """Tell what the device said on the wire of that name."""
    _tell(name, "device", data)


def _tell(name: str, speaker: str, data: bytes) -> None:
    if data and LOGGER.isEnabledFor(logging.DEBUG):
        shown = data[:_SHOWN_BYTES].hex(" ")
        about = {"wire_name": name, "wire_from": speaker, "wire_bytes": data}
        LOGGER.debug("%s %s: %s", name, speaker, shown, extra=about)
