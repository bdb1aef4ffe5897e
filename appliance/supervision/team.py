"""The four workers as main uses them: what they are started with, and what they are told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Literal

import msgspec

from appliance.messages import Fault, Message, SetThreads, Stop
from appliance.supervision.arrivals import Arrival, Arrivals, model_of
from appliance.supervision.compute import Compute
from appliance.supervision.neighbours import watch
from appliance.workers.deaths import Death
from appliance.workers.supervisor import Status, Supervisor

Name = Literal["audio", "asr", "tts", "llm"]
NAMES: tuple[Name, ...] = ("audio", "asr", "tts", "llm")

WORKERS = "appliance.workers"
"""The package in which each worker is a module of its name."""
_COMING = (Status.READY, Status.STARTING, Status.WAITING, Status.AWAITED)

OptionsOf = Callable[[Name], msgspec.Struct | Fault]


class Listener:
    """Is told of the workers, on the loop. What is not overridden is let go."""

    def on_message(self, name: Name, message: Message) -> None:
        """What one of them says."""

    def on_status(self, name: Name, status: Status) -> None:
        """One came up or went down."""

    def on_swap(self, name: Name) -> None:
        """Engines that take turns: this one comes in."""

    def leaner(self, name: Name, death: Death) -> bool:
        """One ends again and again: whether there is another way to run it, in force now."""
        return False


class Team:
    """Supervisors by name, the compute grants, and a stop that reaches everybody.

    `listener` is told of them. `arrivals`: what is being installed, for those that are awaited.
    """

    def __init__(self, options: OptionsOf, compute: Compute) -> None:
        self.compute = compute
        self.listener = Listener()
        self._watch: asyncio.Task[None] | None = None
        self.arrivals = Arrivals()
        self.way_of: Callable[[Name], str] = lambda name: ""
        """The leaner way in which an engine runs; empty: the fastest."""
        self.members = {name: self._hire(name, options) for name in NAMES}

    def _hire(self, name: Name, options: OptionsOf) -> Supervisor:
        return Supervisor(
            name,
            f"{WORKERS}.{name}",
            lambda: options(name),
            lambda message: self._hear(name, message),
            lambda status: self._came_or_went(name, status),
            leaner=lambda death: self.listener.leaner(name, death),
        )

    def _came_or_went(self, name: Name, status: Status) -> None:
        if name == "llm" and status is Status.READY:
            self._grant()  # a fresh process knows of no bound
        self._follow(name, status)

    def _hear(self, name: Name, message: Message) -> None:
        self.listener.on_message(name, message)

    def _follow(self, name: Name, status: Status) -> None:
        self.listener.on_status(name, status)

    def processes(self) -> list[int]:
        """Ids of the worker processes that run now."""
        return [member.pid for member in self.members.values() if member.pid is not None]

    def replan(self) -> None:
        """Another model was chosen: what fits into memory may have changed."""

    def start(self, *names: Name) -> None:
        if self._watch is None:
            self._watch = asyncio.get_running_loop().create_task(watch(self), name="neighbours")
        for name in names or NAMES:
            self.members[name].start()

    def status(self, name: Name) -> Status:
        return self.members[name].status

    def ready(self, name: Name) -> bool:
        return self.members[name].status is Status.READY

    def coming(self, name: Name) -> bool:
        """Whether it works now or will without anybody's help."""
        return self.members[name].status in _COMING

    def awaited(self, name: Name) -> tuple[str, Arrival]:
        """What a worker with the status AWAITED waits for, and how far that is."""
        thing = self.arrivals.package_for(name) or self.arrivals.model_for(name)
        arrival = self.arrivals.get(thing) if thing is not None else None
        # What has just come is loaded in a moment.
        return (thing or model_of(name)), (arrival or Arrival(1.0))

    def try_again(self, name: Name) -> bool:
        """Start once more what crashed in every way; False where that is not what is wrong."""
        member = self.members[name]
        crashed = member.crashed
        if crashed:
            member.retry()
        return crashed

    def send(self, name: Name, message: Message) -> bool:
        return self.members[name].send(message)

    def stop_turn(self, turn: int) -> None:
        """Everybody drops this turn now; the speaker first."""
        for name in NAMES:
            self.send(name, Stop(turn))

    def done(self, turn: int) -> None:
        """Whoever worked for this turn has finished with it."""

    def occupy(self, name: Name) -> None:
        """`name` began to compute: the LLM gives up its share of the cores."""
        if self.compute.occupy(name):
            self._grant()

    def release(self, name: Name) -> None:
        if self.compute.release(name):
            self._grant()

    def limit(self, threads: int) -> None:
        """The LLM may use no more than this, whoever else computes."""
        if self.compute.limit(threads):
            self._grant()

    def leave_to_others(self, free: float) -> None:
        """Other programs left so many cores."""
        if self.compute.leave_to_others(free):
            self._grant()

    def _grant(self) -> None:
        self.members["llm"].send(SetThreads(self.compute.llm_threads))

    async def stop(self) -> None:
        """End all worker processes."""
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        await asyncio.gather(*(member.stop() for member in self.members.values()))
