"""`python -m tests.breach` tries to get into the link in every way, and prints a table."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.breach.attempts import try_one
from tests.breach.table import ATTEMPTS, table
from tests.secured.world import World

with TemporaryDirectory() as folder, World(Path(folder)) as world:
    sys.stdout.write(f"{table([(one, try_one(world, one)) for one in ATTEMPTS])}\n")
