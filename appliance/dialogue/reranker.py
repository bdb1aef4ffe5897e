"""A second opinion on the sentence being typed: the LLM's, asked for when the keys rest.

It orders the sentences that the input method found by how likely the user is to say them in this
conversation. A late answer changes nothing: the editor takes it only for what still stands, and
only as long as the user has not begun to choose.
"""

from __future__ import annotations

from collections.abc import Callable

from appliance.configuration.settings import Settings
from appliance.dialogue.text_box import TextBox
from appliance.messages import Scores
from ui.input.rerank import RerankRequest

SETTING = "ime.rerank"

Ask = Callable[[int, tuple[str, ...]], bool]


class Reranker:
    """Follows the text box.

    `ask` takes the number of a request and its sentences, none to cancel it; False when the LLM
    has no time.
    """

    def __init__(self, editor: TextBox, settings: Settings, ask: Ask) -> None:
        self._editor = editor
        self._settings = settings
        self._ask = ask
        self._number = 0
        self._waiting: RerankRequest | None = None

    def typed(self) -> None:
        """A key was pressed in the text box: what was asked no longer matters."""
        if self._waiting is not None:
            self._waiting = None
            self._ask(self._number, ())

    def tick(self) -> None:
        """Ask, where the keys have rested long enough. Call it after the editor's `tick`."""
        request = self._editor.rerank_request()
        if request is None or not self._settings.flag(SETTING):
            return
        self._number += 1
        if self._ask(self._number, request.candidates):
            self._waiting = request

    def scored(self, scores: Scores) -> bool:
        """The LLM has answered; True when another sentence may now be shown."""
        request = self._waiting
        if request is None or scores.request != self._number:
            return False
        self._waiting = None
        if len(scores.logprobs) != len(request.candidates):
            return False
        return self._editor.rerank(request, scores.logprobs)
