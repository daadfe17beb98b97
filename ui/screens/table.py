"""The one table of the kiosk's screens: a line here puts a screen into the navigation."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from ui.desk import Desk
from ui.screens.audit import AuditScreen
from ui.screens.base import Screen
from ui.screens.cases import CasesScreen
from ui.screens.daily import DailyScreen
from ui.screens.devices import DevicesScreen
from ui.screens.display import DisplayScreen
from ui.screens.lane import LaneScreen
from ui.screens.ledger import LedgerScreen
from ui.screens.regions import RegionsScreen
from ui.screens.service import ServiceScreen
from ui.screens.shift import ShiftScreen
from ui.screens.simulators import SimulatorsScreen
from ui.screens.statistics import StatisticsScreen
from ui.screens.threshold import ThresholdScreen
from ui.texts import QT_TRANSLATE_NOOP

NOBODY = ""
"""Stands for a role while nobody is signed in."""
EVERYBODY = frozenset({"operator", "shift_lead", "technician", "auditor"})
"""Stored values of all roles."""


@dataclass(frozen=True, slots=True)
class ScreenEntry:
    """One line of the table."""

    key: str
    """Its name for `go_to`, and of its pictures."""
    title: str
    """The word under its sign, marked for translation in the context `screens`."""
    pictogram: str
    """Its sign: a file of ui/pictograms, without `.svg`."""
    build: Callable[[QWidget, Desk], Screen]
    """Makes it: the class, or a function that gives it more."""
    roles: frozenset[str] = EVERYBODY
    """Whose navigation has it (stored values of roles, NOBODY for a locked kiosk)."""
    is_for_rehearsals: bool = False
    """Whether only stations of simulated devices have it."""

    def is_open(self, role: str | None, *, is_simulated: bool) -> bool:
        """Whether a role may see it; None while nobody has to sign in."""
        return (role is None or role in self.roles) and (is_simulated or not self.is_for_rehearsals)


SCREENS = (
    ScreenEntry(
        "lane",
        QT_TRANSLATE_NOOP("screens", "Live lane"),
        "lane",
        LaneScreen,
        # Screening never stops: a locked kiosk shows it, too.
        EVERYBODY | {NOBODY},
    ),
    ScreenEntry("devices", QT_TRANSLATE_NOOP("screens", "Devices"), "devices", DevicesScreen),
    ScreenEntry("ledger", QT_TRANSLATE_NOOP("screens", "Search"), "ledger", LedgerScreen),
    ScreenEntry("cases", QT_TRANSLATE_NOOP("screens", "Cases"), "cases", CasesScreen),
    ScreenEntry(
        "statistics", QT_TRANSLATE_NOOP("screens", "Figures"), "statistics", StatisticsScreen
    ),
    ScreenEntry("threshold", QT_TRANSLATE_NOOP("screens", "Limit"), "threshold", ThresholdScreen),
    ScreenEntry("shift", QT_TRANSLATE_NOOP("screens", "Shift"), "shift", ShiftScreen),
    ScreenEntry(
        "audit",
        QT_TRANSLATE_NOOP("screens", "Audit"),
        "audit",
        AuditScreen,
        EVERYBODY - {"operator"},
    ),
    ScreenEntry("display", QT_TRANSLATE_NOOP("screens", "Display"), "display", DisplayScreen),
    ScreenEntry(
        "daily",
        QT_TRANSLATE_NOOP("screens", "Checks"),
        "check",
        DailyScreen,
        frozenset({"operator", "shift_lead", "technician"}),
    ),
    ScreenEntry(
        "regions",
        QT_TRANSLATE_NOOP("screens", "Regions"),
        "regions",
        RegionsScreen,
        frozenset({"technician"}),
    ),
    ScreenEntry(
        "service",
        QT_TRANSLATE_NOOP("screens", "Service"),
        "service",
        ServiceScreen,
        frozenset({"technician"}),
    ),
    ScreenEntry(
        "simulators",
        QT_TRANSLATE_NOOP("screens", "Simulate"),
        "simulators",
        SimulatorsScreen,
        frozenset({"technician"}),
        is_for_rehearsals=True,
    ),
)
