"""Choosing words: of the open composition, or of the open English word."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence

from ui.input.composition import Composition
from ui.input.editing.english_word import EnglishWord
from ui.input.editing.layer import Layer, Pick
from ui.input.editing.pages import paginate
from ui.keymap import State
from ui.screens.choose import ChooseView
from ui.screens.compose import ComposeView
from ui.strings import Language, Text

_NEXT_WORD = Text("联想", "next word")


class _Paged:
    """Candidates by pages as large as the glass shows at once."""

    state = State.CHOOSE
    accepts_all = True

    def __init__(self, texts: Sequence[str]) -> None:
        self._show(texts)

    def _show(self, texts: Sequence[str], page: int = 0) -> None:
        self._texts = texts
        self._pages = paginate(texts) or [range(0)]
        self._page = min(page, len(self._pages) - 1)

    def _at(self, digit: int) -> int | None:
        """The number of the candidate on this digit."""
        page = self._pages[self._page]
        return page[digit - 1] if 1 <= digit <= len(page) else None

    def turn_page(self, by: int) -> bool:
        self._page = (self._page + by) % len(self._pages)
        return len(self._pages) > 1

    def _view(
        self, below: ComposeView, words: Sequence[str], current: int, pinyin: str
    ) -> ChooseView:
        shown = tuple(self._texts[at] for at in self._pages[self._page])
        before, after = below.text[: below.caret], below.text[below.caret :]
        return ChooseView(
            tuple(words), current, pinyin, shown, self._page + 1, len(self._pages), before, after
        )


class LearntChoice(_Paged, Layer):
    """Choosing among words of which typing may have taught something."""

    @property
    @abstractmethod
    def taken(self) -> str:
        """The word of the last pick."""

    @abstractmethod
    def unpick(self) -> None:
        """Show again what the last pick was made from."""

    def learn(self) -> None:
        """The last pick stands."""

    @abstractmethod
    def renew(self) -> bool:
        """List anew what the habits make of it now; False when nothing is left to choose from."""


class WordChoice(LearntChoice):
    """Choosing for the word at `place`; a pick goes on to the next word that is in doubt."""

    def __init__(self, composition: Composition, place: int) -> None:
        self._composition = composition
        self._place = place
        self._characters = False
        self._picked = 0  # what can be undone before going back
        self._last = (place, False, 0, "")  # place, hanzi or words, page and word of the last pick
        self._go_to(place)

    def _go_to(self, place: int, characters: bool = False, page: int = 0) -> None:
        composition = self._composition
        self._place, self._characters = place, characters
        found = composition.characters(place) if characters else composition.candidates(place)
        self._candidates = found
        self._show([item.text for item in found], page)

    def pick(self, digit: int) -> Pick | None:
        at = self._at(digit)
        if at is None:
            return None
        picked = self._candidates[at]
        self._last = (self._place, self._characters, self._page, picked.text)
        self._composition.pick(picked)
        self._picked += 1
        following = self._composition.doubted_after(self._place)
        if following is not None:
            self._go_to(following)
        return Pick(following is not None)

    def go(self, by: int) -> bool:
        place = self._place + by
        if not 0 <= place < len(self._composition.words()):
            return False
        self._go_to(place, self._characters)
        return True

    def undo(self) -> bool:
        if not self._picked or not self._composition.undo_pick():
            return False
        self._picked -= 1
        self._go_to(min(max(0, self._place - 1), len(self._composition.words()) - 1))
        return True

    @property
    def taken(self) -> str:
        return self._last[-1]

    def unpick(self) -> None:
        place, characters, page, _ = self._last
        self._composition.undo_pick()
        self._picked -= 1
        # Without a word that was forgotten the sentence may have become shorter.
        self._go_to(min(place, len(self._composition.words()) - 1), characters, page)

    def renew(self) -> bool:
        composition = self._composition
        start = composition.words()[self._place].start
        composition.take_habits()
        places = [n for n, word in enumerate(composition.words()) if word.start <= start]
        if places:
            self._go_to(places[-1], self._characters, self._page)
        return bool(places)

    def switch(self) -> None:
        """From words to single hanzi, or back."""
        self._go_to(self._place, not self._characters)

    def view(self, below: ComposeView, language: Language) -> ChooseView:
        composition = self._composition
        words = composition.words()
        pinyin = "'".join(composition.reading(words[self._place]))
        return self._view(
            below, [composition.word_text(word) for word in words], self._place, pinyin
        )


class EnglishChoice(_Paged):
    """Choosing what the keys of the open English word mean."""

    def __init__(self, word: EnglishWord) -> None:
        super().__init__(word.choices())
        self._word = word

    def pick(self, digit: int) -> Pick | None:
        at = self._at(digit)
        if at is None:
            return None
        self._word.choose(at)
        return Pick(False, commits=True)

    def go(self, by: int) -> bool:
        return False

    def undo(self) -> bool:
        return False

    def view(self, below: ComposeView, language: Language) -> ChooseView:
        return self._view(below, [self._word.text()], 0, "")


class NextWordChoice(LearntChoice):
    """Choosing what often follows the text before the caret, as `predict` tells it; `learn` is
    told what was picked."""

    accepts_all = False

    def __init__(self, predict: Callable[[], list[str]], learn: Callable[[str], None]) -> None:
        self._predict = predict
        self._learn = learn
        self._last = ""
        super().__init__(predict())

    @property
    def empty(self) -> bool:
        """Whether nothing is known to follow."""
        return not self._texts

    def pick(self, digit: int) -> Pick | None:
        at = self._at(digit)
        if at is None:
            return None
        self._last = self._texts[at]
        return Pick(False, self._last)

    @property
    def taken(self) -> str:
        return self._last

    def unpick(self) -> None:
        """The list is as it was."""

    def learn(self) -> None:
        self._learn(self._last)

    def renew(self) -> bool:
        self._show(self._predict(), self._page)
        return not self.empty

    def go(self, by: int) -> bool:
        return False

    def undo(self) -> bool:
        return False

    def view(self, below: ComposeView, language: Language) -> ChooseView:
        return self._view(below, [], 0, _NEXT_WORD.of(language))
