"""`lory setup` and the panel: which controller it is, asked with a picture on the glass.

The status byte does not tell the controllers apart for certain; a person sees at once whether a
frame with all four edges stands there whole, and whether it stands upright.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from appliance.front.hardware import CONTROLLERS
from drivers.bus import I2CBus
from drivers.oled import Look, Oled
from ui import font
from ui.framebuffer import HEIGHT, WIDTH, Framebuffer

SECONDS = 2.0
"""After which a panel that has not taken the picture is not asked any longer."""


class Seen(Enum):
    """What a person says of the picture."""

    WHOLE = "whole"
    UPSIDE_DOWN = "upside down"
    BROKEN = "broken"  # dark, shifted, torn


@dataclass(frozen=True, slots=True)
class Panel:
    """A controller, and whether its picture has to be turned."""

    chip: str
    rotate: bool


def picture(chip: str) -> bytes:
    """All four edges, an arrow to the top, the controller's name: 1024 bytes in page layout."""
    frame = Framebuffer()
    frame.frame(0, 0, WIDTH, HEIGHT)
    for row in range(8):
        frame.hline(WIDTH // 2 - row, 5 + row, 2 * row + 1)
    frame.fill(WIDTH // 2 - 2, 13, 5, 8)
    face = font.body()
    for number, line in enumerate((f"上 TOP  {chip}", "四条边都在吗？", "All four edges?")):
        face.draw(frame, line, (WIDTH - face.width(line)) // 2, 24 + 13 * number)
    return frame.to_bytes()


def candidates(guess: str | None) -> list[str]:
    """All controllers, the likeliest first. One with a charge pump lights most modules."""
    first = guess or "ssd1306"
    return [first, *(chip for chip in CONTROLLERS if chip != first)]


def try_panel(
    bus: I2CBus,
    address: int,
    guess: str | None,
    look_at: Callable[[str], Seen],
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Panel | None:
    """Show the picture in each controller's way until `look_at` finds it whole; None: never."""
    for chip in candidates(guess):
        _show(bus, address, chip, clock, sleep)
        seen = look_at(chip)
        if seen is not Seen.BROKEN:
            return Panel(chip, seen is Seen.UPSIDE_DOWN)
    return None


def _show(
    bus: I2CBus,
    address: int,
    chip: str,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
) -> None:
    panel = Oled(bus, CONTROLLERS[chip], address=address, look=Look(contrast=0xCF))
    panel.show(picture(chip))
    for now in _until(clock() + SECONDS, clock):
        due = panel.run(now)
        if panel.present or due is None:
            return
        sleep(max(0.0, due - now))


def _until(deadline: float, clock: Callable[[], float]) -> Iterator[float]:
    while (now := clock()) < deadline:
        yield now
