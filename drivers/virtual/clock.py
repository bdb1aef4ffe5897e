"""A clock that moves only when told, for tests and benches on the virtual bus."""

from __future__ import annotations


class VirtualClock:
    """Monotonic seconds. Give `sleep` to a `VirtualBus` in real time: wire time then moves it."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        """Raises ValueError for a negative time."""
        if seconds < 0:
            raise ValueError(f"time does not go back {-seconds} s")
        self.now += seconds
