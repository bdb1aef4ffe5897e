"""The text box as it is drawn: with what is open in it, and its line of key hints."""

from __future__ import annotations

from collections.abc import Sequence

from ui.input.editing.draft import Draft
from ui.input.editing.pages import words_that_fit
from ui.keymap import State
from ui.screens.compose import ComposeView, Span
from ui.strings import Language, text


def box_view(draft: Draft, hint: str, pending: bool) -> ComposeView:
    """What is written, with what is open at the caret."""
    written, composition = draft.buffer, draft.composition
    if composition is not None:
        # A list that lies over it marks its own place; certainty is work.
        weakest = composition.weakest() if draft.layer is None else None
        line = composition.pinyin_line()
        spans = tuple(
            Span(composition.word_text(word), place == weakest)
            for place, word in enumerate(composition.words())
        )
        inside = composition.gap is not None and line.text
        pinyin_caret = line.caret if inside else None
        return ComposeView(
            written.text, written.caret, spans, line.text, hint, pending, pinyin_caret
        )
    spans = () if draft.open is None else (Span(draft.open.text()),)
    return ComposeView(written.text, written.caret, spans, hint=hint, pending=pending)


def key_hint(draft: Draft, next_words: Sequence[str], language: Language) -> str:
    """What the keys do; "" where the row is better used for text."""
    if draft.state is State.TEXT and next_words:
        label = text("keys.next-words", language)
        return f"{label}  {' '.join(words_that_fit(next_words, label))}"
    if draft.state is State.TEXT and not draft.buffer.text:
        return text("keys.empty", language)
    if draft.state is not State.PINYIN:
        return ""
    if draft.english is not None:
        known = len(draft.english.choices()) > 1
        return text("keys.english" if known else "keys.english-unlisted", language)
    inside = draft.composition is not None and draft.composition.gap is not None
    return text("keys.gap" if inside else "keys.pinyin", language)
