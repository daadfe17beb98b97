"""Sensors of the air at the checkpoint, or outdoors."""
