"""The dialogue as two pure tables: (state, event) -> (state, commands).

*Input* is what the user is doing; *turn* is what the box is doing about the last question. They
run side by side: an answer may stream while the user looks into a menu. What is not in a table is
refused and logged. `user_side` and `box_side` perform the commands.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from enum import Enum, auto
from typing import Generic, TypeVar

log = logging.getLogger("lory.dialogue")


class Input(Enum):
    IDLE = auto()
    AWAITING = auto()  # the answer was spoken; the microphone waits a moment for more, unasked
    COMPOSING = auto()  # the text box is open; the editor knows whether a choice is open too
    LISTENING = auto()
    RECOGNISING = auto()  # the microphone is done, the text is still being found
    REVIEW = auto()


class InputEvent(Enum):
    OPEN = auto()
    LEAVE = auto()
    SEND = auto()  # with something to send
    TALK = auto()
    TALK_END = auto()
    FOLLOW_UP = auto()  # an answer was spoken to its end, and the user likes to talk on
    SPEECH_STARTED = auto()
    DISCARD = auto()
    SPEECH_ENDED = auto()
    NOTHING_HEARD = auto()
    HEARD = auto()  # a transcript, the box was empty
    HEARD_FOR_BOX = auto()  # a transcript while the box holds text
    EDIT = auto()
    GIVEN_BACK = auto()  # a question that was not answered
    EAR_FAULT = auto()  # microphone or ASR failed


class Turn(Enum):
    NONE = auto()
    LOADING = auto()  # the question waits for the model
    THINKING = auto()  # prefill
    ANSWERING = auto()  # decode
    DRAINING = auto()  # decoded; the voice goes on
    FAULT = auto()


class TurnEvent(Enum):
    ASK = auto()
    ASK_EARLY = auto()  # the model is not ready
    ASK_IN_VAIN = auto()  # there is no model, or none that works
    MODEL_READY = auto()
    TOKEN = auto()
    ANSWERED = auto()  # and nothing is left to say
    ANSWERED_SPEAKING = auto()  # the voice has more to say
    VOICE_DONE = auto()
    STOP = auto()
    MIND_FAULT = auto()  # the LLM failed, or died for good
    MIND_AWAY = auto()  # the LLM died before its first word, and is being started again


class Command(Enum):
    """What the two sides of the dialogue do. One verb each."""

    OPEN_BOX = auto()
    CLOSE_BOX = auto()
    TAKE_BACK = auto()  # what was asked stands in the box again, where that is empty
    START_LISTENING = auto()
    END_LISTENING = auto()
    DISCARD_LISTENING = auto()
    START_REVIEW = auto()
    INSERT_HEARD = auto()
    EDIT_HEARD = auto()
    SUBMIT = auto()
    SAY_NOTHING_HEARD = auto()
    SHOW_EAR_FAULT = auto()

    START_ANSWER = auto()
    SHOW_WAITING = auto()
    GIVE_BACK = auto()  # the question returns to the text box
    CANCEL = auto()  # LLM and voice, now
    SILENCE = auto()
    KEEP_ANSWER = auto()  # store the turn as far as it was said or shown
    SHOW_MIND_FAULT = auto()


InputTable = Mapping[tuple[Input, InputEvent], tuple[Input, tuple[Command, ...]]]
TurnTable = Mapping[tuple[Turn, TurnEvent], tuple[Turn, tuple[Command, ...]]]

_LISTEN = (Input.LISTENING, (Command.START_LISTENING,))
_NO_EAR = (Input.IDLE, (Command.DISCARD_LISTENING, Command.SHOW_EAR_FAULT))
_REVIEW = (Input.REVIEW, (Command.START_REVIEW,))
_TO_BOX = (Input.COMPOSING, (Command.INSERT_HEARD,))
_UNHEARD = (Input.IDLE, (Command.DISCARD_LISTENING,))

INPUT: InputTable = {
    (Input.IDLE, InputEvent.OPEN): (Input.COMPOSING, (Command.OPEN_BOX,)),
    (Input.IDLE, InputEvent.TALK): _LISTEN,
    # "Answer again" sends without a box.
    (Input.IDLE, InputEvent.SEND): (Input.IDLE, (Command.SUBMIT,)),
    # The wake word, and what was said with it.
    (Input.IDLE, InputEvent.HEARD): _REVIEW,
    (Input.IDLE, InputEvent.HEARD_FOR_BOX): _TO_BOX,
    (Input.COMPOSING, InputEvent.HEARD): _REVIEW,
    (Input.COMPOSING, InputEvent.HEARD_FOR_BOX): _TO_BOX,
    (Input.IDLE, InputEvent.FOLLOW_UP): (Input.AWAITING, (Command.START_LISTENING,)),
    # Whatever the user does instead of talking on shuts the ear; silence shuts it without a word.
    (Input.AWAITING, InputEvent.OPEN): (
        Input.COMPOSING,
        (Command.DISCARD_LISTENING, Command.OPEN_BOX),
    ),
    (Input.AWAITING, InputEvent.TALK): (
        Input.LISTENING,
        (Command.DISCARD_LISTENING, Command.START_LISTENING),
    ),
    (Input.AWAITING, InputEvent.SEND): (
        Input.IDLE,
        (Command.DISCARD_LISTENING, Command.SUBMIT),
    ),
    (Input.AWAITING, InputEvent.DISCARD): _UNHEARD,
    (Input.AWAITING, InputEvent.NOTHING_HEARD): _UNHEARD,
    (Input.AWAITING, InputEvent.EAR_FAULT): _UNHEARD,
    (Input.AWAITING, InputEvent.SPEECH_STARTED): (Input.LISTENING, ()),
    (Input.AWAITING, InputEvent.SPEECH_ENDED): (Input.AWAITING, ()),
    (Input.AWAITING, InputEvent.HEARD): _REVIEW,
    (Input.AWAITING, InputEvent.HEARD_FOR_BOX): _TO_BOX,
    (Input.COMPOSING, InputEvent.LEAVE): (Input.IDLE, (Command.CLOSE_BOX,)),
    (Input.COMPOSING, InputEvent.SEND): (Input.IDLE, (Command.SUBMIT,)),
    (Input.COMPOSING, InputEvent.TALK): _LISTEN,
    (Input.LISTENING, InputEvent.TALK_END): (Input.RECOGNISING, (Command.END_LISTENING,)),
    (Input.LISTENING, InputEvent.SPEECH_STARTED): (Input.LISTENING, ()),
    (Input.LISTENING, InputEvent.SPEECH_ENDED): (Input.RECOGNISING, ()),
    (Input.LISTENING, InputEvent.DISCARD): (Input.IDLE, (Command.DISCARD_LISTENING,)),
    (Input.LISTENING, InputEvent.EAR_FAULT): _NO_EAR,
    # A fast engine may be done before the end of speech was told.
    (Input.LISTENING, InputEvent.HEARD): _REVIEW,
    (Input.LISTENING, InputEvent.HEARD_FOR_BOX): _TO_BOX,
    (Input.LISTENING, InputEvent.NOTHING_HEARD): (Input.IDLE, (Command.SAY_NOTHING_HEARD,)),
    (Input.RECOGNISING, InputEvent.TALK_END): (Input.RECOGNISING, ()),
    (Input.RECOGNISING, InputEvent.SPEECH_STARTED): (Input.RECOGNISING, ()),
    (Input.RECOGNISING, InputEvent.SPEECH_ENDED): (Input.RECOGNISING, ()),
    (Input.RECOGNISING, InputEvent.HEARD): _REVIEW,
    (Input.RECOGNISING, InputEvent.HEARD_FOR_BOX): _TO_BOX,
    (Input.RECOGNISING, InputEvent.NOTHING_HEARD): (Input.IDLE, (Command.SAY_NOTHING_HEARD,)),
    (Input.RECOGNISING, InputEvent.DISCARD): (Input.IDLE, (Command.DISCARD_LISTENING,)),
    (Input.RECOGNISING, InputEvent.EAR_FAULT): _NO_EAR,
    (Input.REVIEW, InputEvent.SEND): (Input.IDLE, (Command.SUBMIT,)),
    (Input.REVIEW, InputEvent.EDIT): (Input.COMPOSING, (Command.EDIT_HEARD,)),
    (Input.REVIEW, InputEvent.DISCARD): (Input.IDLE, (Command.DISCARD_LISTENING,)),
    (Input.REVIEW, InputEvent.TALK): _LISTEN,
    (Input.IDLE, InputEvent.GIVEN_BACK): (
        Input.COMPOSING,
        (Command.TAKE_BACK, Command.OPEN_BOX),
    ),
    **{
        (state, InputEvent.GIVEN_BACK): (state, (Command.TAKE_BACK,))
        for state in Input
        if state is not Input.IDLE
    },
}

_START = (Turn.THINKING, (Command.START_ANSWER,))
_RESTART = (Turn.THINKING, (Command.SILENCE, Command.KEEP_ANSWER, Command.START_ANSWER))
_WAIT = (Turn.LOADING, (Command.SHOW_WAITING,))
_VAIN = (Turn.FAULT, (Command.GIVE_BACK, Command.SHOW_MIND_FAULT))
_FAILED = (Turn.FAULT, (Command.CANCEL, Command.KEEP_ANSWER, Command.SHOW_MIND_FAULT))
_STOPPED = (Turn.NONE, (Command.CANCEL, Command.KEEP_ANSWER))

TURN: TurnTable = {
    (Turn.NONE, TurnEvent.ASK): _START,
    (Turn.NONE, TurnEvent.ASK_EARLY): _WAIT,
    (Turn.NONE, TurnEvent.ASK_IN_VAIN): _VAIN,
    # The LLM may die while nobody asks; the next question tells.
    (Turn.NONE, TurnEvent.MIND_FAULT): (Turn.NONE, ()),
    (Turn.NONE, TurnEvent.MODEL_READY): (Turn.NONE, ()),
    (Turn.NONE, TurnEvent.VOICE_DONE): (Turn.NONE, ()),
    (Turn.LOADING, TurnEvent.MODEL_READY): _START,
    (Turn.LOADING, TurnEvent.STOP): (Turn.NONE, (Command.GIVE_BACK,)),
    (Turn.LOADING, TurnEvent.MIND_FAULT): _VAIN,
    (Turn.THINKING, TurnEvent.TOKEN): (Turn.ANSWERING, ()),
    (Turn.THINKING, TurnEvent.ANSWERED): (Turn.NONE, (Command.KEEP_ANSWER,)),
    (Turn.THINKING, TurnEvent.STOP): _STOPPED,
    (Turn.THINKING, TurnEvent.MIND_FAULT): _FAILED,
    (Turn.THINKING, TurnEvent.MIND_AWAY): (Turn.LOADING, ()),
    (Turn.ANSWERING, TurnEvent.TOKEN): (Turn.ANSWERING, ()),
    (Turn.ANSWERING, TurnEvent.ANSWERED): (Turn.NONE, (Command.KEEP_ANSWER,)),
    (Turn.ANSWERING, TurnEvent.ANSWERED_SPEAKING): (Turn.DRAINING, ()),
    # The voice has caught up; more clauses may come.
    (Turn.ANSWERING, TurnEvent.VOICE_DONE): (Turn.ANSWERING, ()),
    (Turn.ANSWERING, TurnEvent.STOP): _STOPPED,
    (Turn.ANSWERING, TurnEvent.MIND_FAULT): _FAILED,
    (Turn.DRAINING, TurnEvent.VOICE_DONE): (Turn.NONE, (Command.KEEP_ANSWER,)),
    (Turn.DRAINING, TurnEvent.STOP): (Turn.NONE, (Command.SILENCE, Command.KEEP_ANSWER)),
    (Turn.DRAINING, TurnEvent.ASK): _RESTART,
    (Turn.DRAINING, TurnEvent.ASK_IN_VAIN): (
        Turn.FAULT,
        (Command.SILENCE, Command.KEEP_ANSWER, *_VAIN[1]),
    ),
    (Turn.DRAINING, TurnEvent.ASK_EARLY): (
        Turn.LOADING,
        (Command.SILENCE, Command.KEEP_ANSWER, Command.SHOW_WAITING),
    ),
    # The answer is whole; only the voice is left and it needs no LLM.
    (Turn.DRAINING, TurnEvent.MIND_FAULT): (Turn.DRAINING, ()),
    (Turn.DRAINING, TurnEvent.MODEL_READY): (Turn.DRAINING, ()),
    (Turn.FAULT, TurnEvent.ASK): _START,
    (Turn.FAULT, TurnEvent.ASK_EARLY): _WAIT,
    (Turn.FAULT, TurnEvent.ASK_IN_VAIN): _VAIN,
    (Turn.FAULT, TurnEvent.STOP): (Turn.NONE, ()),
    (Turn.FAULT, TurnEvent.MODEL_READY): (Turn.NONE, ()),
    (Turn.FAULT, TurnEvent.MIND_FAULT): (Turn.FAULT, ()),
    (Turn.FAULT, TurnEvent.VOICE_DONE): (Turn.FAULT, ()),
}

S = TypeVar("S", bound=Enum)
E = TypeVar("E", bound=Enum)


class Machine(Generic[S, E]):
    """A state and the table that moves it."""

    def __init__(
        self, table: Mapping[tuple[S, E], tuple[S, tuple[Command, ...]]], start: S
    ) -> None:
        self._table = table
        self.state = start

    def allows(self, event: E) -> bool:
        return (self.state, event) in self._table

    def step(self, event: E) -> tuple[Command, ...]:
        """Move and return the commands to perform; an event not in the table does nothing."""
        entry = self._table.get((self.state, event))
        if entry is None:
            log.info("refused: %s in %s", event.name, self.state.name)
            return ()
        self.state, commands = entry
        return commands


def input_machine() -> Machine[Input, InputEvent]:
    return Machine(INPUT, Input.IDLE)


def turn_machine() -> Machine[Turn, TurnEvent]:
    return Machine(TURN, Turn.NONE)
