"""The station's own sentences in Chinese.

The station speaks English, in whole sentences, and knows nothing of languages: what it says stands
in logs and on terminals too. The kiosk knows each of its sentences with places for what is filled
in, finds the one that was said, and says it in Chinese; what was filled in may be a sentence again.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files

_PLACE = re.compile(r"\{(\d)\}")
# Where the station joins sentences: after each of these another one may begin.
_JOINTS = ((": ", "："), ("; ", "；"), (". ", "。"), ("' ", "' "), (", ", "、"))
_DEEPEST = 8
# A screen says the same again and again, some times a second.
_KEPT = 100


@lru_cache(maxsize=_KEPT)
def in_chinese(text: str) -> str:
    """Return what the station said in Chinese; what is not known of it stays as it is."""
    return "\n".join(_told(line, 0) for line in text.split("\n"))


def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Return the sentences, and the words that they are filled in with, each with its Chinese."""
    text = files("ui").joinpath("i18n", "station_zh.toml").read_text("utf-8")
    return tomllib.loads(text)


def _told(text: str, depth: int) -> str:
    if depth > _DEEPEST or not text.strip() or text.strip().isdigit():
        return text
    for sentence in _known():
        filled = sentence.filled_in(text)
        if filled is not None:
            return sentence.told([_told(part, depth + 1) for part in filled])
    return _joined(text, depth)


def _joined(text: str, depth: int) -> str:
    """Return a text that is no sentence of its own, but perhaps several."""
    for joint, chinese in _JOINTS:
        before, found, after = text.partition(joint)
        if found:
            told = _told(before, depth + 1), _told(after, depth + 1)
            if told != (before, after):
                return chinese.join(told)
    if text.endswith(".") and (told_alone := _told(text[:-1], depth + 1)) != text[:-1]:
        return told_alone + "。"
    return text


class _Sentence:
    """One sentence that the station may say."""

    def __init__(self, english: str, chinese: str) -> None:
        # A split with a group gives text, number, text, number … text; numbers count up.
        self._parts = _PLACE.split(english)[::2]
        self._chinese = chinese
        # What follows another sentence would else be taken for a part of that one.
        is_second = english.startswith("{0} ") and english[len("{0} ")].isupper()
        self.rank = is_second, sum(map(len, self._parts))

    def filled_in(self, text: str) -> tuple[str, ...] | None:
        """Return what is filled in where a text is this sentence, else None."""
        # Most are ruled out at once, and their patterns need never be compiled.
        parts = self._parts
        if not (text.startswith(parts[0]) and text.endswith(parts[-1])):
            return None
        found = re.fullmatch("(.+?)".join(map(re.escape, parts)), text, re.DOTALL)
        return found.groups() if found else None

    def told(self, filled: Sequence[str]) -> str:
        """Return the sentence in Chinese."""
        return _PLACE.sub(lambda place: filled[int(place[1])], self._chinese)


@cache
def _known() -> tuple[_Sentence, ...]:
    """Return the sentences and words, those that say most first, and second sentences before."""
    known = (_Sentence(*pair) for part in catalogue().values() for pair in part.items())
    return tuple(sorted(known, key=lambda one: one.rank, reverse=True))
