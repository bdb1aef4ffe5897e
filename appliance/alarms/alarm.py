"""One alarm, timer or reminder that is set, and what becomes of it. Plain data, and pure.

There are two ways to be due. By the wall: a local time without a zone, which counts once the time
of day is trusted. By the steady clock: a second after the boot, which nobody can set; a snooze is
one of these, too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum

from appliance.understanding.alarms.requests import Kind, Set
from appliance.understanding.recurrence import Recurrence

LATE = timedelta(minutes=30)
"""What is due for longer is no use as a sound any more: it is told, silently."""
MOST_SNOOZES = 12
_WRONG_CLOCK = timedelta(days=30)


class State(Enum):
    ARMED = "armed"
    OFF = "off"  # kept, and not rung
    PAUSED = "paused"  # a countdown that stands
    SNOOZED = "snoozed"
    RINGING = "ringing"


@dataclass(frozen=True, slots=True)
class Steady:
    """`at` seconds after the start of the boot named so; in another boot it means nothing."""

    boot: str
    at: float


@dataclass(frozen=True, slots=True)
class Moment:
    """Now: `wall` is local time without a zone, None where it cannot be trusted.

    `offset` of the zone to UTC tells summer time from a clock that was set.
    """

    wall: datetime | None
    steady: Steady
    offset: timedelta = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """`due`: when it rings next by the wall; of a countdown and a snooze, when it would if it can.

    `seconds` is how long a countdown was set for, `left` what was left of it when it was paused or
    last marked. `ends`: of a countdown that runs, and of a snooze. `lead` seconds are already off
    `due`. `last`: the `due` that rang last, which never rings again. `skipped`: days left out.
    """

    kind: Kind
    id: int = 0
    text: str = ""
    due: datetime | None = None
    rule: Recurrence | None = None
    lead: int = 0
    seconds: int | None = None
    ends: Steady | None = None
    left: float | None = None
    state: State = State.ARMED
    snoozes: int = 0
    last: datetime | None = None
    skipped: frozenset[date] = frozenset()

    @property
    def counts_down(self) -> bool:
        """Whether it is due by the steady clock alone."""
        return self.seconds is not None

    @property
    def needs_wall(self) -> bool:
        """Whether it can ring only once the time is known."""
        return self.state is State.ARMED and not self.counts_down

    def remaining(self, now: Moment) -> float | None:
        """Seconds until it rings; None where that is not known, or it does not ring."""
        match self.state:
            case State.PAUSED:
                return self.left
            case State.OFF | State.RINGING:
                return None
        if self.ends is not None:
            return self.ends.at - now.steady.at if self.ends.boot == now.steady.boot else self.left
        if self.due is None or now.wall is None:
            return None
        return (self.due - now.wall).total_seconds()


def new(request: Set, now: Moment) -> Alarm:
    """What `request` sets."""
    alarm = Alarm(
        kind=request.kind,
        text=request.text,
        due=request.due,
        rule=request.rule,
        lead=request.lead,
        seconds=request.seconds,
    )
    if request.seconds is None:
        return alarm
    return started(alarm, float(request.seconds), now)


def started(alarm: Alarm, seconds: float, now: Moment) -> Alarm:
    """A countdown that runs for so long from now on."""
    due = now.wall + timedelta(seconds=seconds) if now.wall is not None else None
    ends = Steady(now.steady.boot, now.steady.at + seconds)
    return replace(alarm, due=due, ends=ends, left=seconds, state=State.ARMED)


def after_boot(alarm: Alarm, now: Moment) -> Alarm:
    """What a countdown or a snooze of another boot is worth in this one.

    By the wall where the time is trusted and was when it was set; else by its last mark.
    """
    if alarm.ends is None or alarm.ends.boot == now.steady.boot or alarm.state is State.PAUSED:
        return alarm
    left = alarm.left or 0.0
    if now.wall is not None and alarm.due is not None:
        left = (alarm.due - now.wall).total_seconds()
    return replace(alarm, ends=Steady(now.steady.boot, now.steady.at + left))


class Verdict(Enum):
    """What is to be done of it now."""

    WAIT = "wait"
    RING = "ring"
    MISSED = "missed"


def judge(alarm: Alarm, now: Moment, skipped: timedelta = timedelta()) -> tuple[Verdict, timedelta]:
    """What is to be done, and how late it is. `skipped` of the wall clock there never was: summer
    time has begun since the last look."""
    nothing = Verdict.WAIT, timedelta()
    if alarm.state in (State.OFF, State.PAUSED, State.RINGING):
        return nothing
    if alarm.ends is not None:
        late = timedelta(seconds=now.steady.at - alarm.ends.at)
        if alarm.ends.boot != now.steady.boot:
            return nothing
    elif alarm.due is None or now.wall is None or alarm.due == alarm.last:
        return nothing
    else:
        late = now.wall - alarm.due
        if timedelta() <= late:
            late = max(timedelta(), late - skipped)
    if late < timedelta():
        return nothing
    return (Verdict.RING if late <= LATE else Verdict.MISSED), late


def ringing(alarm: Alarm, now: Moment) -> Alarm:
    """It rings: written before anything is heard. `left` says since when, by the steady clock."""
    last = alarm.due if alarm.state is State.ARMED else alarm.last
    began = Steady(now.steady.boot, now.steady.at)
    return replace(alarm, state=State.RINGING, ends=began, last=last)


def snoozed(alarm: Alarm, seconds: float, now: Moment) -> Alarm | None:
    """It rings again in so many seconds; None: it was put off often enough."""
    if alarm.snoozes >= MOST_SNOOZES:
        return None
    later = replace(started(alarm, seconds, now), snoozes=alarm.snoozes + 1)
    return replace(later, state=State.SNOOZED, due=later.due or alarm.due)


def next_time(alarm: Alarm, now: Moment) -> Alarm | None:
    """What is left of it when it has rung, or was missed; None: nothing."""
    rule = alarm.rule
    if rule is None:
        return None
    rested = replace(alarm, state=State.ARMED, snoozes=0, ends=None, left=None)
    if alarm.counts_down:
        return started(rested, float(rule.interval), now)
    reached = max(filter(None, (alarm.due, alarm.last, now.wall)), default=None)
    if reached is None:
        return rested
    due = _after(rule, reached, alarm.lead, alarm.skipped)
    return replace(rested, due=due) if due is not None else None


def recomputed(alarm: Alarm, now: Moment) -> Alarm:
    """After the wall clock went back: a repeated alarm comes when its rule says, seen from now.

    What rang last does not ring again, unless that is so far ahead that it rang by a wrong clock.
    """
    wall, last = now.wall, alarm.last
    if alarm.rule is None or alarm.counts_down or alarm.due is None or wall is None:
        return alarm
    if last is not None and last - wall > _WRONG_CLOCK:
        last = None
    due = _after(alarm.rule, max(wall, last or wall), alarm.lead, alarm.skipped)
    return replace(alarm, due=due, last=last) if due is not None and due < alarm.due else alarm


def skipping(alarm: Alarm, day: date | None, now: Moment) -> Alarm | None:
    """The next time, or that of `day`, left out; None where it has no such time."""
    if alarm.rule is None or alarm.counts_down or alarm.due is None:
        return None
    meant = day or (alarm.due + timedelta(seconds=alarm.lead)).date()
    skipped = frozenset(it for it in alarm.skipped if it >= alarm.due.date()) | {meant}
    start = alarm.due - timedelta(seconds=1)
    due = _after(alarm.rule, start, alarm.lead, skipped)
    return replace(alarm, skipped=skipped, due=due) if due is not None else None


def missed_times(alarm: Alarm, until: datetime) -> int:
    """How often it was due from `due` to `until`, both included; at least once, bounded."""
    count, moment = 1, alarm.due
    while alarm.rule is not None and moment is not None and count < _MOST_COUNTED:
        moment = _after(alarm.rule, moment, alarm.lead, alarm.skipped)
        if moment is None or moment > until:
            break
        count += 1
    return count


_MOST_COUNTED = 99


def _after(
    rule: Recurrence, moment: datetime, lead: int, skipped: frozenset[date]
) -> datetime | None:
    """The next time of a rule, `lead` seconds early, that is after `moment` and not left out."""
    early = timedelta(seconds=lead)
    found = rule.after(moment + early)
    while found is not None and found.date() in skipped:
        found = rule.after(found)
    return found - early if found is not None else None
