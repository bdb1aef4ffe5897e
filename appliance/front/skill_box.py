"""The box in the hands of its skills."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from appliance.alarms.keeper import Keeper
from appliance.alerts import Alerts
from appliance.configuration.settings import Settings
from appliance.memory.recollection import Recollection, Store
from appliance.pages.choice import ChoicePage
from appliance.pages.shell import Shell
from appliance.timers import Timers
from ui.keymap import Intent


@dataclass(frozen=True, slots=True)
class SkillBox:
    """An `appliance.skills.box.Box`."""

    shell: Shell
    store: Store

    @property
    def settings(self) -> Settings:
        return self.shell.settings

    @property
    def facts(self) -> Recollection:
        return self.shell.conductor.knowledge.recollection

    @property
    def timers(self) -> Timers:
        return self.shell.timers

    @property
    def alerts(self) -> Alerts:
        return self.shell.alerts

    def open(self, intent: Intent) -> None:
        self.shell.open(intent)

    @property
    def alarms(self) -> Keeper:
        return self.shell.alarms

    @property
    def has_speaker(self) -> bool:
        return self.shell.conductor.view().speaks.devices.sink == "speaker"

    def choose(
        self, title: str, options: Sequence[str], then: Callable[[int | None], object]
    ) -> None:
        self.shell.push(ChoicePage(title, options, then))

    def offer_undo(self, undo: Callable[[], object]) -> None:
        self.shell.offer_undo(undo)

    def tell(self, text: str) -> None:
        self.shell.say_over(text)
        self.shell.conductor.announce(text)
