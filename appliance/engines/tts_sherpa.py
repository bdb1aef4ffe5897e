"""Matcha and VITS through sherpa-onnx, which turns the text into phonemes by its own lexicon.

sherpa's callback comes once per sentence: returning 1 goes on, 0 stops (2.0.1; the C API's old
comment says the reverse), and it must return one of them.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import sherpa_onnx
from numpy.typing import NDArray

from appliance.engines.errors import ModelFileCorruptError
from appliance.engines.model_files import onnx_metadata, require
from appliance.engines.tts import OnSamples, ShouldStop, TtsConfig, clamp_speed
from appliance.speech.normalise import normalise

# A lexicon has no other script; what it skips would still become a breath of noise.
_SPEAKABLE = re.compile(r"[A-Za-z〇\u3400-\u9fff]")


class SherpaVoice:
    """What all sherpa voices share: files, callback, sentence by sentence."""

    metadata: tuple[str, ...] = ("sample_rate",)
    main_file = "model.onnx"

    def __init__(self, config: TtsConfig) -> None:
        self._config = config
        self._metadata = onnx_metadata(self._file("model", self.main_file), self.metadata)
        require(self._file("tokens", "tokens.txt"))
        for role, digest in config.sha256.items():
            require(self._file(role, ""), digest)
        model = self._model()
        model.num_threads = max(1, config.threads)
        try:
            self._tts = sherpa_onnx.OfflineTts(sherpa_onnx.OfflineTtsConfig(model))
        except RuntimeError as error:
            raise ModelFileCorruptError(f"{config.directory}: {error}") from error
        self.rate = int(self._tts.sample_rate)
        self._speakers = config.voices or self._own_speakers()
        self.voices = tuple(self._speakers)

    def _file(self, role: str, usual: str) -> str:
        return str(Path(self._config.directory) / self._config.files.get(role, usual))

    def _optional(self, role: str, usual: str) -> str:
        path = self._file(role, usual)
        return path if Path(path).exists() else ""

    def _model(self) -> sherpa_onnx.OfflineTtsModelConfig:
        raise NotImplementedError

    def _own_speakers(self) -> dict[str, int]:
        return {str(number): number for number in range(max(1, int(self._tts.num_speakers)))}

    def _speaker(self, voice: str) -> int:
        return self._speakers.get(voice, self._speakers[self.voices[0]])

    def synthesise(
        self,
        text: str,
        voice: str,
        speed: float,
        on_samples: OnSamples,
        should_stop: ShouldStop,
    ) -> None:
        """See `appliance.engines.tts.Synthesiser`."""
        spoken = normalise(text)
        if not _SPEAKABLE.search(spoken) or should_stop():
            return
        config = sherpa_onnx.GenerationConfig()
        config.sid, config.speed = self._speaker(voice), clamp_speed(speed)
        self._generate(spoken, config, on_samples, should_stop)

    def _generate(
        self,
        text: str,
        config: sherpa_onnx.GenerationConfig,
        on_samples: OnSamples,
        should_stop: ShouldStop,
    ) -> None:
        def callback(samples: NDArray[np.float32], _progress: float) -> int:
            if should_stop():
                return 0
            # sherpa reuses the buffer behind `samples`.
            on_samples(np.array(samples, np.float32))
            return 0 if should_stop() else 1

        self._tts.generate(text, config, callback)


class Matcha(SherpaVoice):
    """Matcha acoustic model and a vocoder of its own file."""

    # Without any of these sherpa-onnx 2.0.1 ends the process.
    metadata = ("sample_rate", "n_speakers", "pad_id", "use_eos_bos")
    main_file = "model-steps-3.onnx"

    def _model(self) -> sherpa_onnx.OfflineTtsModelConfig:
        self._check_vocoder()
        require(self._file("lexicon", "lexicon.txt"))
        matcha = sherpa_onnx.OfflineTtsMatchaModelConfig(
            acoustic_model=self._file("model", self.main_file),
            vocoder=self._file("vocoder", _VOCODER),
            lexicon=self._file("lexicon", "lexicon.txt"),
            tokens=self._file("tokens", "tokens.txt"),
            dict_dir=self._optional("dict_dir", "dict"),
            noise_scale=self._config.parameters.get("noise_scale", 0.667),
            length_scale=self._config.parameters.get("length_scale", 1.0),
        )
        return sherpa_onnx.OfflineTtsModelConfig(matcha=matcha)

    def _check_vocoder(self) -> None:
        """sherpa crashes on a vocoder it does not know, and ends the process on another rate."""
        path = self._file("vocoder", _VOCODER)
        found = onnx_metadata(path, ("model_type",))
        needed = _VOCODER_METADATA.get(found["model_type"])
        if needed is None:
            raise ModelFileCorruptError(f"{path} is no vocoder but {found['model_type']!r}")
        if absent := [key for key in needed if key not in found]:
            raise ModelFileCorruptError(f"{path} lacks the metadata {', '.join(absent)}")
        rate = found.get("sample_rate", _VOCODER_RATE)
        if rate != self._metadata["sample_rate"]:
            raise ModelFileCorruptError(
                f"{path} is for {rate} Hz, not {self._metadata['sample_rate']} Hz"
            )


_VOCODER = "vocos-22khz-univ.onnx"
_VOCODER_RATE = "22050"  # what sherpa takes for granted where the file does not say
_VOCODER_METADATA = {"hifigan": (), "vocos": ("n_fft", "hop_length", "win_length")}


class Vits(SherpaVoice):
    """VITS with a lexicon: MeloTTS, aishell3, and Piper voices that bring one.

    sherpa-onnx 2 has no espeak any more: a Piper voice as published, which counts on it, is mute,
    so a lexicon is asked for.
    """

    metadata = ("sample_rate", "n_speakers", "comment", "language")

    def _model(self) -> sherpa_onnx.OfflineTtsModelConfig:
        require(self._file("lexicon", "lexicon.txt"))
        vits = sherpa_onnx.OfflineTtsVitsModelConfig(
            model=self._file("model", self.main_file),
            lexicon=self._file("lexicon", "lexicon.txt"),
            tokens=self._file("tokens", "tokens.txt"),
            dict_dir=self._optional("dict_dir", "dict"),
            noise_scale=self._config.parameters.get("noise_scale", 0.667),
            noise_scale_w=self._config.parameters.get("noise_scale_w", 0.8),
            length_scale=self._config.parameters.get("length_scale", 1.0),
        )
        return sherpa_onnx.OfflineTtsModelConfig(vits=vits)
