"""The model menu: what is there, how big, and whether it fits this box's memory."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from appliance.models.catalogue import LlmModel
from appliance.models.errors import ModelError
from appliance.models.rollback import model_forgets
from appliance.pages.context import Context
from appliance.pages.listing import Listing, Where
from appliance.pages.menu import Entry, Menu
from appliance.pages.page import Home, Outcome
from appliance.supervision import budget
from appliance.supervision.roster import Roster
from ui.keymap import Intent
from ui.screens.menu import MenuItem


class ModelMenu(Menu):
    """Language models, installed ones first; entering one loads it.

    `fit_of` gives a text key. `forgets`: whether what a model has read cannot be taken back.
    `way` is the leaner way in which the present one runs, if it does.
    """

    def __init__(
        self,
        roster: Roster,
        current: str,
        fit_of: Callable[[LlmModel], str],
        say: Callable[[str], str],
        use: Callable[[str], None],
        forgets: Callable[[LlmModel], bool] = lambda model: model.facts.cache == "snapshot",
        way: str = "",
    ) -> None:
        self._current = current
        self._fit_of = fit_of
        self._say = say
        self._use = use
        self._forgets = forgets
        self._way = way
        self._roster = roster
        models = roster.candidates(LlmModel)
        super().__init__(say("model.title"), [self._entry(model) for model in models])
        names = [model.name for model in models]
        self.selected = names.index(current) if current in names else 0

    def _entry(self, model: LlmModel) -> Entry:
        installed = self._roster.store.state(model) == "installed"
        size = f"{model.memory.file_mb / 1000:.1f} GB"
        notes = [size, self._say(self._fit_of(model))]
        if self._forgets(model):
            notes.append(self._say("model.snapshot"))
        if self._way and model.name == self._current:
            notes.append(self._say(f"way.{self._way}"))
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
    current = ""
    with contextlib.suppress(ModelError):
        current = roster.llm().name
    room = budget.room(context.app.team.processes())
    companions = budget.speech(roster)
    return ModelMenu(
        roster,
        current,
        lambda model: budget.fit(model, companions, room).value,
        context.say,
        use,
        lambda model: model_forgets(model, roster.store),
        context.app.team.way_of("llm"),
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
