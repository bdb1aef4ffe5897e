"""Keeps the alarms: written first, then armed; looked at by the wall clock at every tick.

Nothing is ever due by a delay that was computed once: a clock that jumps moves every alarm with
it, and leaves countdowns alone. The register of timers only says when to look again.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Protocol

from appliance.alarms import table
from appliance.alarms.alarm import (
    LATE,
    Alarm,
    Moment,
    State,
    Verdict,
    after_boot,
    judge,
    missed_times,
    new,
    next_time,
    recomputed,
    ringing,
    skipping,
    snoozed,
    started,
)
from appliance.alarms.table import Note
from appliance.memory.recollection import Store
from appliance.timers import Timer, Timers
from appliance.understanding.alarms.requests import Set

LOOK_SECONDS = 15.0
"""Between two looks at the wall clock: as late a jump may be noticed."""
MARK_SECONDS = 10.0
"""Between two marks of what is left of countdowns, for a boot that does not know the time."""
SETTLE_SECONDS = 2.0
"""After the start, for a clock chip to be read, until countdowns of another boot are judged."""
JUMP_SECONDS = 30.0
"""By which the wall clock may differ from the steady one between two looks."""
_SOONEST = 0.05
_EPOCH = datetime(2000, 1, 1)

log = logging.getLogger("lory.alarms")

Then = Callable[[Alarm | None], object]
"""Takes the alarm as it is kept now; None: the disk refused, or there are too many."""


class Clockwork(Protocol):
    """What time it is, by both clocks."""

    def __call__(self) -> Moment: ...


@dataclass(frozen=True, slots=True)
class Due:
    """What rings together: due at the same look. `late` is of the latest of them."""

    alarms: tuple[Alarm, ...]
    late: timedelta


class Keeper:
    """All alarms of the box. Methods are for the loop and return at once.

    `ring` gets what is due, already written down as ringing. `changed` is called when anything
    that is shown may be otherwise. Until `load` has come back there are none.
    """

    def __init__(
        self,
        store: Store,
        timers: Timers,
        clock: Clockwork,
        ring: Callable[[Due], object],
        changed: Callable[[], object],
    ) -> None:
        self.notes: tuple[Note, ...] = ()
        """What was missed and not yet seen."""
        self.guard: Callable[[], bool] = lambda: True
        """Whether one that is set may be touched; where not, whoever guards has told why."""
        self._store = store
        self._timers = timers
        self._clock = clock
        self._ring = ring
        self._changed = changed
        self._alarms: dict[int, Alarm] = {}
        self._busy: set[int] = set()  # being written: judged again when that is done
        self._last_time: time | None = None
        self._newest: int | None = None
        self._look: Timer | None = None
        self._settled = False
        self._offset: float | None = None  # of the wall clock to the steady one, at the last look
        self._zone: timedelta | None = None  # its offset to UTC at the last look
        self._marked_at = float("-inf")

    def load(self) -> None:
        """Read what is kept, and arm it."""
        self._store.fetch(table.load, self._loaded)

    # ------------------------------------------------------------ what is there

    @property
    def now(self) -> Moment:
        """This moment, by both clocks."""
        return self._clock()

    @property
    def all(self) -> tuple[Alarm, ...]:
        """Those that are set, the soonest first; what does not come by itself is last."""
        now = self._clock()
        return tuple(sorted(self._alarms.values(), key=lambda alarm: _order(alarm, now)))

    @property
    def next_alarm(self) -> Alarm | None:
        """The next to ring by the wall, or again after it was put off."""
        waiting = [
            it
            for it in self._alarms.values()
            if it.due is not None and (it.needs_wall or it.state is State.SNOOZED)
        ]
        return min(waiting, key=lambda it: it.due or datetime.max, default=None)

    @property
    def next_due(self) -> datetime | None:
        """When anything rings next by the wall; None where nothing does, or that is not known."""
        now = self._clock()
        lefts = [left for left in self._lefts(now) if left > 0]
        if now.wall is None or not lefts:
            return None
        return now.wall + timedelta(seconds=min(lefts))

    @property
    def countdown(self) -> Alarm | None:
        """The countdown that ends next."""
        running = [it for it in self.all if it.counts_down and it.state is State.ARMED]
        return running[0] if running else None

    @property
    def last_time(self) -> time | None:
        """The time of day of the alarm that was set last, to be offered again."""
        if self._last_time is not None:
            return self._last_time
        timed = [it for it in self._alarms.values() if it.due is not None and not it.counts_down]
        latest = max(timed, key=lambda it: it.id, default=None)
        return latest.due.time() if latest is not None and latest.due is not None else None

    @property
    def awaiting_time(self) -> bool:
        """Whether something is set that cannot ring because the time is not known."""
        return self._clock().wall is None and any(it.needs_wall for it in self._alarms.values())

    def due_within(self, seconds: float) -> bool:
        """Whether something rings, or will so soon: no time to restart the box."""
        now = self._clock()
        left = [it.remaining(now) for it in self._alarms.values()]
        rings = any(it.state is State.RINGING for it in self._alarms.values())
        return rings or any(it is not None and it <= seconds for it in left)

    # ------------------------------------------------------------ what is wanted

    def set(self, request: Set, then: Then) -> None:
        """Keep it, then arm it, then tell."""
        alarm = new(request, self._clock())
        for other in self._alarms.values():
            if replace(other, id=0, last=None) == alarm:
                self._newest = None
                then(other)  # said twice, meant once
                return

        def kept(number: int | None) -> None:
            if number is None:
                then(None)
                return
            self._newest = number
            kept_alarm = self._alarms[number] = replace(alarm, id=number)
            if alarm.due is not None and not alarm.counts_down:
                self._last_time = alarm.due.time()
            self._again()
            then(kept_alarm)

        self._store.fetch(lambda db: table.add(db, alarm), kept, lambda: then(None))

    def restore(self, alarm: Alarm) -> None:
        """Take back that it was cancelled."""

        def kept(number: int | None) -> None:
            if number is not None:
                self._alarms[number] = replace(alarm, id=number)
                self._again()

        self._store.fetch(lambda db: table.add(db, alarm), kept)

    def cancel(self, alarms: Iterable[Alarm], then: Callable[[bool], object]) -> None:
        """Take them away for good; `then` is told whether that was allowed and the disk took it."""
        if self.guard():
            self._delete([alarm.id for alarm in alarms], then)
        else:
            then(False)

    def take_back(self, alarm: Alarm, then: Callable[[bool], object]) -> None:
        """Whoever has just set it may do that, lock or not."""
        if alarm.id == self._newest:
            self._delete([alarm.id], then)
        else:
            self.cancel([alarm], then)

    def _delete(self, numbers: list[int], then: Callable[[bool], object]) -> None:
        def gone(_: object) -> None:
            for number in numbers:
                self._alarms.pop(number, None)
            self._again()
            then(True)

        def delete(db: sqlite3.Connection) -> None:
            for number in numbers:
                table.delete(db, number)

        self._store.fetch(delete, gone, lambda: then(False))

    def extend(self, alarm: Alarm, seconds: float, then: Then) -> None:
        """So much more, or less; a countdown that is over by that is over."""
        if self._refuses(alarm):
            then(None)
            return
        now, alarm = self._clock(), self._as_it_is(alarm)
        if alarm.state is State.PAUSED:
            self._change(replace(alarm, left=max(0.0, (alarm.left or 0.0) + seconds)), then)
            return
        if alarm.ends is not None:
            left = max(0.0, (alarm.remaining(now) or 0.0) + seconds)
            longer = started(alarm, left, now)
            if alarm.state is State.SNOOZED:
                longer = replace(longer, state=State.SNOOZED)
            self._change(longer, then)
        elif alarm.due is not None:
            self._change(replace(alarm, due=alarm.due + timedelta(seconds=seconds)), then)
        else:
            then(None)

    def pause(self, alarm: Alarm, then: Then) -> None:
        """A countdown stands, an alarm is switched off."""
        if self._refuses(alarm):
            then(None)
            return
        alarm = self._as_it_is(alarm)
        if alarm.counts_down:
            left = max(0.0, alarm.remaining(self._clock()) or 0.0)
            self._change(replace(alarm, state=State.PAUSED, ends=None, left=left), then)
        else:
            due = alarm.last if alarm.state is State.SNOOZED else alarm.due
            self._change(replace(alarm, state=State.OFF, ends=None, due=due), then)

    def resume(self, alarm: Alarm, then: Then) -> None:
        """A countdown goes on, an alarm is switched on: for the next time that comes."""
        now, alarm = self._clock(), self._as_it_is(alarm)
        if alarm.counts_down:
            self._change(started(alarm, alarm.left or 0.0, now), then)
            return
        armed = replace(alarm, state=State.ARMED, snoozes=0, ends=None)
        over = armed.due is not None and now.wall is not None and armed.due <= now.wall
        if over and armed.due is not None and now.wall is not None:
            later = next_time(armed, now)
            if later is None:  # one time only: the same time of day, the next time it comes
                due = datetime.combine(now.wall.date(), armed.due.time())
                later = replace(armed, due=due if due > now.wall else due + timedelta(days=1))
            armed = later
        self._change(armed, then)

    def rename(self, alarm: Alarm, text: str, then: Then) -> None:
        if self._refuses(alarm):
            then(None)
        else:
            self._change(replace(self._as_it_is(alarm), text=text), then)

    def skip(self, alarm: Alarm, day: date | None, then: Then) -> None:
        """The next time is left out, or that of `day`."""
        skipped = None
        if not self._refuses(alarm):
            skipped = skipping(self._as_it_is(alarm), day, self._clock())
        if skipped is None:
            then(None)
        else:
            self._change(skipped, then)

    def move(self, alarm: Alarm, request: Set, then: Then) -> None:
        """Another time for it; its name stays where none was said."""
        if self._refuses(alarm):
            then(None)
            return
        text = request.text or alarm.text
        self._change(replace(new(request, self._clock()), id=alarm.id, text=text), then)

    def _refuses(self, alarm: Alarm) -> bool:
        """A countdown is for now, and everybody's; what was set for a time is not."""
        return not alarm.counts_down and not self.guard()

    def _as_it_is(self, alarm: Alarm) -> Alarm:
        """A page or a question may have stood open while it rang."""
        return self._alarms.get(alarm.id, alarm)

    def seen(self) -> None:
        """What was missed has been read."""
        if self.notes:
            self.notes = ()
            self._store.submit(table.seen)
            self._changed()

    # ------------------------------------------------------------ how a ring ended

    def stopped(self, due: Due) -> None:
        """The user stopped it."""
        for alarm in self._still(due):
            self._finish(alarm, noted=False)

    def snoozed(self, due: Due, seconds: float) -> bool:
        """The user wants it later; whether any of it comes again.

        What was put off too often is missed instead.
        """
        now, again = self._clock(), False
        for alarm in self._still(due):
            later = snoozed(alarm, seconds, now)
            if later is None:
                self._finish(alarm, noted=True)
            else:
                again = True
                self._change(later, lambda _: None)
        return again

    def missed(self, due: Due) -> None:
        """Nobody came."""
        for alarm in self._still(due):
            self._finish(alarm, noted=True)

    def _still(self, due: Due) -> list[Alarm]:
        """Those of them that ring: one may have been cancelled by a sentence meanwhile."""
        now = [self._alarms.get(alarm.id) for alarm in due.alarms]
        return [alarm for alarm in now if alarm is not None and alarm.state is State.RINGING]

    # ------------------------------------------------------------ time

    def time_changed(self) -> None:
        """The clock was set, or has become trusted."""
        self._look_now()

    def _loaded(self, kept: tuple[list[Alarm], list[Note]]) -> None:
        alarms, notes = kept
        self._alarms |= {alarm.id: alarm for alarm in alarms}
        self.notes = tuple(notes)
        self._timers.after(SETTLE_SECONDS, self._settle)
        self._again()

    def _settle(self) -> None:
        """By now the time is known, if it is known at the start at all."""
        self._settled = True
        now = self._clock()
        for alarm in list(self._alarms.values()):
            if alarm.state is State.RINGING and not _of_this_boot(alarm, now):
                self._rang_before(alarm, now)
            elif (here := after_boot(alarm, now)) != alarm:
                self._change(here, lambda _: None)
        self._look_now()

    def _rang_before(self, alarm: Alarm, now: Moment) -> None:
        """The power went while it rang: it rings again while that is of use."""
        due = alarm.due or alarm.last
        if alarm.ends is not None and alarm.ends.boot == now.steady.boot:
            late = timedelta(seconds=now.steady.at - alarm.ends.at)
        elif due is not None and now.wall is not None:
            late = max(timedelta(), now.wall - due)
        elif alarm.counts_down:
            self._finish(alarm, noted=True)
            return
        else:
            return  # until the time is known
        if late <= LATE:
            self._begin([(alarm, late)], now)
        else:
            self._finish(alarm, noted=True)

    def _again(self) -> None:
        """Something is otherwise: look when that is next of use."""
        self._changed()
        if self._look is not None:
            self._look.cancel()
        self._look = None
        if self._alarms:
            now = self._clock()
            soonest = min((it for it in self._lefts(now)), default=LOOK_SECONDS)
            wait = min(LOOK_SECONDS, max(_SOONEST, soonest))
            self._look = self._timers.after(wait, self._look_now)

    def _lefts(self, now: Moment) -> Iterable[float]:
        for alarm in self._alarms.values():
            left = alarm.remaining(now) if alarm.id not in self._busy else None
            if left is not None and alarm.state in (State.ARMED, State.SNOOZED):
                yield left

    def _look_now(self) -> None:
        """Whatever is due by now rings, or is noted."""
        now = self._clock()
        if self._jumped(now):
            self._recompute(now)
        skipped = max(timedelta(), now.offset - self._zone) if self._zone is not None else None
        self._zone = now.offset
        due: list[tuple[Alarm, timedelta]] = []
        for alarm in list(self._alarms.values()):
            if alarm.id in self._busy or not (self._settled or _of_this_boot(alarm, now)):
                continue
            if alarm.state is State.RINGING and self._waits_for_time(alarm, now):
                self._rang_before(alarm, now)
                continue
            verdict, late = judge(alarm, now, skipped or timedelta())
            if verdict is Verdict.RING:
                due.append((alarm, late))
            elif verdict is Verdict.MISSED:
                self._finish(alarm, noted=True)
        if due:
            self._begin(due, now)
        self._mark(now)
        self._again()

    def _jumped(self, now: Moment) -> bool:
        """Whether the wall clock went otherwise than the steady one since the last look."""
        offset = None
        if now.wall is not None:
            offset = (now.wall - _EPOCH).total_seconds() - now.steady.at
        before, self._offset = self._offset, offset
        known = before is not None and offset is not None
        return known and abs((offset or 0.0) - (before or 0.0)) > JUMP_SECONDS

    def _recompute(self, now: Moment) -> None:
        """Times that were computed by a clock that was wrong."""
        for alarm in list(self._alarms.values()):
            sooner = recomputed(alarm, now)
            if sooner != alarm:
                self._change(sooner, lambda _: None)

    @staticmethod
    def _waits_for_time(alarm: Alarm, now: Moment) -> bool:
        other_boot = alarm.ends is None or alarm.ends.boot != now.steady.boot
        return other_boot and now.wall is not None

    def _begin(self, due: list[tuple[Alarm, timedelta]], now: Moment) -> None:
        """Written first: whatever happens then, it is not rung twice nor forgotten."""
        rings = tuple(ringing(alarm, now) for alarm, _ in due)
        late = max(late for _, late in due)

        def written(_: object = None) -> None:
            self._busy -= {alarm.id for alarm in rings}
            self._ring(Due(rings, late))
            self._again()

        def write(db: sqlite3.Connection) -> None:
            for alarm in rings:
                table.change(db, alarm)

        for alarm in rings:
            self._alarms[alarm.id] = alarm
        self._busy |= {alarm.id for alarm in rings}
        # A disk that refuses costs the record, never the ring.
        self._store.fetch(write, written, written)

    def _finish(self, alarm: Alarm, noted: bool) -> None:
        """It has rung, or was missed (then that is `noted`): what comes next."""
        now = self._clock()
        after = next_time(alarm, now)
        due, times = alarm.last or alarm.due, 1
        if noted and now.wall is not None and alarm.due is not None and not alarm.counts_down:
            times = missed_times(alarm, now.wall)
        if after is None:
            self._alarms.pop(alarm.id, None)
        else:
            self._alarms[alarm.id] = after

        def write(db: sqlite3.Connection) -> Note | None:
            number = table.miss(db, alarm, due, times) if noted else 0
            if after is None:
                table.delete(db, alarm.id)
            else:
                table.change(db, after)
            return Note(number, alarm.kind, alarm.text, due, times) if noted else None

        self._store.fetch(write, self._noted)
        self._again()

    def _noted(self, note: Note | None) -> None:
        if note is not None:
            self.notes = (*self.notes, note)[-table.MOST_NOTES :]
            self._changed()

    def _change(self, alarm: Alarm, then: Then) -> None:
        """Written first, then believed."""

        def kept(_: object) -> None:
            if alarm.id not in self._alarms:
                then(None)
                return
            self._alarms[alarm.id] = alarm
            self._again()
            then(alarm)

        self._store.fetch(lambda db: table.change(db, alarm), kept, lambda: then(None))

    def _mark(self, now: Moment) -> None:
        """Write down now and then what is left of countdowns."""
        if now.steady.at - self._marked_at < MARK_SECONDS:
            return
        left = {
            alarm.id: alarm.remaining(now) or 0.0
            for alarm in self._alarms.values()
            if alarm.ends is not None and alarm.state in (State.ARMED, State.SNOOZED)
        }
        if left:
            self._marked_at = now.steady.at
            self._alarms |= {
                number: replace(self._alarms[number], left=rest) for number, rest in left.items()
            }
            self._store.submit(lambda db: table.mark(db, left))


def _of_this_boot(alarm: Alarm, now: Moment) -> bool:
    return alarm.ends is not None and alarm.ends.boot == now.steady.boot


def _order(alarm: Alarm, now: Moment) -> tuple[float, float]:
    left = alarm.remaining(now)
    due = alarm.due.timestamp() if alarm.due is not None else float("inf")
    return (left if left is not None else float("inf"), due)
