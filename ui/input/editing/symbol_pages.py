"""The open pages of symbols or emoji."""

from __future__ import annotations

from ui.input.editing.layer import Pick
from ui.input.editing.pages import PER_PAGE, pages_of
from ui.input.editing.symbols import Page, Symbols
from ui.keymap import State
from ui.screens.compose import ComposeView
from ui.screens.symbols import SymbolView
from ui.strings import Language


class SymbolPages:
    """Picking one symbol; the pages close with it."""

    state = State.SYMBOLS
    accepts_all = False

    def __init__(self, symbols: Symbols, kind: Page) -> None:
        self._symbols = symbols
        self._show(kind)

    def _show(self, kind: Page) -> None:
        self._kind = kind
        self._items = self._symbols.items(kind)
        self._page = 0

    def next_kind(self) -> None:
        """Full width, half width, emoji, round and round."""
        self._show(self._kind.next())

    def _shown(self) -> tuple[str, ...]:
        return self._items[self._page * PER_PAGE : (self._page + 1) * PER_PAGE]

    def pick(self, digit: int) -> Pick | None:
        shown = self._shown()
        if not 1 <= digit <= len(shown):
            return None
        item = shown[digit - 1]
        self._symbols.use(self._kind, item)
        return Pick(False, item)

    def turn_page(self, by: int) -> bool:
        count = pages_of(len(self._items))
        self._page = (self._page + by) % count
        return count > 1

    def go(self, by: int) -> bool:
        return False

    def undo(self) -> bool:
        return False

    def view(self, below: ComposeView, language: Language) -> SymbolView:
        title = self._symbols.title(self._kind, language)
        return SymbolView(title, self._shown(), self._page + 1, pages_of(len(self._items)))
