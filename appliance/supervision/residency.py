"""One engine in memory at a time: how a box with 1-2 GB of memory hears, thinks and speaks.

Recogniser, language model and voice are resident in turn. Work for one that is out of memory waits
until the one that is in has finished; then they are swapped. Who comes back first is the language
model: it takes longest to load, and the next question is likely to be typed. What was mapped of its
file stays in the page cache while there is room.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from appliance import messages as m
from appliance.supervision.compute import Compute
from appliance.supervision.team import Name, OptionsOf, Team
from appliance.workers.supervisor import Status

TAKERS: tuple[Name, ...] = ("llm", "asr", "tts")
HOME: Name = "llm"

log = logging.getLogger("lory.residency")

_WORK = m.Ask | m.Recognise | m.Say


class Residency(Team):
    """A team of which, while `short` says so, only one engine is in memory.

    `short` is asked at the start and when a model was changed, and told the workers' processes.
    Whoever is out counts as ready for work or on its way, except for the language model, whose
    questions wait visibly while it loads.
    """

    def __init__(
        self, options: OptionsOf, compute: Compute, short: Callable[[list[int]], bool]
    ) -> None:
        super().__init__(options, compute)
        self._short = short
        self._taking = False
        self._inside: Name = HOME
        self._waiting: dict[Name, list[m.Message]] = {name: [] for name in TAKERS}
        self._working: set[int] = set()  # turns that the one inside is not done with
        self._swap: asyncio.Task[None] | None = None

    @property
    def inside(self) -> Name:
        """Who is in memory, or on the way in."""
        return self._inside

    def start(self, *names: Name) -> None:
        self._taking = self._short(self.processes())
        if not self._taking:
            super().start(*names)
            return
        log.info("the engines do not fit into memory together: one is resident at a time")
        super().start("audio", HOME)

    def replan(self) -> None:
        was, self._taking = self._taking, self._short(self.processes())
        if self._taking and not was:
            self._inside = HOME
            self._swap = asyncio.get_running_loop().create_task(self._send_out("asr", "tts"))
        elif was and not self._taking:
            super().start()
            for name in TAKERS:
                self._hand_over(name)

    async def _send_out(self, *names: Name) -> None:
        for name in names:
            self.members[name].kill()  # nothing of theirs is lost, and the memory is needed now
        await asyncio.gather(*(self.members[name].stop() for name in names))
        self._swap = None
        self._next()

    def ready(self, name: Name) -> bool:
        if self._taking and name in TAKERS and name != HOME:
            return self.status(name) not in (Status.REFUSED, Status.AWAITED)
        return super().ready(name)

    def coming(self, name: Name) -> bool:
        unable = self.status(name) in (Status.REFUSED, Status.AWAITED)
        waits_outside = self._taking and name in TAKERS and not unable
        return waits_outside or super().coming(name)

    def send(self, name: Name, message: m.Message) -> bool:
        if name not in TAKERS or not self._taking:
            return super().send(name, message)
        if isinstance(message, m.Stop):
            return self._stop_work(name, message)
        if name == self._inside and not self._waiting[name] and super().send(name, message):
            if isinstance(message, _WORK):
                self._working.add(message.turn)
            return True
        if not isinstance(message, _WORK):
            return False  # work ahead and grants of threads: nobody is swapped for them
        self._waiting[name].append(message)
        self._next()
        return True

    async def stop(self) -> None:
        if self._swap is not None:
            self._swap.cancel()
            await asyncio.gather(self._swap, return_exceptions=True)
        await super().stop()

    # ------------------------------------------------------------ who is done

    def _stop_work(self, name: Name, message: m.Stop) -> bool:
        kept = [one for one in self._waiting[name] if getattr(one, "turn", 0) > message.turn]
        self._waiting[name] = kept
        if name != self._inside:
            return False
        told = super().send(name, message)
        self._working = {turn for turn in self._working if turn > message.turn}
        self._next()
        return told

    def _hear(self, name: Name, message: m.Message) -> None:
        super()._hear(name, message)
        self._next()

    def done(self, turn: int) -> None:
        """See `Team`; the next one comes in when the message that said so is dealt with."""
        self._working.discard(turn)

    def _follow(self, name: Name, status: Status) -> None:
        if name == self._inside:
            if status in (Status.WAITING, Status.REFUSED, Status.AWAITED):
                self._working.clear()
                self._waiting[name].clear()  # whoever asked for it is told of the loss
            elif status is Status.READY:
                self._hand_over(name)
        if status is not Status.STOPPED:  # swapped out on purpose: nothing was lost
            super()._follow(name, status)
        self._next()

    def _hand_over(self, name: Name) -> None:
        waiting, self._waiting[name] = self._waiting[name], []
        for message in waiting:
            self.send(name, message)

    # ------------------------------------------------------------ who is next

    def _next(self) -> None:
        """Swap, when the one inside is done and another one is needed, or home is where to go."""
        if not self._taking or self._swap is not None:
            return
        if self._working or self._waiting[self._inside]:
            return
        wanted = next((name for name in TAKERS if self._waiting[name]), HOME)
        if wanted != self._inside:
            old, self._inside = self._inside, wanted
            self._swap = asyncio.get_running_loop().create_task(self._bring(old, wanted))

    async def _bring(self, old: Name, new: Name) -> None:
        self.listener.on_swap(new)
        await self.members[old].stop()
        self.members[new].start()
        self._swap = None
