"""The model menu: what is there, how big, and whether it fits this box's memory."""

from __future__ import annotations

from collections.abc import Callable

from appliance import machine
from appliance.models.catalogue import LlmModel
from appliance.pages.context import Context
from appliance.pages.listing import Listing, Where
from appliance.pages.menu import Entry, Menu
from appliance.pages.page import Home, Outcome
from appliance.roster import Roster
from ui.keymap import Intent
from ui.screens.menu import MenuItem

SPARE_MB = 200


def fit(model: LlmModel, available_mb: int) -> str:
    """Text key: fits, fits tightly (file pages will be evicted), does not fit."""
    if model.memory.total_mb + SPARE_MB <= available_mb:
        return "model.fits"
    if model.memory.anonymous_mb + SPARE_MB <= available_mb:
        return "model.tight"
    return "model.too-big"


class ModelMenu(Menu):
    """Installed language models; entering one loads it."""

    def __init__(
        self,
        roster: Roster,
        current: str,
        available_mb: int,
        say: Callable[[str], str],
        use: Callable[[str], None],
    ) -> None:
        self._current = current
        self._available_mb = available_mb
        self._say = say
        self._use = use
        self._roster = roster
        entries = [self._entry(model) for model in roster.candidates(LlmModel)]
        super().__init__(say("model.title"), entries)

    def _entry(self, model: LlmModel) -> Entry:
        installed = self._roster.store.state(model) == "installed"
        verdict = self._say(fit(model, self._available_mb) if installed else "model.missing")
        size = f"{model.memory.file_mb / 1000:.1f}G"
        item = MenuItem(
            model.title, f"{size} {verdict}", installed, checked=model.name == self._current
        )
        return Entry(lambda: item, lambda: self._choose(model))

    def _choose(self, model: LlmModel) -> Outcome:
        self._use(model.name)
        return Home()


def _open(context: Context) -> ModelMenu:
    def use(name: str) -> None:
        context.conductor.use_model("llm", name)

    current = context.roster.titles().get("llm", "")
    memory = machine.memory()
    available = memory.available // 1_000_000 if memory is not None else 0
    return ModelMenu(context.roster, current, available, context.say, use)


LISTINGS = (
    Listing(
        where=Where.MAIN, order=30, zh="模型", en="Model", enter=_open, intent=Intent.MODEL_MENU
    ),
)
