"""Token after token: sampled, and evaluated one by one or, guessed, several in one batch."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing
from itertools import islice
from typing import Literal

from appliance.engines.llama.backend import Aborted
from appliance.engines.llama.lookup import Lookup
from appliance.engines.llama.output import Output
from appliance.engines.llama.sampler import Sampler
from appliance.engines.llama.schedule import Timeline

Reason = Literal["stop", "length", "cancelled", "loop"]


class Generation:
    """The answer to what a timeline holds. `draft` tokens are guessed at once; 0 guesses none.

    A guess is kept only where the sampler, asked at its place, draws the same token. So guessing
    changes the speed and not what is said, up to the rounding of another batch size.
    """

    def __init__(self, timeline: Timeline, sampler: Sampler, draft: int = 0) -> None:
        self._timeline = timeline
        self._sampler = sampler
        self._lookup = Lookup(timeline.tokens, draft) if draft else None
        self.guessed = 0
        self.accepted = 0

    def run(
        self,
        output: Output,
        limit: int,
        is_end: Callable[[int], bool],
        going: Callable[[], bool],
    ) -> Reason:
        """Fill `output` with at most `limit` tokens; `going` is asked before each of them."""
        if not going():
            return "cancelled"
        try:
            with closing(self._tokens()) as tokens:
                for token in tokens:
                    if is_end(token):
                        return "stop"
                    output.add(token)
                    if output.stopped:
                        return "stop"
                    if len(output.ids) >= limit:
                        return "length"
                    if output.loops:
                        return "loop"
                    if not going():
                        return "cancelled"
        except Aborted:
            pass
        finally:
            self._timeline.logits_lost()
        return "cancelled"

    def draw(self, count: int) -> list[int]:
        """The next `count` tokens, whatever they are: for measurements."""
        with closing(self._tokens()) as tokens:
            return list(islice(tokens, count))

    def _tokens(self) -> Generator[int, None, None]:
        timeline, sampler = self._timeline, self._sampler
        token = sampler.sample(timeline.context)
        yield token
        while True:
            guesses = self._guesses(token)
            if guesses:
                token = yield from self._checked(token, guesses)
            else:
                timeline.append(token)
                token = sampler.sample(timeline.context)
                yield token

    def _guesses(self, token: int) -> list[int]:
        self._remember(token)
        if self._lookup is None:
            return []
        return self._lookup.guess()[: self._timeline.room - 1]

    def _remember(self, token: int) -> None:
        if self._lookup is not None:
            self._lookup.add(token)

    def _checked(self, token: int, guesses: list[int]) -> Generator[int, None, int]:
        """Evaluate `token` and what is guessed to follow; what is drawn, up to the first miss."""
        timeline, sampler = self._timeline, self._sampler
        start = len(timeline.tokens)
        timeline.append_guessed([token, *guesses])
        self.guessed += len(guesses)
        hits = 0
        try:
            drawn = sampler.sample(timeline.context, hits)
            yield drawn
            while hits < len(guesses) and drawn == guesses[hits]:
                hits += 1
                self._remember(drawn)
                drawn = sampler.sample(timeline.context, hits)
                yield drawn
        finally:
            self.accepted += hits
            said = timeline.tokens[: start + 1 + hits]
            timeline.cut(len(said))
        if len(timeline.tokens) < len(said):
            # The memory cannot be taken back in part: no guess is worth that.
            self._lookup = None
            timeline.evaluate(said)
        return drawn
