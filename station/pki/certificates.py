"""X.509 certificates and the revocation list: pure, without files."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

BACKDATED = timedelta(days=30)
"""Certificates and list begin so long before they are made.

A station whose clock has lost days refuses what is "not yet valid", and its alerts stop; a key that
did not exist then loses nothing by it.
"""
_CA_BACKDATED = timedelta(days=365)


class Role(StrEnum):
    """Whose certificate it is."""

    STATION = "station"
    """A station: a client that may only use its own topics."""
    RECEIVER = "receiver"
    """A receiver of the CDC: a client that reads all stations and sends receipts."""
    BROKER = "broker"
    """The broker: a server."""


def new_key() -> ec.EllipticCurvePrivateKey:
    """Return a new key for TLS: P-256, which every broker and library accepts."""
    return ec.generate_private_key(ec.SECP256R1())


def make_ca(
    key: ec.EllipticCurvePrivateKey, name: str, now: datetime, days: int
) -> x509.Certificate:
    """Return the authority's own certificate; it can certify nothing but ends."""
    end = now + timedelta(days=days)
    builder = _builder(_name(name), _name(name), key.public_key(), now - _CA_BACKDATED, end)
    return (
        builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )


def make_certificate(
    *,
    role: Role,
    name: str,
    key: ec.EllipticCurvePublicKey,
    hosts: Sequence[str],
    ca: x509.Certificate,
    ca_key: ec.EllipticCurvePrivateKey,
    now: datetime,
    days: int,
) -> x509.Certificate:
    """Return a certificate whose CN is `name`: user and client id at the broker.

    Args:
        role: decides whether it is for a server or for a client, never for both: a stolen
            station's key cannot pretend to be the broker.
        name: the CN.
        key: its public key.
        hosts: names and addresses by which clients reach a broker.
        ca: who certifies.
        ca_key: with what.
        now: the time, aware.
        days: how long it is valid; never longer than the authority.
    """
    end = min(now + timedelta(days=days), ca.not_valid_after_utc)
    builder = _builder(_name(name), ca.subject, key, now - BACKDATED, end)
    is_broker = role is Role.BROKER
    purpose = ExtendedKeyUsageOID.SERVER_AUTH if is_broker else ExtendedKeyUsageOID.CLIENT_AUTH
    builder = (
        builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
        .add_extension(_issuer_id(ca), critical=False)
    )
    if hosts:
        names = x509.SubjectAlternativeName([_host(host) for host in hosts])
        builder = builder.add_extension(names, critical=False)
    return builder.sign(ca_key, hashes.SHA256())


def make_list(
    revoked: Iterable[tuple[int, datetime]],
    ca: x509.Certificate,
    ca_key: ec.EllipticCurvePrivateKey,
    now: datetime,
) -> x509.CertificateRevocationList:
    """Return the revocation list of these serial numbers."""
    # A list past its date makes the broker refuse everybody, and no alert arrives: it holds as
    # long as the authority. It is a file at the broker, so an older one cannot be slipped in.
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(ca.subject)
        .last_update(_whole(now - BACKDATED))
        .next_update(ca.not_valid_after_utc)
        .add_extension(x509.CRLNumber(int(now.timestamp() * 1000)), critical=False)
        .add_extension(_issuer_id(ca), critical=False)
    )
    for serial, at in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(_whole(at))
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(ca_key, hashes.SHA256())


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    begin: datetime,
    end: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(_whole(begin))
        .not_valid_after(_whole(end))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _issuer_id(ca: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    identifier = ca.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _whole(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)
