import re
import stat
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from station.__main__ import main
from station.core.errors import KnownError
from station.core.report import Channel
from station.pki.authority import Authority
from station.pki.broker import faults_of, write_configuration
from station.pki.certificates import Role
from station.pki.encryption import BOOK_NAME
from station.reporting.sealing import OpeningKey, OpeningKeys, SealingKey, key_name, short
from station.reporting.signing import CdcKeys, KeyRegistry, SignatureError, SigningKey
from station.reporting.topics import StationIdentity

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
WHO = StationIdentity("110106", "west", "station-1")


@pytest.fixture
def authority(tmp_path):
    made = Authority(tmp_path / "ca")
    made.create("CDC", NOW)
    return made


def certificate(folder):
    return x509.load_pem_x509_certificate((folder / "cert.pem").read_bytes())


def crl(authority):
    return x509.load_pem_x509_crl(authority.crl_file.read_bytes())


def test_a_station_gets_a_client_certificate_in_its_name(authority):
    found = certificate(authority.enrol_station(WHO, NOW))
    assert found.subject.rfc4514_string() == "CN=station-1"
    found.verify_directly_issued_by(x509.load_pem_x509_certificate(authority.ca_file.read_bytes()))
    usage = found.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.CLIENT_AUTH], "never a server"


def test_a_broker_is_certified_for_its_names_and_addresses_and_as_a_server_only(authority):
    found = certificate(authority.enrol_broker("broker", ["mqtt.example", "10.0.0.5"], NOW))
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["mqtt.example"]
    assert [str(a) for a in names.get_values_for_type(x509.IPAddress)] == ["10.0.0.5"]
    usage = found.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.SERVER_AUTH]


def test_a_clock_that_lost_weeks_still_finds_everything_valid(authority):
    found = certificate(authority.enrol_station(WHO, NOW))
    ca = x509.load_pem_x509_certificate(authority.ca_file.read_bytes())
    slow = NOW - timedelta(days=29)
    assert found.not_valid_before_utc < slow
    assert ca.not_valid_before_utc < slow
    assert crl(authority).last_update_utc < slow


def test_no_certificate_and_no_list_ends_before_or_after_the_authority(authority):
    found = certificate(authority.enrol_station(WHO, NOW, days=36_500))
    assert found.not_valid_after_utc == authority.ca_not_after()
    assert crl(authority).next_update_utc == authority.ca_not_after(), "a stale list stops alerts"


def test_keys_are_closed_to_others_and_never_overwritten(authority):
    folder = authority.enrol_station(WHO, NOW)
    keys = [folder / "key.pem", folder / "signing.key", authority.folder / "ca.key"]
    before = [key.read_bytes() for key in keys]
    for key in keys:
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
    with pytest.raises(KnownError, match="never overwritten"):
        authority.create("again", NOW)
    with pytest.raises(KnownError, match="renew it, or revoke it"):
        authority.enrol_station(WHO, NOW)
    assert [key.read_bytes() for key in keys] == before


def test_renewing_keeps_the_key_and_lasts_longer(authority):
    old = certificate(authority.enrol_broker("broker", ["localhost"], NOW, days=30))
    later = NOW + timedelta(days=20)
    new = certificate(authority.renew("broker", later, days=30))
    assert new.public_key() == old.public_key()
    assert new.not_valid_after_utc == later + timedelta(days=30)
    san = x509.SubjectAlternativeName
    assert new.extensions.get_extension_for_class(san) == old.extensions.get_extension_for_class(
        san
    )


def test_revoking_takes_back_every_certificate_and_the_signing_key(authority):
    folder = authority.enrol_station(WHO, NOW)
    serials = {certificate(folder).serial_number}
    authority.renew("station-1", NOW)
    serials.add(certificate(folder).serial_number)
    authority.revoke("station-1", NOW)
    assert {one.serial_number for one in crl(authority)} == serials
    [key] = KeyRegistry.load(authority.registry_file).keys.values()
    assert key.revoked_at == NOW
    assert not folder.exists()


def test_a_revoked_name_can_be_enrolled_anew_with_new_keys(authority):
    old = certificate(authority.enrol_station(WHO, NOW))
    authority.revoke("station-1", NOW)
    new = certificate(authority.enrol_station(WHO, NOW))
    assert new.public_key() != old.public_key()
    keys = KeyRegistry.load(authority.registry_file).keys.values()
    assert [key.revoked_at is None for key in keys] == [False, True]


def test_the_registry_holds_each_stations_key_and_place(authority):
    folder = authority.enrol_station(WHO, NOW)
    authority.enrol_station(StationIdentity("1", "2", "other"), NOW)
    payload = b'{"id":1}'
    jws = SigningKey.load(folder / "signing.key").sign(payload)
    KeyRegistry.load(authority.registry_file).check(payload, jws, WHO)


def test_receivers_get_the_key_of_receipts_and_stations_its_public_half(authority):
    station, receiver = authority.enrol_station(WHO, NOW), authority.enrol_receiver("cdc-1", NOW)
    second = authority.enrol_receiver("cdc-2", NOW)
    key = SigningKey.load(receiver / "receipts.key")
    CdcKeys.load(station / "cdc.jwks").check(b"x", key.sign(b"x"))
    assert (receiver / "receipts.key").read_bytes() == (second / "receipts.key").read_bytes()
    assert stat.S_IMODE((receiver / "receipts.key").stat().st_mode) == 0o600
    assert not list(station.glob("receipts*"))


def test_another_key_of_receipts_is_trusted_beside_the_one_before_or_alone(authority):
    first = SigningKey.load(authority.enrol_receiver("cdc-1", NOW) / "receipts.key")
    second = SigningKey.load(authority.make_receipt_key()[0])
    both = CdcKeys.load(authority.cdc_keys_file)
    for key in (first, second):
        both.check(b"x", key.sign(b"x"))
    third = SigningKey.load(authority.make_receipt_key(is_only=True)[0])
    only = CdcKeys.load(authority.enrol_station(WHO, NOW) / "cdc.jwks")
    only.check(b"x", third.sign(b"x"))
    for key in (first, second):
        with pytest.raises(SignatureError):
            only.check(b"x", key.sign(b"x"))


def sealed_for(public):
    return SealingKey.load(public).seal("+86 10 5550 0100")


def test_personal_fields_can_be_opened_by_the_cdc_alone_whatever_key_came_after(authority):
    private, public = authority.make_encryption_key(NOW)
    first = sealed_for(public)
    authority.make_encryption_key(NOW)
    second = sealed_for(public)
    assert key_name(first) != key_name(second)
    keys = OpeningKeys.load(private)
    assert [keys.open(sealed) for sealed in (first, second)] == ["+86 10 5550 0100"] * 2
    assert all(file.stat().st_mode & 0o77 == 0 for file in private.parent.glob("*.key*"))
    with pytest.raises(KnownError, match=f"another key, {short(key_name(first))}"):
        OpeningKeys([OpeningKey.load(private)]).open(first)


def test_a_lost_key_is_retired_and_the_keys_before_still_open(authority):
    private, public = authority.make_encryption_key(NOW)
    first = sealed_for(public)
    authority.make_encryption_key(NOW)
    lost = sealed_for(public)
    private.unlink()
    assert OpeningKeys.load(private).open(first)
    authority.make_encryption_key(NOW, key_name(lost)[:8])
    keys, book = OpeningKeys.load(private), authority.encryption_keys()
    assert keys.open(first) and keys.open(sealed_for(public))
    with pytest.raises(KnownError, match="nobody can open"):
        keys.open(lost)
    assert [key.retired_at for key in book.keys] == [None, NOW, None]


def test_retiring_an_earlier_key_makes_no_other_one(authority):
    _, public = authority.make_encryption_key(NOW)
    first = key_name(sealed_for(public))
    authority.make_encryption_key(NOW)
    present = public.read_bytes()
    authority.make_encryption_key(NOW, first)
    assert public.read_bytes() == present
    assert authority.encryption_keys().retired_at(first) == NOW
    for nobody in ("", "zz", first[:3], "x" * 43):
        with pytest.raises(KnownError, match="names no key"):
            authority.encryption_keys().find(nobody)


def test_a_key_from_before_there_was_a_book_stays_when_another_is_made(authority):
    private, public = authority.make_encryption_key(NOW)
    old = sealed_for(public)
    (private.parent / BOOK_NAME).unlink()
    authority.make_encryption_key(NOW)
    assert OpeningKeys.load(private).open(old)
    assert authority.encryption_keys().keys[0].kid == key_name(old)


def test_a_station_gets_another_signing_key_and_both_are_trusted_until_the_first_is_retired(
    authority,
):
    file = authority.enrol_station(WHO, NOW) / "signing.key"
    first = SigningKey.load(file)
    assert authority.make_signing_key(WHO.station, NOW) == file
    second = SigningKey.load(file)
    both = KeyRegistry.load(authority.registry_file)
    for key in (first, second):
        both.check(b"x", key.sign(b"x"), WHO)
    assert authority.retire_signing_keys(WHO.station, NOW) == 1
    newest = KeyRegistry.load(authority.registry_file)
    newest.check(b"x", second.sign(b"x"), WHO)
    with pytest.raises(SignatureError, match="revoked"):
        newest.check(b"x", first.sign(b"x"), WHO)
    assert authority.retire_signing_keys(WHO.station, NOW) == 0
    authority.enrol_receiver("cdc-1", NOW)
    for name in ("cdc-1", "nobody"):
        with pytest.raises(KnownError):
            authority.make_signing_key(name, NOW)


@pytest.mark.parametrize("name", ["", "#", "a/b", "+", "..", ".x", "a b", "x" * 65, "a\nuser b"])
def test_a_name_that_means_something_at_the_broker_is_refused(authority, name):
    with pytest.raises(KnownError, match="cannot be a name"):
        authority.enrol_receiver(name, NOW)
    assert authority.register().issued == ()


def test_two_roles_cannot_share_a_name(authority):
    authority.enrol_receiver("station-1", NOW)
    with pytest.raises(KnownError, match="enrolled"):
        authority.enrol_station(WHO, NOW)


def test_the_list_says_what_expires(authority):
    authority.enrol_receiver("cdc-1", NOW, days=100)
    [one] = authority.register().issued
    assert one.role is Role.RECEIVER
    told = [one.state(NOW + timedelta(days=d), 60) for d in (0, 41, 101)]
    assert told == ["valid", "expires", "expired"]


def test_the_access_list_names_the_receivers_that_are_not_revoked(authority):
    authority.enrol_broker("broker", ["localhost"], NOW)
    authority.enrol_receiver("cdc-1", NOW)
    authority.enrol_receiver("cdc-2", NOW)
    authority.revoke("cdc-1", NOW)
    folder = write_configuration(authority, bind="127.0.0.1", port=8883, user="mosquitto")
    users = [line for line in (folder / "acl").read_text().splitlines() if line[:4] == "user"]
    assert users == ["user cdc-2"]
    assert faults_of((folder / "mosquitto.conf").read_text(), None) == []
    assert (folder / "crl.pem").read_bytes() == authority.crl_file.read_bytes()


def test_the_access_list_allows_every_channel_of_a_station_and_no_other(authority):
    authority.enrol_broker("broker", ["localhost"], NOW)
    authority.enrol_receiver("cdc-1", NOW)
    folder = write_configuration(authority, bind="127.0.0.1", port=8883, user="mosquitto")
    lines = (folder / "acl").read_text().splitlines()
    rules = {line for line in lines if line.startswith(("pattern", "topic"))}
    sent = {channel for channel in Channel if channel is not Channel.RECEIPT}
    wanted = {f"pattern write fs/v1/+/+/%u/{channel}" for channel in sent}
    wanted |= {f"topic read fs/v1/+/+/+/{channel}" for channel in sent}
    wanted |= {"pattern read fs/v1/+/+/%u/receipt", "topic write fs/v1/+/+/+/receipt"}
    wanted |= {"topic readwrite fs/v1/cdc/cdc/cdc-1/canary"}
    assert rules == wanted


@pytest.mark.parametrize(
    ("version", "is_told"),
    [
        (None, True),
        ((2, 0, 11), False),
        ((2, 0, 12), True),
        ((2, 0, 18), True),
        ((2, 0, 19), False),
    ],
)
def test_versions_that_lose_sessions_are_told(version, is_told):
    faults = faults_of("per_listener_settings true", version)
    assert any("2618" in fault for fault in faults) is is_told


def test_a_configuration_that_lets_anybody_in_is_told():
    faults = faults_of("listener 1883\nallow_anonymous true\n", (2, 0, 11))
    assert "require_certificate must be true." in faults
    assert any("anybody" in fault for fault in faults)
    assert "crlfile is missing." in faults


def test_the_command_line_does_the_whole_round(tmp_path, capsys):
    folder = ["--dir", str(tmp_path / "ca")]
    enrol = ["pki", "enrol", *folder]
    assert main(["pki", "create", *folder]) == 0
    place = ["--region", "1", "--site", "2"]
    assert main([*enrol, "station", "station-1", *place, "--days", "30"]) == 0
    assert main([*enrol, "receiver", "cdc-1"]) == 0
    assert main([*enrol, "broker", "broker", "--host", "localhost"]) == 0
    assert main(["pki", "broker", *folder, "--at", "/etc/fever"]) == 0
    conf = tmp_path / "ca" / "issued" / "broker" / "mosquitto.conf"
    assert "keyfile /etc/fever/key.pem" in conf.read_text()
    assert main(["pki", "broker", *folder, "--check", str(conf)]) == 0
    assert main(["pki", "list", *folder]) == 1, "the station's expires soon"
    assert main(["pki", "renew", "station-1", *folder]) == 0
    assert main(["pki", "list", *folder]) == 0
    assert main(["pki", "signing-key", "station-1", *folder]) == 0
    assert main(["pki", "signing-key", "station-1", "--retire", *folder]) == 0
    assert "1 earlier signing keys" in capsys.readouterr().out
    assert main(["pki", "encryption-key", *folder]) == 0
    made = re.search("Made the key (\\S+):", capsys.readouterr().out)[1]
    assert main(["pki", "encryption-key", "--retire", made, *folder]) == 0
    assert f"Retired {made}" in capsys.readouterr().out
    assert main(["pki", "list", *folder]) == 0
    told = capsys.readouterr().out
    assert re.search(f"{made}: made .*, retired", told) and told.count("personal fields") == 2
    assert main(["pki", "revoke", "station-1", *folder]) == 0
    assert main(["pki", "revoke", "station-1", *folder]) == 2
    assert "not enrolled" in capsys.readouterr().err


def test_without_an_authority_every_action_says_how_to_make_one(tmp_path, capsys):
    assert main(["pki", "list", "--dir", str(tmp_path)]) == 2
    assert "pki create" in capsys.readouterr().err
