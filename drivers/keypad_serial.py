"""A keypad on a serial line: one byte per change, the codes of the reference keypad."""

from __future__ import annotations

import errno
from collections import deque
from typing import Protocol

from drivers.bus import BusError, BusPermissionError, DeviceNotFoundError
from drivers.keypad_i2c import NONE_DOWN
from drivers.keys import Key
from drivers.serial_port import open_port

BAUD = 9600


class _Port(Protocol):
    def read(self, size: int) -> bytes: ...

    def close(self) -> None: ...


class SerialKeypad:
    """`drivers.keys.Keypad` on `path`, such as /dev/ttyUSB0.

    The pad sends a byte whenever the key that is down changes: 0–15 a key, 16 none. Changes are
    told one per `read`, so a tap between two polls is not lost. A line that went away is opened
    again by a later `read`, which raises BusError until it is back.
    """

    def __init__(self, path: str, baud: int = BAUD) -> None:
        self._path = path
        self._baud = baud
        self._port: _Port | None = None
        self._changes: deque[Key | None] = deque()
        self._current: Key | None = None

    def read(self) -> Key | None:
        """The key that is down now, or was down next. Raises BusError, also for another byte."""
        self._receive()
        if self._changes:
            self._current = self._changes.popleft()
        return self._current

    def close(self) -> None:
        if self._port is not None:
            self._port.close()
            self._port = None

    def _receive(self) -> None:
        if self._port is None:
            self._port = _open(self._path, self._baud)
        try:
            data = self._port.read(64)
        except OSError as error:  # serial.SerialException is one
            self.close()
            self._changes.clear()
            self._current = None
            raise DeviceNotFoundError(errno.ENODEV, f"{self._path} went away") from error
        codes = [code for code in data if code <= NONE_DOWN]
        self._changes += [None if code == NONE_DOWN else Key(code) for code in codes]
        if len(codes) != len(data):
            raise BusError(errno.EPROTO, f"keypad on {self._path} sent {data.hex(' ')}")


def _open(path: str, baud: int) -> _Port:
    try:
        port: _Port = open_port(path, baud)
    except OSError as error:
        if error.errno == errno.EACCES:
            raise BusPermissionError(error.errno, f"may not open {path}") from error
        raise DeviceNotFoundError(error.errno or errno.ENODEV, f"cannot open {path}") from error
    return port
