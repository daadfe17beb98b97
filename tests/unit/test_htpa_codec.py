from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.cameras.htpa_codec import (
    ARRAYS,
    FRAME_BYTES,
    FrameAssembler,
    array_named,
    array_of,
    decode_identity,
    is_answer,
    is_bound,
    is_bound_already,
)
from drivers.errors import ProtocolError

BY_NAME = {array.name: array for array in ARRAYS}
# The page's table of totals, in words: pixels, offsets, supply, ambient and PTATs.
WORDS = {
    "8x8": 64 + 64 + 3,
    "16x16": 256 + 128 + 6,
    "32x32d": 1024 + 256 + 10,
    "60x40d": 2400 + 480 + 14,
    "84x60d": 5040 + 720 + 16,
    "80x64d": 5120 + 1280 + 10,
    "120x84d": 10080 + 1680 + 14,
    "120x84dR2": 10080 + 1680 + 16,
    "160x120d": 20828,
}
EVERY_ARRAY = pytest.mark.parametrize("array", ARRAYS, ids=lambda array: array.name)
WHO = (
    b"HTPA series responsed! I am Arraytype 11 MODTYPE 011\r\nADC: 16\r\n"
    b"HTPAxxxxxd v.2.00 Heimann Sensor GmbH; written by D. Pauer 2021-01-13\r\n"
    b"I am running on 9333.0 kHz\r\nMAC-ID: 24.0A.C4.00.00.01 IP: 192.168.004.001 "
    b"DevID: 0000004711"
)


def datagrams(array, words):
    """Cut a frame's words into its datagrams."""
    payload, pieces, at = np.asarray(words, dtype="<u2").tobytes(), [], 0
    for number, length in enumerate(array.datagram_bytes, 1):
        size = length - array.has_index
        pieces.append(bytes([number]) * array.has_index + payload[at : at + size])
        at += size
    assert at == len(payload)
    return pieces


def frame_of(array, value=3097, sensor=3012):
    """A frame of one pixel value, as words; 3097 is 36.55 °C and 3012 is 28.05 °C."""
    words = np.full(WORDS[array.name], 32_700)
    words[: array.rows * array.columns] = value
    if array.sensor_word is not None:
        words[array.sensor_word] = sensor
    return words


def feed(assembler, pieces):
    found = (assembler.feed(piece) for piece in pieces)
    return [frame for frame in found if frame is not None]


@EVERY_ARRAY
def test_a_frame_of_every_size_is_put_together(array):
    words = frame_of(array)
    words[:3] = (2982, 2231, 3531)
    (frame,) = feed(FrameAssembler(array), datagrams(array, words))
    assert frame.values.shape == (array.rows, array.columns)
    assert frame.values.dtype == np.float32
    np.testing.assert_allclose(frame.values[0, :3], [25.05, -50.05, 79.95], atol=1e-4)
    np.testing.assert_allclose(frame.values[-1, -1], 36.55, atol=1e-4)
    assert frame.sensor_c == (None if array.name == "160x120d" else 28.05)
    assert frame.is_radiometric
    assert not frame.is_repeated


@EVERY_ARRAY
def test_the_table_of_datagrams_adds_up(array):
    assert sum(array.datagram_bytes) == 2 * WORDS[array.name] + array.has_index * len(
        array.datagram_bytes
    )
    assert set(array.datagram_bytes) <= FRAME_BYTES
    assert array_named(array.name) is array_of(array.number) is array


@EVERY_ARRAY
def test_datagrams_that_come_twice_change_nothing(array):
    assembler = FrameAssembler(array)
    first, second = (datagrams(array, frame_of(array, value)) for value in (3000, 3001))
    twice = [piece for piece in first + second for _ in range(2)]
    fresh = [frame for frame in feed(assembler, twice) if not frame.is_repeated]
    # A frame of one datagram that comes twice is a frame that repeats.
    assert [round(float(frame.values[0, 0]), 2) for frame in fresh] == [26.85, 26.95]
    assert assembler.torn_count == 0


@pytest.mark.parametrize("lost", range(10))
def test_one_lost_datagram_costs_its_frame_and_no_other(lost):
    array, assembler = BY_NAME["80x64d"], FrameAssembler(BY_NAME["80x64d"])
    torn = datagrams(array, frame_of(array, 3000))
    del torn[lost]
    frames = feed(assembler, torn + datagrams(array, frame_of(array, 3100)))
    assert [round(float(frame.values[0, 0]), 2) for frame in frames] == [36.85]
    # What never began is not known to have been there.
    assert assembler.torn_count == (lost != 0)


def test_datagrams_that_overtake_each_other_cost_their_frame():
    array, assembler = BY_NAME["80x64d"], FrameAssembler(BY_NAME["80x64d"])
    pieces = datagrams(array, frame_of(array))
    pieces[3], pieces[4] = pieces[4], pieces[3]
    assert feed(assembler, pieces) == []
    assert len(feed(assembler, datagrams(array, frame_of(array)))) == 1


def test_a_first_datagram_before_the_last_begins_anew():
    array = BY_NAME["80x64d"]
    old, new = (datagrams(array, frame_of(array, value)) for value in (3000, 3100))
    (frame,) = feed(FrameAssembler(array), old[:6] + new)
    assert np.all(frame.values > 36)
    assert frame.number == 1


def test_frames_joined_at_the_same_place_cannot_be_told():
    # The limit that the protocol sets; the module's docstring tells it.
    array = BY_NAME["80x64d"]
    old, new = (datagrams(array, frame_of(array, value)) for value in (3000, 3100))
    (frame,) = feed(FrameAssembler(array), old[:5] + new[5:])
    assert {round(float(value), 2) for value in frame.values.ravel()} == {26.85, 36.85}


def test_32x32_is_told_apart_by_its_lengths():
    array, assembler = BY_NAME["32x32d"], FrameAssembler(BY_NAME["32x32d"])
    first, second = datagrams(array, frame_of(array))
    assert (len(first), len(second)) == (1292, 1288)
    assert feed(assembler, [second, first]) == []
    assert len(feed(assembler, [second])) == 1


def test_what_is_forgotten_is_no_part_of_a_frame():
    array, assembler = BY_NAME["80x64d"], FrameAssembler(BY_NAME["80x64d"])
    pieces = datagrams(array, frame_of(array))
    feed(assembler, pieces[:5])
    assembler.forget()
    assert feed(assembler, pieces[5:]) == []


def test_a_frame_that_repeats_to_the_last_bit_is_told():
    array, assembler = BY_NAME["80x64d"], FrameAssembler(BY_NAME["80x64d"])
    pieces = datagrams(array, frame_of(array))
    assert [frame.is_repeated for frame in feed(assembler, pieces * 2)] == [False, True]
    noise = frame_of(array)
    noise[5200] += 1
    assert [frame.is_repeated for frame in feed(assembler, datagrams(array, noise))] == [False]


def test_raw_voltages_are_no_temperatures():
    array = BY_NAME["80x64d"]
    (frame,) = feed(FrameAssembler(array), datagrams(array, frame_of(array, 33_100)))
    assert not frame.is_radiometric
    assert np.all(frame.values == 33_100)


def test_a_few_hot_or_dead_pixels_leave_a_picture_radiometric():
    array, words = BY_NAME["80x64d"], frame_of(BY_NAME["80x64d"])
    words[:2560] = 0
    words[100] = 5731
    (frame,) = feed(FrameAssembler(array), datagrams(array, words))
    assert frame.is_radiometric
    words[2560] = 0
    words[100] = 0
    (frame,) = feed(FrameAssembler(array), datagrams(array, words))
    assert not frame.is_radiometric


@pytest.mark.parametrize("word", [0, 2230, 3532, 65_535])
def test_an_impossible_sensor_temperature_is_none(word):
    array = BY_NAME["32x32d"]
    (frame,) = feed(FrameAssembler(array), datagrams(array, frame_of(array, sensor=word)))
    assert frame.sensor_c is None


@pytest.mark.parametrize(
    "datagram", [b"", b"\x00" + bytes(1282), b"\x0b" + bytes(1282), b"\x01" + bytes(1281), b"hi"]
)
def test_what_is_no_piece_of_a_frame_is_refused_with_its_bytes(datagram):
    with pytest.raises(ProtocolError, match="80x64d: name the right type") as refused:
        FrameAssembler(BY_NAME["80x64d"]).feed(datagram)
    assert refused.value.raw == datagram


def test_an_answer_to_a_call_tells_type_and_number():
    identity = decode_identity(WHO)
    assert (identity.array_number, identity.serial_number) == (11, "0000004711")
    assert decode_identity(WHO + b"\r\n") == identity


def test_a_module_without_number_is_known_by_its_address():
    assert decode_identity(WHO[: WHO.index(b" IP:")]).serial_number == "24.0A.C4.00.00.01"
    assert decode_identity(WHO[:50]).serial_number == ""


def test_texts_are_told_from_frames_and_from_each_other():
    held, taken = b"HW Filter is 192.168.004.001 MAC 24.0A.C4.00.00.01\n\r", b"Device already bound"
    for text in (WHO, held, taken + b"\n\r", b"Emission changed to 98%\r\n\r\n", b"STOP!\r\n"):
        assert is_answer(text)
        assert is_bound(text) is (text is held)
        assert is_bound_already(text) is text.startswith(taken)
    assert decode_identity(held) is None


def test_types_and_names_that_nobody_knows_are_refused():
    with pytest.raises(ProtocolError, match="array type 18, which is not known"):
        array_of(18)
    with pytest.raises(ValueError, match="use one of 8x8, 16x16"):
        array_named("64x80")


@given(st.sampled_from(ARRAYS), st.lists(st.binary(max_size=40), max_size=20))
def test_foreign_datagrams_are_refused_and_break_nothing(array, noise):
    assembler = FrameAssembler(array)
    found = []
    for piece, rubbish in zip(
        datagrams(array, frame_of(array)), [*noise, *[b""] * 30], strict=False
    ):
        with pytest.raises(ProtocolError):
            assembler.feed(rubbish)
        found.append(assembler.feed(piece))
    assert [frame is not None for frame in found] == [False] * (len(found) - 1) + [True]


SMALL = BY_NAME["60x40d"]
# Every frame of its own value, so that a mixed one shows.
STREAM = [datagrams(SMALL, frame_of(SMALL, 2900 + number)) for number in range(4)]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), max_size=60))
def test_in_any_order_only_complete_runs_from_one_to_n_are_frames(order):
    assembler = FrameAssembler(SMALL)
    taken = []
    for number, place in order:
        piece = STREAM[number][place]
        taken.append((number, place))
        frame = assembler.feed(piece)
        if frame is None:
            continue
        # Leaving out what came twice, the last five must be 1 to 5, in order.
        run = [taken[-1]]
        for one in reversed(taken[:-1]):
            if len(run) == 5:
                break
            if one[1] == run[0][1] - 1:
                run.insert(0, one)
        assert [where for _, where in run] == [0, 1, 2, 3, 4]
        values = np.round((frame.values[0, 0], frame.values[-1, -1]), 2) + 273.15
        assert round(float(values[0]) * 10) in {2900 + which for which, where in taken if not where}


@given(st.lists(st.integers(0, 19), max_size=6, unique=True), st.booleans())
def test_losses_never_mix_frames_unless_they_join_at_the_same_place(lost, is_doubled):
    pieces = [piece for frame in STREAM for piece in frame]
    places = [i % 5 for i in range(20)]
    kept = [i for i in range(20) if i not in lost]
    can_join = any(places[b] == places[a] + 1 and b > a + 1 for a, b in pairwise(kept))
    sent = [pieces[i] for i in kept for _ in range(1 + is_doubled)]
    for frame in feed(FrameAssembler(SMALL), sent):
        assert can_join or np.ptp(frame.values) == 0
