"""The wake word: on or off, the phrase, and a trial that shows how alike one's voice is to it."""

from __future__ import annotations

from appliance import messages as m
from appliance.configuration.settings import SCHEMA, step_value
from appliance.pages.context import Context
from appliance.pages.listing import Listing, Where
from appliance.pages.menu import Menu, row
from appliance.pages.page import Outcome, Page, Push
from appliance.pages.parrot import asleep, note, trial
from ui.screens.scope import ScopeView
from ui.view import View

_SHORTEST, _LONGEST = 2, 8  # hanzi: less is said by chance, more by nobody


class WakeTrial(Page):
    """Say it: the score of what was just said, and the least that wakes (`*` and `#` move it)."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._trial = trial(context)
        self._trial.on_end = self._again
        context.conductor.hush()
        self._trial.call()

    def view(self) -> View:
        context, spotted = self._context, self._trial.spotted
        phrase = context.settings.text("talk.wake_phrase")
        needed = context.settings.number("talk.wake_score")
        shown = context.pick(f"请说“{phrase}”", f"Say “{phrase}”")
        right = note(self._trial)
        if spotted is not None:
            sign = "≥" if spotted.score >= needed else "<"
            shown = spotted.text or context.pick("没听出来", "Not understood")
            right = f"{spotted.score:.0%}"
            shown = f"{shown} {sign}{needed:.0%}"
        return ScopeView(
            context.pick("试唤醒词", "Wake trial"),
            tuple(self._trial.samples),
            shown,
            context.pick("*#门槛  A返回", "*# least score  A back")
            if self._trial.listening
            else asleep(context),
            right,
            scope_rows=1,
            score=spotted.score if spotted is not None else 0.0,
            needed=needed,
        )

    def move(self, step: int) -> Outcome:
        setting = SCHEMA["talk.wake_score"]
        value = step_value(setting, self._context.settings[setting.key], step)
        self._context.settings.change(setting.key, value)
        return None

    def enter(self) -> Outcome:
        if not self._trial.listening:
            self._trial.call()
        return None

    def closed(self) -> None:
        self._trial.stop()

    def _again(self, ended: m.SpeechEnded) -> None:
        if ended.reason != "lost":
            self._trial.call()


def wake_menu(context: Context) -> Menu:
    """Everything about the wake word."""
    say, pick = context.say, context.pick
    setting = SCHEMA["talk.wake"]

    def state() -> str:
        return say("value.on" if context.settings.flag(setting.key) else "value.off")

    def flip() -> Outcome:
        context.settings.change(setting.key, not context.settings.flag(setting.key))
        return None

    def take_phrase() -> Outcome:
        context.conductor.teller.toast(take(context))
        return None

    return Menu(
        pick("语音唤醒", "Wake word"),
        [
            row(pick("开关", "Listen for it"), flip, state),
            row(
                pick("唤醒词", "Phrase"),
                take_phrase,
                lambda: context.settings.text("talk.wake_phrase"),
            ),
            row(pick("试一试", "Try it"), lambda: Push(WakeTrial(context))),
        ],
    )


def take(context: Context) -> str:
    """Make what stands in the text box the phrase; what to tell the user."""
    typed = "".join(char for char in context.app.editor.text if "\u4e00" <= char <= "\u9fff")
    if not _SHORTEST <= len(typed) <= _LONGEST:
        return context.pick(
            f"先在文本框里写{_SHORTEST}到{_LONGEST}个汉字，再来这里取用",
            f"First type {_SHORTEST} to {_LONGEST} hanzi into the text box",
        )
    context.settings.change("talk.wake_phrase", typed)
    return context.pick(f"唤醒词：{typed}", f"Wake phrase: {typed}")


LISTINGS = (Listing(where=Where.TEST, order=80, zh="语音唤醒", en="Wake word", enter=wake_menu),)
