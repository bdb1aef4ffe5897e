"""Which wake-word spotter there is, and how it is loaded. Only workers import it."""

from __future__ import annotations

from appliance.engines.asr import Recogniser
from appliance.engines.kws import KwsConfig, Spotter
from appliance.engines.kws_asr import AsrSpotter


def load_spotter(config: KwsConfig | None, recogniser: Recogniser) -> Spotter:
    """The keyword spotter of `config`, or one that reads what the recogniser writes.

    Raises:
        EngineError: one of those of `appliance.engines.errors`.
    """
    if config is None:
        return AsrSpotter(recogniser)
    from appliance.engines.kws_sherpa import KeywordSpotter

    return KeywordSpotter(config)
