"""Who the box is now: the persona that the settings name, for the LLM, the voice and the menu."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from appliance.configuration.checking import Complaint
from appliance.configuration.settings import Settings
from appliance.messages import Sampling
from appliance.personas.persona import Overrides, Persona, Personas, read_personas

log = logging.getLogger("lory.cast")

SETTING = "persona.name"


class Cast:
    """Personas of `directory` and ours. `suits` gives the sampling that suits the model in use."""

    def __init__(self, directory: Path, settings: Settings, suits: Callable[[], Sampling]) -> None:
        self._directory = directory
        self._settings = settings
        self._suits = suits
        self.personas = self.read()

    def read(self) -> Personas:
        """Read the files anew: a persona may have been added."""
        self.personas = read_personas(self._directory)
        for name, complaint in self.personas.broken.items():
            log.warning("persona %s: %s", self._directory / name, complaint)
        return self.personas

    def complaints(self) -> list[Complaint]:
        """What is wrong with the user's files."""
        return [
            Complaint("", f"{self._directory / name}: {why}", name)
            for name, why in self.personas.broken.items()
        ]

    @property
    def persona(self) -> Persona:
        """The one in force."""
        return self.personas.named(self._settings.text(SETTING))

    def prompt(self) -> str:
        """The system prompt, in the language of the interface."""
        return self.persona.prompt_in(self._settings.text("ui.language"))

    def sampling(self) -> Sampling | None:
        """None: what suits the model, which its worker knows."""
        overrides = self.persona.sampling
        return None if overrides == Overrides() else overrides.over(self._suits())
