"""Strokes on the pad, one after the other: a PC key has no release, the pad needs one.

The pad tells one key at a time, so strokes queue; none is lost, however fast they come.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from appliance.clock import Clock
from drivers.keys import Key

TAP = 0.060  # seconds down; the keypad's driver sees a key within 20 ms
LONG = 0.550  # a long press is 400 ms
GAP = 0.040  # up between two strokes, so that the driver sees the release

# A held key of the PC repeats every 25 to 45 ms: faster than fingers, slower than a paste.
_REPEAT = (0.015, 0.045)

Sleep = Callable[[float], Awaitable[None]]


@dataclass(eq=False)
class Stroke:
    """One key down for at least `seconds`, and until `held_until` is set, if there is one."""

    key: Key
    seconds: float
    held_until: asyncio.Event | None = None

    def let_go(self) -> None:
        """End a hold; the shortest time down is still kept."""
        if self.held_until is not None:
            self.held_until.set()


class StrokePlayer:
    """Plays strokes through `press` and `release`; `run` is the task that does it.

    `down` is the key that is down now; `changed` is called when it changes.
    """

    def __init__(
        self,
        press: Callable[[Key], None],
        release: Callable[[Key], None],
        *,
        clock: Clock,
        sleep: Sleep = asyncio.sleep,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self.down: Key | None = None
        self._press = press
        self._release = release
        self._clock = clock
        self._sleep = sleep
        self._changed = changed
        self._waiting: deque[Stroke] = deque()
        self._more = asyncio.Event()
        self._latched: Stroke | None = None
        self._last: tuple[Key, float] | None = None

    def tap(self, key: Key) -> None:
        self._unless_repeating(key, TAP)

    def long(self, key: Key) -> None:
        self._unless_repeating(key, LONG)

    def hold(self, key: Key) -> Stroke:
        """Put `key` down until the stroke's `let_go`."""
        stroke = Stroke(key, TAP, asyncio.Event())
        self._add(stroke)
        return stroke

    def toggle(self, key: Key) -> None:
        """Put `key` down; the next toggle, or any other stroke, lets it go."""
        if self._latched is not None:
            self._unlatch()
        else:
            self._latched = self.hold(key)

    @property
    def latched(self) -> Key | None:
        """The key that `toggle` keeps down."""
        return None if self._latched is None else self._latched.key

    async def run(self) -> None:
        """Play strokes until cancelled; no key stays down after that."""
        try:
            while True:
                while self._waiting:
                    await self._play(self._waiting.popleft())
                self._more.clear()
                await self._more.wait()
        finally:
            self._lift()

    async def _play(self, stroke: Stroke) -> None:
        self.down = stroke.key
        self._press(stroke.key)
        self._changed()
        await self._sleep(stroke.seconds)
        if stroke.held_until is not None:
            await stroke.held_until.wait()
        self._lift()
        await self._sleep(GAP)

    def _lift(self) -> None:
        if self.down is not None:
            self._release(self.down)
            self.down = None
            self._changed()

    def _add(self, stroke: Stroke) -> None:
        self._unlatch()
        self._waiting.append(stroke)
        self._more.set()

    def _unlatch(self) -> None:
        if self._latched is not None:
            self._latched.let_go()
            self._latched = None

    def _unless_repeating(self, key: Key, seconds: float) -> None:
        # A held PC key repeats faster than the pad can follow: without this it would go on
        # acting for seconds after it was let go.
        now = self._clock()
        since = now - self._last[1] if self._last and self._last[0] is key else None
        self._last = (key, now)
        is_repeat = since is not None and _REPEAT[0] <= since <= _REPEAT[1]
        if not (is_repeat and self._waiting):
            self._add(Stroke(key, seconds))
