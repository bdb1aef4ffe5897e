"""What workers say, and that they come and go: passed on to whom it concerns."""

from __future__ import annotations

import logging
from collections.abc import Callable

from appliance import messages as m
from appliance.alerts import Alerts
from appliance.dialogue.answering import Answering, MouthSaid
from appliance.dialogue.box_side import BoxSide
from appliance.dialogue.ear import Ear
from appliance.dialogue.mouth import Mouth
from appliance.dialogue.tables import Input, InputEvent
from appliance.dialogue.teller import Teller
from appliance.dialogue.user_side import UserSide
from appliance.supervision.switch import ModelSwitch, Outcome
from appliance.supervision.team import Name, Team
from appliance.workers.supervisor import Status

log = logging.getLogger("lory.reports")


def crashes(fault: m.Fault) -> bool:
    """Whether a worker is given up because it ended again and again."""
    return fault.fatal and (fault.code == "out-of-memory" or fault.code.endswith("-crashes"))


class Reports:
    """Everything a worker says arrives here, on the loop.

    `loading` has how far a model is, 0..1, of those that load. `scored` takes the LLM's second
    opinion on what is typed. `show_fault` shows a fault's code as a page.
    """

    def __init__(
        self,
        team: Team,
        switch: ModelSwitch,
        user: UserSide,
        box: BoxSide,
        answering: Answering,
        ear: Ear,
        mouth: Mouth,
        teller: Teller,
        alerts: Alerts,
        scored: Callable[[m.Scores], None],
        show_fault: Callable[[str], None],
        changed: Callable[[], None],
    ) -> None:
        self.loading: dict[Name, float] = {}
        self._team = team
        self._switch = switch
        self._user = user
        self._box = box
        self._answering = answering
        self._ear = ear
        self._mouth = mouth
        self._teller = teller
        self._alerts = alerts
        self._scored = scored
        self._show_fault = show_fault
        self._changed = changed

    def on_message(self, name: Name, message: m.Message) -> None:
        match message:
            case m.Loading(fraction):
                self.loading[name] = fraction
            case m.Ready():
                self._ready(name, message)
            case m.Fault() if not message.fatal:  # the end of a worker is told by `on_status`
                self._fault(name, message)
            case m.Warn(detail):
                log.warning("%s: %s", name, detail)
            case m.Prefilling() | m.Token() | m.Retract() | m.Answered():
                self._answering.mind_said(message)
            case m.ClauseStarted() | m.Playhead() | m.PlaybackDone() | m.Synthesised():
                self._mouth_said(message)
            case (
                m.Level()
                | m.SpeechStarted()
                | m.SpeechEnded()
                | m.Partial()
                | m.Transcript()
                | m.Spotted()
            ):
                self._user.ear_said(message)
            case m.Drops():
                self._ear.drops = message
            case m.Scores():
                self._scored(message)
            case m.AudioDevices():
                self._mouth.devices = message
                self._alerts.speaker = message.speaker
            case _:
                log.debug("%s said %r", name, message)
        self._changed()

    def on_status(self, name: Name, status: Status) -> None:
        """A worker came up or went down."""
        switched = self._switch.on_status(name, status)
        if switched is Outcome.DONE:
            self._teller.tell("toast.switched")
        elif switched is Outcome.FAILED:
            fault = self._team.members[name].fault
            self._show_fault(fault.code if fault is not None else "worker-died")
            self._teller.tell("toast.switched-back")
            status = Status.WAITING  # for the model before
        if status in (Status.WAITING, Status.REFUSED):
            self.loading.pop(name, None)
            self._team.release(name)
            self._lost(name, status)
        self._changed()

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

    def _lost(self, name: Name, status: Status) -> None:
        fault = self._team.members[name].fault
        shown = name == "llm" and self._box.unanswered  # with the question that comes back
        if status is Status.REFUSED and fault is not None and crashes(fault) and not shown:
            self._show_fault(fault.code)
        if name == "llm":
            self._box.mind_lost(status)
            return
        if self._ear.hearing is not None and name in ("audio", "asr"):
            self._user.step(InputEvent.EAR_FAULT)
        if name in ("audio", "tts"):
            self._box.mouth_lost()
        if name == "audio":
            self._mouth.devices = m.AudioDevices("", 0, "", 0, "none")
            self._ear.audio_lost()

    # ------------------------------------------------------------ one at a time

    def _mouth_said(self, message: MouthSaid) -> None:
        if self._box.mouth_said(message):
            self._user.follow_up()

    def _fault(self, name: Name, fault: m.Fault) -> None:
        if self._ear.on_fault(fault):
            if self._ear.trial is not None:
                self._teller.tell_fault(fault.code)
        elif name == "llm" and self._answering.mind_failed(fault):
            pass
        elif fault.code == "adapter-refused":
            self._teller.tell_fault(fault.code)
        elif self._ear.hearing is not None and fault.turn == self._ear.hearing.turn:
            self._ear_fault(fault)
        elif name == "tts":
            self._box.mouth_lost()
        elif name == "audio" and fault.turn in (-1, self._ear.last_turn):
            # The recogniser may have said before that it was given nothing.
            self._teller.tell_fault(fault.code)

    def _ear_fault(self, fault: m.Fault) -> None:
        # What was said before the microphone went away is still being recognised.
        if fault.code != "device-lost" or self._user.state is not Input.RECOGNISING:
            self._user.step(InputEvent.EAR_FAULT)
        self._teller.tell_fault(fault.code)
