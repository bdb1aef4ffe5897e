"""Two recognisers on one utterance: a streaming one shows words, a better one has the last word."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from appliance.engines.asr import Recogniser
from appliance.engines.asr_segments import SegmentRecogniser


class TwoPass:
    """A `Recogniser`. At every pause the second's text replaces what the first has shown."""

    def __init__(self, first: Recogniser, second: SegmentRecogniser) -> None:
        self._first, self._second = first, second
        self._settled = ""
        self._covered = 0

    def reset(self, language: str = "", hot_words: tuple[str, ...] = ()) -> None:
        """See `appliance.engines.asr.Recogniser`."""
        self._first.reset(language, hot_words)
        self._second.reset(language, hot_words)
        self._settled = ""
        self._covered = 0

    def accept(self, samples: NDArray[np.float32], rate: int) -> None:
        """See `appliance.engines.asr.Recogniser`."""
        self._first.accept(samples, rate)
        self._second.accept(samples, rate)

    def partial(self) -> str:
        """The second's text up to the last pause, the first's since then."""
        running = self._first.partial()
        settled = self._second.partial()
        if self._second.settled:
            # The first may still write a word of what was said before the pause: not once more.
            self._settled, self._covered = settled, len(running)
        return self._settled + running[self._covered :]

    def finish(self) -> str:
        """See `appliance.engines.asr.Recogniser`. The second's text.

        The first is not asked to finish: nobody reads its text any more.
        """
        return self._second.finish()
