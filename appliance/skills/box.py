"""What a skill may use of the box it runs in, and nothing else."""

from __future__ import annotations

from typing import Protocol

from appliance.alerts import Alerts
from appliance.configuration.settings import Settings
from appliance.memory.recollection import Recollection, Store
from appliance.timers import Timers
from ui.keymap import Intent


class Box(Protocol):
    """The box in the hands of a skill. All of it is used on the loop, and none of it blocks."""

    @property
    def settings(self) -> Settings:
        """The values in force. What is changed there lasts, and whoever watches it acts on it."""

    @property
    def facts(self) -> Recollection:
        """What the user asked to be remembered."""

    @property
    def timers(self) -> Timers:
        """Moments to come, on the steady clock."""

    @property
    def alerts(self) -> Alerts:
        """What comes over everything."""

    @property
    def store(self) -> Store:
        """`lory.db`, for what a skill keeps."""

    def open(self, intent: Intent) -> None:
        """Open the page that an intent of the key map opens."""
