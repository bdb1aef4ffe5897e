"""The few texts of a chat template between what people say, cut out of what it renders.

A template is rendered over marker texts, for conversations of one, two and three turns. Between
the markers stand the wrappers of a turn, and they are good only where all renderings agree.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from appliance.errors import LoryError

# Plain words, so that no template finds anything in them to trim, split or escape.
_SYSTEM = "lorySystemMarker"
_QUESTIONS = ("loryQuestionMarkerA", "loryQuestionMarkerB", "loryQuestionMarkerC")
_ANSWERS = ("loryAnswerMarkerA", "loryAnswerMarkerB")
_THOUGHT = "loryThoughtMarker"
_TURNS = (1, 2, 3)
_LONGEST_MARK = 64


class Wrappers(msgspec.Struct, frozen=True):
    """The texts of a template around system, questions and answers.

    A conversation reads: `begin` system `after_system` question `after_question` answer
    `after_answer` question ... and to be answered next: question `generate` (or
    `generate_thinking`). `stops` are texts that end an answer beside those that the wrappers
    themselves are made of. `thought` is what stands before and after a thought, where the template
    renders one.
    """

    begin: str
    after_system: str
    after_question: str
    after_answer: str
    generate: str
    generate_thinking: str
    stops: tuple[str, ...] = ()
    thought: tuple[str, str] | None = None

    @property
    def can_think(self) -> bool:
        """Whether the template tells thinking from not thinking."""
        return self.generate != self.generate_thinking


class Said(msgspec.Struct, frozen=True):
    """A message. `thought`: what an assistant thought before it said `content`."""

    role: str
    content: str
    thought: str = ""


class CutError(LoryError, ValueError):
    """What was rendered does not come apart. The message says why."""


def conversations(fold: bool) -> tuple[tuple[Said, ...], ...]:
    """What to render, shortest first. `fold`: the system prompt stands in the first question."""
    return tuple(_conversation(turns, fold) for turns in _TURNS)


def _conversation(turns: int, fold: bool) -> tuple[Said, ...]:
    first = Said("user", f"{_SYSTEM}\n\n{_QUESTIONS[0]}" if fold else _QUESTIONS[0])
    messages = [first] if fold else [Said("system", _SYSTEM), first]
    for answer, question in zip(_ANSWERS[: turns - 1], _QUESTIONS[1:turns], strict=True):
        messages += [Said("assistant", answer), Said("user", question)]
    return tuple(messages)


def thoughtful(fold: bool) -> tuple[Said, ...]:
    """One question, and an answer that was thought about."""
    return (*_conversation(1, fold), Said("assistant", _ANSWERS[0], _THOUGHT))


def cut(calm: Sequence[str], keen: Sequence[str], thought: str, strict: bool = True) -> Wrappers:
    """The wrappers in the renderings without thinking and with it, and of a `thought` ("": none).

    `strict`: all renderings must agree; else the longest one is believed.

    Raises:
        CutError: they cannot be found, or do not agree.
    """
    wrappers = _cut(calm, strict)
    generate = _cut(keen, strict).generate
    return msgspec.structs.replace(
        wrappers, generate_thinking=generate, thought=_around_thought(thought, wrappers, generate)
    )


def _cut(texts: Sequence[str], strict: bool) -> Wrappers:
    cuts = [_pieces(text, turns) for turns, text in zip(_TURNS, texts, strict=True)]
    begin, after_system, after_question, after_answer, *_, generate = cuts[-1]
    wrappers = Wrappers(begin, after_system, after_question, after_answer, generate, generate)
    for turns, pieces in zip(_TURNS, cuts, strict=True):
        between = [wrappers.after_question, wrappers.after_answer] * (turns - 1)
        expected = [wrappers.begin, wrappers.after_system, *between, wrappers.generate]
        if strict and pieces != expected:
            raise CutError("a conversation is not the beginning of its continuation")
    return wrappers


def _pieces(text: str, turns: int) -> list[str]:
    markers = [_SYSTEM]
    for turn in range(turns):
        markers += [_QUESTIONS[turn], *_ANSWERS[turn : min(turn + 1, turns - 1)]]
    pieces = []
    for marker in markers:
        before, found, text = text.partition(marker)
        if not found:
            raise CutError("it leaves out or reorders what was said")
        pieces.append(before)
    pieces.append(text)
    if any(marker in piece for piece in pieces for marker in markers):
        raise CutError("it repeats what was said")
    return pieces


def _around_thought(text: str, wrappers: Wrappers, generate: str) -> tuple[str, str] | None:
    """What opens and closes a thought; None where the template does not tell."""
    _, _, text = text.partition(_QUESTIONS[0])
    before, thought, after = text.partition(_THOUGHT)
    close, said, _ = after.partition(_ANSWERS[0])
    for opening in (wrappers.after_question, wrappers.generate, generate):
        if thought and said and before.startswith(opening):
            mark = before.removeprefix(opening).strip(), close.strip()
            return mark if all(0 < len(one) <= _LONGEST_MARK for one in mark) else None
    return None
