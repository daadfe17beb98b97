"""Taking out of a text what must not leave the station: who somebody is, and what opens a door."""

import re
from collections.abc import Iterable

HIDDEN = "***"
"""Stands where something was taken out."""

_SHORTEST_SECRET = 4
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?s)-----BEGIN [A-Z ]+-----.*?(?:-----END [A-Z ]+-----|\Z)",
        # The user's part of an address.
        r"(?<=://)[^/\s@]+(?=@)",
        r"[\w.+-]+@[\w-]+\.[\w.-]+",
        # Resident identity cards of 18 and 15 digits; mobile and other telephone numbers.
        r"(?<!\d)\d{17}[\dXx](?!\d)",
        r"(?<!\d)\d{15}(?!\d)",
        r"(?<![\d.])\+?(?:86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)",
        r"(?<!\d)0\d{2,3}-\d{7,8}(?!\d)",
        # Passports, and permits for Hong Kong, Macao and Taiwan.
        r"(?<![A-Za-z0-9])[A-Z]{1,2}\d{7,9}(?![A-Za-z0-9])",
        # Whatever is written beside such a word.
        r"(?i)(?<=password)\s*[=:]\s*\S+",
        r"(?i)(?<=secret)\s*[=:]\s*\S+",
        r"(?i)(?<=token)\s*[=:]\s*\S+",
        r"(?i)(?<=\bpin)\s*[=:]\s*\S+",
        # Keys and hashes in base64 or hexadecimal digits; what begins with a slash is a path.
        r"(?<![\w/+-])[\w+][\w/+-]{39,}={0,2}",
    )
)
_SECRET_NAMES = re.compile(r"(?i)pass|secret|token|\bpin\b|_pin|pin_|auth|credential|^user")


def scrub(text: str, secrets: Iterable[str] = ()) -> str:
    """Return the text without numbers of people, addresses, keys, and the secrets named.

    Args:
        text: a log, or one line of it.
        secrets: texts that are taken out wherever they stand: passwords, names of staff.
    """
    longest_first = sorted({s for s in secrets if _is_telling(s)}, key=len)[::-1]
    for secret in longest_first:
        text = text.replace(secret, HIDDEN)
    for pattern in _PATTERNS:
        text = pattern.sub(HIDDEN, text)
    return text


def _is_telling(secret: str) -> bool:
    # Names of two Chinese characters are names; two letters stand in many words.
    shortest = _SHORTEST_SECRET if secret.isascii() else 2
    return len(secret) >= shortest


def is_secret_name(name: str) -> bool:
    """Whether a setting of this name holds something that opens a door."""
    return _SECRET_NAMES.search(name) is not None
