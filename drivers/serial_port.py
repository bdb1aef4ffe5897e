"""Opening a serial line so that every failure is an OSError."""

from __future__ import annotations

import termios
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import serial


def open_port(path: str, baud: int) -> serial.Serial:
    """A line of which neither reads nor writes wait, ours alone. Raises OSError.

    Of a line that is unplugged while it is being opened pyserial lets termios' own error through,
    which is none.
    """
    import serial

    try:
        return serial.Serial(path, baud, timeout=0, write_timeout=0, exclusive=True)
    except termios.error as error:
        raise OSError(*error.args) from error
