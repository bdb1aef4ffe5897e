"""What lies over the text box and gives the digit keys a meaning of its own while it is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ui.input.editing.outcome import Hint
from ui.keymap import State
from ui.screens.choose import ChooseView
from ui.screens.compose import ComposeView
from ui.screens.syllables import SyllableView
from ui.screens.symbols import SymbolView
from ui.strings import Language

LayerView = ChooseView | SyllableView | SymbolView


@dataclass(frozen=True, slots=True)
class Pick:
    """What picking led to: whether the layer stays open, `text` to write, why nothing happened.

    `commits`: what is open was chosen, and is to be written.
    """

    stays: bool
    text: str = ""
    hint: Hint | None = None
    commits: bool = False


class Layer(Protocol):
    """A list to pick from. `accepts_all`: D commits the composition, too."""

    state: State
    accepts_all: bool

    def pick(self, digit: int) -> Pick | None:
        """Take what stands at this digit; None where nothing does."""

    def turn_page(self, by: int) -> bool:
        """Another page, round and round; False when there is one only."""

    def go(self, by: int) -> bool:
        """To the next or previous place to pick for; False when there is none."""

    def undo(self) -> bool:
        """Take the last pick back; False when there is none: the layer closes."""

    def view(self, below: ComposeView, language: Language) -> LayerView:
        """What to draw; `below` is the box without the layer."""
