"""The wake word without a model of its own: the box's recogniser, and how alike phrases sound."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from appliance.engines.asr import Recogniser
from appliance.engines.kws import Sighting
from appliance.speech.near_sounds import match


class AsrSpotter:
    """A `Spotter` for any phrase."""

    def __init__(self, recogniser: Recogniser) -> None:
        self._recogniser = recogniser
        self._phrase = ""

    def reset(self, phrase: str) -> None:
        """See `appliance.engines.kws.Spotter`. The phrase is a hot word, where there are any."""
        self._phrase = phrase
        self._recogniser.reset(hot_words=(phrase,))

    def accept(self, samples: NDArray[np.float32], rate: int) -> bool:
        """See `appliance.engines.kws.Spotter`."""
        self._recogniser.accept(samples, rate)
        return False

    def finish(self) -> Sighting:
        """See `appliance.engines.kws.Spotter`."""
        text = self._recogniser.finish()
        found = match(self._phrase, text)
        return Sighting(text, found.score, found.rest)
