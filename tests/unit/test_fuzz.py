import time
from pathlib import Path

import pytest

import drivers
from drivers.errors import DeviceError, ProtocolError
from tests.fuzz import codecs
from tests.fuzz.engine import Broken, Codec, fuzz, stream, whole

INPUTS = 300


# The cptv library logs what it skips by a method that Python is about to drop.
@pytest.mark.filterwarnings("ignore:The 'warn' method:DeprecationWarning")
@pytest.mark.parametrize("codec", codecs.CODECS, ids=lambda codec: codec.name)
def test_no_input_breaks_a_codec(codec):
    did = fuzz(codec, INPUTS, seed=1)
    # Some messages get through undamaged.
    assert did.values


@pytest.mark.parametrize("codec", codecs.CODECS, ids=lambda codec: codec.name)
def test_what_is_damaged_is_a_message_with_a_value(codec):
    assert any(not isinstance(item, DeviceError) for item in codec.feed([codec.valid[0]]))


def test_every_codec_of_the_drivers_is_fuzzed():
    table = Path(codecs.__file__).read_text()
    found = {path.stem for path in Path(drivers.__file__).parent.rglob("*_codec.py")}
    assert {stem for stem in found if stem not in table} == set()


def test_the_same_seed_gives_the_same_inputs():
    seen = [[], []]
    for inputs in seen:
        fuzz(Codec("any", whole(inputs.append), (b"12345678",), is_stream=False), 50, seed=4)
    assert seen[0] == seen[1]
    assert len(set(seen[0])) > 25


class Lines:
    """A parser that can be told to do wrong."""

    def __init__(self, wrong=""):
        self.wrong, self.held = wrong, b""

    def feed(self, data):
        if self.wrong == "pieces":
            return [data]
        *lines, self.held = (self.held + data).split(b"\n")
        if any(lines) and self.wrong == "crash":
            raise IndexError("list index out of range")
        if any(lines) and self.wrong == "hang":
            end_s = time.process_time() + 0.5
            while time.process_time() < end_s:
                pass
        return [float("nan")] * len(lines) if self.wrong == "nan" else lines


def broken(wrong):
    codec = Codec("lines", stream(lambda: Lines(wrong)), (b"36.6\n",))
    with pytest.raises(Broken) as told:
        fuzz(codec, INPUTS, seed=1, longest_s=0.1)
    return str(told.value)


def test_a_sound_parser_passes():
    fuzz(Codec("lines", stream(Lines), (b"36.6\n",)), INPUTS, seed=1)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [("crash", "it raised IndexError"), ("hang", "it hangs"), ("nan", "nan"), ("pieces", "pieces")],
)
def test_a_parser_that_breaks_the_law_is_told_with_its_input(wrong, said):
    told = broken(wrong)
    assert said in told
    assert "input: " in told


def test_errors_count_as_errors_and_none_as_nothing():
    def decode(data):
        if b"6" in data:
            raise ProtocolError("no six", data)

    did = fuzz(Codec("six", whole(decode), (b"6", b"5"), is_stream=False), INPUTS, seed=1)
    assert did.values == 0
    assert 0 < did.errors < INPUTS
