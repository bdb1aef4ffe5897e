"""From token bytes to text a person may see: whole characters, stop texts, loops."""

from __future__ import annotations

import codecs
from collections.abc import Sequence

from appliance.engines.llama.thoughts import partial_suffix

_CONTEXT = 8  # characters before a stop text by which a repetition of the question is known
_LONGEST_PERIOD = 64
_LOOP_TOKENS = 48
_LOOP_REPEATS = 4


class CharacterAssembler:
    """Joins UTF-8 that is split across tokens; never gives out half a character.

    Bytes that are no UTF-8 become U+FFFD.
    """

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def add(self, data: bytes) -> str:
        """The characters that are complete now."""
        return self._decoder.decode(data)

    @property
    def pending(self) -> bool:
        """The beginning of a character is there."""
        return bool(self._decoder.getstate()[0])


class StopRules:
    """Ends an answer at the first stop text, which is never shown, not even its beginning.

    Except where it stands in the `question` and is repeated with what stands before it. `tails` are
    dropped where they are the last that is said, and are text elsewhere.
    """

    def __init__(self, stops: Sequence[str], question: str = "", tails: Sequence[str] = ()) -> None:
        self._stops = tuple(stop for stop in stops if stop)
        self._tails = tuple(tail for tail in tails if tail and tail not in question)
        self._question = question
        self._before = ""
        self._held = ""
        self.hit = False

    def add(self, text: str) -> str:
        """What is certain not to belong to a stop text."""
        if not self._stops and not self._tails:
            return text
        if self.hit:
            return ""
        text = self._held + text
        found = [at for stop in self._stops if (at := self._find(text, stop)) >= 0]
        if found:
            self.hit = True
            self._held = ""
            return self._given(text[: min(found)].rstrip())
        # The blanks before the mark of a turn belong to the mark.
        said = text.rstrip()
        keep = len(said.removesuffix(self._tail(said)))
        keep = min(keep, len(text) - partial_suffix(text, (*self._stops, *self._tails)))
        keep = len(text[:keep].rstrip())
        self._held = text[keep:]
        return self._given(text[:keep])

    def _find(self, text: str, stop: str) -> int:
        at = text.find(stop)
        while at >= 0:
            before = (self._before + text[:at])[-_CONTEXT:]
            if not before or before + stop not in self._question:
                return at
            at = text.find(stop, at + 1)
        return -1

    def _given(self, text: str) -> str:
        self._before = (self._before + text)[-_CONTEXT:]
        return text

    def finish(self) -> str:
        """What was held back and turned out to be no stop text."""
        held, self._held = self._held, ""
        while tail := self._tail(held.rstrip()):
            held = held.rstrip().removesuffix(tail).rstrip()
        return self._given(held)

    def _tail(self, text: str) -> str:
        return next((tail for tail in self._tails if text.endswith(tail)), "")


def is_loop(tokens: Sequence[int]) -> bool:
    """Whether the end of `tokens` says the same thing over and over.

    At least 4 times and at least 48 tokens of it, with a period of up to 64 tokens.
    """
    for period in range(1, _LONGEST_PERIOD + 1):
        span = period * max(_LOOP_REPEATS, -(-_LOOP_TOKENS // period))
        if span > len(tokens):
            continue
        if tokens[-span:-period] == tokens[len(tokens) - span + period :]:
            return True
    return False
