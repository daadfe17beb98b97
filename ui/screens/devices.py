"""Every device and how it is; of a camera its last twenty minutes as curves."""

from datetime import datetime
from uuid import uuid4

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from station.core.events import Event
from station.core.people_events import SessionChanged
from station.core.service_commands import CertificateList, ListCertificates
from station.core.trends import CameraTrend
from ui.desk import Answer, Desk
from ui.screens.base import Screen
from ui.texts import say_station, translate
from ui.viewmodels.certificates import certificate_notice
from ui.viewmodels.devices import (
    LINK,
    STATION,
    camera_title,
    curves,
    device_rows,
    device_text,
    has_station_alarm,
    link_row,
    link_text,
    shutter_text,
    station_rows,
    station_text,
)
from ui.widgets.curve import CurvePanel
from ui.widgets.filling import FillingRows
from ui.widgets.labels import show_text
from ui.widgets.rows import GAP_PX
from ui.widgets.touch import set_role

_MOST_ROWS = 9
_ASK_AGAIN_S = 30.0


class DevicesScreen(Screen):
    """What a technician looks at first."""

    REFRESH_MS = 1000

    def __init__(self, parent: QWidget, desk: Desk) -> None:
        super().__init__(parent, desk)
        self._selected: str | None = None
        self._apart: str | None = None
        self._certificates: CertificateList | None = None
        self._asked_s: float | None = None
        self.devices = FillingRows(self, most=_MOST_ROWS, monotonic_s=desk.clock.monotonic_s)
        self.devices.chosen.connect(self._on_device)
        self._title = QLabel(self)
        self._title.setProperty("role", "title")
        self._said = QLabel(self)
        self._certificate = QLabel(self)
        for label in (self._said, self._certificate):
            label.setWordWrap(True)
        set_role(self._said, "caution")
        self._curves = QWidget(self)
        self._panels = tuple(CurvePanel(self._curves) for _ in range(3))
        self._shutters = QLabel(self._curves)
        self._shutters.setWordWrap(True)
        self._other = QFrame(self)
        self._other.setObjectName("panel")
        self._text = QLabel(self._other)
        self._text.setWordWrap(True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._right = QStackedWidget(self)
        self._lay_out()

    def take(self, event: Event) -> None:
        """Certificates are a technician's to look at: whoever comes asks anew."""
        if isinstance(event, SessionChanged):
            self._forget_certificates()

    def renew(self) -> None:
        """Forget the station before."""
        self._forget_certificates()

    def retranslate(self) -> None:
        """Show the words in the kiosk's language: all of them change with the devices."""
        self.refresh(self.desk.clock.now())

    def refresh(self, now: datetime) -> None:
        """Show how the devices are now."""
        self._ask_certificates()
        model = self.desk.model
        known = model.devices
        if self._selected not in known:
            cameras = [name for name in known if name in model.trends]
            self._selected = next(iter([*cameras, *known]), None)
        if self._apart == STATION and not has_station_alarm(model):
            self._apart = None
        rows = device_rows(model, None if self._apart is not None else self._selected)
        faults, link = station_rows(model, self._apart), link_row(model, now, self._apart)
        self.devices.show_rows([*faults, *rows, link])
        trend = model.trends.get(self._selected or "")
        if self._apart is not None:
            self._show_apart(self._apart, now)
        elif trend is not None:
            self._show_camera(trend, now)
        else:
            self._show_other(now)

    def _show_camera(self, trend: CameraTrend, now: datetime) -> None:
        known = self.desk.model.devices.get(trend.camera_id)
        show_text(self._title, camera_title(trend))
        for panel, curve in zip(self._panels, curves(trend, now), strict=True):
            panel.show_curve(curve)
        self._show_said(known.text if known else "")
        self._show_certificate(trend.camera_id, now)
        show_text(self._shutters, shutter_text(trend, now))
        self._right.setCurrentWidget(self._curves)

    def _show_other(self, now: datetime) -> None:
        model = self.desk.model
        device = model.devices.get(self._selected or "")
        if device is None:
            show_text(self._title, translate("devices", "No devices known yet"))
            show_text(self._text, "")
        else:
            show_text(self._title, device.device_id)
            show_text(self._text, device_text(device, model.sources, model.checks, now))
        self._show_words()

    def _show_apart(self, apart: str, now: datetime) -> None:
        """Show what is no device."""
        if apart == LINK:
            show_text(self._title, translate("devices", "The way to the CDC"))
            show_text(self._text, link_text(self.desk.model, now))
        else:
            show_text(self._title, translate("devices", "The station itself"))
            show_text(self._text, station_text(self.desk.model))
        self._show_words()

    def _show_words(self) -> None:
        """Show the words of what has no curves."""
        self._show_said("")
        self._certificate.hide()
        self._right.setCurrentWidget(self._other)

    def _show_said(self, sentence: str) -> None:
        """Show the station's own sentence about a camera, if there is one."""
        show_text(self._said, say_station(sentence))
        self._said.setVisible(bool(sentence))

    def _show_certificate(self, camera_id: str, now: datetime) -> None:
        told = self._certificates
        self._certificate.setVisible(told is not None)
        if told is not None:
            notice = certificate_notice(told.certificates, camera_id, now)
            show_text(self._certificate, notice.text)
            set_role(self._certificate, notice.role)

    def _ask_certificates(self) -> None:
        """Ask now and then: somebody may have certified a camera while the station runs."""
        now_s = self.desk.clock.monotonic_s()
        is_due = self._asked_s is None or now_s - self._asked_s >= _ASK_AGAIN_S
        if is_due and self.isVisible() and self.desk.model.may(ListCertificates):
            self._asked_s = now_s
            self.desk.ask(ListCertificates(uuid4()), self._on_certificates)

    def _on_certificates(self, answer: Answer) -> None:
        if isinstance(answer, CertificateList):
            self._certificates = answer
            self.refresh(self.desk.clock.now())

    def _forget_certificates(self) -> None:
        self._certificates, self._asked_s = None, None

    def _on_device(self, device_id: str) -> None:
        self._apart = device_id if device_id in (LINK, STATION) else None
        if self._apart is None:
            self._selected = device_id
        self.refresh(self.desk.clock.now())

    def _lay_out(self) -> None:
        column = QVBoxLayout(self._curves)
        column.setContentsMargins(0, 0, 0, 0)
        for panel in self._panels:
            column.addWidget(panel, 1)
        column.addWidget(self._shutters)
        words = QVBoxLayout(self._other)
        words.setContentsMargins(14, 10, 14, 10)
        words.addWidget(self._text, 1)
        self._right.addWidget(self._curves)
        self._right.addWidget(self._other)
        right = QVBoxLayout()
        right.addWidget(self._title)
        right.addWidget(self._said)
        right.addWidget(self._certificate)
        right.addWidget(self._right, 1)
        body = QHBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(14)
        body.addWidget(self.devices, 2)
        body.addLayout(right, 3)
        for spaced in (column, right):
            spaced.setSpacing(GAP_PX)
