"""What holds something of the system's, and lets go of it at the end of a `with` block."""

from abc import ABC, abstractmethod
from typing import Self


class Closable(ABC):
    """Is closed by the `with` block that it was made for."""

    @abstractmethod
    def close(self) -> None:
        """Let go of what is held; safe to call twice."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
