"""The box's side of the dialogue: what it does about the last question.

It performs what the table of turns commands, from the asking of a question to its giving back.
"""

from __future__ import annotations

from collections.abc import Callable

from appliance.dialogue import tables
from appliance.dialogue.answering import Answering
from appliance.dialogue.events import Happened
from appliance.dialogue.ground import Ground
from appliance.dialogue.organs import Organs
from appliance.dialogue.question import Question
from appliance.dialogue.reflexes import Reflexes
from appliance.dialogue.tables import Command, InputEvent, Turn, TurnEvent
from appliance.workers.supervisor import Status


class BoxSide:
    """Asks, stops, keeps, says why there is no answer."""

    def __init__(
        self, ground: Ground, organs: Organs, answering: Answering, reflexes: Reflexes
    ) -> None:
        self.answering = answering
        self._team = ground.team
        self._teller = ground.teller
        self._ids = ground.ids
        self._events = ground.events
        self._mouth = organs.mouth
        self._ear = organs.ear
        self._reflexes = reflexes
        self._machine = tables.turn_machine()
        self._commands: dict[Command, Callable[[Happened], object]] = {
            Command.START_ANSWER: lambda it: answering.start(it.question),
            Command.SHOW_WAITING: self._show_waiting,
            Command.GIVE_BACK: self._give_back,
            Command.CANCEL: lambda _: self._cancel(),
            Command.SILENCE: lambda _: answering.end(),
            Command.KEEP_ANSWER: lambda _: answering.keep(),
            Command.SHOW_MIND_FAULT: lambda _: self._show_mind_fault(),
        }

    @property
    def state(self) -> Turn:
        return self._machine.state

    @property
    def unanswered(self) -> bool:
        """Whether a question waits for the rest of its answer."""
        return self.state in (Turn.LOADING, Turn.THINKING, Turn.ANSWERING)

    @property
    def going_on(self) -> bool:
        """Whether a question is being answered, to the last spoken word."""
        return self.unanswered or self.state is Turn.DRAINING

    def allows(self, event: TurnEvent) -> bool:
        return self._machine.allows(event)

    def step(self, happened: Happened) -> None:
        """Move, and perform what that commands. For whoever takes the events."""
        assert isinstance(happened.event, TurnEvent)
        for command in self._machine.step(happened.event):
            self._commands[command](happened)

    def ask(self, question: Question) -> None:
        """Answer this as soon as somebody can, and nothing else any more."""
        self._mouth.silence()
        if self._team.ready("llm") or self._reflexes.claims(question):
            event = TurnEvent.ASK
        elif self._team.coming("llm") or self._team.try_again("llm"):
            event = TurnEvent.ASK_EARLY
        else:
            event = TurnEvent.ASK_IN_VAIN
        self._events.post(event, question)

    # ------------------------------------------------------------ mouth and mind

    def voice_done(self) -> bool:
        """The voice has come to its end; False where nothing waited for that."""
        allowed = self.allows(TurnEvent.VOICE_DONE)
        if allowed:
            self._events.post(TurnEvent.VOICE_DONE)
        return allowed

    def mouth_lost(self) -> None:
        """The voice can say no more of this answer; the text goes on."""
        if not self._mouth.speaking:
            return
        self.answering.lose_voice()
        self._teller.tell("toast.voice-lost")
        self.voice_done()

    def mind_lost(self, status: Status) -> None:
        """One that is being started again is waited for by a question that has no answer yet.

        Where it is given up, the question comes back.
        """
        answer = self.answering.answer
        if self.state is Turn.THINKING:
            self._mouth.silence()
            self._events.post(TurnEvent.MIND_AWAY)
        if status is Status.REFUSED and self.state is Turn.ANSWERING and answer is not None:
            self._events.post(InputEvent.GIVEN_BACK, answer.question)
        if status is Status.REFUSED or self.state is not Turn.LOADING:
            self._events.post(TurnEvent.MIND_FAULT)

    # ------------------------------------------------------------ commands

    def _show_waiting(self, happened: Happened) -> None:
        if happened.question is not None:
            self.answering.wait(happened.question)

    def _give_back(self, happened: Happened) -> None:
        """The question that was asked in vain, or that which waits."""
        answer = self.answering.answer
        waits = answer.question if answer is not None else None
        self.answering.forget()
        self._events.post(InputEvent.GIVEN_BACK, happened.question or waits)

    def _cancel(self) -> None:
        self.answering.end()
        self._team.stop_turn(self._ids.last)

    def _show_mind_fault(self) -> None:
        self._ear.chime("error")
        fault = self._team.members["llm"].fault
        of_worker = fault.code if fault is not None else "worker-died"
        answer = self.answering.answer
        code = (answer.fault if answer is not None else "") or of_worker
        self._teller.audience.show_fault(code)
