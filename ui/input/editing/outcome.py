"""What became of an intent: told to the application, which shows it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final


class Hint(Enum):
    """What the user should be told about an action that did nothing, or more than can be seen."""

    FULL = "full"  # the text box or the composition holds no more
    NOTHING_TO_CHOOSE = "nothing-to-choose"
    NOTHING_TO_UNDO = "nothing-to-undo"
    FORGOTTEN = "forgotten"
    NOTHING_LEARNT = "nothing-learnt"  # of the word that was to be forgotten
    SPELLING = "spelling"  # the English word that was open is to be spelt
    LEARNT_AGAIN = "learnt-again"  # the forgetting was undone


@dataclass(frozen=True, slots=True)
class EditResult:
    """What one intent did.

    `changed`: something visible changed. `hint`: what to say about it, or why nothing did; `word`:
    about which word. `empty_delete`: A was pressed on an empty box; the application goes home.
    """

    changed: bool
    hint: Hint | None = None
    empty_delete: bool = False
    word: str = ""


CHANGED: Final = EditResult(True)
NOTHING: Final = EditResult(False)
FULL: Final = EditResult(False, Hint.FULL)
NOTHING_TO_CHOOSE: Final = EditResult(False, Hint.NOTHING_TO_CHOOSE)
