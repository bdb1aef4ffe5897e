"""Which model plays which role on this box, now."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TypeVar

from appliance.models.catalogue import (
    AsrModel,
    Catalogue,
    LlmModel,
    Model,
    TtsModel,
    VadModel,
)
from appliance.models.errors import ModelError, ModelMissingError
from appliance.models.store import Store
from appliance.settings import Settings

M = TypeVar("M", LlmModel, AsrModel, TtsModel, VadModel)

PREFERRED_SETS = ("rk3588", "default", "router")


class Roster:
    """The model of each role: the one the settings name, else the best that is installed."""

    def __init__(self, settings: Settings, catalogue: Catalogue, store: Store) -> None:
        self.catalogue = catalogue
        self.store = store
        self._settings = settings

    def llm(self) -> LlmModel:
        return self._choose("models.llm", LlmModel)

    def asr(self) -> AsrModel:
        return self._choose("models.asr", AsrModel)

    def tts(self) -> TtsModel:
        return self._choose("models.tts", TtsModel)

    def vad(self) -> VadModel:
        return self._choose("models.vad", VadModel)

    def titles(self) -> dict[str, str]:
        """What each role would run now, by the name of its worker."""
        choices: dict[str, Callable[[], Model]] = {
            "llm": self.llm,
            "asr": self.asr,
            "tts": self.tts,
        }
        titles = {}
        for role, choose in choices.items():
            with contextlib.suppress(ModelError):
                titles[role] = choose().title
        return titles

    def candidates(self, kind: type[M]) -> list[M]:
        """All models of a role, installed ones first."""
        models = [model for model in self.catalogue.models.values() if isinstance(model, kind)]
        return sorted(models, key=lambda model: self.store.state(model) != "installed")

    def _choose(self, key: str, kind: type[M]) -> M:
        """Raises: UnknownModelError (settings name what is not there), ModelMissingError."""
        named = self._settings.text(key)
        if named:
            return self._of_kind(self.catalogue.model(named), kind, key)
        ranked = self._by_preference(kind)
        # A damaged one is chosen over none: its error then says what is really wrong.
        for usable in (("installed", "outdated"), ("damaged",)):
            for model in ranked:
                if self.store.state(model) in usable:
                    return model
        wanted = self.catalogue.of_set("default", kind)
        name = wanted.name if wanted is not None else kind.__name__
        raise ModelMissingError(f"model {name} is not installed; run: lory models fetch")

    def _by_preference(self, kind: type[M]) -> list[M]:
        """The user's own first, then those of the sets, best set first."""
        ours = [
            model
            for name in PREFERRED_SETS
            for model in self.catalogue.expand([name])
            if isinstance(model, kind)
        ]
        names = {model.name for model in ours}
        return [m for m in self.candidates(kind) if m.name not in names] + ours

    @staticmethod
    def _of_kind(model: Model, kind: type[M], key: str) -> M:
        if isinstance(model, kind):
            return model
        raise ModelMissingError(f"{key} names {model.name}, which is a model of role {model.role}")
