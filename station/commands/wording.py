"""How the command line words what it counts."""


def counted(count: int, noun: str) -> str:
    """Return a number with its noun: "1 camera", "4 cameras"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
