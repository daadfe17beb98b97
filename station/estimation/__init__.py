"""The fitted oral estimate: its model file, and how it is fitted. The arithmetic is in the core."""
