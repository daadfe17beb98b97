"""httpx without its command line, whose libraries take longer to load than all the rest of it."""

import sys

_COMMAND_LINE = "httpx._main"

# httpx goes without whenever that module cannot be had; a killed station is back sooner.
_is_ours = sys.modules.setdefault(_COMMAND_LINE, None) is None  # type: ignore[arg-type]
import httpx  # noqa: E402 - after the line that keeps its command line out

if _is_ours:
    del sys.modules[_COMMAND_LINE]

__all__ = ["httpx"]
