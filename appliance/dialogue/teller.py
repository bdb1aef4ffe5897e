"""What the box tells the user in words of its own: texts of the interface, notes, faults."""

from __future__ import annotations

from typing import Protocol

from appliance.configuration.settings import Settings
from appliance.dialogue.toasts import Toasts
from appliance.supervision.arrivals import Arrival, wait_key
from appliance.timers import Timers
from ui.strings import TEXTS, Language
from ui.strings import text as ui_text


class Audience(Protocol):
    """Whoever has the glass."""

    @property
    def looks(self) -> bool:
        """Whether the user looks at the dialogue: it is on the glass, and that is lit."""

    def changed(self) -> None:
        """Something visible may have changed: draw soon."""

    def show_fault(self, code: str) -> None:
        """Show a page that says what is wrong and what to do."""


class _Nobody:
    """There is no glass yet."""

    looks = True

    def changed(self) -> None:
        """Nothing is drawn."""

    def show_fault(self, code: str) -> None:
        """Nobody reads it."""


class Teller:
    """Speaks the user's language to `audience`."""

    def __init__(self, settings: Settings, timers: Timers) -> None:
        self.audience: Audience = _Nobody()
        self.toasts = Toasts(timers, self.changed)
        self._settings = settings

    @property
    def language(self) -> Language:
        return Language(self._settings.text("ui.language"))

    def changed(self) -> None:
        """The glass must be drawn anew."""
        self.audience.changed()

    def say(self, key: str, **fields: object) -> str:
        """A text of the interface."""
        return ui_text(key, self.language, **fields)

    def fault_text(self, code: str) -> str:
        """What a fault's code means to the user; an unknown one is an internal error."""
        key = f"fault.{code}"
        return self.say(key if key in TEXTS else "fault.internal")

    def waiting(self, thing: str, arrival: Arrival) -> str:
        """What something waits for that is being installed, and how far that is."""
        if arrival.trouble is not None:
            return arrival.trouble.of(self.language.value)
        return self.say(wait_key(thing), percent=int(100 * arrival.fraction))

    def toast(self, text: str, fraction: float | None = None) -> None:
        """Show a note, with a bar where there is a `fraction`."""
        self.toasts.show(text, fraction)
        self.changed()

    def tell(self, key: str, **fields: object) -> None:
        """Show a text of the interface as a toast."""
        self.toast(self.say(key, **fields))

    def tell_fault(self, code: str) -> None:
        """Show what a fault's code means as a toast."""
        self.toast(self.fault_text(code))
