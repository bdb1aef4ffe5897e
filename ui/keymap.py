"""The one table from (state, key, gesture) to an intent: the interaction, pinned.

A *gesture* is what the user did with a key once timing is settled (`ui.gestures`): a press, a
short press known at the release, a long press, its repeats, the end of a hold, or the key as the
second after a sticky C. Digits, `*`, `#` and A act on PRESS; B, C, D and 0 act on SHORT, because
they have a long meaning.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class State(Enum):
    """What the keys mean now. Composed from the dialogue's input and turn machines."""

    HOME = auto()
    TEXT = auto()  # the text box, no pinyin open
    PINYIN = auto()  # an open composition
    CHOOSE = auto()  # candidates of one word; only here digits pick
    SYLLABLES = auto()  # the syllable bar (B in PINYIN)
    SYMBOLS = auto()  # symbol and emoji pages
    LISTENING = auto()
    REVIEW = auto()  # what was heard, before it is sent
    BUSY = auto()  # thinking or answering
    ANSWER = auto()  # the answer is complete
    MENU = auto()
    OFF = auto()  # screen off


class Gesture(Enum):
    PRESS = auto()
    SHORT = auto()
    LONG = auto()
    REPEAT = auto()
    END = auto()  # released after LONG
    SECOND = auto()


class Intent(Enum):
    """What the user wants. DIGIT-like intents carry the digit in `Action.digit`."""

    # typing (ui.input.editor)
    TYPE = auto()  # a digit key in the current mode
    TYPE_DIGIT = auto()  # long: rewrite what the press did as the digit itself
    PUNCTUATE = auto()
    SPACE = auto()
    SYMBOLS = auto()
    EMOJI = auto()
    DELETE = auto()
    DELETE_MORE = auto()  # a held A; stops at an edge
    NEXT_MODE = auto()
    CARET_LEFT = auto()
    CARET_RIGHT = auto()
    TEXT_START = auto()
    TEXT_END = auto()
    CLEAR = auto()
    NEWLINE = auto()
    WIDTH = auto()  # simplified / full-width
    SEPARATOR = auto()
    NEXT_SENTENCE = auto()
    SYLLABLE_BAR = auto()
    ACCEPT = auto()
    CHOOSE_LAST = auto()
    CHOOSE_WEAKEST = auto()
    PICK = auto()
    NEXT_PAGE = auto()
    PREVIOUS_PAGE = auto()
    UNDO_PICK = auto()
    WORD_OR_CHARACTER = auto()
    PREVIOUS_WORD = auto()
    NEXT_WORD = auto()
    # the dialogue
    SEND = auto()
    ACCEPT_AND_SEND = auto()
    TALK = auto()
    TALK_END = auto()
    TALK_DISCARD = auto()
    REVIEW_EDIT = auto()
    REVIEW_EDIT_START = auto()
    REVIEW_EDIT_END = auto()
    STOP = auto()
    HINT_STOP = auto()
    MUTE_ANSWER = auto()
    READ_ALOUD = auto()
    AGAIN = auto()
    NEW_CONVERSATION = auto()
    # moving about
    START_TYPING = auto()
    OPEN_BOX = auto()
    LEAVE_ANSWER = auto()
    LAST_ANSWER = auto()
    HISTORY = auto()
    MAIN_MENU = auto()
    SCROLL_UP = auto()
    SCROLL_DOWN = auto()
    SCROLL_END = auto()
    MENU_JUMP = auto()
    MENU_BACK = auto()
    MENU_HOME = auto()
    MENU_ENTER = auto()
    MENU_CONFIRM = auto()
    MENU_UP = auto()
    MENU_DOWN = auto()
    SCREEN_OFF = auto()
    WAKE = auto()
    # settings one C away
    THINKING_MODE = auto()
    VOICE_ON_OFF = auto()
    MODEL_MENU = auto()
    PERSONA_MENU = auto()
    VOLUME_DOWN = auto()
    VOLUME_UP = auto()
    MUTE = auto()
    SELF_TEST = auto()


@dataclass(frozen=True, slots=True)
class Action:
    """An intent, with the digit (0-9) of the key where the intent needs it."""

    intent: Intent
    digit: int = -1
