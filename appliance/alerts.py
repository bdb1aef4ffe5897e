"""What comes over everything: an alarm that rings, a battery that is empty.

One alert at a time has the glass and the speaker; who comes later waits its turn. Each kind says
for itself how it sounds. Whoever raises one is told once how it ended.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from appliance import messages as m
from appliance.clock import WallClock
from appliance.configuration.loudness import loudness
from appliance.configuration.settings import Settings
from appliance.supervision.team import Team
from appliance.timers import Timer, Timers

DEAF_SECONDS = 1.0
"""From its coming on, in which no key means it: whoever types is still typing."""
PATIENCE_SECONDS = 5.0
"""For who is talking, before it sounds; the glass shows it at once."""
LONGEST_SECONDS = 900.0
SNOOZE_MINUTES = 10
NIGHT = (22, 7)
"""Hours of the wall clock from which and to which what need not wake anybody does not."""
_NEAR_THE_EAR = ("headset", "headphone", "earphone", "耳机", "耳麦")

log = logging.getLogger("lory.alerts")


@dataclass(frozen=True, slots=True)
class Chimes:
    """One short sound, as loud as all others: a muted box and the night keep it silent."""

    kind: Literal["empty"]


@dataclass(frozen=True, slots=True)
class Rings:
    """Over and over until it ends, from `low` to `high` of what the speaker can in `ramp` seconds.

    Neither the volume nor mute takes that away, but for a speaker that is worn at the ear.
    """

    kind: Literal["alarm", "timer", "reminder"]
    low: float = 0.1
    high: float = 0.7
    ramp: float = 30.0


@dataclass(frozen=True, slots=True)
class Stopped:
    """The user stopped it."""


@dataclass(frozen=True, slots=True)
class Snoozed:
    """The user wants it again in so many minutes."""

    minutes: int


@dataclass(frozen=True, slots=True)
class Missed:
    """Nobody came before its time was over."""


End = Stopped | Snoozed | Missed


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Alert:
    """What is shown, how it sounds, and who is told of its end. Texts are in the user's language.

    `big` is short, for digits that are read across the room. `snoozes`: every key but those that
    stop it puts it off; else they do nothing. It is missed after `longest` seconds. `ended` is
    called on the loop when it has left the glass; not where it was dismissed.
    """

    title: str
    ended: Callable[[End], object]
    big: str = ""
    text: str = ""
    sound: Chimes | Rings | None = None
    snoozes: bool = True
    longest: float = LONGEST_SECONDS


class Alerts:
    """The alerts that wait, the oldest first; the first of them is at work.

    `changed` is called when another one is, or none any more. `speaker` names what it sounds from.
    """

    def __init__(self, team: Team, settings: Settings, timers: Timers, wall: WallClock) -> None:
        self.changed: Callable[[], object] = lambda: None
        self.speaker = ""
        self._team = team
        self._settings = settings
        self._timers = timers
        self._wall = wall
        self._waiting: list[Alert] = []
        self._since = 0.0
        self._sounding: float | None = None  # since when; None: not yet
        self._due: list[Timer] = []  # its end, and the end of patience

    # ------------------------------------------------------------ for who raises them

    def raise_(self, alert: Alert) -> None:
        """Let it come over everything, as soon as those before it have ended."""
        self._waiting.append(alert)
        if len(self._waiting) == 1:
            self._begin()
        self.changed()

    def dismiss(self, alert: Alert) -> None:
        """It is not wanted any more; `ended` is not called. Others are left alone."""
        if alert in self._waiting:
            self._leave(alert)
            self.changed()

    # ------------------------------------------------------------ for glass and keys

    @property
    def front(self) -> Alert | None:
        """The one at work."""
        return self._waiting[0] if self._waiting else None

    @property
    def count(self) -> int:
        """How many there are, the one at work included."""
        return len(self._waiting)

    @property
    def busy(self) -> bool:
        """Whether there is one."""
        return bool(self._waiting)

    @property
    def ringing(self) -> bool:
        """Whether it is heard, over and over."""
        return self._sounding is not None and isinstance(self._sound_of_front, Rings)

    @property
    def deaf(self) -> bool:
        """Whether it has come only just now, and no key can mean it."""
        return self.busy and self._timers.clock() < self._since + DEAF_SECONDS

    def stop(self) -> None:
        """The user has seen it."""
        self._end(Stopped())

    def snooze(self, minutes: int = SNOOZE_MINUTES) -> None:
        """The user wants to see it later; one that does not snooze stays."""
        if self.front is not None and self.front.snoozes:
            self._end(Snoozed(minutes))

    # ------------------------------------------------------------ sound

    def update(self, talking: bool) -> None:
        """Something changed; `talking`: the user speaks, and is let finish."""
        if self.busy and self._sounding is None and not talking:
            self._sound()

    def audio_ready(self) -> None:
        """The audio worker came up, and knows of nothing that sounds."""
        if self._sounding is not None:
            self._sound()

    def _sound(self) -> None:
        """Begin to sound, or go on after the worker was lost."""
        now = self._timers.clock()
        fresh = self._sounding is None
        since = self._sounding = now if self._sounding is None else self._sounding
        match self._sound_of_front:
            case Chimes(kind) if fresh and not self._night():
                self._team.send("audio", m.Chime(kind))
            case Rings() as rings:
                self._team.send("audio", self._ring(rings, now - since))
        if fresh:
            self.changed()

    @property
    def _sound_of_front(self) -> Chimes | Rings | None:
        return self._waiting[0].sound if self._waiting else None

    def _ring(self, rings: Rings, elapsed: float) -> m.Ring:
        """What is to be heard from `elapsed` seconds after it began."""
        risen = min(1.0, elapsed / rings.ramp) if rings.ramp > 0 else 1.0
        low = rings.low + (rings.high - rings.low) * risen
        worn = any(name in self.speaker.lower() for name in _NEAR_THE_EAR)
        share = loudness(self._settings) if worn else self._settings.number("audio.ceiling")
        left = self._due[0].moment - self._timers.clock()
        return m.Ring(rings.kind, low * share, rings.high * share, rings.ramp * (1.0 - risen), left)

    def _night(self) -> bool:
        now = self._wall()
        return now is not None and (now.hour >= NIGHT[0] or now.hour < NIGHT[1])

    # ------------------------------------------------------------ coming and going

    def _begin(self) -> None:
        """The first one is at work from now on."""
        alert = self._waiting[0]
        self._since = self._timers.clock()
        self._due = [
            self._timers.after(alert.longest, lambda: self._end(Missed())),
            self._timers.after(PATIENCE_SECONDS, lambda: self.update(talking=False)),
        ]

    def _end(self, end: End) -> None:
        alert = self.front
        if alert is None:
            return
        self._leave(alert)
        try:
            alert.ended(end)
        except Exception:
            log.exception("nobody took the end of the alert %r", alert.title)
        self.changed()

    def _leave(self, alert: Alert) -> None:
        at_work = alert is self.front
        self._waiting.remove(alert)
        if not at_work:
            return
        for timer in self._due:
            timer.cancel()
        if self._sounding is not None and isinstance(alert.sound, Rings):
            self._team.send("audio", m.StopRing())
        self._sounding = None
        if self._waiting:
            self._begin()
