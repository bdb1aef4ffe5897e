"""The user's side of the dialogue: a question typed or spoken, reviewed, sent.

It performs what the table of inputs commands.
"""

from __future__ import annotations

from collections.abc import Callable

from appliance import messages as m
from appliance.dialogue import tables
from appliance.dialogue.box_side import BoxSide
from appliance.dialogue.events import Event, Happened
from appliance.dialogue.ground import Ground
from appliance.dialogue.organs import Organs
from appliance.dialogue.predictor import Predictor
from appliance.dialogue.tables import Command, Input, InputEvent, Turn
from appliance.dialogue.talk import Talk, Utterance
from appliance.dialogue.text_box import TextBox
from ui.input.editing.buffer import MAX_TEXT

_BACK_TO_BOX = (InputEvent.DISCARD, InputEvent.NOTHING_HEARD, InputEvent.EAR_FAULT)
_BY_EAR = (
    InputEvent.SPEECH_STARTED,
    InputEvent.SPEECH_ENDED,
    InputEvent.NOTHING_HEARD,
    InputEvent.HEARD,
)


class UserSide:
    """Opens the box, listens, shows what was heard, sends."""

    def __init__(
        self, ground: Ground, organs: Organs, box: TextBox, turn: BoxSide, predictor: Predictor
    ) -> None:
        self._teller = ground.teller
        self._ids = ground.ids
        self._events = ground.events
        self._ear = ear = organs.ear
        self._box = box
        self._turn = turn
        self._predictor = predictor
        self._machine = tables.input_machine()
        self._commands: dict[Command, Callable[[Happened], None]] = {
            Command.OPEN_BOX: lambda _: self._put_answer_away(),
            Command.CLOSE_BOX: lambda _: None,  # what stands in the box stays there
            Command.TAKE_BACK: self._take_back,
            Command.START_LISTENING: self._start_listening,
            Command.END_LISTENING: lambda _: ear.end(),
            Command.DISCARD_LISTENING: lambda _: ear.discard(),
            Command.START_REVIEW: lambda _: self._start_review(),
            Command.INSERT_HEARD: lambda _: self._insert_heard(),
            Command.EDIT_HEARD: lambda _: self._edit_heard(),
            Command.SUBMIT: self._submit,
            Command.SAY_NOTHING_HEARD: lambda _: self._say_nothing_heard(),
            Command.SHOW_EAR_FAULT: lambda _: self._show_ear_fault(),
        }

    @property
    def state(self) -> Input:
        return self._machine.state

    @property
    def talking(self) -> bool:
        """Whether the user talks or might, or what was heard is not sent yet."""
        return self.state in (Input.AWAITING, Input.LISTENING, Input.RECOGNISING, Input.REVIEW)

    def allows(self, event: InputEvent) -> bool:
        return self._machine.allows(event)

    def step(self, happened: Happened) -> None:
        """Move, and perform what that commands. For whoever takes the events."""
        event = self._meant(happened.event)
        for command in self._machine.step(event):
            self._commands[command](happened)
        if event in _BACK_TO_BOX and self.state is Input.IDLE and self._box.text:
            self._machine.step(InputEvent.OPEN)

    def _meant(self, event: Event) -> InputEvent:
        """What an event is here: nobody is listened to who has turned away, a text is added to."""
        assert isinstance(event, InputEvent)
        if self.state is Input.AWAITING and event in _BY_EAR and not self._teller.audience.looks:
            return InputEvent.DISCARD
        if event is InputEvent.HEARD and self._box.text:
            return InputEvent.HEARD_FOR_BOX
        return event

    # ------------------------------------------------------------ what the user wants

    def talk(self, utterance: Utterance) -> None:
        """Listen. What is typed and open stays, even unseen."""
        self._box.accept()
        self._events.post(InputEvent.TALK, utterance=utterance)

    def follow_up(self) -> None:
        """The answer was spoken: listen for more without a key, where the user likes that."""
        wanted = self._ear.follows_up and self._teller.audience.looks
        if wanted and self._turn.state is Turn.NONE:
            self._events.post(InputEvent.FOLLOW_UP, utterance=Utterance(Talk.FOLLOW_UP))

    def overhear(self, text: str) -> None:
        """Something was said without being asked for: review it like any speech."""
        self._box.accept()
        self._ear.overhear(self._ids.next(), text)
        self._events.post(InputEvent.HEARD)

    def partial(self, message: m.Partial) -> None:
        """The user speaks; what will not change is read ahead."""
        self._ear.partial(message)
        hearing = self._ear.hearing
        if hearing is not None and not self._box.text:
            self._predictor.heard(hearing.partial[: hearing.stable])

    # ------------------------------------------------------------ commands

    def _put_answer_away(self) -> None:
        self._turn.answering.shown = False

    def _take_back(self, happened: Happened) -> None:
        """A question was not answered: it stands in the box again, nothing is lost."""
        if happened.question is not None and not self._box.text:
            self._tell_unless(self._box.set_text(happened.question.text))

    def _start_listening(self, happened: Happened) -> None:
        utterance = happened.utterance or Utterance(Talk.HOLD)
        self._ear.listen(self._ids.next(), utterance.wav, utterance.talk)

    def _start_review(self) -> None:
        self._ear.start_review()
        if self._ear.review is not None:
            self._predictor.settled(self._ear.review.text)

    def _insert_heard(self) -> None:
        self._tell_unless(self._box.insert(self._ear.take()))
        self._predictor.typed()

    def _edit_heard(self) -> None:
        if self._ear.review is not None:
            self._tell_unless(self._box.set_text(self._ear.review.text))
        self._ear.forget()
        self._put_answer_away()

    def _tell_unless(self, fits: bool) -> None:
        if not fits:
            self._teller.tell("toast.box-full", most=MAX_TEXT)

    def _say_nothing_heard(self) -> None:
        hearing = self._ear.hearing
        asked = hearing is None or hearing.talk is not Talk.FOLLOW_UP
        self._ear.forget()
        if asked:
            self._teller.tell("toast.nothing-heard")

    def _submit(self, happened: Happened) -> None:
        self._ear.forget()
        question = happened.question
        if question is None:
            return
        if question.text == self._box.text:
            self._box.clear()  # else it stood elsewhere, and the box keeps its own
        self._predictor.sent()
        self._turn.ask(question)

    def _show_ear_fault(self) -> None:
        self._ear.chime("error")
        self._teller.tell("toast.ear-fault")
