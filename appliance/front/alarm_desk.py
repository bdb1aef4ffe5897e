"""Alarms on the box: kept, rung, shown on the home screen, asked for the time at power-on."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from appliance.alarms import telling
from appliance.alarms.alarm import State
from appliance.alarms.keeper import Due, Keeper
from appliance.alarms.ringer import Ringer
from appliance.alerts import Alerts
from appliance.front.clocks import Clocks
from appliance.front.undo import Undo
from appliance.memory.recollection import Store
from appliance.timers import Timers
from ui.strings import Language, Text

WAKE_SECONDS = 120.0
"""Before something rings: a board needs that to boot."""
ASK_SECONDS = 4.0
"""After the start: a clock chip or a time server had its chance, the user sees the home screen."""
log = logging.getLogger("lory.alarms")

_BELL, _WATCH = "🔔", "⏱"
_MISSED = Text("错过：{what}", "Missed: {what}")
_UNSURE = Text("待校时：菜单 → 时间", "Set the time: menu")


@dataclass(frozen=True, slots=True)
class Coming:
    """What the home screen says of alarms. Empty texts: nothing.

    `countdown` takes the place of the date; `left` of it is 0..1.
    """

    alarm: str = ""
    countdown: str = ""
    left: float = 0.0
    missed: str = ""
    unsure: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """What stands under the date, the weightier first."""
        return tuple(filter(None, (self.unsure or self.alarm, self.missed)))


class AlarmDesk:
    """Puts them together. `changed`: something visible may be otherwise."""

    def __init__(
        self,
        store: Store,
        timers: Timers,
        alerts: Alerts,
        clocks: Clocks,
        language: Callable[[], Language],
    ) -> None:
        self.changed: Callable[[], object] = lambda: None
        self.ask_for_time: Callable[[], object] = lambda: None
        self.clocks = clocks
        self.undo = Undo(timers, lambda: self.changed())
        self._timers = timers
        self._language = language
        self._ringer = Ringer(alerts, lambda: language().value)
        self.keeper = Keeper(store, timers, clocks.moment, self._ring, self._kept_changed)
        clocks.on_set = self._time_set

    def start(self) -> None:
        """The box runs: arm what is kept, and ask for the time where nobody vouches for it."""
        self.keeper.load()
        self._timers.after(ASK_SECONDS, self._ask)

    def arm_board(self) -> None:
        """The box is switched off: let the board wake in time for what rings next. Blocks."""
        due = self.keeper.next_due
        moment = due - timedelta(seconds=WAKE_SECONDS) if due is not None else None
        if self.clocks.trusted and self.clocks.wake_at(moment) and moment is not None:
            log.info("the board is to wake at %s", moment.isoformat(timespec="minutes"))

    @property
    def counting(self) -> bool:
        """Whether the home screen changes every second."""
        return self.keeper.countdown is not None

    def coming(self) -> Coming:
        """What the home screen says now."""
        keeper, language = self.keeper, self._language()
        now = keeper.now
        alarm, countdown = keeper.next_alarm, keeper.countdown
        shown = telling.short_row(alarm, now, language.value) if alarm is not None else ""
        running, left = "", 0.0
        if countdown is not None:
            rest = max(0.0, countdown.remaining(now) or 0.0)
            running = f"{_WATCH} {telling.digits(rest)} {countdown.text}".rstrip()
            left = min(1.0, rest / max(1.0, float(countdown.seconds or 1)))
        missed = ""
        if keeper.notes:
            note = keeper.notes[-1]
            what = note.text or (f"{note.due:%H:%M}" if note.due else "")
            missed = _MISSED.of(language).format(what=what)
        return Coming(
            alarm=f"{_BELL} {shown}" if shown and now.wall is not None else "",
            countdown=running,
            left=left,
            missed=missed,
            unsure=_UNSURE.of(language) if keeper.awaiting_time else "",
        )

    def _ring(self, due: Due) -> None:
        self.undo.withdraw()  # it may be what rings, and a ring is no time to take back another
        self._ringer.ring(self.keeper, due)

    def _kept_changed(self) -> None:
        rings = {alarm.id for alarm in self.keeper.all if alarm.state is State.RINGING}
        self._ringer.dismiss([number for number in self._ringer.ringing if number not in rings])
        self.changed()

    def _time_set(self) -> None:
        self.keeper.time_changed()
        self.changed()

    def _ask(self) -> None:
        if not self.clocks.trusted:
            self.ask_for_time()
