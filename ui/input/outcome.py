"""What became of an intent: told to the application, which shows it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final


class Hint(Enum):
    """What the user should be told about an action that did nothing."""

    FULL = "full"  # the text box or the composition holds no more
    NOTHING_TO_CHOOSE = "nothing-to-choose"
    NOTHING_TO_UNDO = "nothing-to-undo"


@dataclass(frozen=True, slots=True)
class EditResult:
    """What one intent did.

    `changed`: something visible changed. `hint`: why nothing did. `empty_delete`: A was pressed on
    an empty box; the application goes home.
    """

    changed: bool
    hint: Hint | None = None
    empty_delete: bool = False


CHANGED: Final = EditResult(True)
NOTHING: Final = EditResult(False)
