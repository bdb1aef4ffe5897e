"""From token bytes to text a person may see: whole characters, stop texts, thoughts, loops."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from dataclasses import dataclass

THINK_OPEN, THINK_CLOSE = "<think>", "</think>"
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

    def finish(self) -> str:
        """What an unfinished character at the end becomes."""
        return self._decoder.decode(b"", final=True)


def _partial_suffix(text: str, patterns: Sequence[str]) -> int:
    """Length of the longest end of `text` that one of the patterns begins with."""
    longest = 0
    for pattern in patterns:
        for length in range(min(len(pattern) - 1, len(text)), longest, -1):
            if text.endswith(pattern[:length]):
                longest = length
                break
    return longest


class StopRules:
    """Ends an answer at the first stop text, which is never shown, not even its beginning."""

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = tuple(stop for stop in stops if stop)
        self._held = ""
        self.hit = False

    def add(self, text: str) -> str:
        """What is certain not to belong to a stop text."""
        if not self._stops:
            return text
        if self.hit:
            return ""
        text = self._held + text
        found = [at for at in map(text.find, self._stops) if at >= 0]
        if found:
            self.hit = True
            self._held = ""
            return text[: min(found)]
        keep = len(text) - _partial_suffix(text, self._stops)
        self._held = text[keep:]
        return text[:keep]

    def finish(self) -> str:
        """What was held back and turned out to be no stop text."""
        held, self._held = self._held, ""
        return held


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of output. `thought` is not part of the answer."""

    text: str
    thought: bool


class ThoughtSplitter:
    """Tells `<think>...</think>` from the answer. The marks and the blank lines around are dropped.

    `inside` says that the prompt itself has opened the thought. Disabled, all is answer.
    """

    def __init__(self, enabled: bool, inside: bool = False) -> None:
        self._enabled = enabled
        self._inside = inside
        self._held = ""
        self._trim = True

    @property
    def inside(self) -> bool:
        return self._inside

    def add(self, text: str) -> list[Part]:
        if not self._enabled:
            return [Part(text, False)] if text else []
        text = self._held + text
        self._held = ""
        parts: list[Part] = []
        while True:
            mark = THINK_CLOSE if self._inside else THINK_OPEN
            before, found, after = text.partition(mark)
            if not found:
                keep = len(text) - _partial_suffix(text, (mark,))
                self._held = text[keep:]
                self._emit(text[:keep], parts)
                return parts
            self._emit(before, parts)
            self._inside = not self._inside
            self._trim = True
            text = after

    def finish(self) -> list[Part]:
        parts: list[Part] = []
        held, self._held = self._held, ""
        self._emit(held, parts)
        return parts

    def _emit(self, text: str, parts: list[Part]) -> None:
        if self._trim:
            text = text.lstrip()
        if text:
            self._trim = False
            parts.append(Part(text, self._inside))


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
