"""The input method of the box: whatever became of its data, the box starts and types what it can.

Without `t9.bin` there is no Chinese; English, numbers and speech go on. What the user's typing
taught stays on the disk, untouched.
"""

from __future__ import annotations

import logging

from ui.input.engine import Engine
from ui.input.learning.user import MemoryWords, UserWords
from ui.input.model import DataError

log = logging.getLogger("lory.input")


def open_input_method(words: UserWords) -> Engine:
    """The engine over its data, or one that is not `chinese` where the data cannot be used."""
    try:
        return Engine(words)
    except DataError as error:
        log.error("no Chinese can be typed: %s", error)
        return Engine(MemoryWords(), data=None)
