"""The box's end: asks the root helper, and takes no for an answer."""

from __future__ import annotations

import logging
import socket
from datetime import datetime
from pathlib import Path

from appliance.helper.words import SOCKET, SetClock, WakeAt, Word, line_of

PATIENCE = 10.0
"""Seconds: the helper may have to be started first, on a slow board."""

log = logging.getLogger("lory.helper")


class Helper:
    """Asks at `path`. Methods block for up to `PATIENCE` and never raise: call them on a thread."""

    def __init__(self, path: Path = Path(SOCKET)) -> None:
        self._path = path

    @property
    def there(self) -> bool:
        """Whether this box has a helper at all: a PC that shows a box has none."""
        return self._path.is_socket()

    def set_clock(self, moment: datetime) -> bool:
        """Set the system's clock. `moment` carries its zone."""
        return self._ask(SetClock(round(moment.timestamp())))

    def wake_at(self, moment: datetime | None) -> bool:
        """Let the board be powered on then; None takes the wish back."""
        return self._ask(WakeAt(int(moment.timestamp()) if moment is not None else None))

    def _ask(self, word: Word) -> bool:
        if not self.there:
            return False
        try:
            with socket.socket(socket.AF_UNIX) as asked:
                asked.settimeout(PATIENCE)
                asked.connect(str(self._path))
                asked.sendall(line_of(word))
                answer = asked.recv(256).decode("utf-8", "replace").strip()
        except OSError as error:
            log.warning("the helper did not answer %r: %s", word, error)
            return False
        if answer != "ok":
            log.warning("the helper refused %r: %s", word, answer or "it hung up")
        return answer == "ok"
