"""A hand on the keys of the text box, without keys: intents and digits, on a clock that is set."""

from __future__ import annotations

from ui.input.editing.editor import Editor
from ui.input.editing.outcome import EditResult
from ui.keymap import Action, Intent


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def do(editor: Editor, intent: Intent, digit: int = -1) -> EditResult:
    return editor.act(Action(intent, digit))


def keys(editor: Editor, digits: str) -> None:
    """Type them one after the other."""
    for digit in digits:
        do(editor, Intent.TYPE, int(digit))
