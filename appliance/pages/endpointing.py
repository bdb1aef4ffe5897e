"""When speech begins and ends, set while one sees the level and the decision."""

from __future__ import annotations

from appliance import messages as m
from appliance.configuration.settings import SCHEMA, step_value
from appliance.pages.context import Context
from appliance.pages.listing import Listing, Where
from appliance.pages.page import Outcome, Page
from appliance.pages.parrot import asleep, note, trial
from appliance.pages.settings import setting_name, value_text
from ui.screens.scope import ScopeView
from ui.view import View

_TUNED = ("talk.hangover", "talk.onset", "talk.shortest", "talk.longest")


class EndpointPage(Page):
    """`*` and `#` change a time, D goes to the next; every utterance is judged by them at once."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._current = 0
        self._last = ""
        self._trial = trial(context)
        self._trial.on_end = self._ended
        context.conductor.hush()
        self._trial.watch()

    def view(self) -> View:
        context, setting = self._context, SCHEMA[_TUNED[self._current]]
        value = value_text(setting, context.settings[setting.key], context.language)
        return ScopeView(
            context.pick("端点调试", "Endpointing"),
            tuple(self._trial.samples),
            f"{setting_name(setting, context.language)} {value}",
            context.pick("*#调  D下一项  A返回", "*# set  D next  A back")
            if self._trial.listening
            else asleep(context),
            self._last or note(self._trial),
        )

    def move(self, step: int) -> Outcome:
        key, settings = _TUNED[self._current], self._context.settings
        settings.change(key, step_value(SCHEMA[key], settings[key], step))
        self._trial.watch()
        return None

    def enter(self) -> Outcome:
        if not self._trial.listening:
            self._trial.watch()
            return None
        self._current = (self._current + 1) % len(_TUNED)
        return None

    def closed(self) -> None:
        self._trial.stop()

    def _ended(self, ended: m.SpeechEnded) -> None:
        """How long it was taken to be, the silence at its end included; and the next one."""
        if ended.heard:
            self._last = f"{ended.seconds:.1f}s"
        if ended.reason != "lost":
            self._trial.watch()


LISTINGS = (
    Listing(where=Where.TEST, order=70, zh="端点调试", en="Endpointing", enter=EndpointPage),
)
