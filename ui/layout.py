"""Text to lines, incrementally: appending costs what is appended, whatever stands above it.

Breaks follow `ui.linebreak`. Full-width punctuation is set as clreq's "punctuation width
adjustment" has it: of two marks in a row, or at a line's end, the empty half is taken out; what
opens loses its empty half at a line's start. A closing mark that finds no room hangs in the gutter.
A word wider than the line is broken where it must be.

A closed line is never touched again, which is what the drawing, scrolling and the wire live on.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from ui.font import Face
from ui.formula import Formulas
from ui.framebuffer import HEIGHT, Framebuffer
from ui.linebreak import Breaker, Class, line_break_class
from ui.markup import Block, Markup, Piece

TEXT_WIDTH = 120  # ten hanzi
HANG = 6  # px of the gutter that punctuation may use
_TAB = 24
_INDENT = {
    Block.ITEM: 8,
    Block.SUBITEM: 16,
    Block.NUMBERED: 12,
    Block.QUOTE: 5,
    Block.CODE: 5,
}
_LONGEST_LINE = 512  # characters; only marks without advance come near it
_CLOSERS = set("、。，．：；！？」』】〕〉》）］｝〗〙〛”’")
_OPENERS = set("「『【〔〈《（［｛〖〘〚“‘")
_HANGING = _CLOSERS | set(",.;:!?)]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a layout.

    `start` and `end` bound its source text: the lines' sources joined are the whole source.
    `text` is what is shown, character i of it drawn at `xs[i]` and standing at `offsets[i]` in the
    source. `right` is where the pen stopped. `first`: the paragraph begins here.
    """

    start: int
    end: int
    text: str
    xs: tuple[int, ...]
    offsets: tuple[int, ...]
    right: int
    block: Block
    first: bool

    def draw(self, frame: Framebuffer, face: Face, x: int, y: int) -> None:
        """Draw the line with its top left at (x, y), with its paragraph's mark."""
        _draw_mark(self, frame, face, x, y)
        for char, at in zip(self.text, self.xs, strict=True):
            frame.draw(face.glyph(char).image, x + at, y)

    def extent(self, start: int, end: int) -> tuple[int, int] | None:
        """From and to which x the source characters [start, end) stand; None if not here."""
        first = bisect_left(self.offsets, start)
        last = bisect_left(self.offsets, end)
        if first >= last:
            return None
        return self._pen(first), self._pen(last)

    def x_of(self, offset: int) -> int:
        """Where a caret before this source offset stands."""
        return self._pen(bisect_left(self.offsets, offset))

    def _pen(self, index: int) -> int:
        return max(self.xs[index], 0) if index < len(self.xs) else self.right


def _draw_mark(line: Line, frame: Framebuffer, face: Face, x: int, y: int) -> None:
    if line.block is Block.ITEM and line.first:
        frame.fill(x + 1, y + face.baseline // 2 - 1, 3, 3)
    elif line.block is Block.SUBITEM and line.first:
        frame.hline(x + 9, y + face.baseline // 2, 4)
    elif line.block in (Block.QUOTE, Block.CODE):
        frame.vline(x, y, face.height)
    elif line.block is Block.HEADING:
        frame.dots(x, y + face.height - 1, TEXT_WIDTH)
    elif line.block is Block.RULE:
        frame.hline(x + 30, y + face.height // 2, 60)


class _Cell(NamedTuple):
    char: str
    offset: int
    x: int  # where the image is drawn
    pen: int  # the pen before it
    advance: int
    breakable: bool  # a line may begin here


class Layout:
    """Lines of at most `width` px, growing with `append`.

    `markup` takes the marks of `ui.markup` and `ui.formula` out; without it every character is
    shown and "\\n" ends a line. `hang` px beyond the width may hold one closing mark a line. Not
    thread-safe.
    """

    def __init__(
        self, face: Face, width: int = TEXT_WIDTH, *, hang: int = 0, markup: bool = False
    ) -> None:
        self.face = face
        self.width = width
        self.hang = hang
        self._markup = Markup() if markup else None
        self._formulas = Formulas()
        self._source = 0  # length of the source taken
        self._lines: list[Line] = []
        self._breaker = Breaker()
        self._block = Block.TEXT
        self._open_line(0, first=True)

    # ------------------------------------------------------------ reading

    @property
    def length(self) -> int:
        """Characters of source text taken so far."""
        return self._source

    def __len__(self) -> int:
        """Number of lines; an empty layout has one, empty."""
        return len(self._lines) + 1

    def __getitem__(self, index: int) -> Line:
        """A line by number from 0. Raises IndexError."""
        if index == len(self._lines):
            return self._current()
        if not 0 <= index < len(self._lines):
            raise IndexError(index)
        return self._lines[index]

    def line_of(self, offset: int) -> int:
        """The number of the line that holds this source offset (the last one for the end)."""
        return min(bisect_right(self._lines, offset, key=lambda line: line.end), len(self._lines))

    # ------------------------------------------------------------ growing

    def append(self, text: str) -> None:
        """Take more source text."""
        start = self._source
        self._source += len(text)
        if self._markup is not None:
            self._put_pieces(self._formulas.feed(self._markup.feed(text)))
            return
        for offset, char in enumerate(text, start):
            if line_break_class(char) is Class.BK:
                self._close(offset + 1)
                self._open_line(offset + 1, first=True)
            else:
                self._put(char, offset)

    def finish(self) -> None:
        """No more text comes: show what was held back as a possible mark."""
        if self._markup is not None:
            self._put_pieces(self._formulas.feed(self._markup.finish()))
            self._put_pieces(self._formulas.finish())

    def rewind(self, offset: int) -> int:
        """Forget the source from somewhere at or before `offset`; returns from where.

        The caller appends the text again from there. Only without markup. Costs what is forgotten.
        """
        keep = max(self.line_of(offset) - 1, 0)  # what follows may move a word down, not up
        start = self[keep].start
        first = self[keep].first
        del self._lines[keep:]
        self._source = start
        self._breaker.reset()
        self._open_line(start, first=first)
        return start

    # ------------------------------------------------------------ one line

    def _put_pieces(self, pieces: Iterable[Piece]) -> None:
        for piece in pieces:
            if piece.char == "\n":
                if self._lines or self._cells:
                    self._close(piece.offset)
                self._block = piece.block
                self._open_line(self._lines[-1].end if self._lines else 0, first=True)
            elif line_break_class(piece.char) is Class.BK:
                self._put(" ", piece.offset)
            else:
                self._put(piece.char, piece.offset)

    def _open_line(self, start: int, *, first: bool) -> None:
        self._start = start
        self._first = first
        self._cells: list[_Cell] = []
        self._pen = self._indent = _INDENT.get(self._block, 0)
        if first:
            self._breaker.reset()
            if self._block is Block.NUMBERED:
                self._pen = 0
        self._break_at = 0  # index of the last cell that a line may begin with
        self._hung = False

    def _current(self, end: int | None = None) -> Line:
        cells = self._cells
        return Line(
            self._start,
            self._source if end is None else end,
            "".join(cell.char for cell in cells),
            tuple(cell.x for cell in cells),
            tuple(cell.offset for cell in cells),
            min(self._pen, self.width),
            self._block,
            self._first,
        )

    def _close(self, end: int) -> None:
        self._lines.append(self._current(end))

    def _put(self, char: str, offset: int) -> None:
        self._set(char, offset, self._breaker.feed(char))

    def _set(self, char: str, offset: int, breakable: bool) -> None:
        """Place a character, on a new line if it does not fit."""
        if len(self._cells) >= _LONGEST_LINE:
            self._wrap(len(self._cells), offset)
        cell = self._fit(char, offset, breakable)
        if cell is None:
            at = len(self._cells) if breakable else self._break_at
            self._wrap(at or len(self._cells), offset)
            self._set(char, offset, breakable)
            return
        if breakable:
            self._break_at = len(self._cells)
        self._cells.append(cell)
        self._pen = cell.pen + cell.advance

    def _wrap(self, at: int, offset: int) -> None:
        """Close the line before its cell `at`; what follows begins the next line."""
        moved = self._cells[at:]
        del self._cells[at:]
        if self._cells:
            last = self._cells[-1]
            self._pen = last.pen + last.advance
        end = moved[0].offset if moved else offset
        self._close(end)
        self._open_line(end, first=False)
        for cell in moved:
            self._set(cell.char, cell.offset, False)

    def _fit(self, char: str, offset: int, breakable: bool) -> _Cell | None:
        """The character's place at the pen, or None where it does not fit."""
        pen = self._pen
        kind = line_break_class(char)
        if kind is Class.SP or char in "\t\u3000":
            # A space never begins a line by overflowing: it stays, without width, at the end.
            step = _TAB - pen % _TAB if char == "\t" else self.face.glyph(char).advance
            return _Cell(char, offset, pen, pen, max(min(step, self.width - pen), 0), breakable)
        glyph = self.face.glyph(char)
        if not glyph.advance:
            return self._combine(char, offset, glyph.image.width)
        x, advance = pen + glyph.left, glyph.advance
        half = advance // 2
        if char in _OPENERS and advance == self.face.height and self._opens_narrow():
            x, advance = x - half, half
        elif char in _CLOSERS | _OPENERS and self._squeeze_before():
            x, pen = x + self._pen - pen, self._pen
        if pen + advance <= self.width or (not self._cells and advance > self.width - pen):
            return _Cell(char, offset, x, pen, advance, breakable)
        return self._hang_or_squeeze(char, offset, breakable)

    def _combine(self, char: str, offset: int, width: int) -> _Cell:
        """A mark over the middle of what stands before the pen; it cannot overflow."""
        before = self._cells[-1].pen if self._cells else self._pen
        x = max((before + self._pen - width) // 2, 0) if width else self._pen
        return _Cell(char, offset, min(x, self.width), self._pen, 0, False)

    def _opens_narrow(self) -> bool:
        """Whether an opening mark loses its empty left half here."""
        return not self._cells or self._cells[-1].char in _OPENERS

    def _squeeze_before(self) -> bool:
        """Take the empty right half out of a closing mark before the pen."""
        if not self._cells:
            return False
        last = self._cells[-1]
        squeezed = self._squeezed(last.char, last.pen) if last.char in _CLOSERS else None
        if squeezed is None or last.advance != self.face.height:
            return False
        x, advance = squeezed
        self._cells[-1] = last._replace(x=x, advance=advance)
        self._pen = last.pen + advance
        return True

    def _squeezed(self, char: str, pen: int) -> tuple[int, int] | None:
        """Where a mark is drawn in half its width, and that width; None if its ink is wider."""
        half = self.face.height // 2
        glyph = self.face.glyph(char)
        bits = glyph.image.bits
        blank = ((bits & -bits).bit_length() - 1) // HEIGHT if bits else 0
        ink = glyph.image.width - blank
        if ink > half:
            return None
        return pen - blank + (ink < half), half

    def _hang_or_squeeze(self, char: str, offset: int, breakable: bool) -> _Cell | None:
        """A closing mark at the line's end, in half its width, over the edge if that is allowed."""
        if char not in _HANGING or breakable or self._hung:
            return None
        squeezed = self._squeezed(char, self._pen)
        if squeezed is None:
            return None
        x, advance = squeezed
        over = self._pen + advance > self.width
        if self._pen + advance > self.width + self.hang or not self._cells:
            return None
        self._hung = over
        return _Cell(char, offset, x, self._pen, advance, False)


def draw_lines(
    layout: Layout, frame: Framebuffer, first: int, rows: int, x: int = 0, y: int = 0
) -> None:
    """Draw `rows` lines of a layout from number `first` on, as far as there are any."""
    for number in range(first, min(first + rows, len(layout))):
        layout[number].draw(frame, layout.face, x, y + (number - first) * layout.face.height)
