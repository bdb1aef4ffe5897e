"""What the KV cache holds, and the one way prompts are evaluated into it.

Logits depend on how a prompt is cut into batches, so that a prompt reached by another way (reuse, a
saved state, prediction while typing) would be answered differently. Therefore every prompt is cut
in one way only: in blocks of `block` tokens at absolute positions 0, block, 2 block, ..., and what
remains in one last batch. Full blocks serve every prompt that continues them. Anything evaluated in
another cut (a remainder that turned out to be the middle, tokens decoded one by one) is rolled back
to its block's edge and evaluated again, mostly while nobody waits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import takewhile

from appliance.engines.llama.backend import Aborted
from appliance.engines.llama.context import Context


def common_prefix(a: Sequence[int], b: Sequence[int]) -> int:
    """How many leading items are equal."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(a, b, strict=False)))


class Timeline:
    """Sequence 0 of a context. `tokens` is what its memory holds, in order."""

    def __init__(self, context: Context, block: int) -> None:
        self.context = context
        self.block = block
        self.tokens: list[int] = []
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
        kept = min(common, self._settled) // self.block * self.block
        # The last batch has to run, or there would be no logits.
        return kept - self.block if kept and kept == len(prompt) else kept

    def evaluate(
        self, prompt: Sequence[int], progress: Callable[[int], bool] = lambda done: True
    ) -> bool:
        """Make the memory hold `prompt`, ready to sample from.

        `progress` is told after each batch how many tokens are done; False ends the work there.
        Returns whether all of it was done.

        Raises:
            Aborted: by the context's flag; full blocks done so far are kept.
        """
        kept = self.reusable(prompt)
        if kept == len(prompt):
            return True
        return self._run(prompt, kept, len(prompt), progress)

    def settle(
        self, prefix: Sequence[int], progress: Callable[[int], bool] = lambda done: True
    ) -> bool:
        """Evaluate the full blocks of `prefix` only; what comes after them stays open.

        What the memory holds beyond the prefix stays where it agrees.
        """
        end = len(prefix) // self.block * self.block
        common = common_prefix(prefix, self.tokens)
        if common < len(prefix):
            self.cut(common)  # such as a thought, where the answer should stand
        kept = min(common, self._settled) // self.block * self.block
        if kept >= end:
            return True
        return self._run(prefix, kept, end, progress)

    def _run(
        self, prompt: Sequence[int], start: int, end: int, progress: Callable[[int], bool]
    ) -> bool:
        start = self._roll_back(start)
        self._answerable = False
        for position in range(start, end, self.block):
            batch = prompt[position : min(position + self.block, end)]
            try:
                self.context.decode(batch, position)
            except Aborted:
                self._roll_back(position)
                raise
            self.tokens.extend(batch)
            if len(batch) == self.block:
                self._settled = position + self.block
            self._answerable = position + len(batch) == len(prompt)
            if not progress(position + len(batch)):
                return position + len(batch) == end
        return True

    def append(self, token: int) -> None:
        """Evaluate one decoded token.

        Raises:
            Aborted: the token is not in the memory.
        """
        self._answerable = False
        self.context.decode_one(token, len(self.tokens))
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
            self.context.remove(0, 0)
            length = 0
        del self.tokens[length:]
        self._settled = min(self._settled, length)
        return length

    def adopt(self, tokens: Sequence[int], state: bytearray | memoryview) -> bool:
        """Replace everything by a saved state of these tokens, which are full blocks."""
        self._roll_back(0)
        if not self.context.set_state(state):
            return False
        self.tokens = list(tokens)
        self._settled = len(tokens)
        return True

    def clear(self) -> None:
        self._roll_back(0)
