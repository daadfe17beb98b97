"""The pure rules of screening: numpy and the standard library, no threads, files or clocks."""
