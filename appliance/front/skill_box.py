"""The box in the hands of its skills."""

from __future__ import annotations

from dataclasses import dataclass

from appliance.configuration.settings import Settings
from appliance.dialogue.conductor import Conductor
from appliance.memory.recollection import Recollection
from appliance.pages.page import Pages
from appliance.pages.shell import Shell
from ui.keymap import Intent


@dataclass(frozen=True, slots=True)
class SkillBox:
    """An `appliance.skills.box.Box`."""

    conductor: Conductor
    pages: Pages
    shell: Shell

    @property
    def settings(self) -> Settings:
        return self.conductor.settings

    @property
    def facts(self) -> Recollection:
        return self.conductor.recollection

    def open(self, intent: Intent) -> None:
        self.pages.open(self.shell.page(intent))
