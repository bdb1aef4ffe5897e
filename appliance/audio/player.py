"""What the speaker plays, sample by sample: clauses in order, chimes on top, silence on a stop.

A clause begins only when it is there whole (or a good part of it is), so an engine slower than
real time waits at clause ends, never inside. All methods may be called from any thread; `render`
is what a sound card's callback calls, so nothing here blocks for longer than a copy.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from appliance.audio.bell import Bell
from appliance.clock import Clock
from appliance.messages import ClauseStarted, Message, PlaybackDone, Playhead
from appliance.sound.resample import Resampler, resample

_START_SECONDS = 8.0  # of an unfinished clause that are enough to begin it
_FADE_SECONDS = 0.004
_PLAYHEAD_SECONDS = 0.1


@dataclass(slots=True)
class _Clause:
    turn: int
    number: int
    resampler: Resampler
    blocks: deque[NDArray[np.float32]] = field(default_factory=deque)
    buffered: int = 0  # samples in `blocks`
    played: int = 0
    complete: bool = False
    last: bool = False
    started: bool = False
    reported: int = 0

    def put(self, samples: NDArray[np.float32]) -> None:
        if len(samples):
            self.blocks.append(samples)
            self.buffered += len(samples)

    def take(self, count: int) -> NDArray[np.float32]:
        taken: list[NDArray[np.float32]] = []
        while count > 0 and self.blocks:
            block = self.blocks.popleft()
            if len(block) > count:
                self.blocks.appendleft(block[count:])
                block = block[:count]
            taken.append(block)
            count -= len(block)
        result = np.concatenate(taken) if taken else np.zeros(0, np.float32)
        self.buffered -= len(result)
        self.played += len(result)
        return result


class Player:
    """Mono at `rate` Hz. `latency` is the seconds from `render` to the speaker."""

    def __init__(self, rate: int, clock: Clock) -> None:
        self.rate = rate
        self.latency = 0.0
        self.volume = 1.0
        self.underruns = 0
        self.rendered_turn = -1
        """The turn heard in the block that `render` made last; -1: none."""
        self._clock = clock
        self._lock = threading.Lock()
        self._clauses: deque[_Clause] = deque()
        self._active_turn = -1
        self._stopped_turn = -1
        self._tail = np.zeros(0, np.float32)
        self._chime = np.zeros(0, np.float32)
        self._bell: Bell | None = None
        self._events: deque[tuple[float, Message]] = deque()
        self._freed = 0.0
        self._audible_until = float("-inf")

    # ------------------------------------------------------------ what is to be played

    def add(self, turn: int, clause: int, samples: NDArray[np.float32], rate: int) -> None:
        """Append samples to a clause. Those of a stopped turn are dropped."""
        with self._lock:
            if turn <= self._stopped_turn:
                self._freed += len(samples) / rate
                return
            target = self._clause(turn, clause, rate)
            # What the filter holds back is counted as freed, so that credit never leaks away.
            converted = target.resampler.process(samples)
            self._freed += len(samples) / rate - len(converted) / self.rate
            target.put(converted)

    def end(self, turn: int, clause: int, last: bool) -> None:
        """The clause is complete; `last`: so is the turn."""
        with self._lock:
            if turn <= self._stopped_turn:
                return
            target = self._clause(turn, clause, self.rate)
            rest = target.resampler.flush()
            self._freed -= len(rest) / self.rate
            target.put(rest)
            target.complete, target.last = True, last

    def chime(self, samples: NDArray[np.float32]) -> None:
        """Mix a short sound in, at once; a second one replaces the first."""
        with self._lock:
            self._chime = samples

    def ring(self, bell: Bell | None) -> None:
        """Mix this in from the next block on, however loud the rest is; None: no more."""
        with self._lock:
            self._bell = bell

    def stop(self, turn: int) -> None:
        """Silence, within the next block, for turns up to and including this one."""
        with self._lock:
            self._stopped_turn = max(self._stopped_turn, turn)
            stopped = sorted({clause.turn for clause in self._clauses if clause.turn <= turn})
            if 0 <= self._active_turn <= turn and self._active_turn not in stopped:
                stopped.insert(0, self._active_turn)
            if self._clauses and self._clauses[0].turn <= turn and self._clauses[0].started:
                count = max(1, int(_FADE_SECONDS * self.rate))
                tail = self._clauses[0].take(count)
                self._tail = tail * np.linspace(1, 0, len(tail), dtype=np.float32)
                self._freed += len(tail) / self.rate
            for clause in self._clauses:
                if clause.turn <= turn:
                    self._freed += clause.buffered / self.rate
            self._clauses = deque(c for c in self._clauses if c.turn > turn)
            self._events = deque(
                (due, event) for due, event in self._events if not _of_turns_to(event, turn)
            )
            for number in stopped:
                self._events.append((self._clock(), PlaybackDone(number, True)))
            if self._active_turn <= turn:
                self._active_turn = -1

    def stop_all(self) -> None:
        """Silence for whatever is queued or playing."""
        with self._lock:
            turns = [clause.turn for clause in self._clauses] + [self._active_turn]
        self.stop(max(turns))

    def set_rate(self, rate: int) -> None:
        """Another device: convert what is queued."""
        with self._lock:
            if rate == self.rate:
                return
            for clause in self._clauses:
                pending = clause.take(clause.buffered)
                clause.played = round((clause.played - len(pending)) * rate / self.rate)
                clause.reported = 0
                clause.put(resample(pending, self.rate, rate))
                clause.resampler = Resampler(rate, rate)
            self._tail = self._chime = np.zeros(0, np.float32)
            self.rate = rate

    # ------------------------------------------------------------ what is known of it

    @property
    def busy(self) -> bool:
        """Whether a turn is being played, or a chime, or something rings."""
        with self._lock:
            playing = self._clauses or len(self._chime) or self._bell is not None
            return bool(playing or self._active_turn >= 0)

    @property
    def ready(self) -> bool:
        """Whether `render` would make sound, rather than wait for the synthesiser."""
        with self._lock:
            return bool(len(self._chime) or len(self._tail)) or (
                bool(self._clauses) and self._may_play(self._clauses[0])
            )

    def audible(self) -> bool:
        """Whether speech is, or was until a moment ago, in the room (chimes do not count)."""
        return self._clock() < self._audible_until

    def take_credit(self) -> float:
        """Seconds of PCM played or dropped since the last call."""
        with self._lock:
            freed, self._freed = self._freed, 0.0
        return freed

    def events(self, now: float) -> list[Message]:
        """What has happened at the speaker up to `now`."""
        due: list[Message] = []
        with self._lock:
            while self._events and self._events[0][0] <= now:
                due.append(self._events.popleft()[1])
        return due

    # ------------------------------------------------------------ the sound card's side

    def render(self, frames: int) -> NDArray[np.float32]:
        """The next `frames` samples."""
        out = np.zeros(frames, np.float32)
        with self._lock:
            now = self._clock() + self.latency
            self.rendered_turn = self._active_turn
            filled = self._mix_tail(out)
            while filled < frames and self._clauses:
                clause = self._clauses[0]
                if not self._may_play(clause):
                    self.underruns += clause.started
                    break
                self.rendered_turn = clause.turn
                filled += self._play(clause, out[filled:], now + filled / self.rate)
                self._audible_until = now + frames / self.rate
            self._mix_chime(out)
            out *= np.float32(self.volume)
            self._mix_bell(out)
        return np.clip(out, -1, 1, out=out)

    def _may_play(self, clause: _Clause) -> bool:
        if clause.complete:
            return True
        if clause.started:
            return clause.buffered > 0
        return clause.buffered >= _START_SECONDS * self.rate

    def _play(self, clause: _Clause, out: NDArray[np.float32], at: float) -> int:
        if not clause.started:
            clause.started = True
            self._active_turn = clause.turn
            self._events.append((at, ClauseStarted(clause.turn, clause.number)))
        samples = clause.take(len(out))
        out[: len(samples)] = samples
        self._freed += len(samples) / self.rate
        end = at + len(samples) / self.rate
        finished = clause.complete and not clause.blocks
        if finished or clause.played - clause.reported >= _PLAYHEAD_SECONDS * self.rate:
            clause.reported = clause.played
            length = (clause.played + clause.buffered) / self.rate
            position = clause.played / self.rate
            self._events.append((end, Playhead(clause.turn, clause.number, position, length)))
        if finished:
            self._clauses.popleft()
            if clause.last:
                self._events.append((end, PlaybackDone(clause.turn, False)))
                self._active_turn = -1
        return len(samples)

    def _mix_tail(self, out: NDArray[np.float32]) -> int:
        count = min(len(self._tail), len(out))
        out[:count] = self._tail[:count]
        self._tail = self._tail[count:]
        return count

    def _mix_chime(self, out: NDArray[np.float32]) -> None:
        count = min(len(self._chime), len(out))
        out[:count] += self._chime[:count]
        self._chime = self._chime[count:]

    def _mix_bell(self, out: NDArray[np.float32]) -> None:
        if self._bell is not None:
            out += self._bell.render(len(out), self.rate)
            if self._bell.over:
                self._bell = None

    def _clause(self, turn: int, number: int, rate: int) -> _Clause:
        for clause in reversed(self._clauses):
            if clause.turn == turn and clause.number == number and not clause.complete:
                return clause
        clause = _Clause(turn, number, Resampler(rate, self.rate))
        self._clauses.append(clause)
        return clause


def _of_turns_to(event: Message, turn: int) -> bool:
    return isinstance(event, ClauseStarted | Playhead | PlaybackDone) and event.turn <= turn
