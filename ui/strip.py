"""Rows 60-63: the one thing that is timed now."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from ui.framebuffer import WIDTH, Framebuffer
from ui.widgets import ROW, ROWS, clamp

TOP = ROW * ROWS


class StripKind(Enum):
    NONE = auto()
    MULTITAP = auto()  # time left until the letter is taken; shrinks
    PREFILL = auto()  # prompt progress; grows
    VOICE = auto()  # position of the voice in the answer; grows
    COUNTDOWN = auto()  # time left until it is sent, or the mask closes; shrinks to the middle
    PROVISION = auto()  # installing, fetching, loading; grows


@dataclass(frozen=True, slots=True)
class Strip:
    """Rows 60-63: the one thing that is timed now. `fraction` of the full width is filled."""

    kind: StripKind = StripKind.NONE
    fraction: float = 0.0


def draw_strip(frame: Framebuffer, strip: Strip) -> None:
    """One bar over the whole width; each kind has its own look."""
    if strip.kind is StripKind.NONE:
        return
    length = round(clamp(strip.fraction) * WIDTH)
    match strip.kind:
        case StripKind.MULTITAP:
            frame.fill(0, TOP + 2, length, 1)
        case StripKind.COUNTDOWN:
            frame.fill((WIDTH - length) // 2, TOP + 1, length, 2)
        case StripKind.PREFILL:
            frame.dots(0, TOP + 2, WIDTH)
            frame.fill(0, TOP + 1, length, 3)
        case StripKind.VOICE:
            frame.dots(0, TOP + 1, WIDTH)
            frame.dots(1, TOP + 3, WIDTH)
            frame.fill(0, TOP + 1, length, 3)
        case StripKind.PROVISION:
            frame.frame(0, TOP + 1, WIDTH, 3)
            frame.fill(0, TOP + 2, length, 1)
