"""The text box, with an open composition or without."""

from __future__ import annotations

from dataclasses import dataclass

from ui.framebuffer import Framebuffer
from ui.layout import Layout, draw_lines
from ui.screens.pinyin_row import draw_pinyin
from ui.strings import Language
from ui.textbox import TextBox, position, window
from ui.view import View
from ui.widgets import ROW, ROWS, hint_row, row

_AHEAD = 200  # characters after the caret that can come into view
_box = TextBox()


@dataclass(frozen=True, slots=True)
class Span:
    """One word of the open composition; `weakest` marks the least certain one."""

    text: str
    weakest: bool = False


@dataclass(frozen=True, slots=True)
class ComposeView(View):
    """The text box, with a pinyin composition open at the caret or not.

    `composition` is drawn underlined at `caret`; without one, a caret is drawn there. `pinyin`
    is the reading, syllables parted by `'`; too long a reading loses its head, never its tail.
    `pinyin_caret`: keys are typed there in the reading, not at its end; it is the one caret then.
    `hint` is the last line ("" when hints are off). `pending`: the last character before the
    caret is still being chosen by multi-tap and is drawn inverse.
    """

    text: str = ""
    caret: int = 0
    composition: tuple[Span, ...] = ()
    pinyin: str = ""
    hint: str = ""
    pending: bool = False
    pinyin_caret: int | None = None

    def draw(self, frame: Framebuffer, language: Language) -> None:
        rows = ROWS - bool(self.hint) - bool(self.pinyin)
        draw_box(frame, self, rows)
        if self.pinyin:
            at = self.pinyin_caret
            draw_pinyin(frame, self.pinyin, rows, focus=None if at is None else (at, at))
        hint_row(frame, self.hint)


def draw_box(frame: Framebuffer, view: ComposeView, rows: int) -> None:
    """Text, composition and caret in the first `rows` rows."""
    composed = "".join(span.text for span in view.composition)
    caret = view.caret + len(composed)
    whole = view.text[: view.caret] + composed + view.text[view.caret :][:_AHEAD]
    layout = _box.layout_of(whole)
    line, x = position(layout, caret)
    first = window(rows, max(len(layout), line + 1), line)
    draw_lines(layout, frame, first, rows)
    at = view.caret
    for span in view.composition:
        underline(frame, layout, (at, at + len(span.text)), first, rows, solid=span.weakest)
        at += len(span.text)
    if view.pending and caret:
        invert(frame, layout, (caret - 1, caret), first, rows)
    elif caret == len(whole) and view.pinyin_caret is None:
        frame.vline(x, row(line - first), ROW - 1)
    elif not composed:  # an open composition marks its place by itself
        _draw_caret_between(frame, x, row(line - first))


def _draw_caret_between(frame: Framebuffer, x: int, y: int) -> None:
    """A caret in the one px between two characters, with a foot under them; before the first
    character of a line it stands in its first column."""
    x = max(x, 1)
    frame.vline(x - 1, y, ROW)
    frame.hline(x - 2, y + ROW - 1, 3)


def underline(
    frame: Framebuffer,
    layout: Layout,
    span: tuple[int, int],
    first: int,
    rows: int,
    *,
    solid: bool,
) -> None:
    """A line under these source characters: solid, or dotted."""
    for left, right, top in _pieces(layout, span, first, rows):
        if solid:
            frame.hline(left, top + ROW - 1, right - left - 1)
        else:
            frame.dots(left, top + ROW - 1, right - left - 1)


def invert(
    frame: Framebuffer, layout: Layout, span: tuple[int, int], first: int, rows: int
) -> None:
    """Show these source characters dark on light."""
    for left, right, top in _pieces(layout, span, first, rows):
        frame.invert(left, top, right - left, ROW)


def _pieces(
    layout: Layout, span: tuple[int, int], first: int, rows: int
) -> list[tuple[int, int, int]]:
    """(left, right, top) of what these characters cover in each visible line."""
    found = []
    for number in range(first, min(first + rows, len(layout))):
        extent = layout[number].extent(*span)
        if extent is not None:
            found.append((*extent, row(number - first)))
    return found
