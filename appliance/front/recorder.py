"""Films the glass: every frame that was wholly shown, and for how long."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from appliance.front.snapshot import save_gif, save_png

POLL_SECONDS = 1 / 30


class Recorder:
    """`shown` is what the glass shows, `wanted` what was last asked of it, 1024 bytes each.

    A frame counts when the two agree: while spans are on the wire the glass is torn.
    """

    def __init__(self, shown: Callable[[], bytes], wanted: Callable[[], bytes]) -> None:
        self._shown = shown
        self._wanted = wanted
        self._film: list[tuple[bytes, float]] = []

    @property
    def distinct(self) -> list[bytes]:
        """Every frame that was seen, once, in the order of its first showing."""
        return list(dict.fromkeys(frame for frame, _ in self._film))

    async def run(self) -> None:
        """Film until cancelled."""
        loop = asyncio.get_running_loop()
        last = loop.time()
        while True:
            await asyncio.sleep(POLL_SECONDS)
            now = loop.time()
            frame = self._shown()
            if frame == self._wanted():
                self._add(frame, now - last)
            elif self._film:
                self._add(self._film[-1][0], now - last)
            last = now

    def _add(self, frame: bytes, seconds: float) -> None:
        if self._film and self._film[-1][0] == frame:
            seconds += self._film.pop()[1]
        self._film.append((frame, seconds))

    def save(self, directory: Path, gif: str, scale: int = 4) -> None:
        """`screen-001.png` … of the distinct frames, and the film as a GIF."""
        for number, frame in enumerate(self.distinct, 1):
            save_png(frame, directory / f"screen-{number:03}.png", scale)
        save_gif(self._film, directory / gif, scale)
