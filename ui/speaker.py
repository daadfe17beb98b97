"""What is heard: sounds and spoken prompts, through the programs that the machine has."""

import logging
import shutil
import subprocess
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QObject, QProcess

from ui.muting import Mute
from ui.sounds import Sound, wave_bytes
from ui.viewmodels.prompts import PROMPTS, Prompt

logger = logging.getLogger(__name__)

# PipeWire, PulseAudio, ALSA: the first one found plays files.
_PLAYERS = (("pw-play",), ("paplay",), ("aplay", "-q"))
# espeak-ng speaks offline; its voices for both languages come with it. Slow and not shrill.
_VOICE = "espeak-ng"
_VOICES: Mapping[str, tuple[str, ...]] = {
    "zh": ("-v", "cmn", "-s", "150", "-p", "45"),
    "en": ("-v", "en-gb", "-s", "145", "-p", "45"),
}
_SPEAK_TIMEOUT_S = 20.0
_END_MS = 1000
# The same is not said again before this; other words come when the last ones have ended.
_AGAIN_S = 10.0

SOUND_OF: Mapping[Prompt, Sound] = {
    Prompt.STEP_ASIDE: Sound.STEP_ASIDE,
    Prompt.GO_ON: Sound.GO_ON,
    Prompt.STAFF: Sound.STAFF,
}
_UNSPOKEN = {Prompt.GO_ON, Prompt.WALK_SLOWLY}
"""A queue that moves well needs no words."""


@dataclass(frozen=True, slots=True)
class Programs:
    """What a machine has for sound."""

    player: tuple[str, ...] = ()
    """Plays a file named after it; empty if there is none."""
    voice: str = ""
    """Speaks text into a file; empty if there is none."""


def find_programs() -> Programs:
    """Return what this machine has."""
    player = next((p for p in _PLAYERS if shutil.which(p[0])), ())
    return Programs(player, shutil.which(_VOICE) or "")


class Speaker(QObject):
    """Plays one thing after another and never makes the window wait; silent until it is opened.

    Args:
        say_zh: gives the Chinese words of an English source text.
        monotonic_s: the clock.
    """

    def __init__(self, say_zh: Callable[[str], str], monotonic_s: Callable[[], float]) -> None:
        super().__init__()
        self.mute = Mute()
        self.programs = Programs()
        self._say_zh = say_zh
        self._monotonic_s = monotonic_s
        self._recordings: Path | None = None
        self._folder: TemporaryDirectory[str] | None = None
        self._process = QProcess(self)
        self._process.finished.connect(self._next)
        self._process.errorOccurred.connect(self._on_error)
        self._queue: list[Path] = []
        self._last: dict[Prompt, float] = {}
        self._stop = threading.Event()
        self._maker: threading.Thread | None = None

    def open(self, programs: Programs, recordings: Path | None) -> None:
        """Make the files of all sounds, and those of the spoken prompts in a thread of its own.

        Args:
            programs: what the machine has.
            recordings: a folder of recorded prompts, `<prompt>_zh.wav` and `<prompt>_en.wav`, which
                go before the synthetic voice; None if there is none.
        """
        self.programs, self._recordings = programs, recordings
        if not programs.player:
            return
        self._folder = TemporaryDirectory(prefix="fever-kiosk-")
        folder = Path(self._folder.name)
        for sound in Sound:
            (folder / f"{sound}.wav").write_bytes(wave_bytes(sound))
        if programs.voice:
            words = {
                prompt: {"zh": self._say_zh(source), "en": source}
                for prompt, source in PROMPTS.items()
            }
            self._maker = threading.Thread(
                target=self._speak_all, args=(folder, words), name="voices", daemon=True
            )
            self._maker.start()

    @property
    def can_play(self) -> bool:
        """Whether the machine has a program that plays sounds."""
        return bool(self.programs.player)

    @property
    def can_speak(self) -> bool:
        """Whether prompts are spoken: recorded ones, or by a synthetic voice."""
        return self.can_play and bool(self.programs.voice or self._recorded(Prompt.STEP_ASIDE))

    def tell(self, prompt: Prompt) -> None:
        """Let a prompt be heard: its sound, then the words in both languages."""
        now_s = self._monotonic_s()
        if self.mute.left_s(now_s) or now_s - self._last.get(prompt, float("-inf")) < _AGAIN_S:
            return
        # Words that come late are about somebody else; only the second check waits its turn.
        if self._queue and prompt is not Prompt.STEP_ASIDE:
            return
        self._last[prompt] = now_s
        if prompt in SOUND_OF:
            self.play(SOUND_OF[prompt])
        if prompt not in _UNSPOKEN:
            for path in self._spoken(prompt):
                self._play(path)

    def play(self, sound: Sound) -> None:
        """Play a sound, muted or not."""
        if self._folder is not None:
            self._play(Path(self._folder.name) / f"{sound}.wav")

    def toggle_mute(self) -> None:
        """Silence everything for a while, or end the silence."""
        self.mute.toggle(self._monotonic_s())
        if self.left_s():
            self._queue.clear()
            self._process.kill()

    def left_s(self) -> float:
        """Return how long the silence still lasts, s."""
        return self.mute.left_s(self._monotonic_s())

    def close(self) -> None:
        """End what is heard and remove the files; safe to call twice."""
        self._stop.set()
        self._queue.clear()
        self._process.kill()
        self._process.waitForFinished(_END_MS)
        if self._maker is not None:
            self._maker.join(_END_MS / 1000)
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _play(self, path: Path) -> None:
        if path.exists():
            self._queue.append(path)
            if self._process.state() is QProcess.ProcessState.NotRunning:
                self._next()

    def _next(self) -> None:
        if self._queue and self.programs.player:
            program, *options = self.programs.player
            self._process.start(program, [*options, str(self._queue.pop(0))])

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            logger.warning("sounds are not heard: %s", self._process.errorString())
            self._queue.clear()

    def _spoken(self, prompt: Prompt) -> list[Path]:
        recorded = self._recorded(prompt)
        if recorded or self._folder is None:
            return recorded
        return [Path(self._folder.name) / f"{prompt}_{name}.wav" for name in _VOICES]

    def _recorded(self, prompt: Prompt) -> list[Path]:
        if self._recordings is None:
            return []
        paths = [self._recordings / f"{prompt}_{name}.wav" for name in _VOICES]
        return [path for path in paths if path.exists()]

    def _speak_all(self, folder: Path, words: Mapping[Prompt, Mapping[str, str]]) -> None:
        """Make the files of all prompts once, the most needed ones first."""
        for prompt in sorted(words, key=lambda one: one is not Prompt.STEP_ASIDE):
            for name, options in _VOICES.items():
                if self._stop.is_set():
                    return
                # A file is whole as soon as it has its name.
                new, path = folder / "new.wav", folder / f"{prompt}_{name}.wav"
                command = [self.programs.voice, *options, "-w", str(new), words[prompt][name]]
                try:
                    subprocess.run(  # noqa: S603 - our own words
                        command, check=True, timeout=_SPEAK_TIMEOUT_S, capture_output=True
                    )
                    new.replace(path)
                except (OSError, subprocess.SubprocessError) as error:
                    logger.warning("prompts are not spoken: %s", error)
                    return
