"""Telling a thought from the answer while both stream.

A model thinks before it answers. So a mark in plain text opens a thought where no answer has begun;
later it does at the beginning of a line, if it is closed, and elsewhere it is what the text is
about. A control token opens one anywhere. What repeats the question is no thought, whatever it
looks like.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from appliance.engines.llama.marks import (
    Mark,
    Pair,
    ThoughtMarks,
    begun_mark,
    find_end,
    first_mark,
    mark_at,
)

_QUOTES = "`\"'“‘「『"
_FENCE = "```"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of output. `thought` is not part of the answer.

    `undoes`: so is all that was given out before.
    """

    text: str
    thought: bool
    undoes: bool = False


class _State(Enum):
    START = auto()  # neither a thought nor an answer is open
    THOUGHT = auto()
    ANSWER = auto()


def partial_suffix(text: str, patterns: Sequence[str]) -> int:
    """Length of the longest end of `text` that one of the patterns begins with, and is not."""
    longest = 0
    for pattern in patterns:
        for length in range(min(len(pattern) - 1, len(text)), longest, -1):
            if text.endswith(pattern[:length]):
                longest = length
                break
    return longest


class ThoughtSplitter:
    """Takes text and control tokens, gives parts. Marks and the blanks around them are dropped.

    `opened`: the prompt itself has opened this thought. `question` is what may be repeated.
    """

    def __init__(self, marks: ThoughtMarks, opened: Pair | None = None, question: str = "") -> None:
        self._marks = marks
        self._question = question
        self._state = _State.THOUGHT if opened else _State.START
        self._pair = opened or Pair("")
        self._thought = opened is not None  # there was one
        self._answer_core = ""  # of the mark that the answer stands in
        self._held = ""
        self._silent: list[str] = []  # control tokens in what is held
        self._trim = True
        self._late = ""  # the mark of a thought that interrupts the answer
        self._said = ""  # the answer so far
        self._about_marks = False  # the answer has one that opens nothing

    @property
    def silent(self) -> bool:
        """No answer has begun, not even in what is held back."""
        return self._state is not _State.ANSWER and not self._held

    # ------------------------------------------------------------ what comes

    def add(self, text: str) -> list[Part]:
        """The parts that are certain now."""
        self._held += text
        return self._run(final=False)

    def takes(self, control: str) -> bool:
        """Whether a control token, as it is written in a template, is a mark of a thought here."""
        if self._state is _State.START:
            text = self._held.lstrip() + control
            return bool(self._known(text)) or self._marks.may_begin(text)
        fixed = self._closer(control) or self._marks.opening(control)
        return fixed is not None or mark_at(control) is not None

    def closes(self, control: str) -> bool:
        """Whether a control token ends the thought that is open."""
        return self._state is _State.THOUGHT and self._closer(control) is not None

    def control(self, control: str) -> list[Part]:
        """A control token that it takes. It is never text."""
        if self._state is _State.START:
            self._silent.append(control)
            return self.add(control)
        parts = self._run(final=True)
        mark = mark_at(control)
        if self._state is _State.THOUGHT:
            if self._closer(control) is not None:
                self._close()
        elif mark and mark.kind == "answer":
            self._answer_core = ""
        elif mark and mark.closes:
            self._undo(parts)
        elif pair := self._marks.opening(control):
            self._open(pair)
        return parts

    def finish(self, whole: bool = True) -> list[Part]:
        """What was held back. `whole`: the model itself came to this end."""
        return self._run(final=True, whole=whole)

    # ------------------------------------------------------------ what it means

    def _run(self, final: bool, whole: bool = True) -> list[Part]:
        parts: list[Part] = []
        while self._held:
            before = self._state, self._held
            match self._state:
                case _State.START:
                    self._at_start(final, whole)
                case _State.THOUGHT:
                    self._in_thought(parts, final, whole)
                case _State.ANSWER:
                    self._in_answer(parts, final)
            if (self._state, self._held) == before:
                break
        return parts

    def _at_start(self, final: bool, whole: bool) -> None:
        text = self._held = self._held.lstrip()
        pair = self._marks.opening(text)
        if pair is not None and not self._silent and pair.open in self._question:
            self._maybe_quoted(pair, final, whole)
        elif pair is not None:
            self._open(pair)
            self._held = text[len(pair.open) :]
            if pair.in_words:
                self._late = pair.open  # an answer may begin so too
        elif known := self._known(text):
            self._silent.clear()
            self._held = text[len(known) :]
        elif final and (self._marks.breaks_off(text) or not (whole or self._is_text(text))):
            self._held = ""
        elif text and (final or not self._marks.may_begin(text)):
            self._begin_answer()

    def _is_text(self, text: str) -> bool:
        """Whether what was cut off here is more than the beginning of a mark."""
        return not self._marks.may_begin(text)

    def _known(self, text: str) -> str:
        """What stands at the beginning of `text` and is part of nothing; empty for none."""
        if lead := self._marks.lead(text):
            return lead
        mark = mark_at(text)
        if mark is None or mark.text in self._question:
            return ""
        if mark.kind == "answer" and not mark.closes and self._thought:
            self._answer_core = mark.core
            return mark.text
        return mark.text if mark.kind == "thought" else ""

    def _maybe_quoted(self, pair: Pair, final: bool, whole: bool) -> None:
        """The question holds this mark: is it repeated here, or does the model think?"""
        text = self._held
        repeated = text
        while repeated not in self._question:
            repeated = repeated[:-1]
        closed = self._closer(repeated[len(pair.open) :], pair) is not None
        if closed or (final and whole and repeated == text):
            self._begin_answer()
        elif final or repeated != text:
            self._open(pair)
            self._held = text[len(pair.open) :]

    def _begin_answer(self) -> None:
        for control in self._silent:
            self._held = self._held.replace(control, "", 1)
        self._silent.clear()
        self._state, self._trim = _State.ANSWER, True

    def _open(self, pair: Pair) -> None:
        self._silent.clear()
        self._state, self._pair, self._thought, self._trim = _State.THOUGHT, pair, True, True

    def _close(self) -> None:
        self._state, self._late = _State.START, ""

    def _closer(self, text: str, pair: Pair | None = None) -> tuple[int, int] | None:
        """Where the thought ends in `text`, and where what follows it begins."""
        pair = pair or self._pair
        found = []
        if pair.close and (at := text.find(pair.close)) >= 0:
            found.append((at, at + len(pair.close)))
        core = pair.core
        if core and (end := find_end(text, core)):
            found.append((end[0], end[0] + len(end[1].text)))
        return min(found, default=None)

    def _in_thought(self, parts: list[Part], final: bool, whole: bool) -> None:
        text = self._held
        if self._trim:
            text = text.lstrip()
            if self._pair.open and text.startswith(self._pair.open):
                text = text[len(self._pair.open) :].lstrip()  # opened once more
        ends = self._closer(text)
        if ends is not None:
            self._emit(text[: ends[0]], True, parts)
            self._held = text[ends[1] :]
            self._close()
        elif self._late and final and whole:  # it was none
            self._state, self._trim, self._about_marks = _State.ANSWER, False, True
            self._held, self._late = self._late + self._held, ""
        elif final or not self._late:
            fixed = (self._pair.close, self._pair.open if self._trim else "")
            keep = 0 if final else max(partial_suffix(text, fixed), begun_mark(text))
            self._emit(text[: len(text) - keep], True, parts)
            self._held = text[len(text) - keep :]

    def _in_answer(self, parts: list[Part], final: bool) -> None:
        text = self._held
        found = first_mark(text)
        while found is not None and not self._means(text, *found):
            found = first_mark(text, found[0] + 1)
        if found is None:
            keep = 0 if final else begun_mark(text)
            self._emit(text[: len(text) - keep], False, parts)
            self._held = text[len(text) - keep :]
            return
        at, mark = found
        self._emit(text[:at], False, parts)
        self._held = text[at + len(mark.text) :]
        if mark.kind == "answer":
            self._answer_core = ""
        elif mark.closes:
            self._undo(parts)
        else:
            self._open(Pair(mark.text, core=mark.core))
            self._late = mark.text

    def _means(self, text: str, at: int, mark: Mark) -> bool:
        """Whether a mark in the answer is none of its words.

        The end of what the answer stands in; a thought at the beginning of a line; or the end of
        a thought that nobody opened: then all before it was the thought.
        """
        if mark.kind == "answer":
            return mark.closes and mark.core == self._answer_core
        said = self._said + text[:at]
        line = said.rpartition("\n")
        fenced = said.count(_FENCE) % 2
        if mark.text in self._question or fenced or line[2].endswith(tuple(_QUOTES)):
            return False
        if mark.closes:
            return not self._thought and not self._about_marks
        if not self._about_marks and line[1] and not line[2].strip():
            return True
        self._about_marks = True
        return False

    def _undo(self, parts: list[Part]) -> None:
        self._thought = True
        self._state = _State.START
        parts.append(Part("", True, undoes=True))

    def _emit(self, text: str, thought: bool, parts: list[Part]) -> None:
        if self._trim:
            text = text.lstrip()
        if text:
            self._trim = False
            parts.append(Part(text, thought))
        if not thought:
            self._said += text
