"""Whisper through sherpa-onnx.

sherpa does not pad to 30 s, so cost follows the speech; but it writes at most 6 tokens per second
of audio, and loops below a tail of 500 frames. Hence `tail_paddings`, a second of silence behind
the speech, and one more try with a longer silence when a loop appears.
"""

from __future__ import annotations

import numpy as np
import sherpa_onnx
from numpy.typing import NDArray

from appliance.engines.asr import RATE
from appliance.engines.asr_segments import voiced_seconds
from appliance.engines.asr_sherpa_offline import SherpaOffline
from appliance.sound.levels import rms_db
from appliance.speech.transcript import collapse_loops, has_loop, is_invented, said_once, tidy

_SILENCE_SECONDS = 1.0
_RETRY_SILENCE_SECONDS = 6.0
_LEAST_SECONDS = 0.15


class Whisper(SherpaOffline):
    """Multilingual Whisper; needs `language`, whose default in sherpa is English."""

    def _load(self) -> sherpa_onnx.OfflineRecognizer:
        return sherpa_onnx.OfflineRecognizer.from_whisper(
            encoder=self._onnx("encoder", "encoder.onnx", "model_type", "n_text_layer", "sot"),
            decoder=self._onnx("decoder", "decoder.onnx"),
            tokens=self._tokens,
            language=self._config.language,
            num_threads=self._threads,
            tail_paddings=self._config.tail_paddings,
        )

    def decode(
        self, samples: NDArray[np.float32], language: str, hot_words: tuple[str, ...]
    ) -> str:
        """Empty when what Whisper wrote was not spoken."""
        seconds, level = len(samples) / RATE, rms_db(samples)
        if seconds < _LEAST_SECONDS:
            return ""
        text = self._with_silence(samples, _SILENCE_SECONDS)
        if has_loop(text):
            text = collapse_loops(self._with_silence(samples, _RETRY_SILENCE_SECONDS))
        text = said_once(tidy(text), voiced_seconds(samples))
        return "" if is_invented(text, seconds, level) else text

    def _with_silence(self, samples: NDArray[np.float32], seconds: float) -> str:
        # Input beyond 29.5 s is cut by sherpa, silence included.
        room = max(0.0, 29.4 - len(samples) / RATE)
        silence = np.zeros(int(min(seconds, room) * RATE), np.float32)
        return self._transcribe(np.concatenate([samples, silence]))
