"""When the keys rest on open pinyin: what is behind a gap in it is decoded anew; its sentences are
to be scored, and take the scores' order."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ui.input.composition import Composition
from ui.input.editing.draft import Draft
from ui.input.rerank import Pause, RerankRequest, order_by, request_for
from ui.keymap import State


class SecondOpinion:
    """Asks once in each pause in typing, and takes the answer if it is in time."""

    def __init__(self, draft: Draft, clock: Callable[[], float]) -> None:
        self._draft = draft
        self._clock = clock
        self.pause = Pause()

    @property
    def _composition(self) -> Composition | None:
        """What is asked about: pinyin that no list lies over."""
        return self._draft.composition if self._draft.state is State.PINYIN else None

    def acted(self, changed: bool) -> None:
        """A key did something, or could not."""
        if self._composition is None:
            self.pause.cancel()
        elif changed:
            self.pause.begin(self._clock())

    @property
    def deadline(self) -> float | None:
        """When `tick` should be called next, in the clock's seconds."""
        composition = self._composition
        if composition is not None and composition.unsettled:
            return self._clock()
        return self.pause.deadline

    def tick(self, now: float) -> bool:
        """Let time pass; True when the text changed. The pause lasts until all is decoded."""
        composition = self._composition
        if composition is not None and composition.unsettled:
            return composition.idle(rested=False)
        rested = self.pause.tick(now)
        return composition is not None and composition.idle(rested)

    def request(self) -> RerankRequest | None:
        """The sentences to score; None when there is nothing to ask."""
        composition, buffer = self._composition, self._draft.buffer
        if composition is None or not self.pause.take():
            return None
        return request_for(composition, buffer.before, buffer.after)

    def take(self, request: RerankRequest, logprobs: Sequence[float]) -> bool:
        """Order the sentences by the scores of a request; False when that came too late."""
        if self._composition is None:
            return False
        return self._composition.reorder(request.revision, order_by(request.costs, logprobs))
