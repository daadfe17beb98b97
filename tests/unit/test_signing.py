import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws as jose
from joserfc.jwk import OKPKey

from station.core.errors import KnownError
from station.reporting.sealing import OpeningKey, SealingKey, SealingKeyFile, key_name
from station.reporting.signing import (
    CdcKeys,
    KeyRegistry,
    SignatureError,
    SigningKey,
    TrustedKey,
    key_id,
)
from station.reporting.topics import StationIdentity

WHO = StationIdentity("110106", "west", "station-1")
OTHER = StationIdentity("110106", "west", "station-2")
KEY = Ed25519PrivateKey.from_private_bytes(b"1" * 32)
OTHERS = Ed25519PrivateKey.from_private_bytes(b"2" * 32)
PAYLOAD = '{"data":"\u6f22"}'.encode()
JWS = SigningKey(KEY).sign(PAYLOAD)
REGISTRY = KeyRegistry([TrustedKey(WHO, KEY.public_key()), TrustedKey(OTHER, OTHERS.public_key())])


def b64(raw):
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def forged(payload=PAYLOAD, **header):
    head = {"alg": "Ed25519", "b64": False, "crit": ["b64"], "kid": key_id(KEY.public_key())}
    text = b64(json.dumps(head | header).encode())
    return f"{text}..{b64(KEY.sign(text.encode() + b'.' + payload))}"


def test_the_stations_own_signature_is_accepted():
    REGISTRY.check(PAYLOAD, JWS, WHO)
    REGISTRY.check(PAYLOAD, forged(), WHO)


def test_the_same_bytes_have_the_same_signature_so_that_sending_again_changes_nothing():
    assert SigningKey(KEY).sign(PAYLOAD) == JWS


def test_another_jose_library_accepts_it():
    public = OKPKey.import_key(KEY.public_key())
    jose.deserialize_compact(JWS, public, algorithms=["Ed25519"], payload=PAYLOAD)


def test_what_another_jose_library_signs_is_accepted():
    header = {"alg": "Ed25519", "b64": False, "crit": ["b64"], "kid": key_id(KEY.public_key())}
    made = jose.serialize_compact(header, PAYLOAD, OKPKey.import_key(KEY), algorithms=["Ed25519"])
    REGISTRY.check(PAYLOAD, made, WHO)


def test_the_key_id_is_the_thumbprint_that_others_compute():
    assert key_id(KEY.public_key()) == OKPKey.import_key(KEY.public_key()).thumbprint()


@given(st.integers(0, len(PAYLOAD) - 1), st.integers(1, 255))
def test_one_changed_byte_anywhere_is_found(index, change):
    altered = bytearray(PAYLOAD)
    altered[index] ^= change
    with pytest.raises(SignatureError, match="altered"):
        REGISTRY.check(bytes(altered), JWS, WHO)


@pytest.mark.parametrize(
    ("jws", "why"),
    [
        (None, "not signed"),
        ("", "no detached JWS"),
        ("..", "no detached JWS"),
        ("a.b.c", "no detached JWS"),
        (JWS.replace("..", f".{b64(PAYLOAD)}."), "no detached JWS"),
        (JWS + "=", "no detached JWS"),
        (JWS + ".x", "no detached JWS"),
        (JWS[:-3] + "\u6f22", "no detached JWS"),
        ("x" * 5000 + "..x", "no detached JWS"),
        (forged(alg="none"), "no detached JWS"),
        (forged(alg="HS256"), "no detached JWS"),
        (forged(b64=True), "no detached JWS"),
        (forged(crit=[]), "no detached JWS"),
        (forged(crit=["b64", "b64"]), "no detached JWS"),
        (forged(jwk={"kty": "OKP"}), "no detached JWS"),
        (forged(kid="nobody"), "not registered"),
        (SigningKey(OTHERS).sign(PAYLOAD), "another station"),
        (forged(kid=key_id(OTHERS.public_key())), "another station"),
        (JWS.split("..")[0] + "..", "altered"),
    ],
)
def test_whatever_is_not_the_stations_signature_is_refused_in_words(jws, why):
    with pytest.raises(SignatureError, match=why):
        REGISTRY.check(PAYLOAD, jws, WHO)


def test_the_key_counts_only_for_the_place_that_it_was_enrolled_for():
    with pytest.raises(SignatureError, match="another station"):
        REGISTRY.check(PAYLOAD, JWS, StationIdentity("999999", "west", "station-1"))


def test_a_revoked_key_signs_no_more():
    revoked = KeyRegistry([TrustedKey(WHO, KEY.public_key(), datetime(2026, 1, 1, tzinfo=UTC))])
    with pytest.raises(SignatureError, match="revoked"):
        revoked.check(PAYLOAD, JWS, WHO)


@given(st.text(max_size=300))
def test_any_text_as_signature_is_refused_and_nothing_breaks(text):
    with pytest.raises(SignatureError):
        REGISTRY.check(PAYLOAD, text, WHO)


def test_the_registry_comes_back_from_its_bytes():
    again = KeyRegistry.read(REGISTRY.write())
    assert again.keys.keys() == REGISTRY.keys.keys()
    again.check(PAYLOAD, JWS, WHO)


@given(st.binary(max_size=200))
def test_any_bytes_as_registry_are_refused_in_words(content):
    with pytest.raises(KnownError, match="no registry"):
        KeyRegistry.read(content)


def test_a_registry_whose_id_does_not_fit_its_key_is_refused():
    swapped = REGISTRY.write().replace(
        key_id(KEY.public_key()).encode(), key_id(OTHERS.public_key()).encode()
    )
    with pytest.raises(KnownError, match="no registry"):
        KeyRegistry.read(swapped)


def pem(key):
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize(
    ("content", "mode", "why"),
    [
        (pem(KEY), 0o644, "chmod 600"),
        (pem(generate_private_key(SECP256R1())), 0o600, "another kind"),
        (b"-----BEGIN", 0o600, "no private key"),
        (None, 0o600, "cannot be read"),
    ],
)
def test_a_signing_key_that_cannot_be_used_is_told_in_words(tmp_path, content, mode, why):
    path = tmp_path / "signing.key"
    if content is not None:
        path.write_bytes(content)
        path.chmod(mode)
    with pytest.raises(KnownError, match=why):
        SigningKey.load(path)


def test_a_sealed_field_is_opened_by_its_own_key_alone():
    ours, theirs = OpeningKey(X25519PrivateKey.generate()), OpeningKey(X25519PrivateKey.generate())
    sealed = ours.public.seal("\u5f20\u4f1f, seat 12F")
    assert ours.open(sealed) == "\u5f20\u4f1f, seat 12F"
    with pytest.raises(KnownError, match="another key"):
        theirs.open(sealed)


def test_a_sealed_field_tells_nothing_twice_and_cannot_be_altered():
    key = OpeningKey(X25519PrivateKey.generate())
    one, two = key.public.seal("x"), key.public.seal("x")
    assert one.split(".")[3] != two.split(".")[3]
    parts = one.split(".")
    parts[3] = ("A" if parts[3][0] != "A" else "B") + parts[3][1:]
    with pytest.raises(KnownError, match="altered"):
        key.open(".".join(parts))


@pytest.mark.parametrize("text", ["", "a.b.c.d.e", "....", "\u6f22", JWS])
def test_what_is_no_sealed_field_is_refused_in_words(text):
    with pytest.raises(KnownError, match="cannot be opened"):
        OpeningKey(X25519PrivateKey.generate()).open(text)


@pytest.mark.parametrize("content", ["", "{}", '{"kty":"OKP"}', "[]", pem(KEY).decode()])
def test_what_is_not_the_cdcs_public_key_is_refused_in_words(tmp_path, content):
    path = tmp_path / "cdc-encryption.jwk"
    path.write_text(content)
    with pytest.raises(KnownError, match="name cdc-encryption"):
        SealingKey.load(path)


def test_another_key_in_the_file_counts_from_the_next_field_on_and_a_faulty_one_never(tmp_path):
    path = tmp_path / "cdc-encryption.jwk"
    keys = [OpeningKey(X25519PrivateKey.generate()) for _ in range(2)]

    def put(text):
        beside = path.with_suffix(".new")
        beside.write_text(text)
        beside.replace(path)

    def jwk(key):
        return json.dumps(key._key.as_dict(private=False))

    put(jwk(keys[0]))
    file = SealingKeyFile(path)
    assert keys[0].open(file.seal("x")) == "x"
    put(jwk(keys[1]))
    assert keys[1].open(file.seal("x")) == "x"
    put("{}")
    assert keys[1].open(file.seal("x")) == "x"
    path.unlink()
    assert keys[1].open(file.seal("x")) == "x"
    put(jwk(keys[0]))
    assert keys[0].open(file.seal("x")) == "x"


@given(st.text())
def test_any_text_as_a_sealed_field_names_a_key_or_none(text):
    assert isinstance(key_name(text), str)


def test_a_station_believes_the_cdcs_keys_alone():
    cdc = CdcKeys.read(CdcKeys([KEY.public_key()]).write())
    cdc.check(PAYLOAD, JWS)
    for payload, signature, words in (
        (PAYLOAD, None, "not signed"),
        (PAYLOAD + b" ", JWS, "altered"),
        (PAYLOAD, SigningKey(OTHERS).sign(PAYLOAD), "not signed with a key of the CDC"),
        (PAYLOAD, JWS.replace("..", ".e30."), "no detached JWS"),
    ):
        with pytest.raises(SignatureError, match=words):
            cdc.check(payload, signature)


@pytest.mark.parametrize("content", [b"", b"[]", b'{"keys": []}', REGISTRY.write()])
def test_stations_keys_or_none_in_the_place_of_the_cdcs_are_refused(tmp_path, content):
    path = tmp_path / "cdc.jwks"
    path.write_bytes(content)
    with pytest.raises(KnownError, match=r"cdc\.jwks.*not the CDC's keys"):
        CdcKeys.load(path)


def test_a_secret_name_is_the_same_for_the_same_key_and_purpose_alone():
    name = SigningKey(KEY).secret_name("share")
    assert name == SigningKey(KEY).secret_name("share")
    assert name != SigningKey(KEY).secret_name("canary") != SigningKey(OTHERS).secret_name("share")
    assert not set(name) & set("/+#$ ")
