"""Which KV states are worth keeping on the disk, and when they come back.

Two kinds: the system prompt's, so that no start pays for it, and that of a conversation that was
left, so that going on with it from the history does not pay for all that was said. Both are whole
blocks of the canonical cut.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from appliance.engines.llama.context import Context
from appliance.engines.llama.schedule import Timeline, common_prefix
from appliance.engines.llama.snapshots import has_room
from appliance.engines.llama.state_file import StateStore

# A conversation of fewer tokens beyond the system prompt is evaluated as fast as it is loaded.
_WORTH_SAVING = 128
_SPARE_SEQUENCE = 1

log = logging.getLogger(__name__)

Blocks = tuple[int, ...]


class States:
    """Between a context's sequence 0 and a store of saved states."""

    def __init__(self, store: StateStore, context: Context, timeline: Timeline) -> None:
        self._store = store
        self._context = context
        self._timeline = timeline
        self._system: Blocks = ()
        self._conversation: Blocks = ()
        self._known: set[Blocks] = set()  # on the disk, or tried in vain
        self._unsaved: dict[Blocks, bytearray] = {}

    def _blocks(self, tokens: Sequence[int]) -> Blocks:
        return tuple(tokens[: len(tokens) // self._timeline.block * self._timeline.block])

    def restore(self, prompt: Sequence[int], system: int, turns: Sequence[int]) -> None:
        """Make the memory hold as much of `prompt` as any saved state has.

        `system` tokens of it are the system prompt; `turns` are the lengths at which its past
        turns end.
        """
        held = self._timeline.reusable(prompt)
        for length in sorted({system, *turns}, reverse=True):
            blocks = self._blocks(prompt[:length])
            if len(blocks) <= held:
                return
            saved = self._store.load(blocks)
            if saved is not None and self._timeline.adopt(saved.tokens, saved.state):
                self._known.add(blocks)
                return

    def _held(self, tokens: Sequence[int]) -> int:
        return common_prefix(tokens, self._timeline.tokens[: self._timeline.settled])

    def settled(self, system: Sequence[int], conversation: Sequence[int]) -> None:
        """The memory now holds these, whole blocks of them: the next that may be left."""
        self._system = self._blocks(system)
        self._conversation = self._blocks(conversation)
        if self._system and self._system not in self._known:
            self._take(self._system)

    def leave(self, prompt: Sequence[int] = ()) -> None:
        """`prompt` comes next: keep what it will roll back, where that is worth keeping."""
        blocks = self._conversation
        worth = len(blocks) - max(len(self._system), common_prefix(blocks, prompt))
        if worth >= _WORTH_SAVING and blocks not in self._known:
            self._take(blocks)

    def _take(self, blocks: Blocks) -> None:
        if self._held(blocks) < len(blocks):
            return
        held = self._timeline.branch(_SPARE_SEQUENCE, len(blocks))
        if held == len(blocks) and has_room(self._context.state_size(_SPARE_SEQUENCE)):
            self._unsaved[blocks] = self._context.state(_SPARE_SEQUENCE)
        self._context.remove(_SPARE_SEQUENCE, 0)
        self._known.add(blocks)

    def write(self, waiting: Callable[[], bool]) -> bool:
        """Bring what was taken to the disk. False when it gave way."""
        while self._unsaved:
            blocks, state = next(iter(self._unsaved.items()))
            try:
                if not self._store.save(blocks, state, waiting):
                    return False
            except OSError as error:
                log.warning("prompt state not saved: %s", error)
            del self._unsaved[blocks]
        return True
