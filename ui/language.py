"""The kiosk's language, switched while it runs."""

from importlib.resources import files
from typing import Literal

from PySide6.QtCore import QCoreApplication, QTranslator

from ui.sentences import StationTranslator

LanguageName = Literal["zh", "en"]


class Language:
    """Owns the translators; English needs none, it is the source language."""

    def __init__(self, name: LanguageName) -> None:
        self.name: LanguageName = "en"
        self._translator = QTranslator()
        self._station = StationTranslator()
        # Qt reads the catalogue where it lies and takes no copy: it must outlive the translator.
        self._catalogue = files("ui").joinpath("i18n", "fever_station_zh.qm").read_bytes()
        if not self._translator.load(self._catalogue):
            raise RuntimeError("ui/i18n/fever_station_zh.qm is damaged: install again")
        if name == "zh":
            self.switch()

    def in_chinese(self, context: str, source: str) -> str:
        """Return the Chinese words of a source text, whatever the kiosk's language is."""
        return self._translator.translate(context, source) or source

    def switch(self) -> None:
        """Change to the other language; the views must be told to show their words again."""
        if self.name == "en":
            # The last one is asked first: the station's is asked for what no other knows.
            QCoreApplication.installTranslator(self._station)
            QCoreApplication.installTranslator(self._translator)
            self.name = "zh"
        else:
            QCoreApplication.removeTranslator(self._translator)
            QCoreApplication.removeTranslator(self._station)
            self.name = "en"
