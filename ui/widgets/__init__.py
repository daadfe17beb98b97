"""Widgets without decisions, used by the views."""
