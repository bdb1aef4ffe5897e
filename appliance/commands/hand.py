"""A hand on the virtual pad: presses modelled keys as a person would, and waits for effects."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from drivers.keys import Key
from drivers.virtual.keypad import VirtualKeypad

TAP_SECONDS = 0.05
HOLD_SECONDS = 0.55
GAP_SECONDS = 0.04
LOOK_SECONDS = 0.02


class Hand:
    """One finger on one pad."""

    def __init__(self, pad: VirtualKeypad) -> None:
        self._pad = pad

    async def tap(self, *keys: Key, gap: float = GAP_SECONDS) -> None:
        """Short presses, one after the other; each is held until the pad was read."""
        for key in keys:
            await self._press(key, TAP_SECONDS)
            await asyncio.sleep(gap)

    async def hold(self, key: Key, seconds: float = HOLD_SECONDS) -> None:
        """A long press."""
        await self._press(key, seconds)
        await asyncio.sleep(GAP_SECONDS)

    async def _press(self, key: Key, seconds: float) -> None:
        await self._seen(lambda: self._pad.press(key))
        await asyncio.sleep(seconds)
        # Two reads of none: one alone is a glitch to the debouncer.
        await self._seen(self._pad.release, reads=3)

    async def _seen(self, act: Callable[[], None], reads: int = 1) -> None:
        act()
        before = self._pad.reads
        while self._pad.reads < before + reads:
            await asyncio.sleep(LOOK_SECONDS / 4)


async def until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait for something to become true.

    Raises:
        TimeoutError: it did not within `seconds`; the message says `what`.
    """
    deadline = asyncio.get_running_loop().time() + seconds
    while not condition():
        if asyncio.get_running_loop().time() > deadline:
            raise TimeoutError(f"{what}: not within {seconds:.0f} s")
        await asyncio.sleep(LOOK_SECONDS)
