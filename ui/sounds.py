"""Three sounds of our own, made by numpy: soft, told apart by their melody alone."""

import io
import wave
from collections.abc import Mapping, Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 22_050

_ATTACK_S, _FADE_S = 0.012, 0.09
_LOUDNESS = 0.35
# A fundamental with two quiet overtones: warmer than a beep, and heard in a noisy hall.
_OVERTONES = ((1, 1.0), (2, 0.28), (3, 0.12))


class Sound(StrEnum):
    """What is heard."""

    GO_ON = "go_on"
    """One short, low, soft note: thank you."""
    STEP_ASIDE = "step_aside"
    """Two notes that rise: a second check."""
    STAFF = "staff"
    """Three notes that fall: a lane needs staff."""


_Note = tuple[float, float]

# (frequency Hz, length s): D4; G4 C5; C5 A4 F4.
MELODIES: Mapping[Sound, Sequence[_Note]] = {
    Sound.GO_ON: ((293.7, 0.14),),
    Sound.STEP_ASIDE: ((392.0, 0.18), (523.3, 0.30)),
    Sound.STAFF: ((523.3, 0.20), (440.0, 0.20), (349.2, 0.34)),
}


def samples(sound: Sound) -> NDArray[np.float32]:
    """Return a sound's samples, float32 within -1 and 1, at RATE_HZ."""
    notes = [_note(frequency_hz, length_s) for frequency_hz, length_s in MELODIES[sound]]
    return np.concatenate(notes).astype(np.float32)


def wave_bytes(sound: Sound) -> bytes:
    """Return a sound as a WAV file, 16 bits, mono."""
    memory = io.BytesIO()
    with wave.open(memory, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes((samples(sound) * 32767).astype("<i2").tobytes())
    return memory.getvalue()


def _note(frequency_hz: float, length_s: float) -> NDArray[np.float64]:
    times_s = np.arange(int(length_s * RATE_HZ)) / RATE_HZ
    tone = sum(
        weight * np.sin(2 * np.pi * frequency_hz * number * times_s)
        for number, weight in _OVERTONES
    )
    rise = np.minimum(1.0, times_s / _ATTACK_S)
    fall = np.minimum(1.0, (length_s - times_s) / _FADE_S)
    return _LOUDNESS * np.asarray(tone) * rise * fall / sum(weight for _, weight in _OVERTONES)
