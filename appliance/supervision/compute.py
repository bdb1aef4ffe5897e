"""The compute policy: who may use how many cores.

Two engines that oversubscribe the cores ruin each other, and being nice does not help. So the LLM
has all big cores while nothing else computes, and gives `share` of them up while ASR or TTS run,
and one for each that other programs keep busy.
"""

from __future__ import annotations

_NEARLY = 0.35


class Compute:
    """Thread grants. `cores` are the big cores; `share` is what ASR and TTS each run with."""

    def __init__(self, cores: int) -> None:
        self.cores = max(1, cores)
        self.share = max(1, self.cores // 4)
        self._ceiling = self.cores
        self._free = self.cores
        self._busy: set[str] = set()

    @property
    def llm_threads(self) -> int:
        """What the LLM may use now."""
        own = min(self.cores, self._free) - self.share * len(self._busy)
        return max(1, min(self._ceiling, own))

    def occupy(self, engine: str) -> bool:
        """An engine began to compute. True when the LLM's grant changed."""
        return self._change(self._busy | {engine})

    def release(self, engine: str) -> bool:
        """An engine is done. True when the LLM's grant changed."""
        return self._change(self._busy - {engine})

    def limit(self, threads: int) -> bool:
        """Heat or the battery allows the LLM no more than this. True when its grant changed."""
        before = self.llm_threads
        self._ceiling = max(1, threads)
        return self.llm_threads != before

    def leave_to_others(self, free: float) -> bool:
        """So many cores are free or ours. True when the LLM's grant changed.

        Who competes for a core has some two thirds of it: less than that free is not a core's
        worth.
        """
        before = self.llm_threads
        self._free = max(1, int(free + _NEARLY))
        return self.llm_threads != before

    def _change(self, busy: set[str]) -> bool:
        before = self.llm_threads
        self._busy = busy
        return self.llm_threads != before
