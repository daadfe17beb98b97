"""A FLIR radiometric JPEG, built by the rules that exiftool documents; no picture of a camera.

Source: https://exiftool.org/TagNames/FLIR.html (FFF header, record directory, raw data and camera
information).
"""

import struct

import cv2
import numpy as np

R1, R2, B, F, OFFSET = 17_000.0, 0.0125, 1_430.0, 1.0, -7_340
"""Planck constants of a made-up camera: T = B / ln(R1 / (R2 (S + OFFSET)) + F), kelvin."""


def counts_of(celsius):
    """Return what such a camera counts at an apparent temperature."""
    kelvin = np.asarray(celsius, dtype=np.float64) + 273.15
    return np.rint(R1 / (R2 * (np.exp(B / kelvin) - F)) - OFFSET).astype(np.uint16)


def flir_jpeg(celsius, *, emissivity=0.95):
    """Return the bytes of a JPEG with these temperatures, °C, float (rows, columns)."""
    raw, camera = _raw_data(counts_of(celsius)), _camera_info(emissivity)
    # Cameras write more entries than they use; the rest is empty.
    directory, entries = 64, 6
    raw_at = directory + entries * 32
    camera_at = raw_at + len(raw)
    fff = b"FFF\x00" + b"TEST\x00".ljust(16, b"\x00")
    fff += struct.pack(">IIII", 100, directory, entries, 2).ljust(directory - len(fff), b"\x00")
    for kind, subtype, offset, length in (
        (1, 2, raw_at, len(raw)),
        (32, 1, camera_at, len(camera)),
    ):
        fff += struct.pack(">HHIIIIIII", kind, subtype, 100, 1, offset, length, 0, 0, 0)
    fff = fff.ljust(raw_at, b"\x00") + raw + camera
    ordinary = bytes(cv2.imencode(".jpg", np.zeros((16, 16), np.uint8))[1])
    return ordinary[:2] + _segments(fff) + ordinary[2:]


def _raw_data(counts):
    rows, columns = counts.shape
    head = struct.pack("<HHH", 2, columns, rows).ljust(32, b"\x00")
    return head + counts.astype("<u2").tobytes()


def _camera_info(emissivity):
    info = bytearray(860)
    # Emissivity, distance, reflected, air, window temperature (K), window transmission.
    struct.pack_into("<6f", info, 32, emissivity, 1.0, 293.15, 293.15, 293.15, 1.0)
    struct.pack_into("<f", info, 60, 0.5)
    struct.pack_into("<3f", info, 88, R1, B, F)
    # The air's attenuation of a metre is left out: alphas and betas of zero.
    struct.pack_into("<5f", info, 112, 0.0, 0.0, 0.0, 0.0, 1.0)
    struct.pack_into("<i", info, 776, OFFSET)
    struct.pack_into("<f", info, 780, R2)
    return bytes(info)


def _segments(fff, size=60_000):
    pieces = [fff[start : start + size] for start in range(0, len(fff), size)]
    return b"".join(
        b"\xff\xe1"
        + struct.pack(">H", len(piece) + 10)
        + b"FLIR\x00\x01"
        + bytes([number, len(pieces) - 1])
        + piece
        for number, piece in enumerate(pieces)
    )
