"""A conversation as token ids: wrappers and texts in turn, fitted to the context.

Wrappers are tokenized with their control tokens meant, texts with theirs taken as text. An answer
is the ids that were decoded: tokenizing its text again would not always give them back.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from appliance.engines.llama.wrappers import Wrappers
from appliance.errors import LoryError
from appliance.messages import Exchange

_SMALLEST_QUESTION = 1
_USUAL_QUESTION = 128


Turn = tuple[list[int], list[int]]
"""Token ids of a question and of its answer, each with the wrapper behind it."""


class TooLongError(LoryError, ValueError):
    """The system prompt alone leaves no room for a question and its answer."""


class Vocabulary(Protocol):
    """What a prompt needs to know of a model."""

    vocabulary_size: int

    def tokenize(self, text: str, control: bool, follows: bool = False) -> list[int]: ...
    def piece(self, token: int) -> bytes: ...
    def is_mark(self, token: int) -> bool: ...
    @property
    def begin_token(self) -> int: ...
    @property
    def wants_begin(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Prompt:
    """Token ids to answer after.

    `system` of the tokens are the system prompt's; `turns` are the lengths at which the past
    turns end. `body` tokens end with the question; behind them stands what opens the answer.
    `question_used` counts the question's characters that fitted (-1: all); `dropped` the oldest
    turns left out.
    """

    tokens: list[int]
    system: int
    turns: tuple[int, ...]
    body: int
    question_used: int
    dropped: int

    @property
    def marks(self) -> tuple[int, ...]:
        """Lengths at which another prompt may part from this one."""
        return (self.system, *self.turns)


def unpack_ids(data: bytes) -> list[int]:
    """Token ids from their wire form (uint32 LE); what is no whole id is ignored."""
    return [item for (item,) in struct.iter_unpack("<I", data[: len(data) // 4 * 4])]


def pack_ids(tokens: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(tokens)}I", *tokens)


def ids_of(
    vocabulary: Vocabulary, text: str, ids: Sequence[int], follows: bool = False
) -> list[int]:
    """The leading `ids` that spell the beginning of `text`, then the rest of it tokenized.

    `follows`: it goes on a text.

    So an answer that was cut off where the voice stopped keeps the ids up to there, and ids that
    belong to another model fall away.
    """
    target = text.encode("utf-8", "replace")
    spelled = 0
    kept: list[int] = []
    for token in ids:
        if token >= vocabulary.vocabulary_size or vocabulary.is_mark(token):
            break
        piece = vocabulary.piece(token)
        if not target.startswith(piece, spelled):
            break
        kept.append(token)
        spelled += len(piece)
    while True:
        try:
            rest = target[spelled:].decode()
        except UnicodeDecodeError:
            spelled -= len(vocabulary.piece(kept.pop()))
            continue
        return kept + vocabulary.tokenize(rest, control=False, follows=bool(kept) or follows)


class PromptBuilder:
    """Prompts of one model, template and context size (in tokens)."""

    def __init__(self, vocabulary: Vocabulary, wrappers: Wrappers, size: int) -> None:
        self._vocabulary = vocabulary
        self._wrappers = wrappers
        self._size = size
        self._read: dict[tuple[Exchange, int, bool], Turn] = {}  # of the last prompt

    def _control(self, text: str) -> list[int]:
        """A wrapper behind what somebody said."""
        return self._vocabulary.tokenize(text, control=True, follows=True)

    def _goes_on(self, tokens: Sequence[int]) -> bool:
        """Whether what comes next goes on a text: not at the start, nor after a mark."""
        return bool(tokens) and not self._vocabulary.is_mark(tokens[-1])

    @cached_property
    def _begin(self) -> list[int]:
        tokens = self._vocabulary.tokenize(self._wrappers.begin, control=True)
        first = self._vocabulary.begin_token
        # Where no token is set a library's default may be any letter.
        wanted = self._vocabulary.wants_begin and first >= 0 and self._vocabulary.is_mark(first)
        return [first, *tokens] if wanted and tokens[:1] != [first] else tokens

    @cached_property
    def _after_question(self) -> list[int]:
        return self._control(self._wrappers.after_question)

    @cached_property
    def _after_answer(self) -> list[int]:
        return self._control(self._wrappers.after_answer)

    @cached_property
    def _generate(self) -> dict[bool, list[int]]:
        return {
            False: self._control(self._wrappers.generate),
            True: self._control(self._wrappers.generate_thinking),
        }

    def system(self, system: str) -> list[int]:
        """What stands before the first question of every conversation."""
        begin = self._begin
        text = self._vocabulary.tokenize(system, control=False, follows=self._goes_on(begin))
        return [*begin, *text, *self._control(self._wrappers.after_system)]

    def build(
        self,
        system: str,
        history: Sequence[Exchange],
        question: str,
        reserve: int,
        thinking: bool = False,
    ) -> Prompt:
        """Fit everything and `reserve` tokens of answer into the context.

        Raises:
            TooLongError: not even the first character of a question fits.
        """
        opening = self.system(system)
        closing = self._generate[thinking]
        room = self._room(opening, reserve)
        asked, used = self._fit(question, room, self._after_answer if history else opening)
        turns = self._turns(history, room, opening)
        start = self._first_kept(len(opening) + reserve, turns, len(asked) + len(closing))
        tokens = list(opening)
        ends = []
        for past, said in turns[start:]:
            tokens += [*past, *said]
            ends.append(len(tokens))
        tokens += asked
        return Prompt([*tokens, *closing], len(opening), tuple(ends), len(tokens), used, start)

    def history(self, system: str, history: Sequence[Exchange], reserve: int) -> Prompt:
        """What the next prompt will begin with, whatever is asked: `body` tokens of it."""
        return self.build(system, history, "", reserve)

    def _room(self, opening: list[int], reserve: int) -> int:
        """Tokens that a single question may have."""
        longest = max(map(len, self._generate.values()))
        room = self._size - len(opening) - longest - reserve
        if room < _SMALLEST_QUESTION:
            raise TooLongError(
                f"system prompt of {len(opening)} tokens in a context of {self._size}"
            )
        return room

    def _fit(self, question: str, room: int, before: Sequence[int]) -> tuple[list[int], int]:
        """The question's tokens, cut to `room`, and its characters used (-1: all)."""
        follows = self._goes_on(before)
        tokens = self._vocabulary.tokenize(question, control=False, follows=follows)
        if len(tokens) <= room:
            return tokens, -1
        low, high = 0, len(question)
        while low < high:
            middle = (low + high + 1) // 2
            if len(self._vocabulary.tokenize(question[:middle], False, follows)) <= room:
                low = middle
            else:
                high = middle - 1
        return self._vocabulary.tokenize(question[:low], False, follows), low

    def _turns(self, history: Sequence[Exchange], room: int, opening: list[int]) -> list[Turn]:
        """All past turns. Each key asks for them again, so those that were read are known."""
        known, self._read = self._read, {}
        for number, exchange in enumerate(history):
            key = exchange, room, number > 0
            before = self._after_answer if number else opening
            self._read[key] = known.get(key) or self._turn(exchange, room, before)
        return [self._read[exchange, room, number > 0] for number, exchange in enumerate(history)]

    def _turn(self, exchange: Exchange, room: int, before: Sequence[int]) -> Turn:
        """A past turn: its question with wrapper, its answer with wrapper."""
        asked, _ = self._fit(exchange.question, room, before)
        follows = self._goes_on(self._after_question)
        said = ids_of(self._vocabulary, exchange.answer, unpack_ids(exchange.ids), follows)
        return [*asked, *self._after_question], [*said, *self._after_answer]

    def _first_kept(self, fixed: int, turns: Sequence[Turn], now: int) -> int:
        """Which turn is the oldest that stays.

        The conversation is followed from its start. Whenever a question of usual length would not
        fit, the oldest turns go until half the context is free, so that it happens seldom, before
        the question is there (the rest is evaluated again while nobody waits), and the same way
        each time the same conversation is built.
        """
        start = 0
        used = 0
        usual = min(_USUAL_QUESTION, self._size // 16)
        for index in range(len(turns) + 1):
            asking = len(turns[index][0]) if index < len(turns) else now
            asking = max(asking, usual)
            if fixed + used + asking > self._size:
                while start < index and fixed + used + asking > self._size // 2:
                    used -= sum(map(len, turns[start]))
                    start += 1
            if index < len(turns):
                used += sum(map(len, turns[index]))
        return start
