"""The glass as the loop uses it, and watched: others are told what a person sees on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from drivers.addressing import FRAME_BYTES

_FLIPPED = bytes(0xFF - byte for byte in range(256))


class Glass(Protocol):
    """The display as the loop uses it. Nothing here blocks."""

    def show(self, frame: bytes, *, urgent: bool) -> None:
        """The newest frame wins; an urgent one is not held back by the frame rate."""

    def light(self, contrast: int | None) -> None:
        """Contrast 0-255; None switches the panel off."""

    def turn(self, *, invert: bool, rotate: bool) -> None:
        """Dark on light, or upside down."""


class WatchedGlass:
    """A `Glass` in front of another one.

    A watcher is called after every change that may show; what it shows is `picture`.
    """

    def __init__(self, glass: Glass) -> None:
        self._glass = glass
        self._frame = bytes(FRAME_BYTES)
        self._lit = True
        self._inverted = False
        self._watchers: list[Callable[[], None]] = []

    @property
    def picture(self) -> bytes:
        """1024 bytes in page layout, upright: dark while switched off, inverted where it is."""
        if not self._lit:
            return bytes(FRAME_BYTES)
        return self._frame.translate(_FLIPPED) if self._inverted else self._frame

    def watch(self, watcher: Callable[[], None]) -> Callable[[], None]:
        """Call `watcher` from now on; returns what ends that."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    def show(self, frame: bytes, *, urgent: bool) -> None:
        self._glass.show(frame, urgent=urgent)
        self._frame = frame
        self._tell()

    def light(self, contrast: int | None) -> None:
        self._glass.light(contrast)
        self._lit = contrast is not None
        self._tell()

    def turn(self, *, invert: bool, rotate: bool) -> None:
        self._glass.turn(invert=invert, rotate=rotate)
        self._inverted = invert
        self._tell()

    def _tell(self) -> None:
        for watcher in tuple(self._watchers):
            watcher()
