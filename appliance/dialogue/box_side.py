"""The box's side of the dialogue: what it does about the last question.

It performs what the table of turns commands, from the asking of a question to its giving back.
"""

from __future__ import annotations

from collections.abc import Callable

from appliance.dialogue import tables
from appliance.dialogue.answering import Answering, MouthSaid
from appliance.dialogue.ear import Ear
from appliance.dialogue.mouth import Mouth
from appliance.dialogue.question import Question
from appliance.dialogue.reflexes import Reflexes
from appliance.dialogue.tables import Command, Turn, TurnEvent
from appliance.dialogue.teller import Teller
from appliance.dialogue.turn_ids import TurnIds
from appliance.supervision.team import Team
from appliance.workers.supervisor import Status


class BoxSide:
    """Asks, stops, keeps, says why there is no answer.

    `give_back` takes a question that was not answered; `show_fault` a fault's code, for a page;
    `moved` is told every event, after it was acted on.
    """

    def __init__(
        self,
        team: Team,
        answering: Answering,
        mouth: Mouth,
        ear: Ear,
        reflexes: Reflexes,
        teller: Teller,
        ids: TurnIds,
        give_back: Callable[[str], None],
        show_fault: Callable[[str], None],
        moved: Callable[[TurnEvent], None],
    ) -> None:
        self._team = team
        self._answering = answering
        self._mouth = mouth
        self._ear = ear
        self._reflexes = reflexes
        self._teller = teller
        self._ids = ids
        self._give_question_back = give_back
        self._show_fault = show_fault
        self._moved = moved
        self._machine = tables.turn_machine()
        self._question = Question()
        self._commands: dict[Command, Callable[[], object]] = {
            Command.START_ANSWER: lambda: answering.start(self._question),
            Command.SHOW_WAITING: lambda: answering.wait(self._question),
            Command.GIVE_BACK: self._give_back,
            Command.CANCEL: self._cancel,
            Command.SILENCE: answering.end,
            Command.KEEP_ANSWER: answering.keep,
            Command.SHOW_MIND_FAULT: self._show_mind_fault,
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

    def step(self, event: TurnEvent) -> None:
        for command in self._machine.step(event):
            self._commands[command]()
        self._moved(event)

    def ask(self, question: Question) -> None:
        """Answer this as soon as somebody can, and nothing else any more."""
        self._question = question
        self._mouth.silence()
        if self._team.ready("llm") or self._reflexes.claims(question):
            self.step(TurnEvent.ASK)
        elif self._team.coming("llm") or self._team.try_again("llm"):
            self.step(TurnEvent.ASK_EARLY)
        else:
            self.step(TurnEvent.ASK_IN_VAIN)

    # ------------------------------------------------------------ mouth and mind

    def mouth_said(self, message: MouthSaid) -> bool:
        """True when that was the last word of the answer."""
        done = self._answering.mouth_said(message) and self.allows(TurnEvent.VOICE_DONE)
        if done:
            self.step(TurnEvent.VOICE_DONE)
        return done

    def mouth_lost(self) -> None:
        """The voice can say no more of this answer; the text goes on."""
        if not self._mouth.speaking:
            return
        self._answering.lose_voice()
        self._teller.tell("toast.voice-lost")
        if self.allows(TurnEvent.VOICE_DONE):
            self.step(TurnEvent.VOICE_DONE)

    def mind_lost(self, status: Status) -> None:
        """One that is being started again is waited for by a question that has no answer yet.

        Where it is given up, the question comes back.
        """
        if self.state is Turn.THINKING:
            self._mouth.silence()
            self.step(TurnEvent.MIND_AWAY)
        if status is Status.REFUSED and self.state is Turn.ANSWERING:
            self._give_question_back(self._question.text)
        if status is Status.REFUSED or self.state is not Turn.LOADING:
            self.step(TurnEvent.MIND_FAULT)

    # ------------------------------------------------------------ commands

    def _give_back(self) -> None:
        self._answering.forget()
        self._give_question_back(self._question.text)

    def _cancel(self) -> None:
        self._answering.end()
        self._team.stop_turn(self._ids.last)

    def _show_mind_fault(self) -> None:
        self._ear.chime("error")
        fault = self._team.members["llm"].fault
        of_worker = fault.code if fault is not None else "worker-died"
        answer = self._answering.answer
        self._show_fault((answer.fault if answer is not None else "") or of_worker)
