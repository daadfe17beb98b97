"""What the regions' screen says, as plain values: pure functions of how far somebody is."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from station.core.about import StationDescribed
from station.core.masks import Region, hidden
from station.core.pointing import PointedDisc
from station.core.swept_source import overlapping
from ui.entering.drawing import MOST, Drawn
from ui.entering.pointing import Doubt
from ui.texts import translate


class Subject(StrEnum):
    """What the screen is about."""

    REFERENCE = "reference"
    """Where the reference source may be, in all lanes."""
    SWEPT = "swept"
    """Where the source is that cameras are certified with."""
    MASKS = "masks"
    """Where no faces are looked for, in one lane."""


class Clash(StrEnum):
    """What lies over what."""

    SWEPT_HIDES = "swept_hides"
    """The source of certifying would stand before the reference source."""
    SWEPT_NEAR = "swept_near"
    """Their regions share a part: cameras cannot be certified so."""
    MASK_HIDES = "mask_hides"
    """A masked area would hide the reference source."""
    MASKED = "masked"
    """The reference source would be under a masked area that is in use."""


@dataclass(frozen=True, slots=True)
class RegionsStand:
    """How far somebody is with the places of a source, or with masked areas."""

    is_seen: bool
    """Whether there is a picture."""
    subject: Subject
    """What it is about."""
    lane: str
    """The lane on show."""
    in_use: int
    """How many regions or areas the station uses."""
    drawn: int | None
    """How many are drawn; None while nobody draws."""
    has_corner: bool
    """Whether the next region's first corner is set."""
    is_removing: bool
    """Whether a touch takes an area away."""
    is_pointing: bool
    """Whether a touch points at a disc."""
    disc: PointedDisc | None
    """The disc of the lane on show."""
    across_px: int
    """How many pixels it is across."""
    doubt: Doubt | None
    """Why it will not do."""
    clash: Clash | None
    """What lies over what."""
    walked: int
    """How many people walked lately where the lane is masked or would be."""
    walks: int
    """Of how many."""
    set_point_c: float | None
    """What it is set to, °C; None for a source that is swept."""
    band_c: float
    """How far a camera may read it off, °C."""
    pointed: int
    """In how many lanes a disc was pointed at."""
    lanes: int
    """How many lanes there are."""


def clash_of(
    subject: Subject, wanted: Sequence[Region], about: StationDescribed | None
) -> Clash | None:
    """Return what would lie over what if the station took over what is drawn or pointed at."""
    if about is None or not wanted:
        return None
    masks = [mask for camera in about.cameras for mask in camera.masks]
    clash, region = {
        Subject.REFERENCE: (Clash.MASKED, hidden(wanted, masks)),
        Subject.SWEPT: (Clash.SWEPT_HIDES, hidden(about.regions, wanted)),
        Subject.MASKS: (Clash.MASK_HIDES, hidden(about.regions, wanted)),
    }[subject]
    if region is not None:
        return clash
    others = {Subject.REFERENCE: (about.swept_region,), Subject.SWEPT: about.regions}
    is_near = any(overlapping(one, others.get(subject, ())) for one in wanted)
    return Clash.SWEPT_NEAR if is_near else None


def title_text(stand: RegionsStand) -> str:
    """Return which source it is about."""
    match stand.subject:
        case Subject.SWEPT:
            return translate("regions", "Where the source of certifying stands")
        case Subject.MASKS:
            words = translate("regions", "Lane {0}: where nobody is measured")
            return words.format(stand.lane)
        case Subject.REFERENCE:
            return translate("regions", "Where the reference source may be")


def todo_text(stand: RegionsStand) -> str:
    """Return what to do next, or what was found."""
    if not stand.is_seen:
        return translate("regions", "No picture yet")
    if stand.is_pointing:
        return _pointing_text(stand)
    if stand.is_removing:
        return translate("regions", "Touch the area that shall be searched again")
    if stand.drawn is None:
        words = (
            translate("regions", "Masked: {0}. Draw around a lamp, a radiator or a window")
            if stand.subject is Subject.MASKS
            else translate("regions", "In use: {0}. Point at the disc, or draw regions")
        )
        return words.format(stand.in_use)
    return _drawing_text(stand.drawn, has_corner=stand.has_corner)


def _drawing_text(drawn: int, *, has_corner: bool) -> str:
    if drawn >= MOST:
        return translate("regions", "No more than {0} regions").format(MOST)
    if has_corner:
        return translate("regions", "Tap the opposite corner")
    return translate("regions", "Region {0}: tap its first corner").format(drawn + 1)


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
    if stand.subject is Subject.MASKS:
        return translate(
            "regions",
            "Who walks only there is neither measured nor counted; the live picture hatches the "
            "area. The station starts again with it: some seconds without screening.",
        )
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
    """Return why it will not do and what to do; empty if it will."""
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
            return clash_text(stand.clash) or _walked_text(stand)


def _walked_text(stand: RegionsStand) -> str:
    if not stand.walked:
        return ""
    words = translate(
        "regions",
        "{0} of the last {1} people walked there: they would be neither measured nor counted. "
        "Keep the way of travellers free",
    )
    return words.format(stand.walked, stand.walks)


def clash_text(clash: Clash | None) -> str:
    """Return what lies over what and what to do; empty if nothing does."""
    match clash:
        case Clash.SWEPT_HIDES:
            return translate("regions", "It would stand before the reference source: move it aside")
        case Clash.SWEPT_NEAR:
            return translate(
                "regions",
                "The regions of both sources overlap: before certifying, point at both anew",
            )
        case Clash.MASK_HIDES:
            return translate(
                "regions", "The area would hide the reference source: draw it beside the source"
            )
        case Clash.MASKED:
            return translate(
                "regions", "A masked area hides the source there: remove that area first"
            )
        case None:
            return ""


def is_refused(clash: Clash | None) -> bool:
    """Whether what is drawn or pointed at would hide the reference source."""
    return clash not in {None, Clash.SWEPT_NEAR}


def drawn_text(drawn: Drawn | None) -> str:
    """Return what must be said of a tap; empty if nothing."""
    match drawn:
        case Drawn.TOO_SMALL:
            return translate("regions", "Too small: draw it larger")
        case Drawn.NOT_THERE:
            return translate("regions", "No area there: touch a hatched one")
        case Drawn.NO_DISC:
            return translate(
                "regions",
                "No disc there: a source is flat and hotter than its mount all around. "
                "Touch its middle",
            )
        case None:
            return ""
