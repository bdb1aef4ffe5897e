"""The model menu: what is there, how big, and whether it fits this box's memory."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from appliance import machine
from appliance.models.catalogue import LlmModel, Model
from appliance.models.errors import ModelError
from appliance.pages.context import Context
from appliance.pages.listing import Listing, Where
from appliance.pages.menu import Entry, Menu
from appliance.pages.page import Home, Outcome
from appliance.roster import Roster
from ui.keymap import Intent
from ui.screens.menu import MenuItem

SPARE_MB = 200


def fit(need_mb: int, free_mb: int, others_mb: int) -> str:
    """Text key: fits beside what runs, fits alone (once speech models gave way), does not fit."""
    if need_mb + SPARE_MB <= free_mb:
        return "model.fits"
    return "model.fits-alone" if need_mb + SPARE_MB <= free_mb + others_mb else "model.too-big"


class ModelMenu(Menu):
    """Language models, installed ones first; entering one loads it. `fit_of` gives a text key."""

    def __init__(
        self,
        roster: Roster,
        current: str,
        fit_of: Callable[[LlmModel], str],
        say: Callable[[str], str],
        use: Callable[[str], None],
    ) -> None:
        self._current = current
        self._fit_of = fit_of
        self._say = say
        self._use = use
        self._roster = roster
        models = roster.candidates(LlmModel)
        super().__init__(say("model.title"), [self._entry(model) for model in models])
        names = [model.name for model in models]
        self.selected = names.index(current) if current in names else 0

    def _entry(self, model: LlmModel) -> Entry:
        installed = self._roster.store.state(model) == "installed"
        size = f"{model.memory.file_mb / 1000:.1f} GB"
        notes = [size, self._say(self._fit_of(model))]
        if not installed:
            notes.append(self._say("model.missing"))
        item = MenuItem(
            model.title,
            enabled=installed,
            checked=model.name == self._current,
            note="  ".join(notes),
        )
        return Entry(lambda: item, lambda: self._choose(model))

    def _choose(self, model: LlmModel) -> Outcome:
        self._use(model.name)
        return Home()


def _open(context: Context) -> ModelMenu:
    def use(name: str) -> None:
        context.conductor.use_model("llm", name)

    roster = context.roster
    memory = machine.memory()
    free = memory.available // 1_000_000 if memory is not None else 0
    current, speech = "", 0
    with contextlib.suppress(ModelError):
        model = roster.llm()
        current = model.name
        free += model.memory.anonymous_mb  # it makes room for the next one
    roles: tuple[Callable[[], Model], ...] = (roster.asr, roster.tts)
    for role in roles:
        with contextlib.suppress(ModelError):
            speech += role().memory.anonymous_mb
    return ModelMenu(
        roster,
        current,
        lambda model: fit(model.memory.total_mb, free, speech),
        context.say,
        use,
    )


LISTINGS = (
    Listing(
        where=Where.MODELS,
        order=10,
        zh="语言模型",
        en="Language model",
        enter=_open,
        intent=Intent.MODEL_MENU,
    ),
)
