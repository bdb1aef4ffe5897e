"""What pages, menus, keys and the service console ask of the box around them. The app is one."""

from __future__ import annotations

from typing import Protocol

from appliance.alerts import Alerts
from appliance.configuration.settings import Settings
from appliance.dialogue.conductor import Conductor
from appliance.health.power import Wish
from appliance.supervision.team import Team
from appliance.timers import Timers
from drivers.keys import KeyEvent
from ui.input.editing.editor import Editor
from ui.keymap import Intent


class Changes(Protocol):
    """Settings to be changed on the device."""

    @property
    def settings(self) -> Settings: ...

    def settle(self, key: str) -> None:
        """The user is done changing a setting: start anew what reads it only at its start."""


class Shell(Changes, Protocol):
    """The box, on its loop: nothing here blocks."""

    @property
    def team(self) -> Team: ...

    @property
    def conductor(self) -> Conductor: ...

    @property
    def editor(self) -> Editor: ...

    @property
    def alerts(self) -> Alerts: ...

    @property
    def timers(self) -> Timers: ...

    def on_key(self, event: KeyEvent) -> None:
        """One edge of one key."""

    def open(self, intent: Intent) -> None:
        """Open a fresh page, the one of an intent that opens one, in place of all that are."""

    def changed(self, *, urgent: bool = False) -> None:
        """Something visible may have changed: draw soon."""

    def screen_off(self) -> None: ...

    def wake(self) -> None: ...

    def go_home(self) -> None: ...

    def finish(self, wish: Wish = Wish.NONE) -> None:
        """End soon; `wish` is what should become of the board then."""
