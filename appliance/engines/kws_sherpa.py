"""The wake word by sherpa-onnx's keyword spotter: a small streaming transducer."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import sherpa_onnx
from numpy.typing import NDArray
from pypinyin import Style, lazy_pinyin

from appliance.engines.asr import RATE, require_rate
from appliance.engines.errors import ModelFileCorruptError
from appliance.engines.kws import KwsConfig, Sighting
from appliance.engines.model_files import onnx_metadata, require

_TAIL_SECONDS = 0.6  # of silence, so that the last chunk leaves the encoder


class KeywordSpotter:
    """A `Spotter` for models whose tokens are initials and finals with tones (wenetspeech).

    Raises:
        ModelFileMissingError, ModelFileCorruptError: see `appliance.engines.errors`.
    """

    def __init__(self, config: KwsConfig) -> None:
        directory = Path(config.directory)
        files = {role: directory / name for role, name in config.files.items()}
        for role, digest in config.sha256.items():
            require(files[role], digest)
        for role in ("encoder", "decoder", "joiner"):
            onnx_metadata(files[role])
        tokens = require(files["tokens"])
        lines = tokens.read_text(encoding="utf-8").splitlines()
        self._known = {line.split()[0] for line in lines if line.strip()}
        with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as none:
            try:
                # A list of keywords is demanded at load; each stream brings its own.
                none.write(" ".join(sorted(self._known)[-1:]) + "\n")
                none.flush()
                self._spotter = sherpa_onnx.KeywordSpotter(
                    tokens=str(tokens),
                    encoder=str(files["encoder"]),
                    decoder=str(files["decoder"]),
                    joiner=str(files["joiner"]),
                    keywords_file=none.name,
                    num_threads=max(1, config.threads),
                )
            except (RuntimeError, ValueError) as error:
                raise ModelFileCorruptError(f"{config.directory}: {error}") from error
        self._phrase = ""
        self._heard = False

    def reset(self, phrase: str) -> None:
        """See `Spotter`."""
        self._phrase = phrase
        self._heard = False
        written = keyword(phrase)
        # A token the model does not know would end the process.
        self._spells = bool(written) and set(written.split()) <= self._known
        self._stream = self._spotter.create_stream(written if self._spells else None)

    def accept(self, samples: NDArray[np.float32], rate: int) -> bool:
        """See `Spotter`."""
        require_rate(rate)
        self._stream.accept_waveform(rate, samples)
        while self._spotter.is_ready(self._stream):
            self._spotter.decode_stream(self._stream)
            self._heard |= self._spells and bool(self._spotter.get_result(self._stream))
        return self._heard

    def finish(self) -> Sighting:
        """See `Spotter`. A keyword spotter says yes or no."""
        if not self._heard:
            self.accept(np.zeros(int(_TAIL_SECONDS * RATE), np.float32), RATE)
        return Sighting(self._phrase if self._heard else "", float(self._heard))


def keyword(phrase: str) -> str:
    """The phrase as such a model spells it: 你好 is "n ǐ h ǎo"."""
    initials = lazy_pinyin(phrase, style=Style.INITIALS, strict=False, errors="ignore")
    finals = lazy_pinyin(phrase, style=Style.FINALS_TONE, strict=False, errors="ignore")
    return " ".join(part for pair in zip(initials, finals, strict=True) for part in pair if part)
