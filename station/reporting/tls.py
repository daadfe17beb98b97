"""TLS to the broker, both ends certified, and what goes wrong with it in words."""

import logging
import re
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.x509.oid import NameOID

from station.core.errors import KnownError
from station.reporting.keyfiles import check_private

_REASON = re.compile(r"\[SSL: (\w+)\]")
_CLOCK = "check this machine's clock"
_RENEW = "fever-station pki renew"
# Source: OpenSSL, x509_vfy.h, X509_V_ERR_*.
_BROKERS_FAULTS = {
    9: f"is not valid yet: {_CLOCK}",
    10: f"has expired: {_CLOCK}, else renew it ({_RENEW})",
    18: "was made by itself, not by our authority: is this the right broker?",
    19: "comes from an unknown authority: check ca_file; is this the right broker?",
    20: "comes from an unknown authority: check ca_file; is this the right broker?",
    21: "comes from an unknown authority: check ca_file; is this the right broker?",
    23: "was revoked: do not trust this broker",
    26: "is not one of a server: somebody pretends to be the broker",
    62: "is for another host: name the host that it was enrolled for, or enrol it for this one",
    64: "is for another address: name the host that it was enrolled for, or enrol it for this one",
}
# What the other end says about our certificate. Source: RFC 8446 section 6.2.
_OUR_FAULTS = {
    "ALERT_CERTIFICATE_EXPIRED": f"has expired, or its revocation list has: renew it ({_RENEW})",
    "ALERT_CERTIFICATE_REVOKED": "was revoked: enrol this name anew if that is right",
    "ALERT_UNKNOWN_CA": "comes from an authority that the broker does not know",
    "ALERT_BAD_CERTIFICATE": "is not valid yet by the broker's clock, or damaged",
    "ALERT_UNSUPPORTED_CERTIFICATE": "is not one of a client",
    "ALERT_CERTIFICATE_UNKNOWN": "is not accepted",
}
_NEEDS_CERTIFICATE = ("ALERT_CERTIFICATE_REQUIRED", "ALERT_HANDSHAKE_FAILURE")
_NO_TLS = ("WRONG_VERSION_NUMBER", "UNEXPECTED_EOF", "PACKET_LENGTH_TOO_LONG")


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """Where a client's certificate and key are, and whom it trusts."""

    ca_file: Path
    """The authority's certificate."""
    cert_file: Path
    """The client's own certificate."""
    key_file: Path
    """Its key."""

    def name(self) -> str:
        """Return the name that the certificate gives: user and client id at the broker.

        Raises:
            KnownError: if it cannot be read.
        """
        try:
            certificate = x509.load_pem_x509_certificate(self.cert_file.read_bytes())
            return str(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)
        except OSError as error:
            raise KnownError(
                f"The certificate {self.cert_file} cannot be read ({error.strerror}): check its "
                "name and owner."
            ) from error
        except (ValueError, IndexError) as error:
            raise KnownError(
                f"{self.cert_file} is no certificate with a name: name the cert.pem that "
                "fever-station pki enrol wrote."
            ) from error

    def context(self, name: str) -> ssl.SSLContext:
        """Return a context that proves who we are, and checks the broker and its host name.

        Read anew for each connection, so that a renewed certificate counts without a restart.

        Args:
            name: the name that the certificate must give.

        Raises:
            KnownError: if a file does not fit, and which.
        """
        certified = self.name()
        if certified != name:
            raise KnownError(
                f"{self.cert_file} is the certificate of '{certified}', not of '{name}': name the "
                "right one, or correct the name."
            )
        check_private(self.key_file)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.sslsocket_class = _TellingSocket
        try:
            context.load_verify_locations(cafile=self.ca_file)
        except (OSError, ValueError) as error:
            raise KnownError(
                f"{self.ca_file} is no certificate of an authority: name the ca.pem that "
                "fever-station pki enrol wrote."
            ) from error
        try:
            context.load_cert_chain(self.cert_file, self.key_file, password=_no_password)
        except (OSError, ValueError) as error:
            raise KnownError(
                f"{self.key_file} does not fit {self.cert_file}: name the two files that "
                "fever-station pki enrol wrote together."
            ) from error
        return context


class _TellingSocket(ssl.SSLSocket):
    """Tells why the other end hung up.

    With TLS 1.3 a refused client learns it only after its first own words; if these fail, the
    reason still waits to be read.
    """

    def do_handshake(self, block: bool = False) -> None:
        try:
            super().do_handshake(block)
        except OSError:
            # paho 2.2 forgets it, and a station that tries for days would run out of sockets.
            self.close()
            raise

    def send(self, data: Any, flags: int = 0) -> int:
        try:
            return super().send(data, flags)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            raise
        except OSError as error:
            with suppress(ssl.SSLEOFError, ssl.SSLWantReadError, ConnectionError, TimeoutError):
                try:
                    super().recv(1)
                except ssl.SSLError as reason:
                    if tls_reason(str(reason)):
                        raise reason from error
            raise


def tls_reason(text: str) -> str | None:
    """Return OpenSSL's name of an error in a log line, if one is there."""
    found = _REASON.search(text)
    return None if found is None else found[1]


def failure_log(note: Callable[[str], None]) -> logging.Logger:
    """Return a logger for paho, whose log is the only place that tells why a read failed.

    paho's `on_log` would do as well, but writes a sentence about every packet for it, which was
    measured to cost more than reading the packet.

    Args:
        note: told OpenSSL's name of each error.
    """
    # Not one of getLogger's, which live for ever: it goes with its connection.
    log = logging.Logger("mqtt", logging.ERROR)  # noqa: LOG001
    log.addHandler(_ReasonNoted(note))
    return log


class _ReasonNoted(logging.Handler):
    def __init__(self, note: Callable[[str], None]) -> None:
        super().__init__()
        self._note = note

    def emit(self, record: logging.LogRecord) -> None:
        if reason := tls_reason(record.getMessage()):
            self._note(reason)


def tls_sentence(error: ssl.SSLError | str, address: str) -> str:
    """Return one sentence: what is wrong, and what to do.

    Args:
        error: the error, or OpenSSL's name of it.
        address: the broker's.
    """
    if isinstance(error, ssl.SSLCertVerificationError):
        fault = _BROKERS_FAULTS.get(error.verify_code, f"is not accepted ({error.verify_message})")
        return f"The certificate of the broker at {address} {fault}."
    reason = error if isinstance(error, str) else error.reason or ""
    for name, fault in _OUR_FAULTS.items():
        if reason.endswith(name):
            return f"The broker at {address} refuses our certificate: it {fault}."
    if reason.endswith(_NEEDS_CERTIFICATE):
        return (
            f"The broker at {address} wants a certificate, or agrees to no cipher: check cert_file."
        )
    if reason.startswith(_NO_TLS):
        return f"What answers at {address} does not speak TLS: check host and port."
    return f"TLS with the broker at {address} fails ({reason or error}): check host and ca_file."


def _no_password() -> str:
    # Otherwise OpenSSL would ask on the terminal, and the station would wait for ever.
    raise ValueError("the key has a password")
