"""The persona menu: who the box can be, and which persona's file is broken."""

from __future__ import annotations

from collections.abc import Callable

from appliance.pages.context import Context
from appliance.pages.listing import Listing, Where
from appliance.pages.menu import Entry, Menu
from appliance.pages.page import Home, Outcome, Push
from appliance.pages.text import TextPage
from appliance.personas import cast
from appliance.personas.cast import Cast
from appliance.personas.persona import Persona
from ui.keymap import Intent
from ui.screens.menu import MenuItem
from ui.screens.message import Sign


class PersonaMenu(Menu):
    """Entering a persona takes it; entering a broken file says what is wrong with it."""

    def __init__(
        self, cast: Cast, language: str, say: Callable[[str], str], use: Callable[[str], None]
    ) -> None:
        self._language = language
        self._say = say
        self._use = use
        self._current = cast.persona.name
        personas = cast.read()
        entries = [self._entry(persona) for persona in personas.by_name.values()]
        entries += [self._broken(name, why) for name, why in personas.broken.items()]
        super().__init__(say("persona.title"), entries)
        self.selected = list(personas.by_name).index(self._current)

    def _entry(self, persona: Persona) -> Entry:
        item = MenuItem(
            persona.title_in(self._language),
            "LoRA" if persona.lora else "",
            checked=persona.name == self._current,
        )
        return Entry(lambda: item, lambda: self._take(persona))

    def _take(self, persona: Persona) -> Outcome:
        self._use(persona.name)
        return Home()

    def _broken(self, name: str, why: str) -> Entry:
        item = MenuItem(name, self._say("persona.broken"))
        page = TextPage(name, lambda: why, Sign.FAULT)
        return Entry(lambda: item, lambda: Push(page))


def _open(context: Context) -> PersonaMenu:
    conductor = context.conductor

    def use(name: str) -> None:
        if name == context.settings.text(cast.SETTING):
            conductor.take_persona()  # a new conversation with the same one
        else:
            context.settings.change(cast.SETTING, name)

    return PersonaMenu(
        conductor.knowledge.cast,
        context.language.value,
        context.say,
        use,
    )


LISTINGS = (
    Listing(
        where=Where.MODELS,
        order=5,
        zh="角色",
        en="Persona",
        enter=_open,
        intent=Intent.PERSONA_MENU,
    ),
)
