"""Every message that a station sends."""

from typing import Final

from station.reporting.messages.alert import DrillAlert, RealAlert
from station.reporting.messages.daily_report import DrillDailyReport, RealDailyReport
from station.reporting.messages.envelope import StationEvent
from station.reporting.messages.status import DrillStatus, RealStatus

STATION_EVENTS: Final[tuple[type[StationEvent], ...]] = (
    RealAlert,
    DrillAlert,
    RealDailyReport,
    DrillDailyReport,
    RealStatus,
    DrillStatus,
)
"""All that a station sends."""
