"""What a skill may use of the box it runs in, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from appliance.alarms.keeper import Keeper
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
    def alarms(self) -> Keeper:
        """Alarms, timers and reminders that are set."""

    @property
    def has_speaker(self) -> bool:
        """Whether a ring would be heard."""

    @property
    def store(self) -> Store:
        """`lory.db`, for what a skill keeps."""

    def open(self, intent: Intent) -> None:
        """Open the page that an intent of the key map opens."""

    def choose(
        self, title: str, options: Sequence[str], then: Callable[[int | None], object]
    ) -> None:
        """Ask on the glass, with digits; `then` gets the place of the choice, None: none."""

    def offer_undo(self, undo: Callable[[], object]) -> None:
        """For ten seconds 0 takes back what was just done; the last row says so."""

    def tell(self, text: str) -> None:
        """Show and say something that was not asked for."""
