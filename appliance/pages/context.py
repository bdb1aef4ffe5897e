"""What a page may use of the box."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from appliance.configuration.settings import Settings
from appliance.dialogue.conductor import Conductor
from appliance.memory.conversations import StoredTurn, Summary
from appliance.memory.recollection import Store
from appliance.pages.self_test_rows import Parts
from appliance.pages.shell import Shell
from appliance.supervision.roster import Roster
from ui.strings import Language, Text
from ui.strings import text as ui_text


class Browser(Store, Protocol):
    """Reads the store without making anybody wait; `then` is called on the loop."""

    def list_conversations(
        self, then: Callable[[list[Summary]], None], before: int | None = None
    ) -> None:
        """The latest ones, or those older than the conversation `before`; none at the end."""

    def read_conversation(
        self, conversation: int, then: Callable[[list[StoredTurn]], None]
    ) -> None: ...

    def latest_turns(self, then: Callable[[list[StoredTurn]], None]) -> None:
        """Of all conversations, the latest first."""

    def goes_on(self, conversation: int) -> bool:
        """Whether it is the present one."""

    def delete_conversation(self, conversation: int) -> None: ...

    def resume(self, conversation: int, turns: list[StoredTurn]) -> None: ...


@dataclass(frozen=True, slots=True)
class Context:
    """Given to every listing's `enter`. `parts` is the front's hardware."""

    app: Shell
    roster: Roster
    browser: Browser
    parts: Parts

    @property
    def conductor(self) -> Conductor:
        return self.app.conductor

    @property
    def settings(self) -> Settings:
        return self.app.settings

    @property
    def language(self) -> Language:
        return self.app.conductor.language

    def say(self, key: str, **fields: object) -> str:
        """A text of `ui.strings` in the user's language."""
        return ui_text(key, self.language, **fields)

    def pick(self, zh: str, en: str) -> str:
        """A text that stands beside the code that shows it, in the user's language."""
        return Text(zh, en).of(self.language)
