"""The table of the speech synthesisers there are, and how one is loaded. Only workers import it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from appliance.engines.lazy import load_class
from appliance.engines.tts import Synthesiser, TtsConfig

ENGINES: Mapping[str, tuple[str, str]] = {
    "kokoro": ("appliance.engines.tts_kokoro", "Kokoro"),
    "matcha": ("appliance.engines.tts_sherpa", "Matcha"),
    "vits": ("appliance.engines.tts_sherpa", "Vits"),
}


def load_synthesiser(config: TtsConfig) -> Synthesiser:
    """Load the model; takes seconds. Only in a worker: native code may end the process.

    Raises:
        EngineError: one of those of `appliance.engines.errors`.
    """
    return cast(Synthesiser, load_class(ENGINES, config.engine)(config))
