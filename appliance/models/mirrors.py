"""Several places of the same bytes, in turn: who has refused is not asked again, who is too slow is
left for another, and where all are slow the quickest goes on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar
from urllib.parse import urlsplit

from appliance.models.errors import ModelError, NetworkError, NotAtSourceError, WrongHashError

Report = Callable[[int], None]
Clock = Callable[[], float]
T = TypeVar("T")

SLOW_BYTES_PER_S = 64_000
_WINDOW_S = 15.0
# What another source may do better. A full disk, a cancel, a missing tool are the same everywhere.
PASSING = (NetworkError, NotAtSourceError, WrongHashError)


class TooSlowError(NetworkError):
    """It gives so little that another source is tried first. `rate` in bytes per second."""

    def __init__(self, source: str, rate: float) -> None:
        super().__init__(f"{source}: only {rate / 1000:.1f} kB/s")
        self.rate = rate


class Pace:
    """A report that also watches how fast a source gives.

    Raises:
        TooSlowError: out of a call, below 64 kB/s for 15 seconds.
    """

    def __init__(self, source: str, report: Report, clock: Clock) -> None:
        self._source = source
        self._report = report
        self._clock = clock
        self._since: tuple[float, int] | None = None

    def __call__(self, count: int) -> None:
        self._report(count)
        now = self._clock()
        if self._since is None:
            self._since = (now, count)
        began, had = self._since
        if now - began < _WINDOW_S:
            return
        rate = (count - had) / (now - began)
        if rate < SLOW_BYTES_PER_S:
            raise TooSlowError(self._source, rate)
        self._since = (now, count)


class Turns:
    """In which order sources are asked, learnt from how they did before.

    `quickest` are sources that have just answered, the quickest first.
    """

    def __init__(self, quickest: Iterable[str] = (), clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._answered = [place(source) for source in quickest]
        self._spared: set[str] = set()

    def order(self, sources: Sequence[str]) -> list[str]:
        def rank(source: str) -> tuple[bool, int]:
            where = place(source)
            known = self._answered
            return where in self._spared, known.index(where) if where in known else len(known)

        return sorted(sources, key=rank)

    def take(self, sources: Sequence[str], report: Report, take: Callable[[str, Report], T]) -> T:
        """What `take(source, report)` returns for the first source that gives it.

        Raises:
            ModelError: what none of them could give, with each one's reason.
        """
        refusals: dict[str, ModelError] = {}
        slow: dict[str, float] = {}
        for source in self.order(sources):
            watched = Pace(source, report, self._clock) if len(sources) > 1 else report
            try:
                return take(source, watched)
            except TooSlowError as error:
                slow[source] = error.rate
            except PASSING as error:
                refusals[source] = error
            self._spared.add(place(source))
        for source in sorted(slow, key=lambda each: -slow[each]):
            try:
                return take(source, report)
            except PASSING as error:
                refusals[source] = error
        raise _none_of(refusals)


def place(source: str) -> str:
    """What several sources have in common that answer or fail together: host, index or folder."""
    return urlsplit(source).netloc or source.partition(":")[0]


def _none_of(refusals: dict[str, ModelError]) -> ModelError:
    """One error for all: of the kind that says most, with each one's words."""
    errors = list(refusals.values())
    if len(errors) == 1:
        return errors[0]
    told = "; ".join(str(error) for error in errors)
    for kind in (WrongHashError, NetworkError):
        if any(isinstance(error, kind) for error in errors):
            return kind(f"none of {len(errors)} sources has it: {told}")
    return NotAtSourceError(f"none of {len(errors)} sources has it: {told}")
