"""What workers say, and that they come and go: told apart once, and handed to whom it concerns."""

from __future__ import annotations

import logging

from appliance import messages as m
from appliance.dialogue.box_side import BoxSide
from appliance.dialogue.foresight import Foresight
from appliance.dialogue.ground import Ground
from appliance.dialogue.organs import Organs
from appliance.dialogue.tables import Input, InputEvent
from appliance.dialogue.user_side import UserSide
from appliance.supervision.switch import ModelSwitch, Outcome
from appliance.supervision.team import Name
from appliance.workers.supervisor import Status

log = logging.getLogger("lory.reports")


def crashes(fault: m.Fault) -> bool:
    """Whether a worker is given up because it ended again and again."""
    return fault.fatal and (fault.code == "out-of-memory" or fault.code.endswith("-crashes"))


class Watch:
    """Watches over the engines. What is not overridden is let go."""

    def came_up(self, name: Name) -> None:
        """A fresh process is ready for work."""

    def worked(self, name: Name) -> None:
        """It has done what it is there for."""


class Reports:
    """Everything a worker says arrives here, on the loop.

    `loading` has how far a model is, 0..1, of those that load. `switch` changes models. `watch` is
    told how the engines do.
    """

    def __init__(
        self, ground: Ground, organs: Organs, user: UserSide, turn: BoxSide, foresight: Foresight
    ) -> None:
        self.loading: dict[Name, float] = {}
        self.watch = Watch()
        self.switch = ModelSwitch(ground.team, ground.settings)
        self._team = ground.team
        self._teller = ground.teller
        self._events = ground.events
        self._ear = organs.ear
        self._mouth = organs.mouth
        self._alerts = organs.alerts
        self._user = user
        self._turn = turn
        self._answering = turn.answering
        self._foresight = foresight

    def on_message(self, name: Name, message: m.Message) -> None:
        """Whatever one of them says; the one place where its kind is asked for."""
        match message:
            case m.Token():
                self._answering.token(message)
            case m.Level():
                self._ear.level_told(message)
            case m.Playhead():
                self._mouth.playhead(message)
            case m.Prefilling():
                self._answering.prefilling(message)
            case m.Retract():
                self._answering.retract(message)
            case m.Answered():
                self._team.done(message.turn)
                self._answering.answered(message)
                self.watch.worked(name)
            case m.Scores():
                self._foresight.scored(message)
            case m.SpeechStarted():
                self._ear.speech_started(message)
            case m.SpeechEnded():
                if not message.heard:
                    self._team.done(message.turn)
                self._ear.speech_ended(message)
            case m.Partial():
                self._user.partial(message)
            case m.Transcript():
                self._team.done(message.turn)
                self._ear.transcript(message)
                self.watch.worked(name)
            case m.Spotted():
                self._ear.spotted(message)
            case m.Synthesised():
                self._mouth.synthesised(message)
                self.watch.worked(name)
            case m.ClauseStarted():
                self._answering.clause_started(message)
            case m.PlaybackDone():
                self._team.done(message.turn)
                self._played(message)
            case m.AudioDevices():
                self._mouth.devices = message
                self._alerts.speaker = message.speaker
                self.watch.worked(name)
            case m.Drops():
                self._ear.drops = message
            case m.Loading(fraction):
                self.loading[name] = fraction
            case m.Ready():
                self._ready(name, message)
            case m.Fault():
                self._team.done(message.turn)
                if not message.fatal:  # the end of a worker is told by `on_status`
                    self._fault(name, message)
            case m.Warn(detail):
                log.warning("%s: %s", name, detail)
            case _:
                log.debug("%s said %r", name, message)
        self._teller.changed()

    def on_status(self, name: Name, status: Status) -> None:
        """A worker came up or went down."""
        switched = self.switch.on_status(name, status)
        if switched is Outcome.DONE:
            self._teller.tell("toast.switched")
        elif switched is Outcome.FAILED:
            fault = self._team.members[name].fault
            self._teller.audience.show_fault(fault.code if fault is not None else "worker-died")
            self._teller.tell("toast.switched-back")
            status = Status.WAITING  # for the model before
        if status in (Status.WAITING, Status.REFUSED):
            self.loading.pop(name, None)
            self._team.release(name)
            self._lost(name, status)
        self._teller.changed()

    def on_swap(self, name: Name) -> None:
        """Engines that take turns: this one comes in."""
        self._teller.tell(f"toast.swap-{name}")

    # ------------------------------------------------------------ coming and going

    def _ready(self, name: Name, ready: m.Ready) -> None:
        self.loading.pop(name, None)
        if name == "llm":
            self._answering.mind_ready(ready)
        elif name == "asr":
            self._ear.asr_ready()
        elif name == "audio":
            self._mouth.set_volume()
            self._ear.audio_ready()
            self._alerts.audio_ready()
        self.watch.came_up(name)

    def _lost(self, name: Name, status: Status) -> None:
        fault = self._team.members[name].fault
        shown = name == "llm" and self._turn.unanswered  # with the question that comes back
        if status is Status.REFUSED and fault is not None and crashes(fault) and not shown:
            self._teller.audience.show_fault(fault.code)
        if name == "llm":
            self._turn.mind_lost(status)
            return
        if self._ear.hearing is not None and name in ("audio", "asr"):
            self._events.post(InputEvent.EAR_FAULT)
        if name in ("audio", "tts"):
            self._turn.mouth_lost()
        if name == "audio":
            self._mouth.devices = m.AudioDevices("", 0, "", 0, "none")
            self._ear.audio_lost()

    # ------------------------------------------------------------ one at a time

    def _played(self, message: m.PlaybackDone) -> None:
        if self._mouth.playback_done(message) and self._turn.voice_done():
            self._user.follow_up()

    def _fault(self, name: Name, fault: m.Fault) -> None:
        if self._ear.guest_fault(fault):
            if self._ear.trial is not None:
                self._teller.tell_fault(fault.code)
        elif name == "llm" and self._answering.mind_failed(fault):
            pass
        elif fault.code == "adapter-refused":
            self._teller.tell_fault(fault.code)
        elif self._ear.hearing is not None and fault.turn == self._ear.hearing.turn:
            self._ear_fault(fault)
        elif name == "tts":
            self._turn.mouth_lost()
        elif name == "audio" and fault.turn in (-1, self._ear.last_turn):
            # The recogniser may have said before that it was given nothing.
            self._teller.tell_fault(fault.code)

    def _ear_fault(self, fault: m.Fault) -> None:
        # What was said before the microphone went away is still being recognised.
        if fault.code != "device-lost" or self._user.state is not Input.RECOGNISING:
            self._events.post(InputEvent.EAR_FAULT)
        self._teller.tell_fault(fault.code)
