"""FunASR in process (`AutoModel`: SenseVoice, Paraformer): extra `[funasr]`, 1.8 GB with torch.

A wrong path silently becomes a download from a hub: the directory is checked first.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from appliance.engines.asr import AsrConfig
from appliance.engines.errors import (
    EngineMissingError,
    ModelFileCorruptError,
    ModelFileMissingError,
)
from appliance.engines.model_files import require
from appliance.engines.waiting import wait_asleep
from appliance.speech.transcript import tidy

_FILES = ("configuration.json", "config.yaml", "model.pt", "am.mvn")
# SenseVoice writes in sentence pieces, Paraformer in the signs of a list.
_WRITTEN_IN = ("*.bpe.model", "tokens.json", "tokens.txt")


class FunAsr:
    """A `Decoder` on the CPU."""

    longest = 28.0

    def __init__(self, config: AsrConfig) -> None:
        directory = Path(config.directory)
        for name in _FILES:
            require(directory / name)
        if not any(list(directory.glob(pattern)) for pattern in _WRITTEN_IN):
            names = " / ".join(_WRITTEN_IN)
            raise ModelFileMissingError(f"{directory} has no BPE model and no tokens ({names})")
        wait_asleep()
        try:
            # FunASR needs it and does not declare it.
            import_module("kaldi_native_fbank")
            from funasr import AutoModel
        except ImportError as error:
            raise EngineMissingError(f"pip install 'lory[funasr]': {error}") from error
        try:
            self._model = AutoModel(
                model=str(directory), device="cpu", disable_update=True, disable_pbar=True
            )
        except MemoryError:
            raise
        except Exception as error:  # pickle, yaml, zip, hydra: each has its own, some none at all
            raise ModelFileCorruptError(f"{directory}: {error}") from error

    def decode(
        self, samples: NDArray[np.float32], language: str, hot_words: tuple[str, ...]
    ) -> str:
        """See `appliance.engines.asr.Decoder`. Hot words: contextual Paraformers have them."""
        extra = {"hotword": " ".join(hot_words)} if hot_words else {}
        results = self._model.generate(
            input=samples, cache={}, language=language, use_itn=True, **extra
        )
        return tidy(str(results[0]["text"])) if results else ""
