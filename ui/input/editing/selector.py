"""The list over the text: opening one, picking from it, forgetting a word in it, leaving it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ui.input.editing.choosing import EnglishChoice, LearntChoice, NextWordChoice, WordChoice
from ui.input.editing.draft import Draft
from ui.input.editing.forgetting import Forgetting, Picked
from ui.input.editing.layer import Pick
from ui.input.editing.outcome import CHANGED, NOTHING, NOTHING_TO_CHOOSE, EditResult, Hint
from ui.input.editing.syllable_bar import SyllableBar
from ui.input.editing.symbol_pages import SymbolPages
from ui.input.editing.symbols import Page, Symbols
from ui.input.engine import Engine
from ui.input.learning.next_word import learn_next_word


class Selector:
    """Lays lists over the draft, and takes from them what the digits pick."""

    def __init__(self, draft: Draft, engine: Engine) -> None:
        self._draft = draft
        self._engine = engine
        self._symbols = Symbols()
        self._forgetting = Forgetting(engine.habits)
        self._picked: Picked | None = None  # while its key may still be held

    # ------------------------------------------------------------ opening

    def choose(self, weakest: bool) -> EditResult:
        """The words for the last place of the sentence, or for its least certain one; in English
        those of the keys."""
        draft, composition = self._draft, self._draft.composition
        if draft.english is not None:
            draft.layer = EnglishChoice(draft.english)
            return CHANGED
        if composition is None or not composition.words():
            return NOTHING_TO_CHOOSE
        composition.settle()
        place = composition.weakest() if weakest else None
        last = len(composition.words()) - 1
        draft.layer = WordChoice(composition, last if place is None else place)
        return CHANGED

    def syllable_bar(self) -> EditResult:
        """The bar, or back from it."""
        draft, composition = self._draft, self._draft.composition
        if draft.layer is not None:
            self._leave()
            return CHANGED
        if composition is None or not composition.words():
            return NOTHING_TO_CHOOSE
        bar = SyllableBar(composition)
        if bar.empty:
            return NOTHING_TO_CHOOSE
        draft.layer = bar
        return CHANGED

    def put_syllable_back(self) -> bool:
        """At the edge of a gap: the syllable stands there again, in the bar; False elsewhere."""
        composition = self._draft.composition
        if composition is None or not composition.at_edge:
            return False
        self._draft.layer = SyllableBar(composition, composition.put_back())
        return True

    def symbols(self, kind: Page) -> EditResult:
        """Symbols or emoji; what is open is committed first."""
        self._draft.close()
        self._draft.layer = SymbolPages(self._symbols, kind)
        return CHANGED

    def next_symbols(self) -> bool:
        """Symbols of the next kind; False when none are shown."""
        pages = self._draft.layer
        if isinstance(pages, SymbolPages):
            pages.next_kind()
            return True
        return False

    def next_words(self, predict: Callable[[], list[str]]) -> bool:
        """The words that often follow the text, as `predict` tells them; False: none do."""
        learn = partial(learn_next_word, self._engine, self._draft.buffer.before)
        choice = NextWordChoice(predict, learn)
        if not choice.empty:
            self._draft.layer = choice
        return not choice.empty

    # ------------------------------------------------------------ picking

    def pick(self, digit: int) -> EditResult:
        """Take what stands at this digit."""
        layer, before = self._draft.layer, self._draft.buffer.written
        picked = None if layer is None else layer.pick(digit)
        if picked is None:
            return NOTHING
        if picked.hint is not None:
            return EditResult(False, picked.hint)
        result = self._take(picked)
        if result.changed and isinstance(layer, LearntChoice):
            self._picked = Picked(layer, before)
        return result

    def _take(self, picked: Pick) -> EditResult:
        if picked.commits:
            self._draft.close()
        elif not picked.stays:
            self._draft.layer = None
        return self._draft.put(picked.text) if picked.text else CHANGED

    def go(self, by: int) -> EditResult:
        """To the next or previous place to pick for."""
        layer = self._draft.layer
        return EditResult(layer is not None and layer.go(by))

    def turn_page(self, by: int) -> EditResult:
        layer = self._draft.layer
        return EditResult(layer is not None and layer.turn_page(by))

    def word_or_character(self) -> EditResult:
        """From words to single hanzi, or back."""
        layer = self._draft.layer
        if not isinstance(layer, WordChoice):
            return NOTHING
        layer.switch()
        return CHANGED

    def undo_pick(self) -> EditResult:
        """Undo what was forgotten just now, or picked since the layer was opened; nothing left: go
        back."""
        layer = self._draft.layer
        if layer is None:
            return NOTHING
        word = self._forgetting.undo()
        if word and isinstance(layer, LearntChoice):
            layer.renew()
            return EditResult(True, Hint.LEARNT_AGAIN, word=word)
        if not layer.undo():
            self._draft.layer = None
        return CHANGED

    def leave(self) -> bool:
        """Done with a list that only helps; False where D commits what is open, too."""
        layer = self._draft.layer
        if layer is None or layer.accepts_all:
            return False
        self._leave()
        return True

    def _leave(self) -> None:
        """Done with the layer; pinyin goes on at its end."""
        self._draft.layer = None
        if self._draft.composition is not None:
            self._draft.composition.leave_gap()

    # ------------------------------------------------------------ learning, forgetting

    def let_go(self) -> None:
        """What was picked stands: its key was not held."""
        if self._picked is not None:
            self._picked.layer.learn()
            self._picked = None

    def forget(self) -> EditResult:
        """The key was held: its pick is taken back, and what was learnt of the word forgotten.
        Where nothing was, it was picked slowly, and stays so."""
        picked = self._picked
        if picked is None:
            return NOTHING
        word = picked.layer.taken
        if not self._forgetting.forget(word):
            self.let_go()
            return EditResult(False, Hint.NOTHING_LEARNT, word=word)
        self._picked = None
        self._draft.buffer.restore(picked.before)
        picked.layer.unpick()
        self._renew(picked.layer)
        return EditResult(True, Hint.FORGOTTEN, word=word)

    def settle(self) -> None:
        """What was forgotten stays so."""
        self._forgetting.settle()

    def take_habits(self) -> None:
        """The habits were changed from outside: what is open follows them."""
        self._picked = None
        self.settle()
        layer = self._draft.layer
        if isinstance(layer, LearntChoice | SyllableBar):
            self._renew(layer)
        elif self._draft.composition is not None:
            self._draft.composition.take_habits()

    def _renew(self, layer: LearntChoice | SyllableBar) -> None:
        """Show what the habits make of a list now, as long as anything is in it."""
        self._draft.layer = layer if layer.renew() else None
