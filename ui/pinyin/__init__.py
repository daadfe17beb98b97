"""Chinese characters by their sound, for names typed at the kiosk."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import chain, zip_longest

_SURNAMES = "*"
_LONGEST = 24
# Of an unfinished syllable, the likeliest characters of each that it may become.
_OF_EACH = 6


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to write the letters, or the first of them."""

    text: str
    """The characters."""
    used: int
    """How many of the letters it stands for."""


@dataclass(frozen=True, slots=True)
class Composing:
    """Letters on their way to characters; every touch gives a new value."""

    letters: str = ""
    """The letters that are not written yet, small ones."""
    page: int = 0
    """Which page of the candidates is looked at."""

    def pressed(self, letter: str) -> "Composing":
        """Return it with one more letter."""
        return Composing((self.letters + letter.lower())[:_LONGEST])

    def erased(self) -> "Composing":
        """Return it without its last letter."""
        return Composing(self.letters[:-1])

    def chosen(self, candidate: Candidate) -> "Composing":
        """Return what is left when a candidate was chosen."""
        return Composing(self.letters[candidate.used :])

    def turned(self, pages: int) -> "Composing":
        """Return it on the next of so many pages; the first follows the last."""
        return replace(self, page=(self.page + 1) % max(1, pages))


class Characters:
    """Which characters letters may stand for, the likeliest first.

    Args:
        table: lines of a syllable, its surnames and all its characters, apart by tabs.
    """

    def __init__(self, table: str) -> None:
        self._families: dict[str, list[str]] = {}
        self._characters: dict[str, str] = {}
        for line in table.splitlines():
            if not line.startswith("#"):
                syllable, surnames, characters = line.split("\t")
                self._families[syllable] = surnames.split()
                if characters:
                    self._characters[syllable] = characters
        by_bearers = self._families.pop(_SURNAMES)
        self._rank = {surname: place for place, surname in enumerate(by_bearers)}

    def candidates(self, letters: str, *, is_first: bool) -> tuple[Candidate, ...]:
        """Return what the letters may be; never nothing: the letters themselves as a last resort.

        Args:
            letters: small letters; more than one syllable is written one by one.
            is_first: whether a name begins here, with its surname.
        """
        found: Iterable[Candidate]
        if letters in self._families:
            found = chain(self._whole(letters, is_first), self._begun(letters, is_first))
        elif any(one.startswith(letters) for one in self._families):
            # Not finished yet: what it may become, else what it begins with.
            found = chain(self._begun(letters, is_first), self._whole(letters, is_first))
        else:
            found = self._first_of(letters, is_first)
        return tuple(dict.fromkeys(found)) or (Candidate(letters.upper(), len(letters)),)

    def _whole(self, letters: str, is_first: bool) -> Iterator[Candidate]:
        """Yield what the longest syllable is with which the letters begin."""
        for used in range(len(letters), 0, -1):
            syllable = letters[:used]
            characters = self._characters.get(syllable, "")
            surnames = self._families.get(syllable, []) if is_first else []
            for text in (*surnames, *characters):
                yield Candidate(text, used)
            if characters:
                return

    def _begun(self, letters: str, is_first: bool) -> Iterator[Candidate]:
        """Yield what all the letters together may become."""
        longer = [one for one in self._families if one.startswith(letters) and one != letters]
        likely = self._likely_surnames(longer) if is_first else ()
        for text in chain(likely, self._likely_characters(longer)):
            yield Candidate(text, len(letters))

    def _first_of(self, letters: str, is_first: bool) -> Iterator[Candidate]:
        """Yield what letters of more than one syllable begin with, if only its first letters."""
        yield from self._whole(letters, is_first)
        starts = (letters[:used] for used in range(len(letters) - 1, 0, -1))
        for start in starts:
            if start in self._characters:
                return
            if any(one.startswith(start) for one in self._families):
                yield from self._begun(start, is_first)
                return

    def _likely_surnames(self, syllables: Sequence[str]) -> list[str]:
        found = {one for syllable in syllables for one in self._families[syllable]}
        return sorted(found, key=lambda one: (self._rank.get(one, len(self._rank)), one))

    def _likely_characters(self, syllables: Sequence[str]) -> Iterator[str]:
        """Yield the likeliest of each syllable, then the second ones, and so on."""
        each = (self._characters.get(syllable, "")[:_OF_EACH] for syllable in syllables)
        for likely in zip_longest(*each, fillvalue=""):
            yield from filter(None, likely)


@cache
def characters() -> Characters:
    """Return the characters that come with the kiosk."""
    return Characters(files("ui").joinpath("pinyin", "characters.txt").read_text("utf-8"))
