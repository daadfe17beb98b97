"""The link's certificate and keys, from the settings."""

from config.settings import LinkSettings
from station.reporting.sealing import SealingKeyFile
from station.reporting.signing import CdcKeys, SigningKey
from station.reporting.tls import TlsFiles


def tls_files(link: LinkSettings) -> TlsFiles | None:
    """Return certificate and key of this station, or None without TLS."""
    if link.ca_file is None or link.cert_file is None or link.key_file is None:
        return None
    return TlsFiles(link.ca_file, link.cert_file, link.key_file)


def signing_key(link: LinkSettings) -> SigningKey | None:
    """Return the key that signs this station's messages, or None.

    Raises:
        KnownError: if its file cannot be used.
    """
    return None if link.signing_key_file is None else SigningKey.load(link.signing_key_file)


def sealing_key(link: LinkSettings) -> SealingKeyFile | None:
    """Return the CDC's key that identities are sealed with, followed in its file, or None.

    Raises:
        KnownError: if its file cannot be used.
    """
    path = link.cdc_encryption_key_file
    return None if path is None else SealingKeyFile(path)


def cdc_keys(link: LinkSettings) -> CdcKeys | None:
    """Return the keys by which this station knows the CDC's answers, or None.

    Raises:
        KnownError: if their file cannot be used.
    """
    return None if link.cdc_keys_file is None else CdcKeys.load(link.cdc_keys_file)
