"""Streaming recognisers of sherpa-onnx: Zipformer (transducer, CTC) and Paraformer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import sherpa_onnx
from numpy.typing import NDArray

from appliance.engines.asr import RATE, AsrConfig, require_rate
from appliance.engines.errors import ModelFileCorruptError
from appliance.engines.model_files import onnx_metadata, require
from appliance.speech.transcript import tidy

_TAIL_SECONDS = 0.6  # of silence, so that the last chunk leaves the encoder


class SherpaOnline:
    """What they share. Hot words work with the transducer only (modified beam search)."""

    def __init__(self, config: AsrConfig) -> None:
        self._config = config
        for role, digest in config.sha256.items():
            require(self._file(role, ""), digest)
        self._tokens = str(require(self._file("tokens", "tokens.txt")))
        try:
            self._recogniser = self._load()
        except (RuntimeError, ValueError) as error:
            raise ModelFileCorruptError(f"{config.directory}: {error}") from error
        self.reset()

    def _file(self, role: str, usual: str) -> str:
        return str(Path(self._config.directory) / self._config.files.get(role, usual))

    def _onnx(self, role: str, usual: str) -> str:
        path = self._file(role, usual)
        onnx_metadata(path)
        return path

    @property
    def _threads(self) -> int:
        return max(1, self._config.threads)

    def _load(self) -> sherpa_onnx.OnlineRecognizer:
        raise NotImplementedError

    def _stream(self, hot_words: tuple[str, ...]) -> sherpa_onnx.OnlineStream:
        return self._recogniser.create_stream()

    def reset(self, language: str = "", hot_words: tuple[str, ...] = ()) -> None:
        """See `appliance.engines.asr.Recogniser`. The language is the model's."""
        self._current = self._stream(hot_words)

    def accept(self, samples: NDArray[np.float32], rate: int) -> None:
        """See `appliance.engines.asr.Recogniser`."""
        require_rate(rate)
        self._current.accept_waveform(rate, samples)
        self._advance()

    def partial(self) -> str:
        """See `appliance.engines.asr.Recogniser`."""
        return tidy(str(self._recogniser.get_result(self._current)))

    def finish(self) -> str:
        """See `appliance.engines.asr.Recogniser`."""
        self._current.accept_waveform(RATE, np.zeros(int(_TAIL_SECONDS * RATE), np.float32))
        self._current.input_finished()
        self._advance()
        return self.partial()

    def _advance(self) -> None:
        while self._recogniser.is_ready(self._current):
            self._recogniser.decode_stream(self._current)


class OnlineTransducer(SherpaOnline):
    """Streaming Zipformer transducer, with hot words."""

    def _load(self) -> sherpa_onnx.OnlineRecognizer:
        return sherpa_onnx.OnlineRecognizer.from_transducer(
            tokens=self._tokens,
            encoder=self._onnx("encoder", "encoder.onnx"),
            decoder=self._onnx("decoder", "decoder.onnx"),
            joiner=self._onnx("joiner", "joiner.onnx"),
            num_threads=self._threads,
            decoding_method="modified_beam_search",
        )

    def _stream(self, hot_words: tuple[str, ...]) -> sherpa_onnx.OnlineStream:
        return self._recogniser.create_stream(hotwords="/".join(hot_words) or None)


class OnlineParaformer(SherpaOnline):
    """Streaming Paraformer."""

    def _load(self) -> sherpa_onnx.OnlineRecognizer:
        return sherpa_onnx.OnlineRecognizer.from_paraformer(
            tokens=self._tokens,
            encoder=self._onnx("encoder", "encoder.int8.onnx"),
            decoder=self._onnx("decoder", "decoder.int8.onnx"),
            num_threads=self._threads,
        )


class OnlineCtc(SherpaOnline):
    """Streaming Zipformer2 with a CTC head."""

    def _load(self) -> sherpa_onnx.OnlineRecognizer:
        return sherpa_onnx.OnlineRecognizer.from_zipformer2_ctc(
            tokens=self._tokens,
            model=self._onnx("model", "model.int8.onnx"),
            num_threads=self._threads,
        )
