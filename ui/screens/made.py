"""The screens of one window, each made when somebody first wants to see it."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from ui.screens.base import Screen
from ui.screens.table import ScreenEntry


class Screens(Mapping[str, Screen]):
    """All screens of the table by their keys; asking for one makes it.

    A screen made late has missed no event: what must outlive one is kept by the model.

    Args:
        entries: the table.
        make: makes one screen; called once for each.
    """

    def __init__(
        self, entries: Sequence[ScreenEntry], make: Callable[[ScreenEntry], Screen]
    ) -> None:
        self._entries = {entry.key: entry for entry in entries}
        self._make = make
        self._made: dict[str, Screen] = {}

    @property
    def made(self) -> tuple[Screen, ...]:
        """The screens that somebody has looked at."""
        return tuple(self._made.values())

    def __getitem__(self, key: str) -> Screen:
        """Return a screen, made if it was not yet."""
        if key not in self._made:
            self._made[key] = self._make(self._entries[key])
        return self._made[key]

    def __contains__(self, key: object) -> bool:
        """Tell whether the table has it; nothing is made for the answer."""
        return key in self._entries

    def __iter__(self) -> Iterator[str]:
        """Go through the keys in the table's order."""
        return iter(self._entries)

    def __len__(self) -> int:
        """Return how many screens the table has."""
        return len(self._entries)
