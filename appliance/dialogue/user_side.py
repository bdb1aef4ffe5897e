"""The user's side of the dialogue: a question typed or spoken, reviewed, sent.

It performs what the table of inputs commands.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from appliance.dialogue import tables
from appliance.dialogue.answering import Answering
from appliance.dialogue.box_side import BoxSide
from appliance.dialogue.ear import Ear, Heard, Talk
from appliance.dialogue.predictor import Predictor
from appliance.dialogue.question import Question
from appliance.dialogue.tables import Command, Input, InputEvent, Turn
from appliance.dialogue.teller import Teller
from appliance.dialogue.turn_ids import TurnIds
from ui.input.editing.buffer import MAX_TEXT
from ui.input.editing.editor import Editor


class UserSide:
    """Opens the box, listens, shows what was heard, sends.

    `may_follow_up`: whether the user looks, where the box listens without a key. `changed`: the
    glass must be drawn anew.
    """

    def __init__(
        self,
        editor: Editor,
        ear: Ear,
        box: BoxSide,
        answering: Answering,
        predictor: Predictor,
        teller: Teller,
        ids: TurnIds,
        may_follow_up: Callable[[], bool],
        changed: Callable[[], None],
    ) -> None:
        self._editor = editor
        self._ear = ear
        self._box = box
        self._answering = answering
        self._predictor = predictor
        self._teller = teller
        self._ids = ids
        self._may_follow_up = may_follow_up
        self._changed = changed
        self._machine = tables.input_machine()
        self._question = Question()
        self._wav: Path | None = None
        self._talk = Talk.HOLD
        self._commands: dict[Command, Callable[[], None]] = {
            Command.OPEN_BOX: self._put_answer_away,
            Command.CLOSE_BOX: lambda: None,  # what stands in the box stays there
            Command.START_LISTENING: self._start_listening,
            Command.END_LISTENING: ear.end,
            Command.DISCARD_LISTENING: ear.discard,
            Command.START_REVIEW: self._start_review,
            Command.INSERT_HEARD: self._insert_heard,
            Command.EDIT_HEARD: self._edit_heard,
            Command.SUBMIT: self._submit,
            Command.SAY_NOTHING_HEARD: self._say_nothing_heard,
            Command.SHOW_EAR_FAULT: self._show_ear_fault,
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

    def step(self, event: InputEvent) -> None:
        for command in self._machine.step(event):
            self._commands[command]()
        if event in _BACK_TO_BOX and self.state is Input.IDLE and self._editor.text:
            self._machine.step(InputEvent.OPEN)
        self._changed()

    # ------------------------------------------------------------ what the user wants

    def send(self, question: Question) -> None:
        """Send it, wherever it stood."""
        self._question = question
        self.step(InputEvent.SEND)

    def talk(self, talk: Talk, wav: Path | None = None) -> None:
        """Listen to the microphone, or to a file. What is typed and open stays, even unseen."""
        self._editor.accept()
        self._wav, self._talk = wav, talk
        self.step(InputEvent.TALK)

    def follow_up(self) -> None:
        """The answer was spoken: listen for more without a key, where the user likes that."""
        wanted = self._ear.follows_up and self._may_follow_up()
        if wanted and self._box.state is Turn.NONE:
            self._talk = Talk.FOLLOW_UP
            self.step(InputEvent.FOLLOW_UP)

    def overhear(self, text: str) -> None:
        """Something was said without being asked for: review it like any speech."""
        self._editor.accept()
        self._ear.overhear(self._ids.next(), text)
        self.step(InputEvent.HEARD_FOR_BOX if self._editor.text else InputEvent.HEARD)

    def take_back(self, question: str) -> None:
        """A question was not answered: it stands in the box again, nothing is lost."""
        if not self._editor.text:
            self._tell_unless(self._editor.set_text(question))
        if self.state is Input.IDLE:
            self.step(InputEvent.OPEN)

    # ------------------------------------------------------------ ear

    def ear_said(self, message: Heard) -> None:
        for event in self._ear.on_message(message, bool(self._editor.text)):
            unwanted = self.state is Input.AWAITING and not self._may_follow_up()
            self.step(InputEvent.DISCARD if unwanted else event)
        if self._ear.notice:
            notice, self._ear.notice = self._ear.notice, ""
            self._teller.tell(notice)
        hearing = self._ear.hearing
        if hearing is not None and not self._editor.text:
            self._predictor.heard(hearing.partial[: hearing.stable])

    # ------------------------------------------------------------ commands

    def _put_answer_away(self) -> None:
        self._answering.shown = False

    def _start_listening(self) -> None:
        wav, self._wav = self._wav, None
        self._ear.listen(self._ids.next(), wav, self._talk)

    def _start_review(self) -> None:
        self._ear.start_review()
        if self._ear.review is not None:
            self._predictor.settled(self._ear.review.text)

    def _insert_heard(self) -> None:
        self._tell_unless(self._editor.insert(self._ear.take()))
        self._predictor.typed()

    def _edit_heard(self) -> None:
        if self._ear.review is not None:
            self._tell_unless(self._editor.set_text(self._ear.review.text))
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

    def _submit(self) -> None:
        self._ear.forget()
        if self._question.text == self._editor.text:
            self._editor.clear()  # else it stood elsewhere, and the box keeps its own
        self._predictor.sent()
        self._box.ask(self._question)

    def _show_ear_fault(self) -> None:
        self._ear.chime("error")
        self._teller.tell("toast.ear-fault")


_BACK_TO_BOX = (InputEvent.DISCARD, InputEvent.NOTHING_HEARD, InputEvent.EAR_FAULT)
