"""What a page is, and the stack of open pages."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from drivers.keys import Edge, Key
from ui.view import View


@dataclass(frozen=True, slots=True)
class Push:
    """Open another page on top of this one."""

    page: Page


class Pop:
    """Back to the page below."""


class Home:
    """Close all pages."""


Outcome = Push | Pop | Home | None


class Page(ABC):
    """One page: what it shows, and what its keys do. Keys not overridden do nothing.

    A (back), long A (home), C and long D (talk is not to be had here) are the same on all pages,
    unless `takes_keys`: then every edge goes to `key`, and the page alone says how it is left.
    """

    takes_keys: ClassVar[bool] = False
    held = 0.0  # how far a long D has come, 0..1; set before every `view`

    @abstractmethod
    def view(self) -> View: ...

    @property
    def leaves_zero(self) -> bool:
        """Whether 0 may take back what was just done, because it means nothing here."""
        return not self.takes_keys

    @property
    def refresh(self) -> float | None:
        """Seconds until the view changes by itself; None where only events change it."""
        return None

    def move(self, step: int) -> Outcome:
        """`*` (-1) and `#` (+1); held, they repeat."""
        return None

    def leap(self, direction: int) -> Outcome:
        """`*` or `#` became a long press, before it repeats: a whole page where there are such."""
        return self.move(direction)

    def jump(self, digit: int) -> Outcome:
        """A digit 1-9."""
        return None

    def enter(self) -> Outcome:
        """D."""
        return None

    def confirm(self) -> Outcome:
        """Long D: what is dangerous."""
        return None

    def key(self, key: Key, edge: Edge) -> Outcome:
        """An edge of any key (0-15 as in `drivers.keys`), where the page `takes_keys`."""
        return None

    def release(self) -> Outcome:
        """D was let go after a hold."""
        return None

    def closed(self) -> None:  # noqa: B027 - most pages have nothing to end
        """The page is left for good."""


class Pages:
    """The open pages, the top one visible."""

    def __init__(self) -> None:
        self._stack: list[Page] = []

    def __bool__(self) -> bool:
        return bool(self._stack)

    @property
    def top(self) -> Page | None:
        return self._stack[-1] if self._stack else None

    def open(self, page: Page) -> None:
        """Open as the only page: a short cut was pressed."""
        self.close()
        self._stack.append(page)

    def back(self) -> None:
        if self._stack:
            self._stack.pop().closed()

    def close(self) -> None:
        while self._stack:
            self.back()

    def follow(self, outcome: Outcome) -> None:
        """Do what a page's key led to."""
        match outcome:
            case Push(page):
                self._stack.append(page)
            case Pop():
                self.back()
            case Home():
                self.close()
