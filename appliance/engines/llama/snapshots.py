"""States worth coming back to, of a memory that cannot be taken back in part.

A recurrent layer keeps one state of all that was read, and llama.cpp forgets all of a sequence or
nothing (`llama_memory_seq_rm`; issue 19045 of llama.cpp). So the state is copied where a later
prompt will part from this one: after the system prompt, after each turn, and now and then on the
way. Of a hybrid only its recurrent part is copied; what its attention layers hold can be cut.
"""

from __future__ import annotations

from dataclasses import dataclass

from appliance.engines.llama.context import Context
from appliance.health import machine

_LASTING = 2  # turns, beside the system prompt
_PASSING = 2
_SPARE_BYTES = 64 << 20


def has_room(size: int) -> bool:
    """Whether a copy of a state may be held: it is not worth a swap."""
    memory = machine.memory()
    return memory is None or memory.available > size + _SPARE_BYTES


@dataclass(slots=True)
class _Kept:
    state: bytearray
    lasting: bool


class Snapshots:
    """Copies of sequence 0 by its length in tokens: few, the latest, and the earliest of all."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._kept: dict[int, _Kept] = {}

    def best(self, length: int) -> int:
        """The longest one of at most so many tokens; 0: the empty one."""
        return max((at for at in self._kept if at <= length), default=0)

    def take(self, length: int, lasting: bool) -> None:
        """Copy the state, which is that of so many tokens. `lasting`: of a turn's end."""
        kept = self._kept.get(length)
        if kept is not None:
            kept.lasting = kept.lasting or lasting
        elif has_room(self._context.snapshot_size(0)):
            self._kept[length] = _Kept(self._context.snapshot(0), lasting)
        self._prune()

    def _prune(self) -> None:
        lasting = sorted(at for at, kept in self._kept.items() if kept.lasting)
        passing = sorted(at for at, kept in self._kept.items() if not kept.lasting)
        for at in (*lasting[1:-_LASTING], *passing[:-_PASSING]):
            del self._kept[at]

    def return_to(self, length: int, sequence: int = 0) -> int:
        """Bring a sequence to the longest one of at most so many tokens; how many it holds then.

        Another sequence than 0 gets what it shares with that one.
        """
        best = self.best(length)
        while best:
            if sequence:
                self._context.copy(0, sequence, best)
            if self._context.restore(self._kept[best].state, sequence, best):
                return best
            del self._kept[best]
            best = self.best(length)
        self._context.remove(sequence, 0)
        return 0

    def forget_beyond(self, length: int) -> None:
        """What was read behind so many tokens is no more."""
        self._kept = {at: kept for at, kept in self._kept.items() if at <= length}
