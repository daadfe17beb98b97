"""What the "FE FD" forehead gun says on its serial line.

Source: OEM document "Bluetooth Thermometer (IR) Communication Protocol".
"""

from simulators.devices.fefd_gun import GunReading

CONNECT_REQUEST = b"\xfe\xfd\xaa\xa0\x0d\x0a"
"""Host to device: connect."""
CONNECT_ACKNOWLEDGE = b"\xfe\xfd\x1a\xaa\x55\x5f\x0d\x0a"
"""Device to host: 55 and 5F are the complements of AA and A0."""


def encode_result(reading: GunReading) -> bytes:
    """Return the 8 bytes of one result: unit 1A/15, body flag, value x10 big-endian."""
    unit = 0x15 if reading.is_fahrenheit else 0x1A
    value = round(reading.value * 10)
    return b"\xfe\xfd" + bytes([unit, int(reading.is_body)]) + value.to_bytes(2, "big") + b"\r\n"
