"""Where on earth a place can be."""

HIGHEST_LATITUDE, HIGHEST_LONGITUDE = 90.0, 180.0
"""Degrees north and south, and east and west."""


def is_on_earth(latitude: float, longitude: float) -> bool:
    """Whether there is such a place; degrees, and not a number is none."""
    return abs(latitude) <= HIGHEST_LATITUDE and abs(longitude) <= HIGHEST_LONGITUDE
