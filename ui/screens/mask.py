"""The second functions after C, laid out like the pad."""

from __future__ import annotations

from dataclasses import dataclass

from ui import font
from ui.framebuffer import WIDTH, Framebuffer
from ui.gutter import TextMode
from ui.strings import Language, text
from ui.strip import TOP, Strip, draw_strip

_PAD = ("123A", "456B", "789C", "*0#D")
_WIDE = (TextMode.FULL_WIDTH, TextMode.CAPITALS)
_ENGLISH = (TextMode.ENGLISH, TextMode.CAPITALS)
_CELL = (WIDTH // 4, TOP // 4)


@dataclass(frozen=True, slots=True)
class Mask:
    """The second functions after C, laid out like the pad, over whatever is shown.

    `answered`: an answer is shown, so that D answers again instead of making a new line. `mode`: B
    makes Chinese wide and English large. The others say what is on now.
    """

    answered: bool = False
    thinking: bool = False
    read_aloud: bool = False
    muted: bool = False
    mode: TextMode = TextMode.HANZI


def draw_mask(frame: Framebuffer, mask: Mask, strip: Strip, language: Language) -> None:
    frame.clear(0, 0, WIDTH, TOP + 4)
    width, height = _CELL
    on = {"1": mask.thinking, "2": mask.read_aloud, "8": mask.muted, "B": mask.mode in _WIDE}
    names = {"D": "D-answered"} if mask.answered else {}
    if mask.mode in _ENGLISH:
        names["B"] = "B-english"
    for line, keys in enumerate(_PAD):
        for place, key in enumerate(keys):
            x, y = width * place, height * line
            _draw_key(frame, key, text(f"mask.{names.get(key, key)}", language), x, y)
            if on.get(key):
                frame.invert(x, y, width - 1, height - 1)
    for place in range(1, 4):
        frame.dots(0, height * place - 1, WIDTH, 4)
    draw_strip(frame, strip)


def _draw_key(frame: Framebuffer, key: str, label: str, x: int, y: int) -> None:
    tiny, body = font.tiny(), font.body()
    width, _ = _CELL
    tiny.draw(frame, key, x + 1, y + 5)
    small = all(tiny.has(char) for char in label)
    face, top = (tiny, y + 5) if small else (body, y + 1)
    room = width - 7
    label = face.clip(label, room, "")
    face.draw(frame, label, x + 6 + (room - face.width(label)) // 2, top)
