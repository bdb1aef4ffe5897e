"""The box in the hands of its skills."""

from __future__ import annotations

from dataclasses import dataclass

from appliance.alerts import Alerts
from appliance.configuration.settings import Settings
from appliance.memory.recollection import Recollection, Store
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
