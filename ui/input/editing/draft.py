"""What is being written: the text, what is still open at its caret, and the list over both."""

from __future__ import annotations

from ui.input.composition import Composition
from ui.input.editing.buffer import TextBuffer, Written
from ui.input.editing.english_word import EnglishWord
from ui.input.editing.layer import Layer
from ui.input.editing.outcome import CHANGED, FULL, EditResult
from ui.keymap import State


class Draft:
    """The text in its `buffer`; the sentence or word whose keys are `open`; the `layer` of things
    to pick that lies over them."""

    def __init__(self) -> None:
        self.buffer = TextBuffer()
        self.open: Composition | EnglishWord | None = None
        self.layer: Layer | None = None

    @property
    def state(self) -> State:
        """TEXT, PINYIN where something is open, or the state of the layer."""
        if self.layer is not None:
            return self.layer.state
        return State.TEXT if self.open is None else State.PINYIN

    @property
    def composition(self) -> Composition | None:
        """What is open, when it is pinyin."""
        return self.open if isinstance(self.open, Composition) else None

    @property
    def english(self) -> EnglishWord | None:
        """What is open, when it is English."""
        return self.open if isinstance(self.open, EnglishWord) else None

    @property
    def at_edge(self) -> bool:
        """The caret stands in a gap in the pinyin into which nothing is typed yet."""
        return self.composition is not None and self.composition.at_edge

    def as_accepted(self) -> Written:
        """The text and the caret as if what is open were committed now."""
        before = self.buffer.before + ("" if self.open is None else self.open.text())
        return Written(before + self.buffer.after, len(before))

    def open_words(self) -> tuple[str, ...]:
        """The words of what is open as they are shown; empty when nothing is."""
        if self.composition is not None:
            return tuple(map(self.composition.word_text, self.composition.words()))
        return () if self.open is None else (self.open.text(),)

    # ------------------------------------------------------------ changing it

    def put(self, text: str) -> EditResult:
        """Insert at the caret, as much as the box holds."""
        return CHANGED if self.buffer.put(text) else FULL

    def undo_key(self) -> None:
        """Take the last key of what is open back."""
        if self.open is not None:
            self.open.delete()
            if self.open.empty:
                self.open = None

    def close(self) -> None:
        """Commit what is open; nothing lies over the text any more."""
        composition, english = self.composition, self.english
        self.drop()
        if composition is not None and composition.keys:
            # Hanzi have one width, and what was decoded is never cut.
            self.buffer.put_whole(composition.commit())
        elif english is not None:
            self.buffer.put_word(english.commit())

    def drop(self) -> None:
        """Give up what is open, and what lies over the text."""
        self.open = self.layer = None
