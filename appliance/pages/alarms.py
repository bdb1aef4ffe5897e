"""The alarms as on a feature phone: four digits and D; under it the list, each with its page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import ClassVar

from appliance.alarms import telling
from appliance.alarms.alarm import Alarm, State
from appliance.alarms.keeper import Keeper
from appliance.pages.context import Context
from appliance.pages.digits import Digits, is_time
from appliance.pages.listing import Listing, Where
from appliance.pages.menu import Menu, row
from appliance.pages.page import Home, Outcome, Page, Pop, Push
from appliance.understanding.alarms.requests import Kind, Set
from appliance.understanding.alarms.sayings import said_back
from appliance.understanding.recurrence import Recurrence
from appliance.understanding.tokens import Every
from drivers.keys import Edge, Key
from ui.screens.entry import EntryView
from ui.screens.menu import MenuItem, MenuView
from ui.strings import Language, Text
from ui.view import View

_TITLE = Text("闹钟", "Alarms")
_NEW = Text("新闹钟 四个数字", "New: four digits")
_NEW_LAST = Text("新闹钟 {clock}", "New {clock}")
_HINT_EMPTY = Text("数字 定  #看", "digits set  # list")
_HINT_LIST = Text("0开关 D改 长按数字删", "0 on/off  D edit")
_HINT_ENTRY = Text("*12时 #重复 D好", "*12h #repeat D ok")
_NOT_KEPT = Text("没有存上", "Not stored")
_TIME_FIRST = Text("没有设：先校时间", "Not set: time unknown")
_LINES = {"off": Text("关", "off"), "paused": Text("停", "paused")}
_REPEATS: tuple[tuple[Text, Recurrence | None], ...] = (
    (Text("一次", "once"), None),
    (Text("每天", "every day"), Recurrence(Every.DAY)),
    (Text("工作日", "weekdays"), Recurrence(Every.WEEK, days=frozenset(range(5)))),
    (Text("周末", "weekend"), Recurrence(Every.WEEK, days=frozenset((5, 6)))),
)
_REFRESH = 1.0  # seconds, while a countdown runs
_HALF_DAY = 12


class AlarmsPage(Page):
    """Digits set a new alarm from anywhere on it; the first row offers the last one again.

    `tell` shows a short text over the page; `undo` offers to take back what was just done.
    """

    takes_keys: ClassVar[bool] = True

    def __init__(
        self,
        keeper: Keeper,
        language: Callable[[], Language],
        tell: Callable[[str], object],
        undo: Callable[[Callable[[], object]], object],
    ) -> None:
        self._keeper = keeper
        self._language = language
        self._tell = tell
        self._undo = undo
        self._entry = Digits("##:##", is_time)
        self._repeat = 0
        self._selected = 0
        self._long = False
        self._held_in_list = False  # the digit that is down was no part of a time
        self._deleted = False  # just now, and no key was pressed since
        keeper.seen()

    # ------------------------------------------------------------ what is shown

    def view(self) -> View:
        language = self._language()
        if self._entry.typed:
            repeat = _REPEATS[self._repeat][0].of(language)
            return EntryView(
                _TITLE.of(language), self._entry.shown(), repeat, _HINT_ENTRY.of(language)
            )
        alarms = self._keeper.all
        self._selected = min(self._selected, len(alarms))
        items = (MenuItem(self._offer(language)), *(self._item(it, language) for it in alarms))
        hint = (_HINT_LIST if self._selected else _HINT_EMPTY).of(language)
        return MenuView(_TITLE.of(language), items, self._selected, hint)

    def _offer(self, language: Language) -> str:
        last = self._keeper.last_time
        if last is None:
            return _NEW.of(language)
        return _NEW_LAST.of(language).format(clock=f"{last:%H:%M}")

    def _item(self, alarm: Alarm, language: Language) -> MenuItem:
        now, code = self._keeper.now, language.value
        value = ""
        if alarm.state is State.OFF:
            value = _LINES["off"].of(language)
        elif alarm.state is State.PAUSED:
            value = _LINES["paused"].of(language)
        elif alarm.needs_wall and now.wall is None:
            value = Text("待校时", "time?").of(language)
        return MenuItem(telling.short_row(alarm, now, code), value)

    @property
    def refresh(self) -> float | None:
        return _REFRESH if self._keeper.countdown is not None else None

    # ------------------------------------------------------------ keys

    @property
    def leaves_zero(self) -> bool:
        """After one was deleted; else 0 begins a time such as 06:50, or switches."""
        return self._deleted

    def key(self, key: Key, edge: Edge) -> Outcome:
        """Digits, `*` and `#` on their press; A and D on their release."""
        match edge:
            case Edge.PRESS:
                self._long = False
                return self._pressed(key)
            case Edge.LONG:
                self._long = True
                return self._held(key)
            case Edge.RELEASE if not self._long:
                return self._released(key)
        return None

    def _pressed(self, key: Key) -> Outcome:
        self._deleted = False
        if key.is_digit:
            self._held_in_list = not self._entry.typed
            if key is Key.D0 and self._selected and not self._entry.typed:
                self._switch()
            else:
                self._entry.add(int(key))
        elif key is Key.STAR:
            self._star()
        elif key is Key.HASH:
            self._hash()
        return None

    def _released(self, key: Key) -> Outcome:
        if key is Key.A:
            return self._back()
        if key is Key.D:
            return self._enter()
        return None

    def _back(self) -> Outcome:
        if not self._entry.delete():
            return Pop()
        if not self._entry.typed:
            self._repeat = 0
        return None

    def _held(self, key: Key) -> Outcome:
        if key is Key.A:
            return Home()
        if key.is_digit and key is not Key.D0 and self._held_in_list:
            self._entry.typed = ""
            rows = self._keeper.all  # under the first one, as they are numbered on the glass
            if 2 <= int(key) <= len(rows) + 1:
                self._delete(rows[int(key) - 2])
        return None

    def _star(self) -> None:
        if self._entry.typed:
            hour = self._entry.typed[:2]
            if len(hour) == 2:
                later = (int(hour) + _HALF_DAY) % 24
                self._entry.typed = f"{later:02}{self._entry.typed[2:]}"
        else:
            self._selected = (self._selected - 1) % (len(self._keeper.all) + 1)

    def _hash(self) -> None:
        if self._entry.typed:
            self._repeat = (self._repeat + 1) % len(_REPEATS)
        else:
            self._selected = (self._selected + 1) % (len(self._keeper.all) + 1)

    def _enter(self) -> Outcome:
        if self._entry.full:
            self._set(time(int(self._entry.typed[:2]), int(self._entry.typed[2:])))
        elif not self._entry.typed and self._selected:
            alarm = self._keeper.all[self._selected - 1]
            return Push(alarm_page(self._keeper, alarm, self._language))
        elif not self._entry.typed and (last := self._keeper.last_time) is not None:
            self._set(last)
        return None

    # ------------------------------------------------------------ what is done

    def _set(self, at: time) -> None:
        language, now = self._language(), self._keeper.now.wall
        if now is None:
            self._tell(_TIME_FIRST.of(language))
            return
        request = setting(at, _REPEATS[self._repeat][1], now)

        def kept(alarm: Alarm | None) -> None:
            if alarm is None:
                self._tell(_NOT_KEPT.of(language))
                return
            self._tell(said_back(request, language.value, now).rstrip("。."))
            self._undo(lambda: self._keeper.take_back(alarm, lambda _: None))

        self._entry.typed, self._repeat = "", 0
        self._keeper.set(request, kept)

    def _switch(self) -> None:
        alarm = self._keeper.all[self._selected - 1]
        is_on = alarm.state not in (State.OFF, State.PAUSED)
        act = self._keeper.pause if is_on else self._keeper.resume
        act(alarm, lambda _: None)

    def _delete(self, alarm: Alarm) -> None:
        if not self._keeper.guard():
            return
        now, language = self._keeper.now, self._language()
        name = telling.short_row(alarm, now, language.value)

        def gone(done: bool) -> None:
            text = Text("删了 {name}", "Deleted {name}") if done else _NOT_KEPT
            self._tell(text.of(language).format(name=name))
            if done:
                self._deleted = True
                self._undo(lambda: self._keeper.restore(alarm))

        self._keeper.cancel([alarm], gone)


def setting(at: time, repeat: Recurrence | None, now: datetime) -> Set:
    """An alarm at a time of day: today where that is to come, else tomorrow; or by a rule."""
    if repeat is not None:
        rule = Recurrence(repeat.every, at, repeat.days)
        return Set(Kind.ALARM, rule.after(now), rule=rule)
    due = datetime.combine(now.date(), at)
    return Set(Kind.ALARM, due if due > now else due + timedelta(days=1))


def alarm_page(keeper: Keeper, alarm: Alarm, language: Callable[[], Language]) -> Menu:
    """One of them, and what can be done with it."""
    of = language()
    title = telling.short_row(alarm, keeper.now, of.value)

    def doing(act: Callable[[Alarm, Callable[[Alarm | None], object]], None]) -> Outcome:
        act(alarm, lambda _: None)
        return Pop()

    def delete() -> Outcome:
        keeper.cancel([alarm], lambda _: None)
        return Pop()

    is_on = alarm.state not in (State.OFF, State.PAUSED)
    rows = [
        row(
            (Text("关掉", "Switch off") if is_on else Text("打开", "Switch on")).of(of),
            lambda: doing(keeper.pause if is_on else keeper.resume),
        )
    ]
    if alarm.counts_down:
        longer = Text("加一分钟", "One minute more").of(of)
        rows.append(row(longer, lambda: doing(lambda it, kept: keeper.extend(it, 60, kept))))
    elif alarm.rule is not None:
        skip = Text("跳过下一次", "Skip the next time").of(of)
        rows.append(row(skip, lambda: doing(lambda it, kept: keeper.skip(it, None, kept))))
    rows.append(row(Text("删除", "Delete").of(of), delete))
    return Menu(title, rows)


def _open(context: Context) -> AlarmsPage:
    app = context.app
    return AlarmsPage(app.alarms, lambda: context.language, app.say_over, app.offer_undo)


LISTINGS = (Listing(where=Where.MAIN, order=15, zh="闹钟", en="Alarms", enter=_open),)
