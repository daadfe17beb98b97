import contextlib
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.cameras.hikvision_codec import decode_device_info, decode_reply
from drivers.errors import ProtocolError

TYPE = "multipart/form-data; boundary=boundary"
MATRIX = np.linspace(20, 38, 12, dtype="<f4").reshape(3, 4)
JPEG = b"\xff\xd8 not a picture \xff\xd9"


def reply(matrix=None, *, meta=None, newline=b"\r\n", jpeg=JPEG, drop=(), visible=b""):
    """A reply in the documented form; written here apart from the simulator's."""
    raw = MATRIX.tobytes() if matrix is None else matrix
    described = {
        "channel": 1,
        "jpegPicLen": len(jpeg),
        "jpegPicWidth": 4,
        "jpegPicHeight": 3,
        "p2pDataLen": len(raw),
        "isFreezedata": False,
        "temperatureDataLength": 4,
        "scale": 0,
        "offset": 0,
        "visiblePicLen": len(visible),
    } | (meta or {})
    for key in drop:
        del described[key]
    text = json.dumps({"JpegPictureWithAppendData": described}).encode()
    parts = [(b"application/json", text), (b"image/pjpeg", jpeg), (b"application/octet", raw)]
    if not jpeg:
        del parts[1]
    if visible:
        parts.append((b"image/pjpeg", visible))
    body = b""
    for kind, data in parts:
        body += b"--boundary" + newline + b"Content-Type: " + kind + newline * 2 + data + newline
    return body + b"--boundary--" + newline


def test_a_four_byte_matrix_is_celsius_as_it_stands():
    picture = decode_reply(TYPE, reply())
    np.testing.assert_array_equal(picture.temperature_c, MATRIX)
    assert picture.temperature_c.dtype == np.float32
    assert not picture.is_frozen


def test_the_vendors_example_value_is_36_5():
    raw = bytes.fromhex("00 00 12 42") * 12
    assert np.all(decode_reply(TYPE, reply(raw)).temperature_c == 36.5)


def test_a_two_byte_matrix_is_scaled_and_shifted_from_kelvin():
    # v / scale + offset - 273.15 with v = 3096, scale 10, offset 0 is 36.45.
    raw = np.full(12, 3096, dtype="<i2").tobytes()
    meta = {"temperatureDataLength": 2, "scale": 10, "offset": 0}
    picture = decode_reply(TYPE, reply(raw, meta=meta))
    np.testing.assert_allclose(picture.temperature_c, 36.45, atol=1e-4)


def test_a_two_byte_matrix_may_be_negative_and_shifted():
    raw = np.array([-500, 0, 500] * 4, dtype="<i2").tobytes()
    meta = {"temperatureDataLength": 2, "scale": 100, "offset": 300}
    picture = decode_reply(TYPE, reply(raw, meta=meta))
    np.testing.assert_allclose(picture.temperature_c[0, :3], [21.85, 26.85, 31.85], atol=1e-4)


@pytest.mark.parametrize(
    ("said", "is_frozen"),
    [(True, True), ("true", True), (1, True), (False, False), ("false", False)],
)
def test_the_freeze_flag_is_read_in_every_spelling(said, is_frozen):
    assert decode_reply(TYPE, reply(meta={"isFreezedata": said})).is_frozen is is_frozen


def test_boundary_bytes_inside_the_jpeg_are_only_bytes():
    evil = b"\r\n--boundary\r\nContent-Type: application/octet\r\n\r\n"
    picture = decode_reply(TYPE, reply(jpeg=JPEG + evil + JPEG))
    np.testing.assert_array_equal(picture.temperature_c, MATRIX)


def test_boundary_bytes_inside_the_matrix_are_only_temperatures():
    raw = b"--boundary--    " * 3
    meta = {"temperatureDataLength": 2, "scale": 200, "offset": 250, "jpegPicWidth": 8}
    picture = decode_reply(TYPE, reply(raw, meta=meta))
    counts = np.frombuffer(raw, "<i2").reshape(3, 8)
    np.testing.assert_allclose(picture.temperature_c, counts / 200 + 250 - 273.15, atol=1e-4)


@pytest.mark.parametrize("newline", [b"\r\n", b"\n"])
@pytest.mark.parametrize("kind", ['multipart/mixed; boundary="boundary"', TYPE, TYPE + " ; x=y"])
def test_spellings_of_headers_do_not_matter(newline, kind):
    picture = decode_reply(kind, reply(newline=newline))
    np.testing.assert_array_equal(picture.temperature_c, MATRIX)


def test_a_reply_without_thermal_picture_or_with_a_visible_one_is_read():
    for body in (reply(jpeg=b""), reply(visible=b"\xff\xd8 visible")):
        np.testing.assert_array_equal(decode_reply(TYPE, body).temperature_c, MATRIX)


def test_every_cut_before_the_matrix_ends_is_a_protocol_error():
    body = reply()
    end = body.index(MATRIX.tobytes()) + MATRIX.nbytes
    for size in range(end):
        with pytest.raises(ProtocolError):
            decode_reply(TYPE, body[:size])
    decode_reply(TYPE, body[:end])


WRONG = {
    "p2pDataLen too long": {"p2pDataLen": 52},
    "p2pDataLen too short": {"p2pDataLen": 44},
    "p2pDataLen is text": {"p2pDataLen": "48"},
    "no rows": {"jpegPicHeight": 0, "p2pDataLen": 0},
    "absurd size": {"jpegPicHeight": 30_000, "jpegPicWidth": 30_000, "p2pDataLen": 3_600_000_000},
    "three-byte data": {"temperatureDataLength": 3, "p2pDataLen": 36},
    "two-byte data without scale": {
        "temperatureDataLength": 2,
        "p2pDataLen": 24,
        "scale": 0,
    },
    "scale is huge": {"temperatureDataLength": 2, "p2pDataLen": 24, "scale": 10**400},
    "scale is NaN": {"temperatureDataLength": 2, "p2pDataLen": 24, "scale": float("nan")},
    "scale is tiny": {"temperatureDataLength": 2, "p2pDataLen": 24, "scale": 1e-300},
    "jpegPicLen too long": {"jpegPicLen": 10_000},
    "jpegPicLen too short": {"jpegPicLen": 3},
    "jpegPicLen negative": {"jpegPicLen": -1},
    "rows are a boolean": {"jpegPicHeight": True},
}


@pytest.mark.parametrize("name", list(WRONG))
def test_a_wrong_description_is_a_protocol_error(name):
    with pytest.raises(ProtocolError):
        decode_reply(TYPE, reply(meta=WRONG[name]))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, -273.15, -40.1, 550.1, 1e30])
def test_one_impossible_temperature_refuses_the_matrix(value):
    matrix = MATRIX.copy()
    matrix[2, 3] = value
    with pytest.raises(ProtocolError, match="no camera of this kind"):
        decode_reply(TYPE, reply(matrix.tobytes()))


@pytest.mark.parametrize("kind", ["", "text/html", "multipart/mixed", "multipart/mixed; boundary="])
def test_a_reply_of_another_kind_names_what_came(kind):
    with pytest.raises(ProtocolError, match="multipart"):
        decode_reply(kind, b"<html>")


@given(st.binary(max_size=600), st.text(max_size=40))
def test_any_bytes_give_a_picture_or_a_protocol_error(body, kind):
    for content_type in (TYPE, kind, "multipart/x; boundary=" + kind):
        with contextlib.suppress(ProtocolError):
            decode_reply(content_type, body)


@given(st.data())
def test_any_damage_to_a_real_reply_gives_a_picture_or_a_protocol_error(data):
    body = bytearray(reply())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at] = data.draw(st.integers(0, 255))
    with contextlib.suppress(ProtocolError):
        decode_reply(TYPE, bytes(body))


@given(
    st.dictionaries(
        st.sampled_from(["jpegPicLen", "jpegPicWidth", "scale", "offset", "temperatureDataLength"]),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    )
)
def test_any_description_gives_a_picture_or_a_protocol_error(meta):
    with contextlib.suppress(ProtocolError):
        decode_reply(TYPE, reply(meta=meta))
    with contextlib.suppress(ProtocolError):
        decode_reply(TYPE, reply(bytes(24), meta={"temperatureDataLength": 2} | meta))


def test_the_device_tells_its_model_and_serial_number():
    body = b"<DeviceInfo><model>DS-2TD</model><serialNumber>42</serialNumber></DeviceInfo>"
    assert decode_device_info(body) == ("DS-2TD", "42")
    assert decode_device_info(b"\xff<model>") == ("", "")
