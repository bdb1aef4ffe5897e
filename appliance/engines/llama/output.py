"""One answer being decoded: tokens in, Token messages out, and when to stop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from appliance.engines.llama.decode import CharacterAssembler, StopRules, is_loop
from appliance.engines.llama.endings import Endings
from appliance.engines.llama.marks import Pair, ThoughtMarks
from appliance.engines.llama.thoughts import Part, ThoughtSplitter
from appliance.messages import Message, Retract, Token

_LOOP_CHECK_EVERY = 8


class Vocabulary(Protocol):
    """What must be known of a model's tokens."""

    def piece(self, token: int) -> bytes: ...
    def control_text(self, token: int) -> str: ...
    def is_mark(self, token: int) -> bool: ...


@dataclass(frozen=True, slots=True)
class Rules:
    """How the output of one model and template is read."""

    vocabulary: Vocabulary
    thoughts: ThoughtMarks
    endings: Endings


class Output:
    """Text of one turn. `send` gets whole characters only, never a part of a stop text.

    `opened` is the thought that the prompt has opened, `question` what the answer may repeat.
    """

    def __init__(
        self,
        turn: int,
        send: Callable[[Message], None],
        rules: Rules,
        opened: Pair | None = None,
        question: str = "",
    ) -> None:
        self._turn = turn
        self._send = send
        self._vocabulary = rules.vocabulary
        self._endings = rules.endings
        self._characters = CharacterAssembler()
        self._thoughts = ThoughtSplitter(rules.thoughts, opened, question)
        self._stops = {
            False: StopRules(rules.endings.texts, question, rules.endings.tails),
            True: StopRules(rules.endings.hard, question),
        }
        self._answer: list[str] = []
        self._answer_starts = 0
        self._ended = False
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
        """A mark of the next turn came."""
        return self._ended or any(stops.hit for stops in self._stops.values())

    @property
    def loops(self) -> bool:
        return len(self.ids) % _LOOP_CHECK_EVERY == 0 and is_loop(self.ids)

    def ends_thought(self, token: int) -> bool:
        """Whether the token, though it ends texts, only ends the thought that is open."""
        return self._thoughts.closes(self._vocabulary.control_text(token))

    def add(self, token: int) -> None:
        self.ids.append(token)
        piece = self._vocabulary.piece(token)
        if self._vocabulary.is_mark(token):
            mark = self._vocabulary.control_text(token)
            takes = self._thoughts.takes(mark)
            if token in self._endings.tokens and not takes:
                self._ended = True
            elif takes and not piece:
                self._emit(self._thoughts.control(mark))
        if self._ended:
            return
        if text := self._characters.add(piece):
            self._emit(self._thoughts.add(text))
        if self._thoughts.silent and not self._characters.pending:
            self._answer_starts = len(self.ids)

    def finish(self, whole: bool = True) -> None:
        """Give out what was held back. Half a character at the very end is not text.

        `whole`: the model itself came to an end.
        """
        self._emit(self._thoughts.finish(whole))
        for thought, stops in self._stops.items():
            self._give(stops.finish(), thought)

    def _emit(self, parts: Sequence[Part]) -> None:
        for part in parts:
            if part.undoes:
                self._undo()
            elif not self.stopped:
                self._give(self._stops[not part.thought].finish(), not part.thought)
                self._give(self._stops[part.thought].add(part.text), part.thought)

    def _give(self, text: str, thought: bool) -> None:
        if not text:
            return
        if not thought:
            self._answer.append(text)
        self._send(Token(self._turn, text, len(self.ids), thought))

    def _undo(self) -> None:
        """All that was said was a thought."""
        self._give(self._stops[False].finish(), False)
        self._answer.clear()
        self._send(Retract(self._turn))
