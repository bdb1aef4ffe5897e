"""A USB number pad as the keypad: raw reads of Linux input events.

Not by python-evdev: it comes as source only, and would want a compiler and the kernel's headers on
every box, for one struct and one ioctl.
"""

from __future__ import annotations

import errno
import fcntl
import os
import struct
from collections import deque
from pathlib import Path

from drivers.bus import BusError, BusPermissionError, DeviceNotFoundError
from drivers.keys import Key
from drivers.rollover import Rollover

# struct input_event (linux/input.h): timeval of two longs, type, code, value.
_EVENT = struct.Struct("@llHHi")
_EV_SYN, _EV_KEY = 0, 1
_SYN_DROPPED = 3
_RELEASED = 0
_EVIOCGRAB = 0x40044590  # so that the keys do not also type on the console
_EVENTS_PER_READ = 64

# By label (linux/input-event-codes.h). NumLock is ignored: some pads send it by themselves around
# other keys. `/` and Backspace are A (back), - is B, + is C, Enter is D, `*` is `*`, `.` is `#`.
KEYS: dict[int, Key] = {
    82: Key.D0, 79: Key.D1, 80: Key.D2, 81: Key.D3, 75: Key.D4,
    76: Key.D5, 77: Key.D6, 71: Key.D7, 72: Key.D8, 73: Key.D9,
    98: Key.A, 14: Key.A, 74: Key.B, 78: Key.C, 96: Key.D, 55: Key.STAR, 83: Key.HASH,
    # The digit row, where a pad reports it instead.
    11: Key.D0, 2: Key.D1, 3: Key.D2, 4: Key.D3, 5: Key.D4,
    6: Key.D5, 7: Key.D6, 8: Key.D7, 9: Key.D8, 10: Key.D9, 28: Key.D,
}  # fmt: skip


class EvdevKeypad:
    """`drivers.keys.Keypad` on `/dev/input/eventN`.

    Changes are queued and told one per `read`, so a tap between two polls is not lost. A device
    that went away is opened again by a later `read`, which raises BusError until it is back.
    """

    def __init__(self, path: str | Path, *, grab: bool = True) -> None:
        self._path = Path(path)
        self._grab = grab
        self._fd: int | None = None
        self._rollover = Rollover()
        self._down: set[Key] = set()
        self._changes: deque[Key | None] = deque()
        self._current: Key | None = None

    def read(self) -> Key | None:
        """The key that is down now, or was down next. Raises BusError."""
        if self._fd is None:
            self._fd = self._open()
        self._drain(self._fd)
        if self._changes:
            self._current = self._changes.popleft()
        return self._current

    def close(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def _open(self) -> int:
        try:
            fd = os.open(self._path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except PermissionError as error:
            raise BusPermissionError(error.errno, f"may not read {self._path}") from error
        except OSError as error:
            raise DeviceNotFoundError(error.errno, f"cannot open {self._path}") from error
        try:
            if self._grab:
                fcntl.ioctl(fd, _EVIOCGRAB, 1)
        except OSError as error:
            os.close(fd)
            raise BusError(error.errno, f"{self._path} is in use or no input device") from error
        return fd

    def _drain(self, fd: int) -> None:
        try:
            data = os.read(fd, _EVENT.size * _EVENTS_PER_READ)
        except BlockingIOError:
            return
        except OSError as error:
            self._lose()
            raise DeviceNotFoundError(error.errno, f"{self._path} went away") from error
        if not data:
            self._lose()
            raise DeviceNotFoundError(errno.ENODEV, f"{self._path} went away")
        whole = len(data) - len(data) % _EVENT.size
        for _, _, kind, code, value in _EVENT.iter_unpack(data[:whole]):
            self._take(kind, code, value)

    def _take(self, kind: int, code: int, value: int) -> None:
        if kind == _EV_SYN and code == _SYN_DROPPED:
            self._down.clear()  # the kernel lost events: what is held is not known
        elif kind == _EV_KEY and code in KEYS:
            if value == _RELEASED:
                self._down.discard(KEYS[code])
            else:
                self._down.add(KEYS[code])
        else:
            return
        reported = self._rollover.update(frozenset(self._down))
        if reported != (self._changes[-1] if self._changes else self._current):
            self._changes.append(reported)

    def _lose(self) -> None:
        self.close()
        self._down.clear()
        self._changes.clear()
        self._current = self._rollover.update(frozenset())
