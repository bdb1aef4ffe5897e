"""Digits typed one after the other into fixed places, as on a feature phone."""

from __future__ import annotations

from collections.abc import Callable


class Digits:
    """`form` is a pattern such as "##:##"; `fits` says whether a beginning can become something.

    A digit that cannot stand where it would is not taken. Typing on begins anew once it is full.
    """

    def __init__(self, form: str, fits: Callable[[str], bool]) -> None:
        self.typed = ""
        self._form = form
        self._fits = fits
        self._length = form.count("#")

    @property
    def full(self) -> bool:
        return len(self.typed) == self._length

    def add(self, digit: int) -> bool:
        """Whether it was taken."""
        longer = f"{'' if self.full else self.typed}{digit}"
        if not self._fits(longer):
            return False
        self.typed = longer
        return True

    def delete(self) -> bool:
        """Take the last one back; whether there was one."""
        had, self.typed = bool(self.typed), self.typed[:-1]
        return had

    def shown(self, otherwise: str = "") -> str:
        """In its places; `otherwise` as long as nothing is typed."""
        if not self.typed and otherwise:
            return otherwise
        digits = iter(self.typed)
        return "".join(next(digits, "-") if place == "#" else place for place in self._form)


def is_time(text: str) -> bool:
    """Whether the beginning of HHMM can become a time of day: 9 cannot be the tens of an hour."""
    padded = text.ljust(4, "0")
    tens_of_minutes = len(text) < 3 or text[2] < "6"
    return padded[:2] < "24" and tens_of_minutes


def is_day(text: str) -> bool:
    """Whether the beginning of MMDD can become a day of some year."""
    if len(text) <= 2:
        return any(f"{month:02}".startswith(text) for month in range(1, 13))
    days = range(1, _DAYS[int(text[:2]) - 1] + 1)
    return any(f"{day:02}".startswith(text[2:]) for day in days)


def is_year(text: str) -> bool:
    """Whether the beginning of YYYY can become a year that clock chips hold."""
    return any(str(year).startswith(text) for year in range(2024, 2100))


_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
