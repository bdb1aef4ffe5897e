"""Some workers without a dialogue, for commands that do one thing and end."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self, TypeVar

from appliance import messages as m
from appliance.errors import CommandError
from appliance.supervision.compute import Compute
from appliance.supervision.team import Name, OptionsOf, Team
from appliance.workers.supervisor import Status

T = TypeVar("T", bound=m.Message)


class Crew:
    """Workers `names`, started on entry, ended on exit. What they say waits in one queue."""

    def __init__(self, options: OptionsOf, compute: Compute, *names: Name) -> None:
        self._names = names
        self._heard: asyncio.Queue[m.Message] = asyncio.Queue()
        self._team = Team(options, compute, self._on_message, self._on_status)

    async def __aenter__(self) -> Self:
        self._team.start(*self._names)
        for _ in self._names:
            await self.wait(m.Ready)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._team.stop()

    def send(self, name: Name, message: m.Message) -> None:
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

    def _on_message(self, name: Name, message: m.Message) -> None:
        self._heard.put_nowait(message)

    def _on_status(self, name: Name, status: Status) -> None:
        if status in (Status.WAITING, Status.REFUSED):
            fault = self._team.members[name].fault
            if fault is None:
                self._heard.put_nowait(m.Fault("worker-died", f"the {name} worker died"))
