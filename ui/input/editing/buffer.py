"""The committed text and the caret in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MAX_TEXT: Final = 2000  # characters of the box


@dataclass(frozen=True, slots=True)
class Written:
    """What stood in the box at one moment, and where its caret was."""

    text: str
    caret: int


class TextBuffer:
    """Text with a caret: an offset, 0 to the text's length."""

    def __init__(self) -> None:
        self.text = ""
        self.caret = 0
        self._word_end: Written | None = None  # what stood here after an English word

    @property
    def written(self) -> Written:
        """What stands here now, for `restore`."""
        return Written(self.text, self.caret)

    def restore(self, written: Written) -> None:
        """Let stand here again what once did, whole."""
        self.text, self.caret = written.text, written.caret

    @property
    def before(self) -> str:
        """The text up to the caret."""
        return self.text[: self.caret]

    @property
    def after(self) -> str:
        """The text from the caret on."""
        return self.text[self.caret :]

    @property
    def room(self) -> int:
        """Characters that still fit; negative after a composition that was let in whole."""
        return MAX_TEXT - len(self.text)

    def set(self, text: str, caret: int | None = None) -> None:
        """Replace everything; the caret goes to `caret` or to the end."""
        self.text = text[:MAX_TEXT]
        size = len(self.text)
        self.caret = size if caret is None else max(0, min(size, caret))

    def put(self, text: str) -> bool:
        """Insert at the caret as much as fits; False when nothing does."""
        if self.room <= 0:
            return False
        self.put_whole(text[: self.room])
        return True

    def put_word(self, text: str) -> bool:
        """The same for an English word, after which another is parted by a space."""
        put = self.put(text)
        self._word_end = self.written
        return put

    @property
    def after_word(self) -> bool:
        """Whether nothing was done since an English word was put here."""
        return self._word_end == self.written

    def put_whole(self, text: str) -> None:
        """Insert at the caret what must not be cut."""
        self.text = self.before + text + self.after
        self.caret += len(text)

    def replace(self, character: str) -> None:
        """Another character for the one before the caret."""
        self.text = self.text[: self.caret - 1] + character + self.after

    def delete(self) -> bool:
        """Take away the character before the caret; False at the start."""
        if not self.caret:
            return False
        self.text = self.text[: self.caret - 1] + self.after
        self.caret -= 1
        return True

    def move(self, by: int) -> bool:
        """Move the caret, at most to an end; False when it stands there."""
        caret = max(0, min(len(self.text), self.caret + by))
        moved = caret != self.caret
        self.caret = caret
        return moved


def wide(text: str) -> str:
    """The full-width forms of printable ASCII; everything else as it is."""
    return "".join(_wide(character) for character in text)


def _wide(character: str) -> str:
    if character == " ":
        return "\u3000"
    return chr(ord(character) + 0xFEE0) if "!" <= character <= "~" else character
