"""Which page an intent opens, and what stands on it."""

from __future__ import annotations

from collections.abc import Callable

from appliance import __version__, cast, machine
from appliance.app import Appliance
from appliance.latency import latency_rows
from appliance.pages.confirm import Confirm
from appliance.pages.facts import FactsPage
from appliance.pages.history import Browser, HistoryPage
from appliance.pages.menu import Menu, row
from appliance.pages.models import ModelMenu
from appliance.pages.page import Home, Outcome, Page, Push
from appliance.pages.personas import PersonaMenu
from appliance.pages.rows import RowsPage
from appliance.pages.settings import SettingsMenu
from appliance.pages.text import TextPage
from appliance.roster import Roster
from appliance.self_test import self_test_rows
from ui.keymap import Intent


class Menus:
    """Makes pages. `parts` tells which parts answer, `models` what each engine runs."""

    def __init__(
        self,
        roster: Roster,
        browser: Browser,
        parts: Callable[[], dict[str, bool]],
        models: Callable[[], dict[str, str]],
    ) -> None:
        self._roster = roster
        self._browser = browser
        self._parts = parts
        self._models_in_use = models

    def page(self, app: Appliance, intent: Intent) -> Page:
        """A fresh page for an intent that opens one."""
        match intent:
            case Intent.HISTORY:
                return self._history(app)
            case Intent.MODEL_MENU:
                return self._models(app)
            case Intent.SELF_TEST:
                return self._self_test(app)
            case Intent.PERSONA_MENU:
                return self._personas(app)
        return self._main(app)

    def _main(self, app: Appliance) -> Page:
        say = app.conductor.say

        def push(make: Callable[[Appliance], Page]) -> Callable[[], Outcome]:
            return lambda: Push(make(app))

        def new_conversation() -> Outcome:
            app.conductor.new_conversation()
            return Home()

        return Menu(
            say("menu.title"),
            [
                row(say("menu.new-conversation"), new_conversation),
                row(say("menu.history"), push(self._history)),
                row(say("menu.model"), push(self._models)),
                row(say("menu.persona"), push(self._personas)),
                row(say("menu.facts"), push(self._facts)),
                row(say("menu.settings"), push(self._settings)),
                row(say("menu.self-test"), push(self._self_test)),
                row(say("menu.latency"), push(self._latency)),
                row(say("menu.help"), push(self._help)),
                row(say("menu.about"), push(self._about)),
                row(say("menu.shutdown"), push(self._shutdown)),
            ],
        )

    def _history(self, app: Appliance) -> Page:
        return HistoryPage(self._browser, app.changed, app.conductor.continue_conversation)

    def _models(self, app: Appliance) -> Page:
        def use(name: str) -> None:
            app.change("models.llm", name)
            app.team.members["llm"].restart()

        current = self._models_in_use().get("llm", "")
        memory = machine.memory()
        available = memory.available // 1_000_000 if memory is not None else 0
        return ModelMenu(self._roster, current, available, app.conductor.say, use)

    def _personas(self, app: Appliance) -> Page:
        conductor = app.conductor
        language = conductor.language.value
        return PersonaMenu(
            conductor.cast, language, conductor.say, lambda name: app.change(cast.SETTING, name)
        )

    def _facts(self, app: Appliance) -> Page:
        conductor = app.conductor
        return FactsPage(conductor.recollection, app.changed, conductor.say)

    def _settings(self, app: Appliance) -> Page:
        conductor = app.conductor
        title = conductor.say("settings.title")
        return SettingsMenu(app.settings, app.change, lambda: conductor.language, title)

    def _self_test(self, app: Appliance) -> Page:
        conductor = app.conductor
        return RowsPage(
            conductor.say("self-test.title"),
            lambda: self_test_rows(conductor, self._parts(), self._models_in_use()),
        )

    def _latency(self, app: Appliance) -> Page:
        conductor = app.conductor
        return RowsPage(conductor.say("latency.title"), lambda: latency_rows(conductor))

    def _help(self, app: Appliance) -> Page:
        say = app.conductor.say
        return TextPage(say("menu.help"), lambda: say("help.text"))

    def _about(self, app: Appliance) -> Page:
        say = app.conductor.say
        text = say("about.text", version=__version__)
        return TextPage(say("about.title"), lambda: text)

    def _shutdown(self, app: Appliance) -> Page:
        say = app.conductor.say
        return Confirm(say("shutdown.title"), say("shutdown.text"), app.finish)
