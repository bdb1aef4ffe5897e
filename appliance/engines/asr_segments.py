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
_EDGE_SECONDS = 0.3  # of silence kept before and after speech
_QUIET_DB = 15.0  # below the loud parts: a pause
_FLOOR_DB = -58.0  # nothing below this is speech, whatever surrounds it
_PARTIAL_SECONDS = 12.0  # longer speech is not decoded again at every pause


class SegmentRecogniser:
    """A `Recogniser` over a `Decoder`."""

    def __init__(self, decoder: Decoder, language: str) -> None:
        self._decoder = decoder
        self._default_language = language
        self.reset()

    def reset(self, language: str = "", hot_words: tuple[str, ...] = ()) -> None:
        """See `appliance.engines.asr.Recogniser`. Hot words are of no use to these engines."""
        self._language = language or self._default_language
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
        quiet = self._quiet_frames()
        if (
            len(quiet) >= _PAUSE_FRAMES
            and bool(quiet[-_PAUSE_FRAMES:].all())
            and len(self._samples) <= _PARTIAL_SECONDS * RATE
            and self._new_speech(quiet)
        ):
            self._decode(quiet)
        return self._done + self._text

    def finish(self) -> str:
        """See `appliance.engines.asr.Recogniser`."""
        quiet = self._quiet_frames()
        if self._new_speech(quiet):
            self._decode(quiet)
        return self._done + self._text

    def _decode(self, quiet: NDArray[np.bool_]) -> None:
        self._text = self._decoder.decode(self._trimmed(quiet), self._language)
        self._decoded_frames = len(quiet)

    def _new_speech(self, quiet: NDArray[np.bool_]) -> bool:
        return not bool(quiet[self._decoded_frames :].all())

    def _levels(self) -> NDArray[np.float64]:
        count = len(self._samples) // _FRAME
        frames = self._samples[: count * _FRAME].reshape(count, _FRAME)
        power = np.mean(np.square(frames, dtype=np.float64), axis=1)
        decibels: NDArray[np.float64] = 10 * np.log10(np.maximum(power, 1e-10))
        return decibels

    def _quiet_frames(self) -> NDArray[np.bool_]:
        levels = self._levels()
        if levels.size == 0:
            return np.zeros(0, np.bool_)
        loud = float(np.percentile(levels, 95))
        floor = float(np.percentile(levels, 10))
        # In noise the floor is near the speech: then a pause is what is near the floor.
        threshold = max(_FLOOR_DB, min(loud - _QUIET_DB, (loud + floor) / 2))
        quiet: NDArray[np.bool_] = levels < threshold
        return quiet

    def _trimmed(self, quiet: NDArray[np.bool_]) -> NDArray[np.float32]:
        spoken = np.flatnonzero(~quiet)
        edge = int(_EDGE_SECONDS * RATE)
        start = max(0, int(spoken[0]) * _FRAME - edge)
        return self._samples[start : (int(spoken[-1]) + 1) * _FRAME + edge]

    def _cut(self) -> None:
        """Decode up to the quietest place of the second half, and go on from there."""
        levels = self._levels()
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
