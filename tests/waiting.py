"""Waiting for other threads and processes: for what they do, never for a time.

`PATIENCE` only says when a test that hangs has failed: no machine is so busy that it takes longer.
"""

import threading
import time
from collections.abc import Callable

PATIENCE = 120.0  # seconds

_LOOK = 0.002


def until(
    condition: Callable[[], object], why_not: Callable[[], object] = lambda: "it never happened"
) -> None:
    """Return once `condition` holds; it is looked at every few milliseconds."""
    deadline, pause = time.monotonic() + PATIENCE, threading.Event()
    while not condition():
        assert time.monotonic() < deadline, why_not()
        pause.wait(_LOOK)
