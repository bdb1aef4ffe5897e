"""The settings menu, made from the schema, and the page that changes one setting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from appliance.configuration.settings import SETTINGS, Applies, Setting, Value, step_value
from appliance.pages.choices import BoxChoices, Choices, Options
from appliance.pages.context import Context
from appliance.pages.learnt_words import learnt_words_entry
from appliance.pages.listing import Listing, Where
from appliance.pages.menu import Entry, Menu
from appliance.pages.page import Outcome, Page, Pop, Push
from appliance.pages.shell import Changes
from ui.screens.menu import MenuItem
from ui.screens.setting import SettingView
from ui.strings import Language, Text, text
from ui.view import View

SECTIONS: Mapping[str, Text] = {
    "ui": Text("屏幕", "Screen"),
    "ime": Text("输入法", "Typing"),
    "voice": Text("朗读", "Voice"),
    "audio": Text("声音", "Sound"),
    "talk": Text("说话", "Talking"),
    "llm": Text("回答", "Answers"),
    "compute": Text("运算", "Computing"),
    "power": Text("电源", "Power"),
    "display": Text("显示屏", "Display"),
}


_SECOND = Text("秒", "s")
_NO_MORE: Mapping[str, Sequence[Entry]] = MappingProxyType({})


def _language(box: Changes) -> Language:
    return Language(box.settings.text("ui.language"))


def setting_name(setting: Setting, language: Language) -> str:
    return Text(setting.zh, setting.en).of(language)


def section_name(section: str, language: Language) -> str:
    return SECTIONS.get(section, Text(section, section)).of(language)


def value_text(setting: Setting, value: Value, language: Language) -> str:
    """A value as people read it."""
    if value == "":
        return text("value.default", language)
    names = setting.names.get(value)
    if names is not None and not isinstance(value, bool):
        return names.of(language)
    if isinstance(value, bool):
        return text("value.on" if value else "value.off", language)
    if isinstance(value, float) and setting.unit == "%":
        return f"{value:.0%}"
    if isinstance(value, int) and setting.unit == "s" and value >= 60 and value % 60 == 0:
        return text("value.minutes", language, minutes=value // 60)
    is_float = isinstance(value, float)
    number = f"{value:.{_decimals(setting.step)}f}" if is_float else str(value)
    unit = _SECOND.of(language) if setting.unit == "s" else setting.unit
    return f"{number}{unit}" if len(unit) < 2 else f"{number} {unit}"


def _decimals(step: float) -> int:
    """How many a value of that step is read with."""
    return 0 if step == round(step) else 1 if step >= 0.1 else 2


class SettingsMenu(Menu):
    """The sections that have something to set. `more`: further rows of a section."""

    def __init__(
        self,
        box: Changes,
        choices: Choices,
        more: Mapping[str, Sequence[Entry]] = _NO_MORE,
    ) -> None:
        sections = dict.fromkeys(setting.section for setting in SETTINGS if setting.menu)
        self._box, self._choices = box, choices
        entries = [self._entry(section, more.get(section, ())) for section in sections]
        super().__init__("", entries)

    @property
    def title(self) -> str:
        return text("settings.title", _language(self._box))

    def _entry(self, section: str, more: Sequence[Entry]) -> Entry:
        return Entry(
            lambda: MenuItem(section_name(section, _language(self._box))),
            lambda: Push(SectionMenu(self._box, self._choices, section, more)),
        )


class SectionMenu(Menu):
    """The settings of one section, and `more`. Entering a switch flips it at once."""

    def __init__(
        self, box: Changes, choices: Choices, section: str, more: Sequence[Entry] = ()
    ) -> None:
        self._box, self._choices = box, choices
        shown = [setting for setting in SETTINGS if setting.menu and setting.section == section]
        self._section = section
        super().__init__("", [*map(self._entry, shown), *more])

    @property
    def title(self) -> str:
        return section_name(self._section, _language(self._box))

    def _entry(self, setting: Setting) -> Entry:
        return Entry(lambda: self._item(setting), lambda: self._enter(setting))

    def _item(self, setting: Setting) -> MenuItem:
        language = _language(self._box)
        value = self._box.settings[setting.key]
        titles = dict(self._choices.options(setting.key))
        shown = titles.get(value) or value_text(setting, value, language)
        return MenuItem(setting_name(setting, language), shown)

    def _enter(self, setting: Setting) -> Outcome:
        value = self._box.settings[setting.key]
        if isinstance(value, bool):
            self._box.settings.change(setting.key, not value)
            self._box.settle(setting.key)
            return None
        options = self._choices.options(setting.key)
        if options:
            return Push(OptionsPage(setting, options, self._box, self._choices))
        return Push(SettingPage(setting, self._box, self._choices))


class SettingPage(Page):
    """`*` and `#` step the value; what can take effect at once does. D and A go back.

    A long D takes back what was set on the device.
    """

    def __init__(self, setting: Setting, box: Changes, choices: Choices) -> None:
        self._setting = setting
        self._box, self._choices = box, choices
        self._before = box.settings[setting.key]

    def view(self) -> View:
        language = _language(self._box)
        value = self._box.settings[self._setting.key]
        return SettingView(
            setting_name(self._setting, language),
            value_text(self._setting, value, language),
            self._fraction(value),
            note=self._note(language),
        )

    def _note(self, language: Language) -> str:
        keys = {
            Applies.LLM: "setting.reloads-llm",
            Applies.RESTART: "setting.restarts",
        }
        key = keys.get(self._setting.applies)
        return text(key, language) if key else ""

    def _fraction(self, value: Value) -> float | None:
        low, high = self._setting.low, self._setting.high
        if low is None or high is None or isinstance(value, str):
            return None
        return (float(value) - low) / (high - low)

    def move(self, step: int) -> Outcome:
        value = step_value(self._setting, self._box.settings[self._setting.key], step)
        self._box.settings.change(self._setting.key, value)
        self._choices.try_out(self._setting.key, value)
        return None

    def enter(self) -> Outcome:
        return Pop()

    def confirm(self) -> Outcome:
        self._box.settings.reset(self._setting.key)
        return None

    def closed(self) -> None:
        if self._box.settings[self._setting.key] != self._before:
            self._box.settle(self._setting.key)


class OptionsPage(Menu):
    """A text setting, chosen from what this box has; entering one takes it."""

    def __init__(self, setting: Setting, options: Options, box: Changes, choices: Choices) -> None:
        self._setting = setting
        self._box, self._choices = box, choices
        entries = [self._entry(value, title) for value, title in options]
        super().__init__(setting_name(setting, _language(box)), entries)
        self._values = [value for value, _ in options]
        current = box.settings[setting.key]
        self.selected = self._values.index(current) if current in self._values else 0

    def move(self, step: int) -> Outcome:
        super().move(step)
        self._choices.try_out(self._setting.key, self._values[self.selected])
        return None

    def _entry(self, value: Value, title: str) -> Entry:
        key = self._setting.key

        def take() -> Outcome:
            self._box.settings.change(key, value)
            self._box.settle(key)
            return Pop()

        return Entry(lambda: MenuItem(title, checked=self._box.settings[key] == value), take)


def _open(context: Context) -> SettingsMenu:
    return SettingsMenu(context.app, BoxChoices(context), {"ime": [learnt_words_entry(context)]})


LISTINGS = (Listing(where=Where.MAIN, order=60, zh="设置", en="Settings", enter=_open),)
