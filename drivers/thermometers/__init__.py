"""Handheld thermometers."""
