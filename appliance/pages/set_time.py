"""The page that sets the time, by keys alone: four digits and D; the date where it is in doubt."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from appliance.pages.context import Context
from appliance.pages.digits import Digits, is_day, is_time, is_year
from appliance.pages.listing import Listing, Where
from appliance.pages.page import Home, Outcome, Page, Pop
from appliance.timekeeping.wall import WallTime
from drivers.keys import Edge, Key
from ui.keymap import Intent
from ui.screens.entry import EntryView
from ui.strings import Language, Text
from ui.view import View

_TITLES = {
    "time": Text("现在几点？", "What time is it?"),
    "day": Text("今天几月几日？", "Month and day?"),
    "year": Text("哪一年？", "Which year?"),
}
_LINES = {
    "time": Text("没校准，闹钟先不响", "alarms wait for it"),
    "known": Text("四个数字，24小时制", "Four digits, 24 hours"),
    "day": Text("四个数字：月 日", "Four digits: month, day"),
    "year": Text("四个数字", "Four digits"),
}
_HINT = Text("A 退  D 好", "A back  D OK")
_FIRST = datetime(2026, 1, 1)
"""What is offered where the clock knows nothing at all."""


class SetTimePage(Page):
    """Asks for the time, then for day and year where `sure` of them is not given.

    Every field offers what the clock says; D takes it. `done` is called when it was set. `may` says
    whether it is to be: alarms ring by a time that is trusted, so a locked box keeps it.
    """

    takes_keys: ClassVar[bool] = True

    def __init__(
        self,
        wall: WallTime,
        sure_of_date: bool,
        trusted: bool,
        language: Callable[[], Language],
        done: Callable[[], object],
        may: Callable[[], bool] = lambda: True,
    ) -> None:
        self._wall = wall
        self._trusted = trusted
        self._language = language
        self._done = done
        self._may = may
        shown = wall()
        self._offered = (shown or _FIRST).replace(tzinfo=None)
        self._hour: tuple[int, int] | None = None
        self._day: tuple[int, int] | None = None
        self._fields = ["time"] if sure_of_date else ["time", "day", "year"]
        self._entry = Digits("##:##", is_time)
        self._long = False

    def view(self) -> View:
        language, field = self._language(), self._fields[0]
        line = "known" if field == "time" and self._trusted else field
        return EntryView(
            _TITLES[field].of(language),
            self._entry.shown(self._offer()),
            _LINES[line].of(language),
            _HINT.of(language),
        )

    def _offer(self) -> str:
        form = {"time": "%H:%M", "day": "%m-%d", "year": "%Y"}[self._fields[0]]
        return self._offered.strftime(form)

    def key(self, key: Key, edge: Edge) -> Outcome:
        """Digits on their press; A takes one back, and leaves where there is none; D goes on."""
        if edge is Edge.PRESS:
            self._long = False
            if key.is_digit:
                self._entry.add(int(key))
        elif edge is Edge.LONG:
            self._long = True
            return Home() if key is Key.A else None
        elif edge is Edge.RELEASE and not self._long:
            if key is Key.A and not self._entry.delete():
                return Pop()
            if key is Key.D:
                return self._next()
        return None

    def _next(self) -> Outcome:
        typed = self._entry.typed
        if typed and not self._entry.full:
            return None
        digits = (typed[:2], typed[2:]) if typed else ("", "")
        match self._fields[0]:
            case "time":
                pair = (int(digits[0]), int(digits[1])) if typed else None
                self._hour = pair or (self._offered.hour, self._offered.minute)
            case "day":
                pair = (int(digits[0]), int(digits[1])) if typed else None
                self._day = pair or (self._offered.month, self._offered.day)
            case "year":
                return self._set(int(typed) if typed else self._offered.year)
        self._fields = self._fields[1:]
        if not self._fields:
            return self._set(self._offered.year)
        if self._fields[0] == "day":
            self._entry = Digits("##-##", is_day)
        else:
            self._entry = Digits("####", is_year)
        return None

    def _set(self, year: int) -> Outcome:
        assert self._hour is not None
        if not self._may():
            return Pop()
        month, day = self._day or (self._offered.month, self._offered.day)
        day = min(day, calendar.monthrange(year, month)[1])
        moment = datetime(year, month, day, *self._hour)
        self._wall.set(moment.astimezone())
        self._done()
        return Pop()


def open_page(context: Context) -> SetTimePage:
    """The page as the menus and the start of the box open it."""
    time = context.app.time
    return SetTimePage(
        time.wall,
        sure_of_date=time.trusted,
        trusted=time.trusted,
        language=lambda: context.language,
        done=time.was_set,
        may=lambda: not time.trusted or context.app.lock.allows(),
    )


LISTINGS = (
    Listing(
        where=Where.MAIN,
        order=25,
        zh="时间",
        en="Time",
        enter=open_page,
        intent=Intent.SET_TIME,
    ),
)
