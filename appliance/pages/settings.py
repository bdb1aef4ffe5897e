"""The settings menu, made from the schema, and the page that changes one setting."""

from __future__ import annotations

from collections.abc import Callable

from appliance.pages.context import Context
from appliance.pages.listing import Listing, Where
from appliance.pages.menu import Entry, Menu
from appliance.pages.page import Outcome, Page, Pop, Push
from appliance.settings import SETTINGS, Setting, Settings, Value, step_value
from ui.screens.menu import MenuItem
from ui.screens.setting import SettingView
from ui.strings import Language, text
from ui.view import View

Change = Callable[[str, Value], None]


def setting_name(setting: Setting, language: Language) -> str:
    return setting.zh if language is Language.ZH else setting.en


def value_text(setting: Setting, value: Value, language: Language) -> str:
    """A value as people read it."""
    names = setting.choice_names.get(value)
    if names is not None:
        return names[0] if language is Language.ZH else names[1]
    if isinstance(value, bool):
        return text("value.on" if value else "value.off", language)
    number = f"{value:g}" if isinstance(value, float) else str(value)
    return f"{number}{setting.unit}" if len(setting.unit) < 2 else f"{number} {setting.unit}"


class SettingsMenu(Menu):
    """Every setting the schema puts on the device. Entering a switch flips it at once."""

    def __init__(
        self, settings: Settings, change: Change, language: Callable[[], Language], title: str
    ) -> None:
        self._settings = settings
        self._change = change
        self._language = language
        super().__init__(title, [self._entry(setting) for setting in SETTINGS if setting.menu])

    def _entry(self, setting: Setting) -> Entry:
        return Entry(lambda: self._item(setting), lambda: self._enter(setting))

    def _item(self, setting: Setting) -> MenuItem:
        language = self._language()
        value = self._settings[setting.key]
        return MenuItem(setting_name(setting, language), value_text(setting, value, language))

    def _enter(self, setting: Setting) -> Outcome:
        value = self._settings[setting.key]
        if isinstance(value, bool):
            self._change(setting.key, not value)
            return None
        return Push(SettingPage(setting, self._settings, self._change, self._language))


class SettingPage(Page):
    """`*` and `#` step the value, and it takes effect at once; D and A go back."""

    def __init__(
        self,
        setting: Setting,
        settings: Settings,
        change: Change,
        language: Callable[[], Language],
    ) -> None:
        self._setting = setting
        self._settings = settings
        self._change = change
        self._language = language

    def view(self) -> View:
        language = self._language()
        value = self._settings[self._setting.key]
        return SettingView(
            setting_name(self._setting, language),
            value_text(self._setting, value, language),
            self._fraction(value),
        )

    def _fraction(self, value: Value) -> float | None:
        low, high = self._setting.low, self._setting.high
        if low is None or high is None or isinstance(value, str):
            return None
        return (float(value) - low) / (high - low)

    def move(self, step: int) -> Outcome:
        value = step_value(self._setting, self._settings[self._setting.key], step)
        self._change(self._setting.key, value)
        return None

    def enter(self) -> Outcome:
        return Pop()


def _open(context: Context) -> SettingsMenu:
    conductor = context.conductor
    title = context.say("settings.title")
    return SettingsMenu(context.settings, context.app.change, lambda: conductor.language, title)


LISTINGS = (Listing(where=Where.MAIN, order=60, zh="设置", en="Settings", enter=_open),)
