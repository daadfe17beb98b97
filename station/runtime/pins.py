"""PINs and cards as hashes that are slow to try."""

from threading import Semaphore

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from argon2.low_level import Type, hash_secret_raw

_hasher = PasswordHasher()
# Each look takes 64 MiB: several at once must not take the memory that measuring needs.
_hashing = Semaphore(1)
_CARD_BYTES = 32


def hashed_pin(pin: str) -> str:
    """Return what is stored of a PIN: argon2id with a salt of its own."""
    with _hashing:
        return _hasher.hash(pin)


def is_pin(stored: str, pin: str) -> bool:
    """Return whether this is the PIN."""
    with _hashing:
        try:
            return _hasher.verify(stored, pin)
        except VerificationError:
            return False


def hashed_card(card: str, salt: bytes) -> str:
    """Return what is stored of a card: argon2id with the station's salt, so that it can be found.

    Args:
        card: its number.
        salt: the station's, at least 8 bytes.
    """
    with _hashing:
        return hash_secret_raw(
            card.encode(),
            salt,
            time_cost=_hasher.time_cost,
            memory_cost=_hasher.memory_cost,
            parallelism=_hasher.parallelism,
            hash_len=_CARD_BYTES,
            type=Type.ID,
        ).hex()
