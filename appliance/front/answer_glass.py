"""The window on the answer: laid out as it grows, scrolled by keys, led by the voice."""

from __future__ import annotations

from appliance.dialogue.situation import Answered, Voiced
from ui.reader import Reader


class AnswerGlass:
    """Keeps up with the answer whenever it is asked for its reader."""

    def __init__(self) -> None:
        self._reader: Reader | None = None
        self._of = (-1, 0)  # turn and draft
        self._laid_out = 0  # characters
        self._footer: str | None = None
        self._voiced: Voiced | None = None

    def reader(self, answer: Answered | None) -> Reader | None:
        """The window on this answer as it is now; None without one."""
        if answer is None:
            self._reader = None
            return None
        written = answer.written
        if self._reader is None or self._of != (answer.turn, written.draft):
            self._begin(answer)
        reader = self._reader
        assert reader is not None
        if len(written.text) > self._laid_out:
            reader.append(written.text[self._laid_out :])
            self._laid_out = len(written.text)
        if written.footer is not None and written.footer != self._footer:
            self._footer = written.footer
            reader.finish(written.footer)
        self._follow_voice(reader, answer.voiced)
        return reader

    def _begin(self, answer: Answered) -> None:
        self._reader = Reader(answer.question)
        self._of = (answer.turn, answer.written.draft)
        self._laid_out = 0
        self._footer = None
        self._voiced = None

    def _follow_voice(self, reader: Reader, voiced: Voiced | None) -> None:
        """Another clause is spoken; who reads aloud again leads the window from the first one."""
        if voiced is None or voiced == self._voiced:
            return
        if voiced.again and (self._voiced is None or self._voiced.turn != voiced.turn):
            reader.follow = True
        self._voiced = voiced
        reader.show(voiced.clause)
