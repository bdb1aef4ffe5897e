"""What typing taught the input method: how much, the words the user made, and forgetting them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from appliance.pages.confirm import Confirm
from appliance.pages.context import Context
from appliance.pages.menu import Entry, Menu, row
from appliance.pages.page import Outcome, Pop, Push
from ui.input.learning.learnt_words import OwnWord, Vocabulary
from ui.screens.menu import MenuItem


class Words(Protocol):
    """Forgetting holds at once. Where it cannot be stored, the store tells the user so."""

    def read(self) -> Vocabulary: ...

    def forget(self, word: OwnWord) -> None: ...

    def forget_all(self) -> None: ...


class LearntWordsPage(Menu):
    """The user's own words; the last row forgets everything that typing taught."""

    def __init__(self, words: Words, say: Callable[..., str]) -> None:
        self._words = words
        self._say = say
        super().__init__("", [])
        self._list()

    def _list(self) -> None:
        known = self._words.read()
        self._entries = [self._entry(word) for word in known.own]
        if known.words:
            self._title, self._hint = self._say("words.count", words=known.words), ""
            self._entries.append(row(self._say("words.forget-all"), self._ask_all))
        else:
            self._title, self._hint = self._say("words.title"), self._say("words.hint")
        self.selected = max(0, min(self.selected, len(self._entries) - 1))

    def _entry(self, word: OwnWord) -> Entry:
        return Entry(lambda: MenuItem(word.text, note=word.pinyin), lambda: self._ask(word))

    def _ask(self, word: OwnWord) -> Outcome:
        def forget() -> Outcome:
            self._words.forget(word)
            self._list()
            return Pop()

        about = f"{word.text}\n{word.pinyin}"
        return Push(Confirm(self._say("words.forget"), about, forget))

    def _ask_all(self) -> Outcome:
        def forget() -> Outcome:
            self._words.forget_all()
            self._list()
            return Pop()

        return Push(Confirm(self._say("words.forget-all"), self._say("words.all-text"), forget))


def learnt_words_entry(context: Context) -> Entry:
    """The row that opens the page."""
    return Entry(
        lambda: MenuItem(context.say("words.title")),
        lambda: Push(LearntWordsPage(context.app.editor.learnt, context.say)),
    )
