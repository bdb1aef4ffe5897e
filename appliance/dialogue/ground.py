"""What the parts of the dialogue stand on, each handed what it needs of it in one piece."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from appliance.clock import Clock, WallClock
from appliance.configuration.settings import Settings
from appliance.dialogue.answer import Answer
from appliance.dialogue.events import Events
from appliance.dialogue.teller import Teller
from appliance.dialogue.turn_ids import TurnIds
from appliance.memory.recollection import Recollection
from appliance.messages import Exchange
from appliance.personas.cast import Cast
from appliance.supervision.team import Team
from appliance.timers import Timers


@dataclass(frozen=True, slots=True)
class Ground:
    """The workers and what is set, time and names for turns; how to tell, and what happened."""

    team: Team
    settings: Settings
    timers: Timers
    teller: Teller
    ids: TurnIds
    events: Events

    @classmethod
    def of(cls, team: Team, settings: Settings, timers: Timers) -> Ground:
        """With a teller, ids and events of its own."""
        return cls(team, settings, timers, Teller(settings, timers), TurnIds(), Events())

    @property
    def clock(self) -> Clock:
        return self.timers.clock


class Memory(Protocol):
    """The conversation that goes on, as the store keeps it. Never blocks on the disk."""

    @property
    def history(self) -> tuple[Exchange, ...]: ...

    def keep(self, answer: Answer) -> None: ...

    def new_conversation(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Who the box is, and what it knows: of this conversation, of the user, of the time of day."""

    cast: Cast
    memory: Memory
    recollection: Recollection
    wall: WallClock
