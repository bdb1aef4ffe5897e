"""The text editor behind the keypad: every typing intent in, text and views out.

The application drives it: `act` for each typing intent of `ui.keymap`, `tick` when the time of
`next_deadline` has come, `view` to draw. It knows no screen, no driver and no dialogue.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from ui.input.engine import Engine
from ui.input.user import UserWords
from ui.keymap import Action, State
from ui.views import ChooseView, ComposeView, Language, SyllableView, SymbolView, TextMode


class Hint(Enum):
    """What the user should be told about an action that did nothing."""

    FULL = "full"  # the text box or the composition holds no more
    NOTHING_TO_CHOOSE = "nothing-to-choose"
    NOTHING_TO_UNDO = "nothing-to-undo"


@dataclass(frozen=True, slots=True)
class EditResult:
    """What one intent did.

    `changed`: something visible changed. `hint`: why nothing did. `empty_delete`: A was pressed on
    an empty box; the application goes home.
    """

    changed: bool
    hint: Hint | None = None
    empty_delete: bool = False


class Editor:
    """Text, caret, the open composition and the mode of the digit keys.

    `clock` returns monotonic seconds; it times multi-tap only.
    """

    def __init__(
        self,
        engine: Engine,
        user: UserWords,
        clock: Callable[[], float],
        language: Language = Language.ZH,
        hints: bool = True,
    ) -> None:
        raise NotImplementedError

    @property
    def state(self) -> State:
        """One of TEXT, PINYIN, CHOOSE, SYLLABLES, SYMBOLS."""
        raise NotImplementedError

    @property
    def text(self) -> str:
        """What is committed."""
        raise NotImplementedError

    @property
    def caret(self) -> int:
        """Offset into `text`."""
        raise NotImplementedError

    @property
    def mode(self) -> TextMode:
        """HANZI, FULL_WIDTH, ENGLISH, CAPITALS or NUMBER, for the gutter (`mode.value`)."""
        raise NotImplementedError

    @property
    def strip(self) -> float | None:
        """Fraction left of the multi-tap time-out; None: nothing is timed."""
        raise NotImplementedError

    def act(self, action: Action) -> EditResult:
        """Do one typing intent; an intent that means nothing in this state changes nothing."""
        raise NotImplementedError

    def tick(self, now: float) -> bool:
        """Let time pass; True when something visible changed."""
        raise NotImplementedError

    def next_deadline(self) -> float | None:
        """When `tick` should be called next, in the clock's seconds."""
        raise NotImplementedError

    def sentence(self) -> str:
        """The text as if the composition were accepted now; for sending and for prefill."""
        raise NotImplementedError

    def accept(self) -> str:
        """Commit the open composition and give the whole text (D, long D, before talk)."""
        raise NotImplementedError

    def insert(self, text: str) -> None:
        """Insert recognised speech at the caret; an open composition is committed first."""
        raise NotImplementedError

    def set_text(self, text: str, caret: int | None = None) -> None:
        """Replace everything; the caret goes to `caret` or to the end."""
        raise NotImplementedError

    def clear(self) -> None:
        """Empty the box after its text was sent; nothing to undo."""
        raise NotImplementedError

    def view(self) -> ComposeView | ChooseView | SyllableView | SymbolView:
        """What to draw."""
        raise NotImplementedError
