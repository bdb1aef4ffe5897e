"""Kokoro-82M through sherpa-onnx, given phonemes of our own.

sherpa's lexicon front end costs intelligibility (CER 16.6 % against 9.7 %) and drops digits and
Latin letters silently; phonemes go in as code points (`GenerationConfig.phoneme_codepoints`).
"""

from __future__ import annotations

from pathlib import Path

import sherpa_onnx

from appliance.engines.errors import ModelFileCorruptError
from appliance.engines.model_files import require
from appliance.engines.tts import OnSamples, ShouldStop, clamp_speed
from appliance.engines.tts_sherpa import SherpaVoice
from appliance.speech.normalise import normalise
from appliance.speech.phonemes import split_long, to_phonemes

# About 35 hanzi, cut at pauses. The style table would allow 508, but a stop acts only between
# pieces: this bounds what is still computed for nobody to about three seconds.
_MAX_SYMBOLS = 200


class Kokoro(SherpaVoice):
    """Kokoro v1.0; voices by the names in the model's metadata."""

    metadata = ("model_type", "version", "sample_rate", "style_dim", "n_speakers", "speaker_names")

    def _model(self) -> sherpa_onnx.OfflineTtsModelConfig:
        self._check_voices()
        tokens = self._file("tokens", "tokens.txt")
        self._symbols = frozenset(
            line[0] for line in Path(tokens).read_text(encoding="utf-8").split("\n") if line
        )
        kokoro = sherpa_onnx.OfflineTtsKokoroModelConfig(
            model=self._file("model", self.main_file),
            voices=self._file("voices", "voices.bin"),
            tokens=tokens,
            length_scale=self._config.parameters.get("length_scale", 1.0),
        )
        return sherpa_onnx.OfflineTtsModelConfig(kokoro=kokoro)

    def _check_voices(self) -> None:
        """sherpa ends the process on a voices file of the wrong size."""
        path = require(self._file("voices", "voices.bin"))
        try:
            rows, one, columns = (int(part) for part in self._metadata["style_dim"].split(","))
            speakers = int(self._metadata["n_speakers"])
        except ValueError as error:
            raise ModelFileCorruptError(
                f"{path.parent}: metadata of the voices: {error}"
            ) from error
        expected = speakers * rows * one * columns * 4
        if path.stat().st_size != expected:
            raise ModelFileCorruptError(f"{path} has {path.stat().st_size} bytes, not {expected}")

    def _own_speakers(self) -> dict[str, int]:
        names = self._metadata["speaker_names"].split(",")
        return {name: number for number, name in enumerate(names)}

    def synthesise(
        self,
        text: str,
        voice: str,
        speed: float,
        on_samples: OnSamples,
        should_stop: ShouldStop,
    ) -> None:
        """See `appliance.engines.tts.Synthesiser`."""
        for sounds in split_long(to_phonemes(normalise(text)), _MAX_SYMBOLS):
            if should_stop():
                return
            config = sherpa_onnx.GenerationConfig()
            config.sid, config.speed = self._speaker(voice), clamp_speed(speed)
            known = [ord(symbol) for symbol in sounds if symbol in self._symbols]
            config.phoneme_codepoints = [known]
            if known:
                self._generate("", config, on_samples, should_stop)
