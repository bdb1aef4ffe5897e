"""Taking away what was typed: key by key, character by character, or all of it and back."""

from __future__ import annotations

from ui.input.editing.buffer import Written
from ui.input.editing.draft import Draft
from ui.input.editing.outcome import CHANGED, NOTHING, EditResult, Hint
from ui.keymap import State


class Eraser:
    """Deletes in the draft, and clears it; what was cleared comes back until `settle`."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._in_text = False  # where a held A may go on deleting
        self._cleared: Written | None = None

    def delete(self) -> EditResult:
        """A: the last key of what is open, or else the character before the caret."""
        draft = self._draft
        self._in_text = draft.state is State.TEXT
        if self._in_text:
            empty = not draft.buffer.text
            return EditResult(draft.buffer.delete(), empty_delete=empty)
        if draft.state is not State.PINYIN:
            return NOTHING
        draft.undo_key()
        return CHANGED

    def delete_more(self) -> EditResult:
        """Held: goes on where the press began, and never from a composition into the text."""
        draft = self._draft
        if draft.state is State.TEXT:
            return EditResult(self._in_text and draft.buffer.delete())
        if draft.state is not State.PINYIN or self._in_text or draft.at_edge:
            return NOTHING
        draft.undo_key()
        return CHANGED

    def clear(self) -> EditResult:
        """Empty the box; again: what was cleared comes back."""
        draft, cleared = self._draft, self._cleared
        if draft.buffer.text or draft.open is not None:
            self._cleared = draft.as_accepted()
            draft.drop()
            draft.buffer.set("")
            return CHANGED
        if cleared is None:
            return EditResult(False, Hint.NOTHING_TO_UNDO)
        self._cleared = None
        draft.drop()
        draft.buffer.restore(cleared)
        return CHANGED

    def settle(self) -> None:
        """What was cleared stays so."""
        self._cleared = None
