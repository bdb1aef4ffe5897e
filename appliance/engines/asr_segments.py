"""Partials and long speech for engines that only know whole segments.

At each pause the speech so far is decoded: that is the partial, and, when nothing more was said
until the end, the result itself, so that the decoding hides behind the endpoint wait. Speech
longer than the engine takes is cut at its quietest pause.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from appliance.engines.asr import RATE, Decoder, require_rate

_FRAME = RATE // 50
_PAUSE_FRAMES = 12  # 240 ms
_LEAST_FRAMES = 3  # of speech: less is a click
_EDGE_SECONDS = 0.3  # of silence kept before and after speech
_PAUSE_DB = 18.0  # below the loud parts: a pause
_ABOVE_FLOOR_DB = 9.0  # above the quiet parts: something is said
_RANGE_DB = 32.0  # further below the loud parts nothing is said
_FLAT_DB = 6.0  # speech rises and falls by more
_FLOOR_DB = -58.0  # nothing below this is speech, whatever surrounds it
_PARTIAL_SECONDS = 12.0  # longer speech is not decoded again at every pause


class SegmentRecogniser:
    """A `Recogniser` over a `Decoder`.

    `settled`, after `partial`: nothing was said since what it returned.
    """

    def __init__(self, decoder: Decoder, language: str) -> None:
        self._decoder = decoder
        self._default_language = language
        self.reset()

    def reset(self, language: str = "", hot_words: tuple[str, ...] = ()) -> None:
        """See `appliance.engines.asr.Recogniser`."""
        self._language = language or self._default_language
        self._hot_words = hot_words
        self.settled = False
        self._done = ""
        self._samples = np.zeros(0, np.float32)
        self._decoded_frames = 0
        self._text = ""

    def accept(self, samples: NDArray[np.float32], rate: int) -> None:
        """See `appliance.engines.asr.Recogniser`."""
        require_rate(rate)
        self._samples = np.concatenate([self._samples, samples])
        while len(self._samples) > self._decoder.longest * RATE:
            self._cut()

    def partial(self) -> str:
        """Decodes again when a pause follows speech that is new since the last time."""
        levels = _levels(self._samples)
        if len(self._samples) <= _PARTIAL_SECONDS * RATE and _pauses(levels):
            self._decode(levels)
        self.settled = bool(self._text) and not self._is_new(np.flatnonzero(_spoken(levels)))
        return self._done + self._text

    def finish(self) -> str:
        """See `appliance.engines.asr.Recogniser`."""
        self._decode(_levels(self._samples))
        return self._done + self._text

    def _decode(self, levels: NDArray[np.float64]) -> None:
        """Decode, unless nothing was said since the last time."""
        spoken = np.flatnonzero(_spoken(levels))
        if self._is_new(spoken):
            edge = int(_EDGE_SECONDS * RATE)
            start = max(0, int(spoken[0]) * _FRAME - edge)
            end = (int(spoken[-1]) + 1) * _FRAME + edge
            self._text = self._decoder.decode(
                self._samples[start:end], self._language, self._hot_words
            )
            self._decoded_frames = len(levels)

    def _is_new(self, spoken: NDArray[np.intp]) -> bool:
        """Whether enough of these frames came after the last decoding."""
        return int(np.count_nonzero(spoken >= self._decoded_frames)) >= _LEAST_FRAMES

    def _cut(self) -> None:
        """Decode up to the quietest place of the second half, and go on from there."""
        levels = _levels(self._samples)
        smooth = np.convolve(levels, np.ones(_PAUSE_FRAMES) / _PAUSE_FRAMES, mode="same")
        limit = int(self._decoder.longest * RATE) // _FRAME
        half = limit // 2
        frame = half + int(np.argmin(smooth[half:limit]))
        rest = self._samples[frame * _FRAME :]
        self._samples = self._samples[: frame * _FRAME]
        self._decoded_frames = 0
        self._text = ""
        self._done = self.finish()
        self._samples, self._text, self._decoded_frames = rest, "", 0


def voiced_seconds(samples: NDArray[np.float32]) -> float:
    """From the first to the last moment in which something is said; all of it, if that is open."""
    spoken = np.flatnonzero(_spoken(_levels(samples)))
    if not spoken.size:
        return len(samples) / RATE
    return float(spoken[-1] + 1 - spoken[0]) * _FRAME / RATE


def _levels(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    """RMS in dBFS of each frame."""
    count = len(samples) // _FRAME
    frames = samples[: count * _FRAME].reshape(count, _FRAME)
    power = np.mean(np.square(frames, dtype=np.float64), axis=1)
    decibels: NDArray[np.float64] = 10 * np.log10(np.maximum(power, 1e-10))
    return decibels


def _loud_and_floor(levels: NDArray[np.float64]) -> tuple[float, float]:
    return float(np.percentile(levels, 95)), float(np.percentile(levels, 10))


def _spoken(levels: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Frames in which something is said, soft syllables included."""
    if levels.size == 0:
        return np.zeros(0, np.bool_)
    loud, floor = _loud_and_floor(levels)
    if loud - floor < _FLAT_DB:
        return np.zeros(levels.size, np.bool_)
    threshold = max(_FLOOR_DB, loud - _RANGE_DB, min(floor + _ABOVE_FLOOR_DB, loud - _FLAT_DB))
    spoken: NDArray[np.bool_] = levels > threshold
    return spoken


def _pauses(levels: NDArray[np.float64]) -> bool:
    """Whether the speaker pauses at the end."""
    if levels.size < _PAUSE_FRAMES:
        return False
    loud, floor = _loud_and_floor(levels)
    # In noise the floor is near the speech: then a pause is what is nearer the floor.
    threshold = max(_FLOOR_DB, loud - _PAUSE_DB, (loud + floor) / 2)
    return bool((levels[-_PAUSE_FRAMES:] < threshold).all())
