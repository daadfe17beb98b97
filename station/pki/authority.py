"""The authority: makes keys and certificates, and takes them back."""

import json
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc.jwk import OKPKey

from station.core.errors import KnownError
from station.pki import files
from station.pki.certificates import Role, make_ca, make_certificate, make_list, new_key
from station.pki.encryption import BOOK_NAME, EncryptionBook
from station.pki.register import Issued, Register
from station.reporting.keyfiles import load_private
from station.reporting.sealing import BEFORE, OpeningKey, SealingKey, short
from station.reporting.signing import CdcKeys, KeyRegistry, TrustedKey, key_id
from station.reporting.topics import StationIdentity

CA_DAYS = 3650
"""How long an authority is valid unless asked otherwise."""
DAYS = 730
"""How long a certificate is valid unless asked otherwise."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_KEY_KINDS = EllipticCurvePrivateKey | Ed25519PrivateKey | X25519PrivateKey


class Authority:
    """One authority in one folder.

    Args:
        folder: where its files are; create() makes them.

    Raises:
        KnownError: from every method, when a file is missing, exists, or cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ca_file = folder / "ca.pem"
        self.crl_file = folder / "crl.pem"
        self.registry_file = folder / "stations.jwks"
        self.receipt_key_file = folder / "receipts.key"
        self.cdc_keys_file = folder / "cdc.jwks"
        self._ca_key_file = folder / "ca.key"
        self._register_file = folder / "register.json"

    def create(self, name: str, now: datetime, days: int = CA_DAYS) -> None:
        """Make a new authority."""
        files.make_folder(self.folder)
        with files.locked(self.folder):
            key = new_key()
            files.write_private(self._ca_key_file, _pem(key))
            ca = make_ca(key, name, now, days)
            files.write_public(self.ca_file, ca.public_bytes(Encoding.PEM))
            files.write_public(self.registry_file, KeyRegistry(()).write())
            self._keep(Register(), now)

    def enrol_station(self, identity: StationIdentity, now: datetime, days: int = DAYS) -> Path:
        """Give a station its certificate and signing key; return the folder to carry to it."""
        with files.locked(self.folder):
            folder = self._enrol(Role.STATION, identity.station, (), now, days)
            signing = Ed25519PrivateKey.generate()
            files.write_private(folder / "signing.key", _pem(signing))
            known = KeyRegistry.load(self.registry_file).keys.values()
            ours = TrustedKey(identity, signing.public_key())
            files.write_public(self.registry_file, KeyRegistry((*known, ours)).write())
            self._need_receipt_key()
            files.write_public(folder / "cdc.jwks", files.read(self.cdc_keys_file))
            return folder

    def enrol_receiver(self, name: str, now: datetime, days: int = DAYS) -> Path:
        """Give a receiver its certificate, and the CDC's key that signs receipts."""
        with files.locked(self.folder):
            folder = self._enrol(Role.RECEIVER, name, (), now, days)
            self._need_receipt_key()
            files.write_private(folder / "receipts.key", files.read(self.receipt_key_file))
            return folder

    def enrol_broker(
        self, name: str, hosts: Sequence[str], now: datetime, days: int = DAYS
    ) -> Path:
        """Give a broker its certificate for these names and addresses; return its folder."""
        if not hosts:
            raise KnownError("A broker needs --host: the name or address that stations connect to.")
        with files.locked(self.folder):
            return self._enrol(Role.BROKER, name, tuple(hosts), now, days)

    def renew(self, name: str, now: datetime, days: int = DAYS) -> Path:
        """Give a name a new certificate for the key that it has; the old one stays valid."""
        with files.locked(self.folder):
            last = self._live(name)[-1]
            ca, folder = self._ca(), self._issued_folder(name)
            # The private key may have gone to its owner: the certificate has the public half.
            key = _certificate(folder / "cert.pem").public_key()
            if not isinstance(key, EllipticCurvePublicKey):
                raise KnownError(f"The certificate of '{name}' is not ours: restore the backup.")
            self._certify(
                role=last.role, name=name, key=key, hosts=last.hosts, ca=ca, now=now, days=days
            )
            return folder

    def revoke(self, name: str, now: datetime) -> None:
        """Take back all that a name has: its certificates and its signing key.

        The broker must read the new list (restart it: that also ends connections that are open).
        """
        with files.locked(self.folder):
            register = self._register()
            gone = self._live(name)
            self._keep(register.without((one.serial for one in gone), now), now)
            registry = KeyRegistry.load(self.registry_file)
            marked = (
                TrustedKey(one.identity, one.key, one.revoked_at or now)
                if one.identity.station == name
                else one
                for one in registry.keys.values()
            )
            files.write_public(self.registry_file, KeyRegistry(marked).write())
            # The name may be enrolled anew, with new keys.
            folder = self._issued_folder(name)
            if folder.exists():
                folder.rename(folder.with_name(f"{name}.revoked-{gone[-1].serial:x}"))

    def make_signing_key(self, name: str, now: datetime) -> Path:
        """Give a station another signing key; those before stay trusted until they are retired.

        Returns:
            The file to carry to the station, when the receivers have the new registry.
        """
        with files.locked(self.folder):
            self._live(name)
            registry = KeyRegistry.load(self.registry_file)
            identity = _trusted_of(registry, name)[-1].identity
            file = self._issued_folder(name) / "signing.key"
            if file.exists():
                earlier = load_private(file, Ed25519PrivateKey)  # type: ignore[type-abstract]
                file.rename(_before(file, key_id(earlier.public_key())))
            signing = Ed25519PrivateKey.generate()
            # Trusted first: the other way round a refused alert would be possible.
            ours = TrustedKey(identity, signing.public_key())
            content = KeyRegistry((*registry.keys.values(), ours)).write()
            files.write_public(self.registry_file, content)
            files.write_private(file, _pem(signing))
            return file

    def retire_signing_keys(self, name: str, now: datetime) -> int:
        """Trust only a station's newest signing key; return how many are trusted no more."""
        with files.locked(self.folder):
            self._live(name)
            registry = KeyRegistry.load(self.registry_file)
            gone = {key_id(one.key) for one in _trusted_of(registry, name)[:-1]}
            marked = (
                TrustedKey(one.identity, one.key, now) if kid in gone else one
                for kid, one in registry.keys.items()
            )
            files.write_public(self.registry_file, KeyRegistry(marked).write())
            return len(gone)

    def make_encryption_key(self, now: datetime, retired: str = "") -> tuple[Path, Path]:
        """Make the key pair for personal fields; return the private and the public file.

        The keys before stay beside it, to open what was sealed for them.

        Args:
            now: aware.
            retired: first letters of the id of a key that is lost, or in other hands; a new pair is
                made only if that is the present one.
        """
        private, public = self.folder / "cdc-encryption.key", self.folder / "cdc-encryption.jwk"
        with files.locked(self.folder):
            self._ca()
            book = EncryptionBook.beside(private)
            present = SealingKey.load(public).name if public.exists() else ""
            # Keys from before there was a book.
            book = book.known([present] if present else [], now)
            if retired:
                gone = book.find(retired).kid
                book = book.without(gone, now)
                files.write_public(private.with_name(BOOK_NAME), book.write())
                if gone != present:
                    return private, public
            if private.exists():
                earlier = OpeningKey.load(private).public.name
                private.rename(_before(private, earlier))
            key = X25519PrivateKey.generate()
            # An id that begins so could not be named on the command line.
            while OpeningKey(key).public.name.startswith("-"):
                key = X25519PrivateKey.generate()
            files.write_private(private, _pem(key))
            book = book.known([OpeningKey(key).public.name], now)
            files.write_public(private.with_name(BOOK_NAME), book.write())
            jwk = OKPKey.import_key(key.public_key(), {"use": "enc"})
            files.write_public(public, json.dumps(jwk.as_dict(private=False)).encode())
            return private, public

    def encryption_keys(self) -> EncryptionBook:
        """Return which keys for personal fields were made."""
        return EncryptionBook.beside(self.folder / "cdc-encryption.key")

    def make_receipt_key(self, *, is_only: bool = False) -> tuple[Path, Path]:
        """Make another key for receipts; return the private and the public file.

        Args:
            is_only: whether stations no longer trust the keys before.
        """
        with files.locked(self.folder):
            self._ca()
            known = CdcKeys.load(self.cdc_keys_file) if self.cdc_keys_file.exists() else CdcKeys(())
            if self.receipt_key_file.exists():
                earlier = load_private(self.receipt_key_file, Ed25519PrivateKey)  # type: ignore[type-abstract]
                kid = key_id(earlier.public_key())
                self.receipt_key_file.rename(_before(self.receipt_key_file, kid))
            self._make_receipt_key(() if is_only else known.keys.values())
            return self.receipt_key_file, self.cdc_keys_file

    def register(self) -> Register:
        """Return what was given out."""
        self._ca()
        return self._register()

    def ca_not_after(self) -> datetime:
        """Return until when the authority itself is valid."""
        return self._ca().not_valid_after_utc

    def broker_folder(self) -> Path:
        """Return the folder of the broker enrolled last."""
        names = self.register().names(Role.BROKER)
        if not names:
            raise KnownError("No broker is enrolled: fever-station pki enrol broker NAME --host …")
        return self._issued_folder(names[-1])

    def _enrol(self, role: Role, name: str, hosts: Sequence[str], now: datetime, days: int) -> Path:
        ca = self._ca()
        if not _NAME.fullmatch(name):
            raise KnownError(
                f"'{name}' cannot be a name: up to 64 letters, digits, '-', '_' and '.'."
            )
        if self._register().live(name):
            raise KnownError(f"'{name}' is enrolled: renew it, or revoke it first.")
        folder = self._issued_folder(name)
        files.make_folder(folder)
        key = new_key()
        files.write_private(folder / "key.pem", _pem(key))
        files.write_public(folder / "ca.pem", ca.public_bytes(Encoding.PEM))
        self._certify(
            role=role, name=name, key=key.public_key(), hosts=hosts, ca=ca, now=now, days=days
        )
        return folder

    def _certify(
        self,
        *,
        role: Role,
        name: str,
        key: EllipticCurvePublicKey,
        hosts: Sequence[str],
        ca: x509.Certificate,
        now: datetime,
        days: int,
    ) -> None:
        certificate = make_certificate(
            role=role, name=name, key=key, hosts=hosts, ca=ca, ca_key=self._ca_key(), now=now,
            days=days,
        )  # fmt: skip
        # Noted first: a certificate that nobody knows of could never be revoked.
        issued = Issued(
            name=name,
            role=role,
            serial=certificate.serial_number,
            not_after=certificate.not_valid_after_utc,
            hosts=tuple(hosts),
        )
        self._keep(self._register().with_issued(issued), now)
        file = self._issued_folder(name) / "cert.pem"
        files.write_public(file, certificate.public_bytes(Encoding.PEM))

    def _keep(self, register: Register, now: datetime) -> None:
        files.write_public(self._register_file, register.write())
        revoked = [(one.serial, one.revoked_at) for one in register.issued if one.revoked_at]
        crl = make_list(revoked, self._ca(), self._ca_key(), now)
        files.write_public(self.crl_file, crl.public_bytes(Encoding.PEM))

    def _need_receipt_key(self) -> None:
        # Authorities from before receipts were signed have none.
        if not self.cdc_keys_file.exists():
            self._make_receipt_key(())

    def _make_receipt_key(self, trusted: Iterable[Ed25519PublicKey]) -> None:
        key = Ed25519PrivateKey.generate()
        files.write_private(self.receipt_key_file, _pem(key))
        files.write_public(self.cdc_keys_file, CdcKeys((*trusted, key.public_key())).write())

    def _live(self, name: str) -> list[Issued]:
        live = self._register().live(name)
        if not live:
            raise KnownError(f"'{name}' is not enrolled: see fever-station pki list.")
        return live

    def _issued_folder(self, name: str) -> Path:
        return self.folder / "issued" / name

    def _register(self) -> Register:
        return Register.read(files.read(self._register_file))

    def _ca(self) -> x509.Certificate:
        if not self.ca_file.exists():
            raise KnownError(
                f"There is no authority in {self.folder}: name its folder with --dir, or make one "
                "with fever-station pki create."
            )
        return _certificate(self.ca_file)

    def _ca_key(self) -> EllipticCurvePrivateKey:
        # mypy wants no abstract class here; it is only asked for with isinstance.
        return load_private(self._ca_key_file, EllipticCurvePrivateKey)  # type: ignore[type-abstract]


def _before(file: Path, kid: str) -> Path:
    """Return where a key's file stays when another key takes its place."""
    return file.with_name(f"{file.name}{BEFORE}{short(kid)}")


def _trusted_of(registry: KeyRegistry, name: str) -> list[TrustedKey]:
    found = [
        one
        for one in registry.keys.values()
        if one.identity.station == name and one.revoked_at is None
    ]
    if not found:
        raise KnownError(f"'{name}' is no station with a signing key: see fever-station pki list.")
    return found


def _certificate(path: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(files.read(path))
    except ValueError as error:
        raise KnownError(f"{path} is no certificate: restore it from the backup.") from error


def _pem(key: _KEY_KINDS) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
