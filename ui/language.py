"""The kiosk's language, switched while it runs."""

from importlib.resources import files
from typing import Literal

from PySide6.QtCore import QCoreApplication, QTranslator

LanguageName = Literal["zh", "en"]


class Language:
    """Owns the translator; English needs none, it is the source language."""

    def __init__(self, name: LanguageName) -> None:
        self.name: LanguageName = "en"
        self._translator = QTranslator()
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
            QCoreApplication.installTranslator(self._translator)
            self.name = "zh"
        else:
            QCoreApplication.removeTranslator(self._translator)
            self.name = "en"
