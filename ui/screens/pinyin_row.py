"""One row of pinyin, with a caret or an inverse syllable in it; whole syllables are left out."""

from __future__ import annotations

from ui.font import body
from ui.framebuffer import Framebuffer
from ui.layout import TEXT_WIDTH
from ui.widgets import ROW, row

Focus = tuple[int, int]  # from where to where in the pinyin; of no length: a caret
_LEFT_OUT = "…"
_CARET = 3  # px, its own and those beside it


def draw_pinyin(
    frame: Framebuffer, pinyin: str, number: int, width: int = 0, focus: Focus | None = None
) -> None:
    """The reading in row `number`; `width` px at the right stay free.

    What has no room is left out at its head; with a focus, what is farthest from that.
    """
    face, top = body(), row(number)
    start, end = focus or (len(pinyin), len(pinyin))
    caret = _CARET if focus and start == end else 0
    room = TEXT_WIDTH - width - caret
    first, last = _visible(pinyin, (start, end), room)
    shown = face.clip_head(_marked(pinyin, first, last), room)
    cut = max(start - first, 0) + bool(first)
    left = face.draw(frame, shown[:cut], 0, top)
    face.draw(frame, shown[cut:], left + caret, top)
    if caret:
        frame.vline(left + caret // 2, top, ROW - 1)
    elif focus:
        right = left + face.width(pinyin[start:end])
        frame.invert(max(left - 1, 0), top, right - max(left - 1, 0), ROW)


def _marked(pinyin: str, first: int, last: int) -> str:
    head, tail = _LEFT_OUT * bool(first), _LEFT_OUT * (last < len(pinyin))
    return f"{head}{pinyin[first:last]}{tail}"


def _visible(pinyin: str, focus: Focus, room: int) -> tuple[int, int]:
    """From where to where the reading is shown: the focus, and in turn a syllable more before and
    behind it as long as there is room."""
    firsts = [0, *(at + 1 for at, char in enumerate(pinyin) if char == "'")]
    lasts = [*(at for at, char in enumerate(pinyin) if char == "'"), len(pinyin)]
    start = max(n for n, at in enumerate(firsts) if at <= focus[0])
    end = min(n for n, at in enumerate(lasts) if at >= focus[1])
    grown = True
    while grown:
        grown = False
        for before, behind in ((1, 0), (0, 1)):
            wider = max(start - before, 0), min(end + behind, len(lasts) - 1)
            shown = _marked(pinyin, firsts[wider[0]], lasts[wider[1]])
            if wider != (start, end) and body().width(shown) <= room:
                start, end = wider
                grown = True
    return firsts[start], lasts[end]
