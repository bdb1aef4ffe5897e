"""复读机: hold D to speak; it plays that back and shows what it heard."""

from __future__ import annotations

from appliance import messages as m
from appliance.dialogue.trial import Trial
from appliance.pages.context import Context
from appliance.pages.listing import Listing, Where
from appliance.pages.page import Outcome, Page
from ui.screens.scope import ScopeView
from ui.view import View


class ParrotPage(Page):
    """The best test of microphone, speaker and recogniser at once."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._trial = trial(context)
        self._trial.on_end = self._repeat

    def view(self) -> View:
        trial, pick = self._trial, self._context.pick
        idle, held = (
            pick("按住D说  D再听  A回", "hold D  D: again"),
            pick("松开D复读", "D up: repeat"),
        )
        return ScopeView(
            pick("复读机", "Parrot"),
            tuple(trial.samples),
            self._text(),
            held if trial.listening else idle,
            note(trial),
            scope_rows=0 if self._explains else 1,
        )

    def confirm(self) -> Outcome:
        self._context.conductor.hush()
        self._trial.hold()
        return None

    def release(self) -> Outcome:
        self._trial.release()
        return None

    def enter(self) -> Outcome:
        if self._trial.ended is not None and self._trial.ended.heard:
            self._trial.play()
        return None

    def closed(self) -> None:
        self._trial.stop()

    def _repeat(self, ended: m.SpeechEnded) -> None:
        if ended.heard:
            self._trial.play()

    @property
    def _explains(self) -> bool:
        """Whether there is more to read than to see."""
        ended = self._trial.ended
        silent = ended is None or ended.flaw == "dead"
        return silent and not self._trial.listening

    def _text(self) -> str:
        trial, pick, say = self._trial, self._context.pick, self._context.say
        if trial.text:
            return trial.text
        if trial.listening:
            return say("listening.speak")
        if trial.ended is None:
            return pick(
                "按住D说一句，松开就学你说，并写出听到的字。",
                "Hold D and speak: it repeats you and shows the words.",
            )
        if trial.ended.flaw == "dead":
            return say("fault.silence")
        if not trial.ended.heard:
            return say("toast.nothing-heard")
        return (
            say("toast.clipped") if trial.ended.flaw == "clipped" else pick("学你说", "Repeating")
        )


def trial(context: Context) -> Trial:
    """The microphone, to be tried out."""
    return Trial(context.conductor.ground, context.conductor.ear)


def note(trial: Trial) -> str:
    """The gain in use, for the title bar."""
    return f"+{trial.gain:.0f}dB" if trial.gain >= 0.5 else ""


def asleep(context: Context) -> str:
    """The hint of a page that listens by itself, and whose microphone went away."""
    return context.pick("没在听：D再听  A返回", "Deaf: D tries again")


LISTINGS = (Listing(where=Where.TEST, order=40, zh="复读机", en="Parrot", enter=ParrotPage),)
