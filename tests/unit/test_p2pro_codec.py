import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.cameras.p2pro_codec import decode, raw_half
from drivers.errors import ProtocolError

HALF = 98_304


@pytest.mark.parametrize(("word", "value_c"), [("6A 4D", 36.5), ("AA 4D", 37.5), ("8A 4A", 25.0)])
def test_a_word_is_a_64th_of_a_kelvin(word, value_c):
    # Constructed on the protocol page; it rounds to the step of 1/64 K.
    values = decode(bytes.fromhex(word) * (HALF // 2))
    assert values.shape == (192, 256)
    np.testing.assert_allclose(values, value_c, atol=0.5 / 64)


def test_the_temperatures_are_the_lower_half():
    assert raw_half(b"\x80" * HALF + b"\x4d" * HALF) == b"\x4d" * HALF


def test_an_empty_half_is_no_temperature():
    assert decode(bytes(HALF)) is None


@pytest.mark.parametrize("size", [0, 1, HALF, 2 * HALF - 1, 2 * HALF + 1, 256 * 192 * 2])
def test_another_size_is_refused(size):
    with pytest.raises(ProtocolError, match="no picture of a P2 Pro"):
        raw_half(bytes(size))


@pytest.mark.parametrize("pixel", [b"\x40\x80", b"\xff\x80", b"\x01\x00"])
def test_a_webcams_colours_are_no_temperatures(pixel):
    with pytest.raises(ProtocolError, match="another camera"):
        decode(pixel * (HALF // 2))


@given(st.integers(0, 2**32 - 1), st.integers(0, 3))
def test_any_bytes_give_finite_values_or_a_refusal(seed, low_bits):
    words = np.random.default_rng(seed).integers(0, 1 << 16, HALF // 2, dtype=np.uint16)
    try:
        values = decode((words >> low_bits).astype("<u2").tobytes())
    except ProtocolError:
        return
    assert np.isfinite(values).all()
