"""Every attempt to get into the link to the CDC, and the table of how each was refused."""

from tests.breach import broker, page, receiver, station

ATTEMPTS = [*broker.ATTEMPTS, *station.ATTEMPTS, *page.ATTEMPTS, *receiver.ATTEMPTS]


def table(rows):
    """Return the breach table in Markdown."""
    head = ["| # | attempt | refused by | how |", "|---|---|---|---|"]
    lines = (f"| {i} | {one.name} | {one.by} | {how} |" for i, (one, how) in enumerate(rows, 1))
    return "\n".join([*head, *lines])
