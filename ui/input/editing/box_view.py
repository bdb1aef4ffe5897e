"""The text box as it is drawn: with what is open in it, and its line of key hints."""

from __future__ import annotations

from collections.abc import Sequence

from ui.input.composition import Composition
from ui.input.editing.english_word import EnglishWord
from ui.input.editing.pages import words_that_fit
from ui.keymap import State
from ui.screens.compose import ComposeView, Span
from ui.strings import Language, text

Open = Composition | EnglishWord | None


def box_view(written: str, caret: int, opened: Open, hint: str, pending: bool) -> ComposeView:
    """What is written, with what is open at the caret."""
    if isinstance(opened, Composition):
        weakest, line = opened.weakest(), opened.pinyin_line()
        spans = tuple(
            Span(opened.word_text(word), place == weakest)
            for place, word in enumerate(opened.words())
        )
        inside = opened.gap is not None and line.text
        pinyin_caret = line.caret if inside else None
        return ComposeView(written, caret, spans, line.text, hint, pending, pinyin_caret)
    spans = () if opened is None else (Span(opened.text()),)
    return ComposeView(written, caret, spans, hint=hint, pending=pending)


def key_hint(
    state: State, opened: Open, written: str, next_words: Sequence[str], language: Language
) -> str:
    """What the keys do; "" where the row is better used for text."""
    if state is State.TEXT and next_words:
        label = text("keys.next-words", language)
        return f"{label}  {' '.join(words_that_fit(next_words, label))}"
    if state is State.TEXT and not written:
        return text("keys.empty", language)
    if state is not State.PINYIN:
        return ""
    if isinstance(opened, EnglishWord):
        return text("keys.english", language)
    inside = opened is not None and opened.gap is not None
    return text("keys.gap" if inside else "keys.pinyin", language)
