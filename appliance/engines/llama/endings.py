"""What ends an answer beside the model's own end token: the marks of its turns.

A model whose end token was set wrong, or that has none, goes on with the user's next turn. It is
told by the marks that its template puts between turns: tokens where the vocabulary has them, else
texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from appliance.engines.llama.marks import ThoughtMarks, mark_at
from appliance.engines.llama.wrappers import Wrappers

_MARK = re.compile(r"<[/|｜]*[A-Za-z][^<>\s]{0,40}>|\[\|?/?[A-Z][A-Za-z_]{1,30}\|?\]|<</?[A-Z]+>>")
_LETTER = re.compile(r"[^\W\d_]")


class Vocabulary(Protocol):
    """What must be known of a model's tokens."""

    def tokenize(self, text: str, control: bool) -> list[int]: ...
    def is_mark(self, token: int) -> bool: ...
    def control_text(self, token: int) -> str: ...
    @property
    def end_token(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Endings:
    """`tokens` and `texts` end an answer. `hard` are those of the texts that end a thought too.

    `tails` are the tokens as text: some models spell the end that they mean.
    """

    tokens: frozenset[int] = frozenset()
    texts: tuple[str, ...] = ()
    hard: tuple[str, ...] = ()
    tails: tuple[str, ...] = ()


def endings(
    wrappers: Wrappers, stops: Iterable[str], thoughts: ThoughtMarks, vocabulary: Vocabulary
) -> Endings:
    """Of a template, and of further `stops` that somebody names."""
    spared = _spared(thoughts)
    turns = (wrappers.after_answer, wrappers.after_question, wrappers.generate)
    marks = {mark for text in turns for mark in _marks(text)}
    # What a turn begins with ends the one before, in brackets or not.
    tokens = {token for text in turns for token in vocabulary.tokenize(text, control=True)[:1]}
    texts: list[str] = []
    for text in (*wrappers.stops, *stops, *sorted(marks)):
        found = vocabulary.tokenize(text, control=True)
        if len(found) == 1 and vocabulary.is_mark(found[0]):
            tokens.add(found[0])
        elif text:
            texts.append(text)
    hard = tuple(text for text in texts if text in marks and text not in spared)
    texts += [text for turn in turns for text in _plain(turn)]
    marked = frozenset(filter(vocabulary.is_mark, tokens))
    ends = sorted(map(vocabulary.control_text, {*marked, vocabulary.end_token}))
    tails = tuple(text for text in ends if text and text not in texts)
    return Endings(marked, tuple(dict.fromkeys(texts)), hard, tails)


def _marks(text: str) -> list[str]:
    """Marks in brackets that stand between turns; those of thoughts are none of them."""
    return [mark for mark in _MARK.findall(text) if mark_at(mark) is None]


def _spared(thoughts: ThoughtMarks) -> str:
    """All that a thought is made of, and so does not end it."""
    return " ".join((*(f"{pair.open} {pair.close}" for pair in thoughts.pairs), *thoughts.leads))


def _plain(text: str) -> list[str]:
    """The head of a turn that is written in plain words, such as `USER:`: its name, and all."""
    head = _MARK.sub("", text).strip()
    named = [line.strip() for line in head.split("\n") if _is_name(line)]
    if not named:
        return []
    starts = ("\n",) if "\n" in text else ("\n", " ")
    return [start + one for start in starts for one in (named[-1], head)]


def _is_name(line: str) -> bool:
    return bool(_LETTER.search(line)) and any(sign in line for sign in ":：#")
