"""Asking whoever supervises the box to switch the board off, or to start it anew.

The box itself has no such right. It leaves its wish in a file of its runtime directory and ends;
systemd's ExecStopPost= or the watcher beside procd's jail reads the word and acts on it. Where
nobody supervises, as under `lory panel`, the box just ends.
"""

from __future__ import annotations

import logging
import os
from enum import Enum

from appliance import paths

log = logging.getLogger("lory.power")

FILE_NAME = "power"


class Wish(Enum):
    """What should become of the board when the box has ended; the value is the word in the file."""

    NONE = ""
    OFF = "off"
    RESTART = "restart"


def leave(wish: Wish) -> None:
    """Tell the supervisor, if there is one. Called when everything is saved and dark."""
    if wish is Wish.NONE or not paths.is_service():
        return
    try:
        # A watcher's end is a FIFO; without its reader, opening must fail and not wait.
        flags = os.O_WRONLY | os.O_CREAT | os.O_NONBLOCK
        file = os.open(paths.runtime_dir() / FILE_NAME, flags, 0o600)
        try:
            os.write(file, f"{wish.value}\n".encode())
        finally:
            os.close(file)
    except OSError as error:
        log.error("the board stays on: %s", error)
