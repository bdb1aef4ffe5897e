"""What a page may use of the box."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from appliance.configuration.settings import Settings
from ui.strings import Language
from ui.strings import text as ui_text

if TYPE_CHECKING:
    from appliance.app import Appliance
    from appliance.dialogue.conductor import Conductor
    from appliance.pages.history import Browser
    from appliance.pages.self_test_rows import Parts
    from appliance.supervision.roster import Roster


@dataclass(frozen=True, slots=True)
class Context:
    """Given to every listing's `enter`. `parts` is the front's hardware."""

    app: Appliance
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
        return zh if self.language is Language.ZH else en
