"""The authority of the attempts, and all that it and others have given out."""

import ssl
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from station.pki.authority import Authority
from station.pki.certificates import new_key
from station.reporting.signing import KeyRegistry, TrustedKey
from tests.secured.parties import GOOD, HOST, REVOKED_KEY, THIEF, WAITING


class Files:
    """The authority and all that it, and others, have given out."""

    def __init__(self, folder):
        now = datetime.now(UTC)
        self.authority = Authority(folder / "ca")
        self.authority.create("CDC", now)
        self.good = self.authority.enrol_station(GOOD, now)
        self.thief = self.authority.enrol_station(THIEF, now)
        self.no_longer_believed = self.authority.enrol_station(REVOKED_KEY, now)
        self.waiting = self.authority.enrol_station(WAITING, now)
        self.receiver = self.authority.enrol_receiver("cdc-1", now)
        self.page = self.authority.enrol_receiver("inbox-1", now)
        self.auditor = self.authority.enrol_receiver("cdc-2", now)
        self.broker = self.authority.enrol_broker("broker", [HOST, "localhost"], now)
        long_ago, later = now - timedelta(days=400), now + timedelta(days=60)
        self.expired = self.authority.enrol_receiver("expired", long_ago, days=30)
        self.not_yet = self.authority.enrol_receiver("not-yet", later)
        revoked = self.authority.enrol_receiver("revoked", now)
        self.authority.revoke("revoked", now)
        [self.revoked] = revoked.parent.glob("revoked.revoked-*")
        foreign = Authority(folder / "foreign")
        foreign.create("CDC", now)
        self.foreign = foreign.enrol_station(GOOD, now)
        self.self_signed = self_signed(folder / "self", now)
        self._distrust(REVOKED_KEY, now)

    def _distrust(self, identity, now):
        path = self.authority.registry_file
        keys = KeyRegistry.load(path).keys.values()
        path.write_bytes(
            KeyRegistry(
                TrustedKey(k.identity, k.key, now if k.identity == identity else None) for k in keys
            ).write()
        )


def self_signed(folder, now):
    """Make a certificate in the good station's name that nobody has certified."""
    folder.mkdir()
    key = new_key()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, GOOD.station)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(Encoding.PEM))
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "key.pem").write_bytes(pem)
    return folder


def context(ca_file, folder=None):
    """Return a client's TLS context, with a certificate or without."""
    made = ssl.create_default_context(cafile=ca_file)
    if folder is not None:
        made.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return made


def pair(folder):
    """Return certificate and key."""
    return folder / "cert.pem", folder / "key.pem"
