"""Whole-segment recognisers of sherpa-onnx: SenseVoice, Paraformer, FireRedASR, Zipformer
(CTC, transducer), Qwen3-ASR.

sherpa ends the process on an ONNX file without its metadata: `onnx_metadata` looks first.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import sherpa_onnx
from numpy.typing import NDArray

from appliance.engines.asr import RATE, AsrConfig
from appliance.engines.errors import EngineError, EngineMissingError, ModelFileCorruptError
from appliance.engines.model_files import onnx_metadata, require
from appliance.speech.transcript import tidy


class SherpaOffline:
    """What they share: files, load, decode."""

    longest = 28.0

    def __init__(self, config: AsrConfig) -> None:
        self._config = config
        for role, digest in config.sha256.items():
            require(self._file(role, ""), digest)
        self._tokens = str(require(self._file("tokens", "tokens.txt")))
        try:
            self._recogniser = self._load()
        except EngineError:
            raise
        except AttributeError as error:
            wanted = f"pip install --upgrade sherpa-onnx ({sherpa_onnx.__version__} is too old)"
            raise EngineMissingError(f"{config.engine}: {wanted}: {error}") from error
        except (RuntimeError, ValueError) as error:
            raise ModelFileCorruptError(f"{config.directory}: {error}") from error

    def _file(self, role: str, usual: str) -> str:
        return str(Path(self._config.directory) / self._config.files.get(role, usual))

    def _onnx(self, role: str, usual: str, *needed: str) -> str:
        path = self._file(role, usual)
        onnx_metadata(path, needed)
        return path

    @property
    def _threads(self) -> int:
        return max(1, self._config.threads)

    def _load(self) -> sherpa_onnx.OfflineRecognizer:
        raise NotImplementedError

    def _transcribe(self, samples: NDArray[np.float32], hot_words: tuple[str, ...] = ()) -> str:
        stream = self._stream(hot_words)
        stream.accept_waveform(RATE, samples)
        self._recogniser.decode_stream(stream)
        # `.tokens` raises on characters cut in the middle of their UTF-8.
        return str(stream.result.text)

    def _stream(self, hot_words: tuple[str, ...]) -> sherpa_onnx.OfflineStream:
        return self._recogniser.create_stream()

    def decode(
        self, samples: NDArray[np.float32], language: str, hot_words: tuple[str, ...]
    ) -> str:
        """See `appliance.engines.asr.Decoder`. The language was fixed at load."""
        return tidy(self._transcribe(samples, hot_words))


class SenseVoice(SherpaOffline):
    """SenseVoice, with its own punctuation and inverse text normalisation."""

    def _load(self) -> sherpa_onnx.OfflineRecognizer:
        return sherpa_onnx.OfflineRecognizer.from_sense_voice(
            model=self._onnx("model", "model.int8.onnx", "vocab_size", "lfr_window_size"),
            tokens=self._tokens,
            num_threads=self._threads,
            language=self._config.language,
            use_itn=True,
        )


class Paraformer(SherpaOffline):
    """Paraformer; Mandarin without punctuation."""

    def _load(self) -> sherpa_onnx.OfflineRecognizer:
        return sherpa_onnx.OfflineRecognizer.from_paraformer(
            paraformer=self._onnx("model", "model.int8.onnx", "vocab_size", "lfr_window_size"),
            tokens=self._tokens,
            num_threads=self._threads,
        )


class ZipformerCtc(SherpaOffline):
    """Zipformer with a CTC head."""

    def _load(self) -> sherpa_onnx.OfflineRecognizer:
        return sherpa_onnx.OfflineRecognizer.from_zipformer_ctc(
            model=self._onnx("model", "model.int8.onnx"),
            tokens=self._tokens,
            num_threads=self._threads,
        )


class FireRedCtc(SherpaOffline):
    """FireRedASR 2 with a CTC head."""

    def _load(self) -> sherpa_onnx.OfflineRecognizer:
        needed = ("model_type", "cmvn_mean", "cmvn_inv_stddev")
        return sherpa_onnx.OfflineRecognizer.from_fire_red_asr_ctc(
            model=self._onnx("model", "model.int8.onnx", *needed),
            tokens=self._tokens,
            num_threads=self._threads,
        )


class Qwen3Asr(SherpaOffline):
    """Qwen3-ASR: an encoder of sound before a small language model."""

    def _load(self) -> sherpa_onnx.OfflineRecognizer:
        return sherpa_onnx.OfflineRecognizer.from_qwen3_asr(
            conv_frontend=self._onnx("frontend", "conv_frontend.onnx"),
            encoder=self._onnx("encoder", "encoder.int8.onnx"),
            decoder=self._onnx("decoder", "decoder.int8.onnx"),
            tokenizer=str(Path(self._tokens).parent),
            num_threads=self._threads,
        )


class Transducer(SherpaOffline):
    """Zipformer or Conformer transducer, with hot words."""

    def _load(self) -> sherpa_onnx.OfflineRecognizer:
        return sherpa_onnx.OfflineRecognizer.from_transducer(
            encoder=self._onnx("encoder", "encoder.onnx"),
            decoder=self._onnx("decoder", "decoder.onnx", "context_size", "vocab_size"),
            joiner=self._onnx("joiner", "joiner.onnx"),
            tokens=self._tokens,
            num_threads=self._threads,
            decoding_method="modified_beam_search",
        )

    def _stream(self, hot_words: tuple[str, ...]) -> sherpa_onnx.OfflineStream:
        return self._recogniser.create_stream(hotwords="/".join(hot_words) or None)
