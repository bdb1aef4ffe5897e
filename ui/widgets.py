"""The few pieces screens are made of. Pure: values in, pixels on the frame."""

from __future__ import annotations

from collections.abc import Sequence

from ui import font
from ui.framebuffer import Framebuffer
from ui.layout import TEXT_WIDTH, Layout, draw_lines

ROW = 12  # px of a text row
ROWS = 5
KEYS_PER_PAGE = 9
_CHARACTERS_IN_A_ROW = 64  # the narrowest letters have 2 px
LIST_WIDTH = TEXT_WIDTH - 2  # px: what is flush right keeps clear of the gutter's icons
_GAP = 5  # px between candidates
_TIGHT = 3  # px between hints that would rather touch the gutter than each other
_CANDIDATE_ROWS = 2


def row(number: int) -> int:
    """The top of a text row."""
    return ROW * number


def text_row(frame: Framebuffer, text: str, number: int, x: int = 0) -> None:
    """One row of body text, clipped at the gutter."""
    face = font.body()
    face.draw(frame, face.clip(text, TEXT_WIDTH - x), x, row(number))


def centred(frame: Framebuffer, text: str, y: int, face: font.Face | None = None) -> None:
    """One line in the middle of the text columns."""
    face = face or font.body()
    text = face.clip(text, TEXT_WIDTH)
    face.draw(frame, text, (TEXT_WIDTH - face.width(text)) // 2, y)


def hint_row(frame: Framebuffer, text: str) -> None:
    """Key hints in the last row under a dotted rule; groups, parted by two spaces, are spread.

    The last px of every row is blank: here it comes first, and the rule keeps off the row above.
    """
    if not text:
        return
    top = row(ROWS - 1) + 1
    frame.dots(0, top - 1, TEXT_WIDTH)
    face = font.body()
    groups = text.split("  ")
    width = sum(map(face.width, groups))
    apart = len(groups) - 1
    room = max(LIST_WIDTH - width, min(TEXT_WIDTH - width, _TIGHT * apart))
    if not apart or room < apart:
        face.draw(frame, face.clip(" ".join(groups), TEXT_WIDTH), 0, top)
        return
    pen = 0
    for number, group in enumerate(groups):
        x = pen + room * number // apart
        face.draw(frame, group, x, top)
        pen += face.width(group)


def title_bar(frame: Framebuffer, title: str, right: str = "") -> None:
    """The first row: a title, a short text in tiny letters at the right, a rule between them.

    A rule under the title would touch the hanzi, which fill 11 of the 12 rows.
    """
    body, tiny = font.body(), font.tiny()
    edge = LIST_WIDTH - 1
    at = edge - tiny.width(right) if right else edge
    tiny.draw(frame, right, at, 3)
    end = body.draw(frame, body.clip(title, at - 6 if right else edge), 0, 0)
    frame.hline(end + 3, 5, at - 4 - end - 3 if right else at - end - 3)


def select(frame: Framebuffer, y: int, rows: int = 1) -> None:
    """Mark a list entry that starts at y: inverse, one px around its ink, corners cut."""
    top, height = y - 1, ROW * rows + 1
    frame.invert(0, top, LIST_WIDTH, height)
    for x in (0, LIST_WIDTH - 1):
        frame.clear(x, top, 1, 1)
        frame.clear(x, top + height - 1, 1, 1)


def counter(position: int, total: int) -> str:
    """ "3/12", or nothing where there is only one. `position` counts from 1."""
    return f"{position}/{total}" if total > 1 else ""


def bar(frame: Framebuffer, x: int, y: int, width: int, height: int, fraction: float) -> None:
    """An outlined bar, filled from the left."""
    frame.frame(x, y, width, height)
    frame.fill(x + 2, y + 2, round(clamp(fraction) * (width - 4)), height - 4)


def clamp(fraction: float) -> float:
    return min(max(fraction, 0.0), 1.0)


def paragraph(
    frame: Framebuffer,
    text: str,
    y: int,
    rows: int,
    *,
    x: int = 0,
    width: int = TEXT_WIDTH,
) -> int:
    """Wrapped body text in at most `rows` rows; returns how many. What is longer ends in "…"."""
    face = font.body()
    layout = Layout(face, width)
    layout.append(text[: rows * _CHARACTERS_IN_A_ROW + 1])
    draw_lines(layout, frame, 0, rows, x, y)
    if rows < len(layout):
        line = layout[rows - 1]
        top = y + ROW * (rows - 1)
        at = x + min(line.right, width - face.height)
        frame.clear(at, top, x + width - at, ROW)
        face.draw(frame, "…", at, top)
    return min(rows, len(layout))


# ---------------------------------------------------------------- candidates


def candidates_that_fit(candidates: Sequence[str], last: str = "") -> int:
    """How many of these candidates, from the first on, one page holds (at most 9, at least 1)
    beside `last`, which stands on the key 9 of every page."""
    return max(len(_place(candidates, last)), min(len(candidates), 1))


def draw_candidates(frame: Framebuffer, candidates: Sequence[str], y: int, last: str = "") -> None:
    """Numbered candidates in two rows; `last` at the end of the second."""
    face = font.body()
    for number, (x, line) in enumerate(_place(candidates, last)):
        label = f"{number + 1}"
        pen = face.draw(frame, label, x, y + ROW * line)
        face.draw(frame, face.clip(candidates[number], TEXT_WIDTH - pen), pen, y + ROW * line)
    if last:
        label = f"{KEYS_PER_PAGE}{last}"
        face.draw(frame, label, LIST_WIDTH - face.width(label), y + ROW * (_CANDIDATE_ROWS - 1))


def _place(candidates: Sequence[str], last: str) -> list[tuple[int, int]]:
    """(x, row) of each candidate that finds room."""
    face = font.body()
    places: list[tuple[int, int]] = []
    taken = face.width(f"{KEYS_PER_PAGE}{last}") + _GAP if last else 0
    x = line = 0
    for number, candidate in enumerate(candidates[: KEYS_PER_PAGE - bool(last)]):
        width = min(face.width(f"{number + 1}{candidate}"), TEXT_WIDTH)
        if x + width > TEXT_WIDTH:
            x, line = 0, line + 1
        if line == _CANDIDATE_ROWS - 1 and x + width > TEXT_WIDTH - taken:
            break
        if line >= _CANDIDATE_ROWS:
            break
        places.append((x, line))
        x += width + _GAP
    return places
