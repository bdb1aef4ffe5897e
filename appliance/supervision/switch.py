"""Another model for a role while the box runs: loaded in place of the old one, or the old one kept.

The choice is stored only when the new model answers. One that fails to load is told, and the model
before it is loaded again; a question sent meanwhile waits for whichever comes up.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from enum import Enum, auto

from appliance.configuration.settings import Settings
from appliance.supervision.team import Name, Team
from appliance.workers.supervisor import Status

SETTING_OF: dict[Name, str] = {"llm": "models.llm", "asr": "models.asr", "tts": "models.tts"}

log = logging.getLogger("lory.switch")


class Phase(Enum):
    ENDING = auto()  # the process with the old model goes
    LOADING = auto()  # that with the new one has started


class Outcome(Enum):
    """What a change of a worker's status means for a switch."""

    NONE = auto()  # no switch is going on
    GOING_ON = auto()
    DONE = auto()
    FAILED = auto()  # the model before is being loaded again


@dataclass(slots=True)
class _Switch:
    before: str
    phase: Phase = Phase.ENDING


class ModelSwitch:
    """One switch a role at a time."""

    def __init__(self, team: Team, settings: Settings) -> None:
        self._team = team
        self._settings = settings
        self._going: dict[Name, _Switch] = {}

    def use(self, role: Name, model: str) -> None:
        """Load `model` for a role now. A second wish while the first loads replaces it."""
        key = SETTING_OF[role]
        going = self._going.get(role)
        before = going.before if going is not None else self._settings.text(key)
        self._settings.change(key, model, lasting=False)
        self._going[role] = _Switch(before)
        self._team.replan()
        self._team.members[role].restart()

    def on_status(self, role: Name, status: Status) -> Outcome:
        going = self._going.get(role)
        if going is None:
            return Outcome.NONE
        match status:
            case Status.STARTING:
                going.phase = Phase.LOADING
            case Status.READY if going.phase is Phase.LOADING:
                del self._going[role]
                key = SETTING_OF[role]
                self._settings.change(key, self._settings[key])
                return Outcome.DONE
            case Status.REFUSED:
                return self._back(role, going)
            case Status.WAITING if going.phase is Phase.LOADING:
                return self._back(role, going)
        return Outcome.GOING_ON

    def _back(self, role: Name, going: _Switch) -> Outcome:
        del self._going[role]
        key = SETTING_OF[role]
        log.warning("%s %s failed; back to %s", role, self._settings.text(key), going.before)
        self._settings.change(key, going.before, lasting=False)
        self._team.replan()
        self._team.members[role].retry()
        return Outcome.FAILED
