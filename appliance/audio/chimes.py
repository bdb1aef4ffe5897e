"""The box's own sounds, synthesised: nothing to license, nothing to load."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

# Frequency in Hz and length in seconds of each note; 0 Hz is a rest.
_NOTES: dict[str, tuple[tuple[float, float], ...]] = {
    "listen": ((880.0, 0.06), (1318.5, 0.09)),
    "heard": ((1318.5, 0.06), (880.0, 0.09)),
    "error": ((311.1, 0.12), (0.0, 0.05), (311.1, 0.16)),
    "empty": ((659.3, 0.12), (0.0, 0.04), (523.3, 0.12), (0.0, 0.04), (392.0, 0.25)),
}
# What rings, with its rest: one burst of it.
_BURSTS: dict[str, tuple[tuple[float, float], ...]] = {
    "alarm": (*((988.0, 0.1), (0.0, 0.07)) * 4, (0.0, 0.62)),
    "timer": (*((1318.5, 0.08), (0.0, 0.05)) * 2, (0.0, 0.74)),
    "reminder": ((784.0, 0.18), (0.0, 0.02), (1046.5, 0.3), (0.0, 1.5)),
}
_AMPLITUDE = 0.25
_EDGE_SECONDS = 0.006  # raised-cosine edges, so that notes do not click


@cache
def chime(kind: str, rate: int) -> NDArray[np.float32]:
    """Mono samples of a chime.

    Raises:
        KeyError: no such chime.
    """
    sound = np.concatenate([_note(frequency, seconds, rate) for frequency, seconds in _NOTES[kind]])
    sound.flags.writeable = False
    return sound


@cache
def burst(kind: str, rate: int) -> NDArray[np.float32]:
    """Mono samples, at full scale, of what is repeated while something rings.

    Raises:
        KeyError: nothing rings like that.
    """
    notes = [_note(frequency, seconds, rate) for frequency, seconds in _BURSTS[kind]]
    sound = np.concatenate(notes) / np.float32(_AMPLITUDE)
    sound.flags.writeable = False
    return sound


def _note(frequency: float, seconds: float, rate: int) -> NDArray[np.float32]:
    count = int(seconds * rate)
    edge = max(1, int(_EDGE_SECONDS * rate))
    envelope = np.minimum(1, np.minimum(np.arange(count), np.arange(count)[::-1]) / edge)
    shaped = 0.5 - 0.5 * np.cos(np.pi * envelope)
    tone = np.sin(2 * np.pi * frequency * np.arange(count) / rate)
    return (_AMPLITUDE * shaped * tone).astype(np.float32)
