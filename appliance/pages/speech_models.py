"""The models that hear and speak: what is installed, which of them is in use."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from appliance.models.catalogue import AsrModel, TtsModel
from appliance.models.errors import ModelError
from appliance.pages.context import Context
from appliance.pages.listing import Listing, Where
from appliance.pages.menu import Entry, Menu
from appliance.pages.page import Home, Outcome
from appliance.supervision.roster import Roster
from appliance.supervision.team import Name
from ui.screens.menu import MenuItem

Use = Callable[[Name, str], None]


class SpeechModelMenu(Menu):
    """Recognition first, then voices; entering an installed one loads it."""

    def __init__(self, roster: Roster, say: Callable[[str], str], use: Use) -> None:
        self._roster = roster
        self._say = say
        self._use = use
        in_use = {_name(roster.asr), _name(roster.tts)}
        entries = [self._entry("asr", model, in_use) for model in roster.candidates(AsrModel)]
        entries += [self._entry("tts", model, in_use) for model in roster.candidates(TtsModel)]
        super().__init__(say("speech-model.title"), entries)

    def _entry(self, role: Name, model: AsrModel | TtsModel, in_use: set[str]) -> Entry:
        installed = self._roster.store.state(model) == "installed"
        kind = self._say(f"speech-model.{role}")
        item = MenuItem(
            f"{kind} {model.title}",
            "" if installed else self._say("model.missing"),
            installed,
            checked=model.name in in_use,
        )

        def choose() -> Outcome:
            self._use(role, model.name)
            return Home()

        return Entry(lambda: item, choose)


def _name(choose: Callable[[], AsrModel | TtsModel]) -> str:
    with contextlib.suppress(ModelError):
        return choose().name
    return ""


def _open(context: Context) -> SpeechModelMenu:
    return SpeechModelMenu(context.roster, context.say, context.conductor.use_model)


LISTINGS = (Listing(where=Where.MODELS, order=20, zh="听说模型", en="Speech models", enter=_open),)
