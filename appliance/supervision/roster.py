"""Which model plays which role on this box, now."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import TypeVar

from appliance.configuration.settings import Settings
from appliance.models.catalogue import (
    AsrModel,
    Catalogue,
    KwsModel,
    LlmModel,
    Model,
    TtsModel,
    VadModel,
)
from appliance.models.errors import ModelError, ModelMissingError
from appliance.models.store import Store

M = TypeVar("M", LlmModel, AsrModel, TtsModel, VadModel, KwsModel)

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
        """The recogniser that has the last word."""
        chosen = self._choose("models.asr", AsrModel)
        if not chosen.facts.streaming or self._settings.text("models.asr"):
            return chosen
        two_pass = self._settings.flag("asr.two_pass")
        return next((m for m in self._installed(AsrModel) if two_pass and _settles(m)), chosen)

    def tts(self) -> TtsModel:
        return self._choose("models.tts", TtsModel)

    def vad(self) -> VadModel:
        return self._choose("models.vad", VadModel)

    def first_pass(self) -> AsrModel | None:
        """A streaming recogniser that is installed beside one that is not: it shows the words."""
        return next((m for m in self._installed(AsrModel) if m.facts.streaming), None)

    def kws(self) -> KwsModel | None:
        """The keyword spotter, where one is installed."""
        return next(iter(self._installed(KwsModel)), None)

    def _installed(self, kind: type[M]) -> Iterator[M]:
        return (m for m in self._by_preference(kind) if self.store.state(m) == "installed")

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


def _settles(model: AsrModel) -> bool:
    """Whether it knows better than a streaming one: Whisper of this size does not."""
    return not model.facts.streaming and model.facts.type != "whisper"
