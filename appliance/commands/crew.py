"""Some workers without a dialogue, for commands that do one thing and end."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self, TypeVar

from appliance import messages as m
from appliance.errors import CommandError
from appliance.supervision.team import Listener, Name, Team
from appliance.workers.deaths import Death
from appliance.workers.supervisor import Status
from appliance.world import World

T = TypeVar("T", bound=m.Message)

# What a worker says before it has given anything of what it was asked for.
_NOTHING_YET = m.Loading | m.Ready | m.Warn | m.Prefilling | m.AudioDevices


class Crew(Listener):
    """Workers `names`, started on entry, ended on exit. What they say waits in one queue.

    One that dies before it gave anything is started again, in a leaner way after a while, and told
    again what it was told; one that does so in every way is the end.
    """

    def __init__(self, world: World, *names: Name) -> None:
        self._names = names
        self._heard: asyncio.Queue[m.Message] = asyncio.Queue()
        self._told: list[tuple[Name, m.Message]] = []
        self._missing = set(names)
        self._begun = False
        self._world = world
        self._team = Team(world.options, world.compute())
        self._team.listener = self

    async def __aenter__(self) -> Self:
        self._team.start(*self._names)
        while self._missing:
            await self.next()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._team.stop()

    def send(self, name: Name, message: m.Message) -> None:
        self._told.append((name, message))
        self._team.send(name, message)

    async def next(self) -> m.Message:
        """The next thing any of them says.

        Raises:
            CommandError: one of them failed.
        """
        message = await self._heard.get()
        if isinstance(message, m.Fault):
            raise CommandError(message.detail or message.code)
        return message

    async def wait(self, kind: type[T]) -> T:
        """The next message of one kind; others are dropped."""
        while not isinstance(message := await self.next(), kind):
            pass
        return message

    def on_message(self, name: Name, message: m.Message) -> None:
        if isinstance(message, m.Ready):
            self._came_up(name)
        elif not isinstance(message, _NOTHING_YET | m.Fault):
            self._begun = self._begun or not self._missing
        self._heard.put_nowait(message)

    def leaner(self, name: Name, death: Death) -> bool:
        return self._world.leaner(name, death)

    def _came_up(self, name: Name) -> None:
        self._missing.discard(name)
        for to, message in self._told:
            if to == name:
                self._team.send(to, message)

    def on_status(self, name: Name, status: Status) -> None:
        if status is Status.WAITING and self._begun:
            self._heard.put_nowait(m.Fault("worker-died", f"the {name} worker died"))
