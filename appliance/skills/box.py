"""What a skill may use of the box it runs in, and nothing else."""

from __future__ import annotations

from typing import Protocol

from appliance.configuration.settings import Settings, Value
from appliance.memory.recollection import Recollection
from ui.keymap import Intent


class Box(Protocol):
    """The box in the hands of a skill. All of it is used on the loop, and none of it blocks."""

    @property
    def settings(self) -> Settings:
        """The values in force."""

    @property
    def facts(self) -> Recollection:
        """What the user asked to be remembered."""

    def change(self, key: str, value: Value) -> None:
        """Change a setting: now, and for good.

        Raises:
            SettingError: the schema does not allow it.
        """

    def open(self, intent: Intent) -> None:
        """Open the page that an intent of the key map opens."""
