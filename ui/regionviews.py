"""What the regions' screen says, as plain values: pure functions of how far somebody is."""

from dataclasses import dataclass

from station.core.pointing import PointedDisc
from ui.pointing import Doubt
from ui.texts import translate


@dataclass(frozen=True, slots=True)
class RegionsStand:
    """How far somebody is with the places of a source."""

    is_seen: bool
    """Whether there is a picture."""
    is_swept: bool
    """Whether it is the source that cameras are certified with."""
    in_use: int
    """How many regions the station uses."""
    drawn: int | None
    """How many are drawn; None while nobody draws."""
    most: int
    """How many may be drawn."""
    has_corner: bool
    """Whether the next region's first corner is set."""
    is_pointing: bool
    """Whether a touch points at a disc."""
    disc: PointedDisc | None
    """The disc of the lane on show."""
    across_px: int
    """How many pixels it is across."""
    doubt: Doubt | None
    """Why it will not do."""
    set_point_c: float | None
    """What it is set to, °C; None for a source that is swept."""
    band_c: float
    """How far a camera may read it off, °C."""
    pointed: int
    """In how many lanes a disc was pointed at."""
    lanes: int
    """How many lanes there are."""


def title_text(stand: RegionsStand) -> str:
    """Return which source it is about."""
    if stand.is_swept:
        return translate("regions", "Where the source of certifying stands")
    return translate("regions", "Where the reference source may be")


def todo_text(stand: RegionsStand) -> str:
    """Return what to do next, or what was found."""
    if not stand.is_seen:
        return translate("regions", "No picture yet")
    if stand.is_pointing:
        return _pointing_text(stand)
    if stand.drawn is None:
        words = translate("regions", "In use: {0}. Point at the disc, or draw regions")
        return words.format(stand.in_use)
    if stand.drawn >= stand.most:
        return translate("regions", "No more than {0} regions").format(stand.most)
    if stand.has_corner:
        return translate("regions", "Tap the opposite corner")
    return translate("regions", "Region {0}: tap its first corner").format(stand.drawn + 1)


def _pointing_text(stand: RegionsStand) -> str:
    if stand.disc is None:
        return translate("regions", "Touch the middle of the disc on the picture")
    apparent_c = stand.disc.apparent_c
    if stand.set_point_c is None:
        words = translate("regions", "The disc, {0} pixels across, reads {1} °C")
        return words.format(stand.across_px, f"{apparent_c:.2f}")
    words = translate(
        "regions",
        "The disc, {0} pixels across, reads {1} °C; set point {2} °C, difference {3} °C",
    )
    told = (apparent_c, stand.set_point_c, apparent_c - stand.set_point_c)
    signs = (".2f", ".2f", "+.2f")
    return words.format(stand.across_px, *map(format, told, signs))


def note_text(stand: RegionsStand) -> str:
    """Return what else to know before regions are used."""
    if stand.is_pointing and 0 < stand.pointed < stand.lanes:
        words = translate(
            "regions", "Pointed at in {0} of {1} lanes; the others keep their regions, too."
        )
        return words.format(stand.pointed, stand.lanes)
    return translate(
        "regions",
        "All cameras look for it in the same regions. The station starts again with them: "
        "some seconds without screening.",
    )


def doubt_text(stand: RegionsStand) -> str:
    """Return why the disc will not do and what to do; empty if it will."""
    match stand.doubt:
        case Doubt.OFF:
            words = translate(
                "regions", "More than {0} °C off: is it this one, and has it warmed up?"
            )
            return words.format(f"{stand.band_c:g}")
        case Doubt.RIVAL:
            return translate(
                "regions", "The search finds another spot there: make the region smaller"
            )
        case None:
            return ""
