"""The simple marks that language models write, taken out while the text streams.

A small part of CommonMark, enough to show text plainly: headings, lists, quotes, fences, rules,
`**bold**`, `*emphasis*` and code spans; of tables the ruling row and the outer bars go. A mark
that turns out to be text (2*3, C#) stays text. What may still become a mark is held back until the
next character or `finish`. Empty lines between paragraphs are not shown: the glass has five.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple


class Block(Enum):
    """What kind of paragraph a line belongs to."""

    TEXT = auto()
    HEADING = auto()
    ITEM = auto()  # a bullet
    SUBITEM = auto()  # a bullet inside another list
    NUMBERED = auto()  # the number is part of the text
    QUOTE = auto()
    CODE = auto()
    RULE = auto()  # one space


class Piece(NamedTuple):
    """One character to show and its offset in the source; a "\\n" begins a paragraph."""

    char: str
    offset: int
    block: Block = Block.TEXT


# A line's beginning as long as it may still become a mark ...
_MAYBE = re.compile(r" *(#{1,6}|[-+*] ?|\d{1,3}([.)] ?)?|>|`{1,3}|-[- ]*|\*[* ]*|\|[-:| ]*)?")
_LONGEST = 80
# ... and what it has become once a character does not fit any more.
_MARKS = (
    (re.compile(r" *#{1,6} "), Block.HEADING),
    (re.compile(r" {2,}[-+*] (?=[^ ])"), Block.SUBITEM),
    (re.compile(r" *[-+*] (?=[^ ])"), Block.ITEM),
    (re.compile(r" *> ?"), Block.QUOTE),
    (re.compile(r" *(?=\d{1,3}[.)] )"), Block.NUMBERED),
)
_TABLE_ROW = re.compile(r" *\| *")
_RULE = re.compile(r" *([-*])( *\1){2,} *")
_TABLE_RULE = re.compile(r" *\|[-:| ]*-[-:| ]*")
_FENCE = "```"
_ESCAPABLE = set("\\`*_{}[]()#+-.!|>~")


class Markup:
    """Turns source text, in pieces of any size, into what is shown."""

    def __init__(self) -> None:
        self._offset = 0  # of the next source character
        self._head: list[Piece] | None = []  # the line's beginning while it may be a mark
        self._stars: list[Piece] = []  # a run whose neighbour on the right is not known yet
        self._escape: Piece | None = None
        self._last = " "  # the character shown before
        self._open: set[str] = set()  # inline marks that are open
        self._code = False  # inside a fence
        self._row = False  # inside a row of a table
        self._bar: list[Piece] = []  # one that may be the row's last, and spaces after it
        self._skip = False  # to the end of this line
        self._block: Block | None = None  # of the paragraph that the next character begins
        self._shown = False

    def feed(self, text: str) -> Iterator[Piece]:
        """Take more source text; yields what can be shown for certain."""
        for char in text:
            piece = Piece(char, self._offset)
            self._offset += 1
            if char == "\r":
                continue
            if self._head is None:
                yield from self._inside(piece)
            else:
                self._head.append(piece)
                yield from self._begin()

    def finish(self) -> Iterator[Piece]:
        """No more source comes: yields what was held back."""
        if self._head:
            head = "".join(piece.char for piece in self._head)
            if _RULE.fullmatch(head) and not self._code:
                yield from self._rule()
            else:
                yield from self._release(0)
        yield from self._settle("\n")

    # ------------------------------------------------------------ a line's beginning

    def _begin(self) -> Iterator[Piece]:
        """Decide what the line's beginning is, or wait for more of it."""
        head = "".join(piece.char for piece in self._head or ())
        if head.strip() == _FENCE:
            self._code = not self._code
            self._head, self._skip = None, True
        elif head.endswith("\n"):
            yield from self._whole_line(head[:-1])
        elif self._code:
            if len(head) > _LONGEST or not _FENCE.startswith(head.strip()):
                yield from self._release(0)
        elif len(head) > _LONGEST or not _MAYBE.fullmatch(head):
            yield from self._decided(head)

    def _whole_line(self, head: str) -> Iterator[Piece]:
        """The line ended while its beginning was undecided."""
        if not head.strip() or (_TABLE_RULE.fullmatch(head) and not self._code):
            self._end_line()
        elif _RULE.fullmatch(head) and not self._code:
            yield from self._rule()
            self._end_line()
        else:
            yield from self._release(0)

    def _decided(self, head: str) -> Iterator[Piece]:
        for pattern, block in _MARKS:
            found = pattern.match(head)
            if found:
                self._block = block
                yield from self._release(found.end())
                return
        row = _TABLE_ROW.match(head)
        self._row = row is not None
        yield from self._release(row.end() if row else 0)

    def _rule(self) -> Iterator[Piece]:
        assert self._head
        self._block = Block.RULE
        yield from self._show(Piece(" ", self._head[0].offset))
        self._head = None

    def _release(self, skipped: int) -> Iterator[Piece]:
        """The line's beginning is text, but for the mark of `skipped` characters."""
        held, self._head = self._head or [], None
        for piece in held[skipped:]:
            yield from self._inside(piece)

    def _end_line(self) -> None:
        self._head, self._skip, self._last = [], False, " "
        self._row, self._bar = False, []
        self._open.clear()
        self._block = Block.CODE if self._code else Block.TEXT

    # ------------------------------------------------------------ inside a line

    def _inside(self, piece: Piece) -> Iterator[Piece]:
        char = piece.char
        if char == "*" and not self._code and "`" not in self._open and self._escape is None:
            self._stars.append(piece)
            return
        escaped = self._escape is not None and char in _ESCAPABLE
        yield from self._settle(char)
        if self._row and not escaped and (char == "|" or (self._bar and char == " ")):
            self._bar.append(piece)
            return
        if char != "\n":
            yield from self._inner_bar()
        if char == "\n":
            self._end_line()
        elif self._skip:
            return
        elif self._code or escaped:
            yield from self._show(piece)
        elif char == "`":
            self._open ^= {"`"}
        elif char == "\\" and "`" not in self._open:
            self._escape = piece
        else:
            yield from self._show(piece)

    def _inner_bar(self) -> Iterator[Piece]:
        """A bar with something after it parts two cells."""
        bar, self._bar = self._bar, []
        for piece in bar:
            yield from self._show(piece)

    def _settle(self, after: str) -> Iterator[Piece]:
        """What waited for its right neighbour `after` is now a mark, and dropped, or text."""
        escape, self._escape = self._escape, None
        if escape is not None and after not in _ESCAPABLE:
            yield from self._show(escape)
        stars, self._stars = self._stars, []
        if not stars:
            return
        run = "*" * len(stars)
        closes = run in self._open and not self._last.isspace()
        in_word = _is_word(self._last) and _is_word(after)
        if closes or not (after.isspace() or in_word or len(run) > 3):
            self._open ^= {run}
            return
        for star in stars:
            yield from self._show(star)

    def _show(self, piece: Piece) -> Iterator[Piece]:
        if self._block is not None:
            if self._shown or self._block is not Block.TEXT:
                yield Piece("\n", piece.offset, self._block)
            self._block = None
        self._shown = True
        self._last = piece.char
        yield piece


def _is_word(char: str) -> bool:
    return char.isascii() and char.isalnum()
