"""The glass is dark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ui.framebuffer import Framebuffer
from ui.gutter import Gutter
from ui.strings import Language
from ui.view import View


@dataclass(frozen=True, slots=True)
class OffView(View):
    """Nothing is lit, whatever is on or timed."""

    has_strip: ClassVar[bool] = False

    def draw(self, frame: Framebuffer, language: Language) -> None:
        """Dark."""

    def draw_gutter(self, frame: Framebuffer, gutter: Gutter) -> None:
        """Dark."""
