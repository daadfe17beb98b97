"""What holds for every test."""

from hypothesis import settings

# The same examples every time, however busy the machine; `python -m tests.fuzz` looks for new ones.
settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")
