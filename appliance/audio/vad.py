"""Is this block speech? Silero through sherpa-onnx, and energy where its model is missing."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from appliance.engines.errors import EngineMissingError, ModelFileCorruptError
from appliance.engines.model_files import onnx_metadata

RATE = 16000
WINDOW = 512
"""Samples per decision: 32 ms at 16 kHz."""


_START_FLOOR_DB = -50.0


class Vad(Protocol):
    """Decides on one window of `WINDOW` mono samples at `RATE` after the other."""

    def is_speech(self, window: NDArray[np.float32]) -> bool: ...

    def reset(self) -> None:
        """Forget the past, before another utterance."""


class SileroVad:
    """`silero_vad.onnx`; RTF 0.006. Its own hysteresis is cut to a window: ours is settable.

    Raises:
        EngineMissingError: sherpa-onnx is not installed.
        ModelFileMissingError, ModelFileCorruptError: the file is not usable.
    """

    def __init__(self, model: str, threshold: float = 0.5) -> None:
        onnx_metadata(model)
        try:
            import sherpa_onnx
        except ImportError as error:
            raise EngineMissingError(f"sherpa-onnx is not installed: {error}") from error
        silero = sherpa_onnx.SileroVadModelConfig(
            model=model,
            threshold=threshold,
            min_silence_duration=WINDOW / RATE,
            min_speech_duration=WINDOW / RATE,
            window_size=WINDOW,
        )
        try:
            self._model = sherpa_onnx.VadModel.create(
                sherpa_onnx.VadModelConfig(silero, sample_rate=RATE)
            )
        except RuntimeError as error:
            raise ModelFileCorruptError(f"{model}: {error}") from error
        # Silero 5 wants each window with the end of the one before; sherpa ends the process on
        # any other length, so it is asked.
        self._context = np.zeros(max(0, self._model.window_size() - WINDOW), np.float32)

    def is_speech(self, window: NDArray[np.float32]) -> bool:
        """See `Vad`."""
        joined = np.concatenate([self._context, window])
        if len(self._context):
            self._context = joined[-len(self._context) :].copy()
        return bool(self._model.is_speech(joined))

    def reset(self) -> None:
        """See `Vad`."""
        self._model.reset()
        self._context[:] = 0


class SureEnd:
    """Speech begins when it is `likely`; once it was `sure`, it ends when it no longer is.

    A VAD lets go of a word late, in noise by up to 0.3 s; a strict one does so sooner, but begins
    late and misses who speaks softly. Who never speaks up for it is heard by `likely` alone.
    """

    def __init__(self, likely: Vad, sure: Vad) -> None:
        self._likely, self._sure = likely, sure
        self._was_sure = False

    def is_speech(self, window: NDArray[np.float32]) -> bool:
        """See `Vad`."""
        likely, sure = self._likely.is_speech(window), self._sure.is_speech(window)
        self._was_sure = sure or (self._was_sure and likely)
        return sure or (likely and not self._was_sure)

    def reset(self) -> None:
        """See `Vad`."""
        self._likely.reset()
        self._sure.reset()
        self._was_sure = False


_SURE = 0.8


def silero(model: str, threshold: float = 0.5) -> SureEnd:
    """Silero at the threshold, and at one that leaves no doubt. Raises as `SileroVad` does."""
    return SureEnd(SileroVad(model, threshold), SileroVad(model, max(threshold, _SURE)))


class EnergyVad:
    """Louder than the recent floor by `margin_db`, and louder than `least_db` at all.

    The floor follows quieter windows at once and louder ones slowly (2 dB a second).
    """

    def __init__(self, margin_db: float = 12.0, least_db: float = -50.0) -> None:
        self._margin, self._least = margin_db, least_db
        self._floor = _START_FLOOR_DB

    def is_speech(self, window: NDArray[np.float32]) -> bool:
        """See `Vad`."""
        power = float(np.mean(np.square(window, dtype=np.float64)))
        level = 10 * float(np.log10(max(power, 1e-10)))
        self._floor = min(level, self._floor + 2.0 * WINDOW / RATE)
        return level > max(self._least, self._floor + self._margin)

    def reset(self) -> None:
        """See `Vad`."""
        self._floor = _START_FLOOR_DB
