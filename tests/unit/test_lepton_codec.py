import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.cameras.lepton_codec import FfcState, decode
from drivers.errors import ProtocolError

ROOM = 29515  # 22 °C in hundredths of a kelvin
UPTIME, STATUS, COUNT, LAST_FFC, TLINEAR, RESOLUTION = 1, 3, 20, 30, 208, 209
DONE = FfcState.DONE << 4


def pixels(value=ROOM):
    return np.full((120, 160), value, dtype="<u2").tobytes()


def telemetry(**numbers):
    """Two rows, with 32-bit numbers by the name of their first word."""
    words = np.zeros(320, dtype="<u2")
    words[TLINEAR] = words[RESOLUTION] = 1
    words[STATUS] = DONE
    for name, value in numbers.items():
        at = {"serial": 5}.get(name) or globals()[name.upper()]
        words[at : at + 2] = np.frombuffer(struct.pack("<I", value), "<u2")
    return words


def told(**numbers):
    return decode(pixels() + telemetry(**numbers).tobytes()).telemetry


def test_hundredths_of_a_kelvin():
    # Constructed on the protocol page: F5 78 is 36.50 °C.
    payload = bytes.fromhex("F5 78") * (120 * 160)
    np.testing.assert_allclose(decode(payload).temperature_c(), 36.50, atol=1e-4)


def test_tenths_of_a_kelvin_only_where_the_telemetry_says_so():
    words = telemetry()
    words[RESOLUTION] = 0
    with_telemetry = decode(pixels(3097) + words.tobytes())
    np.testing.assert_allclose(with_telemetry.temperature_c(), 36.55, atol=1e-4)
    assert decode(pixels(3097)).resolution_k is None


@pytest.mark.parametrize("counts", [0, 3020, 7000, 8200, 9000, 16383, 65535])
def test_counts_are_never_taken_for_temperatures(counts):
    for payload in (pixels(counts), pixels(counts) + telemetry().tobytes()):
        picture = decode(payload)
        assert picture.resolution_k is None
        assert picture.temperature_c()[0, 0] == counts


@pytest.mark.parametrize(
    ("word", "value"), [(TLINEAR, 0), (TLINEAR, 7), (RESOLUTION, 2), (STATUS, DONE | 1 << 12)]
)
def test_telemetry_that_denies_temperatures_is_believed(word, value):
    words = telemetry()
    words[word] = value
    assert decode(pixels() + words.tobytes()).resolution_k is None


def test_empty_telemetry_is_none():
    picture = decode(pixels() + bytes(640))
    assert picture.telemetry is None
    assert picture.resolution_k == 0.01


@pytest.mark.parametrize("state", FfcState)
def test_the_shutter_is_told(state):
    assert told(status=state << 4).ffc is state


@pytest.mark.parametrize(
    ("uptime", "last_ffc", "age_s"),
    [
        (60_000, 2_000, 58.0),
        (70_000, 65_536, 4.464),
        (5, 2**32 - 995, 1.0),
        (1_000, 1_001, 0.0),
    ],
)
def test_the_age_of_the_correction_survives_the_clocks_wrap_and_is_0_in_doubt(
    uptime, last_ffc, age_s
):
    assert told(uptime=uptime, last_ffc=last_ffc).ffc_age_s == pytest.approx(age_s)


def test_each_status_bit_has_its_own_meaning():
    fit = told(status=DONE)
    assert not fit.is_locked_out
    assert not fit.is_overheated
    assert told(status=DONE | 1 << 15).is_locked_out
    assert not told(status=DONE | 1 << 15).is_overheated
    assert told(status=DONE | 1 << 20).is_overheated


def test_numbers_come_low_word_first():
    assert told(count=0x00012345).frame_count == 0x12345
    assert told(serial=0x000B8003).serial_number.startswith("8003000b")
    assert told().serial_number == ""


def test_a_flat_picture_is_seen():
    assert decode(pixels()).is_flat
    one_differs = pixels()[:-2] + b"\x00\x70"
    assert not decode(one_differs).is_flat


@pytest.mark.parametrize("size", [80 * 60 * 2, 80 * 63 * 2])
def test_old_firmware_is_told_to_be_updated(size):
    with pytest.raises(ProtocolError, match="update PureThermal firmware"):
        decode(bytes(size))


@given(st.binary(max_size=200) | st.integers(0, 80_000).map(bytes))
def test_another_size_is_refused(payload):
    if len(payload) in {38_400, 39_040}:
        return
    with pytest.raises(ProtocolError):
        decode(payload)


@given(st.integers(0, 2**32 - 1), st.booleans())
def test_any_bytes_of_the_right_size_give_finite_values(seed, has_telemetry):
    noise = np.random.default_rng(seed).bytes(39_040 if has_telemetry else 38_400)
    picture = decode(noise)
    assert np.isfinite(picture.temperature_c()).all()
    assert (picture.telemetry is not None) is has_telemetry
