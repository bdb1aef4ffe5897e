"""The text box as the dialogue uses it; the editor of the input method is one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from appliance.timers import Timed
from ui.input.rerank import RerankRequest
from ui.strings import Language


class TextBox(Timed, Protocol):
    """A text with a caret, and what is still open at it."""

    language: Language
    hints: bool

    @property
    def text(self) -> str:
        """What is committed."""

    @property
    def caret(self) -> int:
        """Offset into `text`."""

    def sentence(self) -> str:
        """The text as if what is open were accepted now."""

    def open_words(self) -> tuple[str, ...]:
        """The words of what is open; empty when nothing is."""

    def accept(self) -> str:
        """Commit what is open and give the whole text."""

    def insert(self, text: str) -> bool:
        """Insert at the caret. False: not all of it fits."""

    def set_text(self, text: str, caret: int | None = None) -> bool:
        """Replace everything; the caret goes to `caret` or to the end. False: it was cut."""

    def clear(self) -> None:
        """Empty it after its text was sent."""

    def rerank_request(self) -> RerankRequest | None:
        """The sentences to score, once after each pause; None when there is nothing to ask."""

    def rerank(self, request: RerankRequest, logprobs: Sequence[float]) -> bool:
        """Order the sentences by the scores of a request; False when that came too late."""
