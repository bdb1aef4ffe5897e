"""What the box may ask the root helper for: words and numbers, never a path, never a command."""

from __future__ import annotations

from dataclasses import dataclass

from appliance.errors import LoryError

SOCKET = "/run/lory-helper.sock"
LONGEST = 64  # bytes of a line, its end included

_EARLIEST = 1704067200  # 2024: a board without a clock starts before
_LATEST = 7258118400  # 2200: what clock chips hold


class WordError(LoryError, ValueError):
    """No word of ours. The message is what the box is answered."""


@dataclass(frozen=True, slots=True)
class SetClock:
    """Set the system's clock, and the kernel's clock chip, to `at` seconds of the epoch."""

    at: int


@dataclass(frozen=True, slots=True)
class WakeAt:
    """Let the clock chip power the board on at `at` seconds of the epoch; None: not at all."""

    at: int | None


Word = SetClock | WakeAt


def parse(line: bytes) -> Word:
    """One line without its end.

    Raises:
        WordError: not in the list, or a number outside 2024-2200.
    """
    match line.split(b" "):
        case [b"set-clock", number]:
            return SetClock(_moment(number))
        case [b"wake-at", b"never"]:
            return WakeAt(None)
        case [b"wake-at", number]:
            return WakeAt(_moment(number))
    raise WordError("unknown word")


def line_of(word: Word) -> bytes:
    """As it goes over the socket, its end included."""
    match word:
        case SetClock(at):
            return f"set-clock {at}\n".encode()
        case WakeAt(None):
            return b"wake-at never\n"
        case WakeAt(at):
            return f"wake-at {at}\n".encode()


def _moment(number: bytes) -> int:
    if not number.isdigit() or len(number) > 12:
        raise WordError("not a number")
    at = int(number)
    if not _EARLIEST <= at < _LATEST:
        raise WordError("not a time")
    return at
