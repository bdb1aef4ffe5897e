"""What pages, menus, keys and the service console ask of the box around them. The app is one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from appliance.alarms.keeper import Keeper
from appliance.alerts import Alerts
from appliance.configuration.settings import Settings
from appliance.dialogue.conductor import Conductor
from appliance.health.power import Wish
from appliance.pages.page import Page
from appliance.supervision.team import Team
from appliance.timekeeping.wall import WallTime
from appliance.timers import Timers
from drivers.keys import KeyEvent
from ui.input.editing.editor import Editor
from ui.keymap import Intent


class TimeOfDay(Protocol):
    """The box's own clock."""

    @property
    def wall(self) -> WallTime: ...

    @property
    def trusted(self) -> bool:
        """Whether anything vouches for it."""

    def was_set(self) -> None:
        """The user has set `wall`: tell whoever goes by it."""


class Locking(Protocol):
    """The lock as its page uses it."""

    @property
    def has_code(self) -> bool: ...

    @property
    def locked(self) -> bool: ...

    @property
    def deaf(self) -> bool: ...

    def allows(self) -> bool:
        """Whether it is open; where not, the user is told."""

    def unlock(self, code: str) -> bool: ...

    def lock(self) -> None: ...

    def set_code(self, code: str) -> None: ...


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

    @property
    def alarms(self) -> Keeper:
        """Alarms, timers and reminders that are set."""

    @property
    def time(self) -> TimeOfDay:
        """The time of day, and who is told when it is set."""

    @property
    def lock(self) -> Locking:
        """Who may change what stays."""

    def say_over(self, text: str) -> None:
        """Show a note over whatever is shown."""

    def offer_undo(self, undo: Callable[[], object]) -> None:
        """For ten seconds 0 takes back what was just done."""

    def push(self, page: Page) -> None:
        """Open a page over whatever is shown."""

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
