"""What every screen is: a frozen value that draws itself.

A view holds everything needed to be drawn. Whoever decides (the editor of `ui.input`, the
appliance) makes one; `ui.render` draws it. Text that is data (a question, a model's name) is
already in the user's language; fixed words come from `ui.strings` when the view is drawn.

A new screen is one file: a subclass with its fields and its `draw`, made of `ui.widgets`.

Offsets (`caret`, spans) count characters of the `str` they belong to, half open, from 0.
Fractions are 0..1 and are clamped when drawn.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from ui.framebuffer import Framebuffer
from ui.gutter import Gutter, draw_gutter
from ui.strings import Language


class View(ABC):
    """One screen. Subclasses are frozen dataclasses; drawing the same one gives the same pixels.

    `has_strip` false: rows 60-63 belong to the view too. `in_rows` false: not all of it stands in
    rows of text, 12 px each.
    """

    __slots__ = ()
    has_strip: ClassVar[bool] = True
    in_rows: ClassVar[bool] = True

    @abstractmethod
    def draw(self, frame: Framebuffer, language: Language) -> None:
        """Put the view on an empty frame: columns 0-119 of rows 0-59 are its own."""

    def draw_gutter(self, frame: Framebuffer, gutter: Gutter) -> None:
        """Put what is on and what is wrong into columns 120-127, unless the view needs them."""
        draw_gutter(frame, gutter)
