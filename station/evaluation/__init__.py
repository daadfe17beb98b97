"""Judges the station against recordings and scenes whose truth is known; nothing of it screens."""
