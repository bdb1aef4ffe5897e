"""A hand on the virtual pad: presses modelled keys as a person would, and waits for effects."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from drivers.keys import Key
from drivers.virtual.keypad import PatientKeypad

HOLD_SECONDS = 0.55
GAP_SECONDS = 0.09
LOOK_SECONDS = 0.02


class Hand:
    """One finger on one pad."""

    def __init__(self, pad: PatientKeypad) -> None:
        self._pad = pad

    async def tap(self, *keys: Key, gap: float = GAP_SECONDS) -> None:
        """Short presses, one after the other; each is over when the pad was read."""
        for key in keys:
            self._pad.press(key)
            self._pad.release()
            await self._seen()
            await asyncio.sleep(gap)

    async def hold(self, key: Key, seconds: float = HOLD_SECONDS) -> None:
        """A long press."""
        self._pad.press(key)
        await self._seen()
        await asyncio.sleep(seconds)
        await self._read_again()
        self._pad.release()
        await self._seen()
        await asyncio.sleep(GAP_SECONDS)

    async def _seen(self) -> None:
        while not self._pad.caught_up:
            await asyncio.sleep(LOOK_SECONDS / 4)

    async def _read_again(self) -> None:
        """Twice: the first of these reads may have been timed before it was waited for."""
        before = self._pad.reads
        while self._pad.reads < before + 2:
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
