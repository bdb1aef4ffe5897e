"""Marks that part a thought from the answer, in all the ways that models write them.

Most are made alike: a word for thinking in some kind of brackets, its end with a slash or a word
for the end. What is not made so is listed, or found in the model's own template. Sources: the
model cards and chat templates of Qwen3, DeepSeek-R1, QwQ, Seed-OSS, MiniMax-M3, Hunyuan (`<think>`
and kin), Magistral (`[THINK]`), Sky-T1 and OpenThinker (`<|begin_of_thought|>`), Command A
(`<|START_THINKING|>`), Kimi-VL (`◁think▷`), Granite 3.2 and Apriel (plain words), Gemma 4 and
gpt-oss (channels; OpenAI, "harmony response format").
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from appliance.engines.llama.wrappers import Wrappers

_LEFT = r"<\||<｜|<|\[|◁|【"
_NAME = r"[A-Za-z][\w:. -]{0,30}"
_MARK = re.compile(rf"({_LEFT})(/?)({_NAME}?)(?:\|>|｜>|>|\]|▷|】)", re.ASCII)
_HEAD = re.compile(rf"({_LEFT})(/?)({_NAME})?[|｜]?\Z", re.ASCII)
_THOUGHT = {"think", "thinking", "thought", "thoughts", "cot", "scratchpad"}
_REASON = {"reason", "reasoning", "reflection", "monologue"}
_SPEECH = {"answer", "response", "solution", "output"}
_BEGIN, _END = {"begin", "start", "open"}, {"end", "close", "stop"}
_FILLING = {"of", "the", "final", "inner"}

# Whatever may be a mark of a turn or of a thought.
_ANY_MARK = re.compile(r"<[^<>\s][^<>\n]{0,40}>|\[/?[A-Z][A-Z_ ]{0,30}\]|◁/?[a-z_]+▷")

Kind = Literal["thought", "answer"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark as it stands in a text. `core` is the word that its other end has too."""

    text: str
    kind: Kind
    closes: bool
    core: str


def mark_at(text: str, position: int = 0) -> Mark | None:
    """The mark that begins there."""
    found = _MARK.match(text, position)
    return _read(found) if found else None


def first_mark(text: str, start: int = 0) -> tuple[int, Mark] | None:
    """The first mark that begins at `start` or later, and where."""
    for found in _MARK.finditer(text, start):
        if mark := _read(found):
            return found.start(), mark
    return None


def find_end(text: str, core: str) -> tuple[int, Mark] | None:
    """The first mark that closes a thought of this `core`, and where it begins."""
    found = first_mark(text)
    while found and not (found[1].kind == "thought" and found[1].closes and found[1].core == core):
        found = first_mark(text, found[0] + 1)
    return found


def begun_mark(text: str) -> int:
    """How many characters at the end of `text` may become a mark."""
    at = max(text.rfind(left) for left in "<[◁【")
    return len(text) - at if at >= 0 and _HEAD.match(text, at) else 0


def _read(found: re.Match[str]) -> Mark | None:
    left, slash, name = found[1], found[2], found[3]
    for part in name.lower().split(":"):  # some put the name of their house before or behind
        words = set(re.split(r"[\s_.-]+", part))
        core = words - _BEGIN - _END - _FILLING
        if len(core) != 1 or (slash and words & (_BEGIN | _END)):
            continue
        (word,) = core
        closes = bool(slash or words & _END)
        # A heading in square brackets is no mark.
        if word in _THOUGHT or (word in _REASON and left != "["):
            return Mark(found[0], "thought", closes, word)
        if word in _SPEECH and (left != "[" or words & (_BEGIN | _END)):
            return Mark(found[0], "answer", closes, word)
    return None


@dataclass(frozen=True, slots=True)
class Pair:
    """What opens a thought, and what closes it; `core` where any mark of that core closes it."""

    open: str
    close: str = ""
    core: str = ""

    @property
    def in_words(self) -> bool:
        """It is opened by plain words, not by a mark."""
        return self.open[:1].isalnum()


@dataclass(frozen=True, slots=True)
class ThoughtMarks:
    """The marks of one model beside those that are made alike: longest first.

    `leads` are what may stand before an answer and is no part of it.
    """

    pairs: tuple[Pair, ...]
    leads: tuple[str, ...]

    def opening(self, text: str) -> Pair | None:
        """What opens a thought at the beginning of `text`."""
        for pair in self.pairs:
            if text.startswith(pair.open):
                return pair
        mark = mark_at(text)
        if mark and mark.kind == "thought" and not mark.closes:
            return Pair(mark.text, core=mark.core)
        return None

    def lead(self, text: str) -> str:
        """What stands before the answer at the beginning of `text`; empty for none."""
        return next((lead for lead in self.leads if text.startswith(lead)), "")

    def may_begin(self, text: str) -> bool:
        """Whether all of `text` is the beginning of some mark."""
        return begun_mark(text) == len(text) or self._begins_fixed(text)

    def breaks_off(self, text: str) -> bool:
        """Whether `text` is only the beginning of a mark, and can be nothing else."""
        return bool(_ANY_MARK.match(text)) and self._begins_fixed(text)

    def _begins_fixed(self, text: str) -> bool:
        fixed = (*(pair.open for pair in self.pairs), *self.leads)
        return any(one.startswith(text) for one in fixed)

    def opened_by(self, prompt: str) -> Pair | None:
        """The thought that is still open at the end of what stands before an answer."""
        text = prompt.rstrip()
        for pair in self.pairs:
            if text.endswith(pair.open):
                return pair
        last = [mark_at(found[0]) for found in _ANY_MARK.finditer(text)][-1:]
        mark = last[0] if last else None
        if mark is None or mark.kind != "thought" or mark.closes:
            return None
        return Pair(mark.text, core=mark.core)

    def last_opened(self, template: str) -> str:
        """The last mark of a thought in the text of a template, where it opens one; or empty."""
        marks = [mark_at(found[0]) for found in _MARK.finditer(template)]
        thoughts = [mark for mark in marks if mark is not None and mark.kind == "thought"]
        return thoughts[-1].text if thoughts and not thoughts[-1].closes else ""


_HARMONY = "<|start|>assistant"
_PAIRS = (
    *(
        Pair(f"{before}<|channel|>{channel}<|message|>", "<|end|>")
        for before in ("", _HARMONY)
        for channel in ("analysis", "commentary")
    ),
    Pair("<|channel>thought", "<channel|>"),
    Pair("Here is my thought process:", "Here is my response:"),
    Pair("Here are my reasoning steps:", "[BEGIN FINAL RESPONSE]"),
)
_LEADS = ("<|channel|>final<|message|>", f"{_HARMONY}<|channel|>final<|message|>")


def thought_marks(wrappers: Wrappers, *more: tuple[str, str]) -> ThoughtMarks:
    """The marks of a model: known ones, those of its template, and `more` that somebody names."""
    pairs = [Pair(first, last) for first, last in more if first and last]
    leads = list(_LEADS)
    if wrappers.thought is not None:
        first, last = wrappers.thought
        # After the first mark of the end the answer's own may follow, or another thought.
        ended = _ANY_MARK.match(last)
        end = ended[0] if ended else last
        pairs.append(Pair(first, end))
        leads.append(last[len(end) :].strip())
    if wrappers.after_question.startswith(wrappers.generate):
        # What the template puts before an answer that was given, and asks no model for.
        leads.append(wrappers.after_question.removeprefix(wrappers.generate).strip())
    pairs += _PAIRS
    core = {pair.open: found.core for pair in pairs if (found := mark_at(pair.open))}
    pairs = [replace(pair, core=core.get(pair.open, "")) for pair in pairs]
    return ThoughtMarks(
        tuple(sorted(pairs, key=lambda pair: -len(pair.open))),
        tuple(sorted({lead for lead in leads if lead}, key=len, reverse=True)),
    )
