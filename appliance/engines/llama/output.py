"""One answer being decoded: tokens in, Token messages out, and when to stop."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from appliance.engines.llama.decode import (
    CharacterAssembler,
    Part,
    StopRules,
    ThoughtSplitter,
    is_loop,
)
from appliance.messages import Message, Token

_LOOP_CHECK_EVERY = 8


class Output:
    """Text of one turn. `send` gets whole characters only, never a part of a stop text."""

    def __init__(
        self,
        turn: int,
        send: Callable[[Message], None],
        piece: Callable[[int], bytes],
        stops: Sequence[str],
        can_think: bool,
        in_thought: bool,
    ) -> None:
        self._turn = turn
        self._send = send
        self._piece = piece
        self._can_think = can_think
        self._characters = CharacterAssembler()
        self._stops = StopRules(stops)
        self._thoughts = ThoughtSplitter(can_think, in_thought)
        self._answer: list[str] = []
        self._answer_starts = 0
        self.ids: list[int] = []

    @property
    def text(self) -> str:
        """The answer so far, without thoughts."""
        return "".join(self._answer)

    @property
    def answer_ids(self) -> list[int]:
        """The ids decoded after the thought, if there was one."""
        return self.ids[self._answer_starts :]

    @property
    def stopped(self) -> bool:
        """A stop text came."""
        return self._stops.hit

    @property
    def loops(self) -> bool:
        return len(self.ids) % _LOOP_CHECK_EVERY == 0 and is_loop(self.ids)

    def add(self, token: int) -> None:
        self.ids.append(token)
        piece = self._piece(token)
        was_thinking = self._thoughts.inside
        text = self._characters.add(piece)
        if text:
            self._emit(self._thoughts.add(self._stops.add(text)))
        blank = self._can_think and not self._answer and piece.isspace()
        if was_thinking or self._thoughts.inside or blank:
            self._answer_starts = len(self.ids)

    def finish(self) -> None:
        """Give out what was held back. Half a character at the very end is not text."""
        self._emit(self._thoughts.add(self._stops.finish()) + self._thoughts.finish())

    def _emit(self, parts: Sequence[Part]) -> None:
        for part in parts:
            if not part.thought:
                self._answer.append(part.text)
            self._send(Token(self._turn, part.text, len(self.ids), part.thought))
