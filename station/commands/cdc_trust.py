"""Arguments by which the CDC's programs know broker and stations, and are known themselves."""

import argparse
from pathlib import Path

from config.settings import is_loopback
from station.cdc.trust import StationKeys
from station.core.errors import KnownError
from station.reporting.tls import TlsFiles


def add_tls(parser: argparse.ArgumentParser) -> None:
    """Add what `tls_of` reads."""
    parser.add_argument("--ca-file", type=Path, help="the broker's authority: TLS to the broker")
    parser.add_argument("--cert-file", type=Path, help="our certificate, a receiver's")
    parser.add_argument("--key-file", type=Path, help="its key")
    parser.add_argument(
        "--allow-plaintext", action="store_true", help="no TLS to another machine's broker"
    )


def add_station_keys(parser: argparse.ArgumentParser) -> None:
    """Add what `keys_of` reads."""
    parser.add_argument("--station-keys", type=Path, help="stations.jwks: whose messages count")
    parser.add_argument(
        "--accept-unsigned", action="store_true", help="believe whoever the broker let in"
    )


def tls_of(args: argparse.Namespace, host: str) -> TlsFiles | None:
    """Return certificate and key, or None if the broker is reached without TLS.

    Raises:
        KnownError: if the files are not whole, or others could listen in.
    """
    files = (args.ca_file, args.cert_file, args.key_file)
    if all(files):
        return TlsFiles(*files)
    if any(files):
        raise KnownError("Give --ca-file, --cert-file and --key-file together, or none of them.")
    if not (is_loopback(host) or args.allow_plaintext):
        raise KnownError(
            f"{host} is not this machine: give --ca-file, --cert-file and --key-file "
            "(fever-station pki enrol receiver), or --allow-plaintext on a closed network."
        )
    return None


def keys_of(args: argparse.Namespace, *, is_required: bool) -> StationKeys | None:
    """Return whose messages are believed; None believes whoever the broker let in.

    Args:
        args: the arguments.
        is_required: whether believing everybody must be asked for.

    Raises:
        KnownError: if the keys cannot be read, or are missing where they must not be.
    """
    if args.station_keys is not None:
        return StationKeys(args.station_keys)
    if args.accept_unsigned or not is_required:
        return None
    raise KnownError(
        "Give --station-keys with the stations.jwks of fever-station pki, or --accept-unsigned to "
        "believe whoever the broker let in."
    )
