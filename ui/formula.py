"""The little TeX that language models write in sums, as the signs it stands for.

`3 \\times 4` becomes 3 × 4, `\\frac{1}{2}` 1/2 and `\\sqrt{2}` √(2). Only words of the table are
taken: a Windows path or an unknown command stays as it is. Code is left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ui.markup import Block, Piece
from ui.tex_signs import SIGNS

# What stands for the braces of a command's groups: (opening, closing) of each in turn.
_GROUPS = {
    "frac": (("", "/"), ("", "")),
    "dfrac": (("", "/"), ("", "")),
    "sqrt": (("(", ")"),),
    "text": (("", ""),),
    "mathrm": (("", ""),),
    "boxed": (("", ""),),
}
_HEADS = {"sqrt": "√"}
_THIN_SPACES = ",;"  # after a backslash
_DROPPED = {"left", "right", "displaystyle"}
_LONGEST = max(map(len, (*SIGNS, *_GROUPS, *_DROPPED)))
_NO_COMMAND_AFTER = set(":\\")  # C:\times is a path

Group = tuple[str, str]


class Formulas:
    """Pieces of shown text in, pieces in which the commands are replaced out."""

    def __init__(self) -> None:
        self._word: list[Piece] = []  # a backslash and the letters after it
        self._expected: list[Group] = []  # groups that may come next
        self._open: list[tuple[str, list[Group]]] = []  # closings, and what then may come
        self._before = " "
        self._code = False

    def feed(self, pieces: Iterable[Piece]) -> Iterator[Piece]:
        """Take more pieces; yields what can be shown for certain."""
        for piece in pieces:
            if self._word and _is_letter(piece.char) and len(self._word) <= _LONGEST:
                self._word.append(piece)
                continue
            if len(self._word) == 1 and piece.char in _THIN_SPACES:
                self._word.clear()
                continue
            yield from self.finish()
            yield from self._take(piece)

    def finish(self) -> Iterator[Piece]:
        """No letter comes after what may be a command: yields what it is."""
        word, self._word = self._word, []
        name = "".join(piece.char for piece in word[1:])
        if name in SIGNS:
            yield from self._show(word[0]._replace(char=SIGNS[name]))
        elif name in _GROUPS:
            self._expected = list(_GROUPS[name])
            if name in _HEADS:
                yield from self._show(word[0]._replace(char=_HEADS[name]))
        elif name not in _DROPPED:
            for piece in word:
                yield from self._show(piece)

    def _take(self, piece: Piece) -> Iterator[Piece]:
        char = piece.char
        if char == "\n":
            self._code = piece.block is Block.CODE
            self._open.clear()
        expected, self._expected = self._expected, []
        if self._code:
            yield piece
        elif char == "\\" and self._before not in _NO_COMMAND_AFTER:
            self._word.append(piece)
        elif char == "{" and (expected or self._open):
            # Braces of no command's inside one only group what they hold.
            (opening, closing), *later = expected or [("", "")]
            self._open.append((closing, later))
            yield from self._sign(opening, piece)
        elif char == "}" and self._open:
            closing, self._expected = self._open.pop()
            yield from self._sign(closing, piece)
        else:
            yield from self._show(piece)

    def _sign(self, sign: str, brace: Piece) -> Iterator[Piece]:
        if sign:
            yield from self._show(brace._replace(char=sign))

    def _show(self, piece: Piece) -> Iterator[Piece]:
        self._before = piece.char
        yield piece


def _is_letter(char: str) -> bool:
    return char.isascii() and char.isalpha()
