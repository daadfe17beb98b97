"""`python -m tests.chaos --seed 1 --alerts 10000 --faults 200`: nothing is lost in silence.

Exit code 0 if the link's law was kept, 1 if not, with examples. With `--publisher naive` the other
way round: it must lose some, or the campaign proves nothing.
"""

import sys

from tests.chaos.disk import with_own_mounts

if __name__ == "__main__":
    with_own_mounts("tests.chaos", sys.argv[1:])
    # Only now: the product takes seconds to load, and a process with mounts of its own is new.
    from tests.chaos.command import main

    sys.exit(main())
