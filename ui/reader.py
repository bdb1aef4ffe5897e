"""The scrollable text of an answer while it streams, and of whole conversations afterwards."""

from __future__ import annotations

from bisect import bisect_right
from enum import Enum, auto
from typing import NamedTuple

from ui.font import Face, body
from ui.layout import HANG, TEXT_WIDTH, Layout, Line

TEXT_ROWS = 60  # px of the glass above the strip


class Part(Enum):
    """Whose words a row holds."""

    QUESTION = auto()
    ANSWER = auto()
    FOOTER = auto()


class Row(NamedTuple):
    """One visible row: a laid out line, or the footer's text."""

    part: Part
    line: Line | None = None
    footer: str = ""
    last: bool = False  # the last line of its part
    current: bool = False  # of the answer that is streaming, or streamed last


class _Section(NamedTuple):
    first: int  # number of its first line
    part: Part
    layout: Layout


class Reader:
    """Question and answer as lines, and the window on them.

    The question stands above the answer, scrolled off until one scrolls up. While `follow` is
    set the window keeps up: with the voice where `show` was told what is spoken, else with the end
    of the text. Scrolling up ends that, coming back to the end (or `end`) resumes it.
    """

    def __init__(self, question: str = "", *, face: Face | None = None) -> None:
        self.face = face or body()
        self.rows = TEXT_ROWS // self.face.height
        self.follow = True
        self.finished = False
        self._top = 0
        self._footer = ""
        self._spoken: tuple[int, int] | None = None
        self._sections: list[_Section] = []
        self.ask(question)

    # ------------------------------------------------------------ the text

    def ask(self, question: str) -> None:
        """Begin a turn: what was there is closed, the window goes to the new answer."""
        if self._sections:
            self._answer.finish()
            if not self._answer.length:
                self._sections.pop()  # a turn without an answer leaves no empty line
        self.finished = False
        self.follow = True
        self._footer = ""
        self._spoken = None
        if question:
            self._open(Part.QUESTION, Layout(self.face, TEXT_WIDTH - 6, hang=HANG))
            self._sections[-1].layout.append(question)
        self._open(Part.ANSWER, Layout(self.face, TEXT_WIDTH, hang=HANG, markup=True))
        self._top = self._sections[-1].first

    def append(self, text: str) -> None:
        """Take more of the answer; costs what is appended."""
        self._answer.append(text)
        self._keep_up()

    def finish(self, footer: str = "") -> None:
        """The answer is complete; `footer` is a last small line after it ("": none)."""
        self._answer.finish()
        self._footer = footer
        self.finished = True
        self._keep_up()

    def show(self, spoken: tuple[int, int] | None) -> None:
        """The voice is at these characters of the answer; None: it does not speak."""
        self._spoken = spoken
        self._keep_up()

    # ------------------------------------------------------------ the window

    @property
    def top(self) -> int:
        """Number of the first line in the window."""
        return self._top

    @property
    def total(self) -> int:
        """Number of lines, the footer's included."""
        section = self._sections[-1]
        return section.first + len(section.layout) + bool(self._footer)

    @property
    def more_below(self) -> bool:
        """Whether there are lines under the window."""
        return self._top + self.rows < self.total

    def bar(self) -> tuple[float, float]:
        """Where the window begins and how much of the text it shows, as fractions."""
        total = max(self.total, self._top + self.rows)
        return self._top / total, self.rows / total

    def scroll(self, lines: int) -> None:
        """Move the window down by `lines`, up if negative, as far as there is text."""
        self._top = min(max(self._top + lines, 0), max(self._end, self._top if lines > 0 else 0))
        self.follow = self._top >= self._end

    def page(self, direction: int) -> None:
        """Move by a window less one line, down (1) or up (-1)."""
        self.scroll(direction * (self.rows - 1))

    def end(self) -> None:
        """Jump to the end and follow again."""
        self.follow = True
        self._spoken = None
        self._top = self._end

    def visible(self) -> list[Row]:
        """The rows in the window, from the top; fewer than `rows` where the text is short."""
        bottom = min(self._top + self.rows, self.total)
        return [self._row(number) for number in range(self._top, bottom)]

    # ------------------------------------------------------------ inside

    @property
    def _answer(self) -> Layout:
        return self._sections[-1].layout

    @property
    def _end(self) -> int:
        """The window's top when it shows the end; the last question stays scrolled off.

        Where no answer came the question stands there: the glass is never empty.
        """
        last = self._sections[-1]
        if self.finished and not last.layout.length and len(self._sections) > 1:
            last = self._sections[-2]
        return max(self.total - self.rows, last.first)

    def _open(self, part: Part, layout: Layout) -> None:
        first = 0
        if self._sections:
            before = self._sections[-1]
            first = before.first + len(before.layout)
        self._sections.append(_Section(first, part, layout))

    def _row(self, number: int) -> Row:
        index = bisect_right(self._sections, number, key=lambda section: section.first) - 1
        section = self._sections[index]
        within = number - section.first
        if within >= len(section.layout):
            return Row(Part.FOOTER, footer=self._footer)
        last = within == len(section.layout) - 1
        current = index == len(self._sections) - 1
        return Row(section.part, section.layout[within], last=last, current=current)

    def _keep_up(self) -> None:
        if not self.follow:
            return
        if self._spoken is None:
            self._top = self._end
            return
        first = self._sections[-1].first
        start, end = self._spoken
        begin = first + self._answer.line_of(start)
        last = first + self._answer.line_of(max(end - 1, start))
        if begin < self._top or last >= self._top + self.rows:
            self._top = min(begin, self._end)
