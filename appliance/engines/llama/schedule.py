"""What the KV cache holds, and the one way prompts are evaluated into it.

Logits depend on how a prompt is cut into batches, so that a prompt reached by another way (reuse, a
saved state, prediction while typing) would be answered differently. Therefore every prompt is cut
in one way only: in blocks of `block` tokens at absolute positions 0, block, 2 block, ..., and what
remains in one last batch. Full blocks serve every prompt that continues them. Anything evaluated in
another cut (a remainder that turned out to be the middle, tokens decoded one by one) is rolled back
to its block's edge and evaluated again, mostly while nobody waits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import takewhile

from appliance.engines.llama.backend import Aborted
from appliance.engines.llama.context import Context
from appliance.engines.llama.snapshots import Snapshots

_MARK_EVERY = 8  # blocks: what an abort may cost on a long way


def common_prefix(a: Sequence[int], b: Sequence[int]) -> int:
    """How many leading items are equal."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(a, b, strict=False)))


class Timeline:
    """Sequence 0 of a context. `tokens` is what its memory holds, in order.

    `snapshots` stand in for what a memory that cannot be taken back in part does not do.
    """

    def __init__(self, context: Context, block: int, snapshots: Snapshots | None = None) -> None:
        self.context = context
        self.block = block
        self.tokens: list[int] = []
        self._snapshots = snapshots
        self._settled = 0  # leading tokens that lie in full blocks of the canonical cut
        self._answerable = False  # the last logits are those of a prompt that is `tokens`

    @property
    def settled(self) -> int:
        """Leading tokens that any prompt beginning with them can use."""
        return self._settled

    def reusable(self, prompt: Sequence[int]) -> int:
        """How many leading tokens of `prompt` need no evaluation."""
        common = common_prefix(prompt, self.tokens)
        if self._answerable and common == len(prompt) == len(self.tokens):
            return common
        kept = self._reachable(common)
        # The last batch has to run, or there would be no logits.
        return self._reachable(kept - 1) if kept and kept == len(prompt) else kept

    def _reachable(self, length: int) -> int:
        """The longest beginning of at most so many tokens that the memory can be brought to."""
        blocks = min(length, self._settled) // self.block * self.block
        if self._snapshots is None or blocks == len(self.tokens):
            return blocks
        return self._snapshots.best(blocks)

    def evaluate(
        self,
        prompt: Sequence[int],
        progress: Callable[[int], bool] = lambda done: True,
        marks: Iterable[int] = (),
    ) -> bool:
        """Make the memory hold `prompt`, ready to sample from.

        `progress` is told after each batch how many tokens are done; False ends the work there.
        `marks` are lengths at which later prompts may part from this one. Returns whether all of
        it was done.

        Raises:
            Aborted: by the context's flag; full blocks done so far are kept.
        """
        kept = self.reusable(prompt)
        if kept == len(prompt):
            return True
        return self._run(prompt, kept, len(prompt), progress, marks)

    def settle(
        self,
        prefix: Sequence[int],
        progress: Callable[[int], bool] = lambda done: True,
        marks: Iterable[int] = (),
    ) -> bool:
        """Evaluate the full blocks of `prefix` only; what comes after them stays open.

        What the memory holds beyond the prefix stays where it agrees.
        """
        end = len(prefix) // self.block * self.block
        common = common_prefix(prefix, self.tokens)
        if common < len(prefix):
            self.cut(common)  # such as a thought, where the answer should stand
        if min(common, self._settled) >= end:
            return True
        return self._run(prefix, self._reachable(common), end, progress, marks)

    def _run(
        self,
        prompt: Sequence[int],
        start: int,
        end: int,
        progress: Callable[[int], bool],
        marks: Iterable[int],
    ) -> bool:
        start = self._roll_back(start)
        self._answerable = False
        lasting = {mark // self.block * self.block for mark in marks}
        for position in range(start, end, self.block):
            batch = prompt[position : min(position + self.block, end)]
            try:
                self.context.decode(batch, position)
            except Aborted:
                self._roll_back(position)
                raise
            self.tokens.extend(batch)
            done = position + len(batch)
            if len(batch) == self.block:
                self._settled = done
                self._mark(done, done in lasting, end)
            self._answerable = done == len(prompt)
            if not progress(done):
                return done == end
        return True

    def _mark(self, done: int, lasting: bool, end: int) -> None:
        """Keep the state at the edge of a block, where that is worth it."""
        if self._snapshots is None:
            return
        last = done + self.block > end
        if lasting or last or done % (_MARK_EVERY * self.block) == 0:
            self._snapshots.take(done, lasting)

    def branch(self, sequence: int, length: int) -> int:
        """Let another sequence hold the first `length` tokens, or fewer; how many it holds."""
        if self._snapshots is not None:
            return self._snapshots.return_to(length, sequence)
        self.context.copy(0, sequence, length)
        return length

    def append(self, token: int) -> None:
        """Evaluate one decoded token.

        Raises:
            Aborted: the token is not in the memory.
        """
        self._answerable = False
        try:
            self.context.decode_one(token, len(self.tokens))
        except Aborted:
            self._roll_back(len(self.tokens))
            raise
        self.tokens.append(token)

    def append_guessed(self, tokens: Sequence[int]) -> None:
        """Evaluate a decoded token and guesses of what follows it; every row's logits are kept.

        Raises:
            Aborted: none of them is in the memory.
        """
        self._answerable = False
        position = len(self.tokens)
        try:
            self.context.decode_rows(
                [(token, position + row, (0,)) for row, token in enumerate(tokens)]
            )
        except Aborted:
            self._roll_back(position)
            raise
        self.tokens.extend(tokens)

    @property
    def room(self) -> int:
        """Tokens that one batch and the rest of the context can still take."""
        return min(self.context.batch_size, self.context.size - len(self.tokens))

    def cut(self, length: int) -> None:
        """Forget guesses that were wrong."""
        if length < len(self.tokens):
            self._roll_back(length)

    @contextmanager
    def beside(self) -> Iterator[None]:
        """Let other sequences be evaluated: afterwards the last logits are this one's again.

        An exception on the way loses them.
        """
        answerable, self._answerable = self._answerable, False
        logits = self.context.last_logits() if answerable else b""
        yield
        if answerable:
            self.context.put_last_logits(logits)
            self._answerable = True

    def logits_lost(self) -> None:
        """Something else was evaluated in the context: its last logits are not ours."""
        self._answerable = False

    def _roll_back(self, length: int) -> int:
        """Forget what follows the first `length` tokens; the length that is really left."""
        if length < len(self.tokens):
            self._answerable = False
        if not self.context.remove(0, length):
            # A recurrent state cannot be taken back in part.
            length = self._return_to(length)
        del self.tokens[length:]
        self._settled = min(self._settled, length)
        if self._snapshots is not None:
            self._snapshots.forget_beyond(length)
        return length

    def _return_to(self, length: int) -> int:
        if self._snapshots is not None:
            return self._snapshots.return_to(length)
        self.context.remove(0, 0)
        return 0

    def adopt(self, tokens: Sequence[int], state: bytearray | memoryview) -> bool:
        """Replace everything by a saved state of these tokens, which are full blocks."""
        self._roll_back(0)
        if not self.context.set_state(state):
            return False
        self.tokens = list(tokens)
        self._settled = len(tokens)
        if self._snapshots is not None:
            self._snapshots.take(len(tokens), lasting=True)
        return True

    def clear(self) -> None:
        self._roll_back(0)
