import io

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from station.core.errors import KnownError
from station.service import vault

KEY = X25519PrivateKey.from_private_bytes(bytes(range(32)))


def sealed(plain):
    out = io.BytesIO()
    vault.seal(io.BytesIO(plain), out, KEY.public_key())
    return out.getvalue()


def opened(data, key=KEY):
    out = io.BytesIO()
    vault.unseal(io.BytesIO(data), out, key)
    return out.getvalue()


@pytest.mark.parametrize("length", [0, 1, 99, 100, 101, 250])
def test_what_was_sealed_is_opened_again(monkeypatch, length):
    monkeypatch.setattr(vault, "_CHUNK", 100)
    plain = bytes(i % 251 for i in range(length))
    assert opened(sealed(plain)) == plain


def test_nothing_of_it_can_be_read_and_no_two_are_alike():
    plain = b"a traveller's name" * 20
    assert b"traveller" not in sealed(plain)
    assert sealed(plain) != sealed(plain)


@given(st.integers(min_value=0, max_value=400), st.integers(min_value=1, max_value=255))
def test_one_changed_byte_is_noticed(place, change):
    data = bytearray(sealed(b"x" * 300))
    data[place % len(data)] ^= change
    with pytest.raises(KnownError):
        opened(bytes(data))


def test_a_chunk_that_is_cut_off_or_moved_is_noticed(monkeypatch):
    monkeypatch.setattr(vault, "_CHUNK", 10)
    data = sealed(b"0123456789abcdefghijABCDEFGHIJ")
    begin, size = len(data) - 3 * 26, 26
    first, second, third = (data[begin + i * size :][:size] for i in range(3))
    for wrong in ((first, second), (second, first, third), (first, third)):
        with pytest.raises(KnownError, match="damaged or cut off"):
            opened(data[:begin] + b"".join(wrong))


def test_another_key_opens_nothing():
    with pytest.raises(KnownError, match="another key"):
        opened(sealed(b"x"), X25519PrivateKey.generate())


def test_keys_are_made_for_their_owner_alone(tmp_path):
    private, public = vault.make_key()
    assert b"PRIVATE" in private
    path = tmp_path / "backup.pub"
    path.write_bytes(public)
    vault.load_public(path)
    path.write_bytes(private)
    with pytest.raises(KnownError, match="no backup key"):
        vault.load_public(path)
