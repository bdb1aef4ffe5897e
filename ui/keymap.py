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
    LISTENING = auto()  # while the talk key is held
    HANDS_FREE = auto()  # listening that VAD ends: nobody holds a key
    REVIEW = auto()  # what was heard, before it is sent
    BUSY = auto()  # thinking or answering
    ANSWER = auto()  # the answer is complete
    MENU = auto()
    ALERT = auto()  # something came over everything
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

    # typing; the editor acts on these
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
    RIGHT_OR_NEXT_WORD = auto()  # at the end of the text: choose what often follows
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
    FORGET = auto()  # long: take back what the press picked, and forget what was learnt of it
    NEXT_PAGE = auto()
    PREVIOUS_PAGE = auto()
    UNDO_PICK = auto()
    WORD_OR_CHARACTER = auto()
    PREVIOUS_WORD = auto()
    NEXT_WORD = auto()
    # the dialogue
    SEND = auto()
    ACCEPT_AND_SEND = auto()
    TALK_ARM = auto()  # D went down: the microphone opens, discarded on a short press
    TALK = auto()
    TALK_END = auto()
    TALK_DISCARD = auto()
    REVIEW_WAIT = auto()  # C went down: no more countdown
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
    PAGE_UP = auto()
    PAGE_DOWN = auto()
    MENU_JUMP = auto()
    MENU_BACK = auto()
    MENU_HOME = auto()
    MENU_ENTER = auto()
    MENU_CONFIRM = auto()
    MENU_UP = auto()
    MENU_DOWN = auto()
    MENU_PAGE_UP = auto()
    MENU_PAGE_DOWN = auto()
    MENU_RELEASE = auto()  # D was let go after a hold
    ALERT_STOP = auto()
    ALERT_SNOOZE = auto()
    ALERT_SNOOZE_FOR = auto()  # as many minutes as the digit says
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
    LOCK = auto()
    SET_TIME = auto()  # no key: the box asks at power-on


@dataclass(frozen=True, slots=True)
class Action:
    """An intent, with the digit (0-9) of the key where the intent needs it."""

    intent: Intent
    digit: int = -1


Table = dict[tuple[int, Gesture], Action]

A, B, C, D, STAR, HASH = 10, 11, 12, 13, 14, 15


def _digits(intent: Intent, first: int = 1) -> Table:
    return {(digit, Gesture.PRESS): Action(intent, digit) for digit in range(first, 10)}


def _long_digits(intent: Intent = Intent.TYPE_DIGIT) -> Table:
    return {(digit, Gesture.LONG): Action(intent, digit) for digit in range(1, 10)}


def _key(key: int, **gestures: Intent) -> Table:
    digit = key if key < A else -1
    return {(key, Gesture[name.upper()]): Action(it, digit) for name, it in gestures.items()}


def _held(key: int, press: Intent, held: Intent | None = None) -> Table:
    """Acts on the press, and again and again while held."""
    more = held or press
    return _key(key, press=press, long=more, repeat=more)


def _read(key: int, line: Intent, page: Intent) -> Table:
    """A line on the press; held, first a page, then it runs line by line."""
    return _key(key, press=line, long=page, repeat=line)


_TALK = _key(D, press=Intent.TALK_ARM, long=Intent.TALK)
_SCROLL = _read(STAR, Intent.SCROLL_UP, Intent.PAGE_UP) | _read(
    HASH, Intent.SCROLL_DOWN, Intent.PAGE_DOWN
)
_DELETE = _held(A, Intent.DELETE, Intent.DELETE_MORE)

KEYMAP: dict[State, Table] = {
    State.HOME: {
        **_digits(Intent.START_TYPING),
        **_long_digits(),
        **_key(0, long=Intent.SYMBOLS),
        **_key(A, long=Intent.SCREEN_OFF),
        **_key(B, short=Intent.NEXT_MODE),
        **_TALK,
        **_key(D, short=Intent.OPEN_BOX),
        **_key(STAR, short=Intent.LAST_ANSWER, long=Intent.LOCK),
        **_key(HASH, press=Intent.MAIN_MENU),
    },
    State.TEXT: {
        **_digits(Intent.TYPE),
        **_long_digits(),
        **_key(1, press=Intent.PUNCTUATE),
        **_key(0, short=Intent.SPACE, long=Intent.SYMBOLS),
        **_DELETE,
        **_key(B, short=Intent.NEXT_MODE, long=Intent.EMOJI),
        **_TALK,
        **_key(D, short=Intent.SEND),
        **_held(STAR, Intent.CARET_LEFT),
        **_held(HASH, Intent.RIGHT_OR_NEXT_WORD, Intent.CARET_RIGHT),
    },
    State.PINYIN: {
        **_digits(Intent.TYPE),
        **_long_digits(),
        **_key(1, press=Intent.SEPARATOR),
        **_key(0, short=Intent.NEXT_SENTENCE, long=Intent.SYMBOLS),
        **_DELETE,
        **_key(B, short=Intent.SYLLABLE_BAR),
        **_key(D, short=Intent.ACCEPT, long=Intent.ACCEPT_AND_SEND),
        **_key(STAR, press=Intent.CHOOSE_LAST),
        **_key(HASH, press=Intent.CHOOSE_WEAKEST),
    },
    State.CHOOSE: {
        **_digits(Intent.PICK),
        **_long_digits(Intent.FORGET),
        **_key(0, short=Intent.NEXT_PAGE, long=Intent.PREVIOUS_PAGE),
        **_key(A, press=Intent.UNDO_PICK),
        **_key(B, short=Intent.WORD_OR_CHARACTER),
        **_key(D, short=Intent.ACCEPT),
        **_held(STAR, Intent.PREVIOUS_WORD),
        **_held(HASH, Intent.NEXT_WORD),
    },
    State.SYLLABLES: {
        **_digits(Intent.PICK),
        **_key(0, short=Intent.NEXT_PAGE, long=Intent.PREVIOUS_PAGE),
        **_key(A, press=Intent.UNDO_PICK),
        **_key(B, short=Intent.SYLLABLE_BAR),
        **_key(D, short=Intent.ACCEPT),
        **_held(STAR, Intent.PREVIOUS_WORD),
        **_held(HASH, Intent.NEXT_WORD),
    },
    State.SYMBOLS: {
        **_digits(Intent.PICK),
        **_key(0, short=Intent.NEXT_PAGE, long=Intent.PREVIOUS_PAGE),
        **_key(A, press=Intent.UNDO_PICK),
        **_key(B, short=Intent.NEXT_MODE),
        **_key(D, short=Intent.ACCEPT),
        **_held(STAR, Intent.PREVIOUS_PAGE),
        **_held(HASH, Intent.NEXT_PAGE),
    },
    State.LISTENING: {
        **_key(A, press=Intent.TALK_DISCARD),
        **_key(D, short=Intent.TALK_END, end=Intent.TALK_END),
    },
    # The release of the long D that began it is no end; a fresh tap is.
    State.HANDS_FREE: {
        **_key(A, press=Intent.TALK_DISCARD),
        **_key(D, short=Intent.TALK_END),
    },
    State.REVIEW: {
        **_digits(Intent.REVIEW_EDIT, first=0),
        **_key(C, press=Intent.REVIEW_WAIT),
        **_key(A, press=Intent.TALK_DISCARD),
        **_TALK,
        **_key(D, short=Intent.SEND),
        **_key(STAR, press=Intent.REVIEW_EDIT_START),
        **_key(HASH, press=Intent.REVIEW_EDIT_END),
    },
    State.BUSY: {
        **_digits(Intent.HINT_STOP, first=0),
        **_key(A, press=Intent.STOP),
        **_key(B, short=Intent.MUTE_ANSWER),
        **_TALK,
        **_key(D, short=Intent.SCROLL_END),
        **_SCROLL,
    },
    State.ANSWER: {
        **_digits(Intent.START_TYPING),
        **_long_digits(),
        **_key(0, short=Intent.OPEN_BOX, long=Intent.SYMBOLS),
        **_key(A, press=Intent.LEAVE_ANSWER),
        **_key(B, short=Intent.READ_ALOUD),
        **_TALK,
        **_key(D, short=Intent.OPEN_BOX),
        **_SCROLL,
    },
    State.MENU: {
        **_digits(Intent.MENU_JUMP),
        **_key(A, press=Intent.MENU_BACK, long=Intent.MENU_HOME),
        **_key(
            D,
            short=Intent.MENU_ENTER,
            long=Intent.MENU_CONFIRM,
            end=Intent.MENU_RELEASE,
        ),
        **_read(STAR, Intent.MENU_UP, Intent.MENU_PAGE_UP),
        **_read(HASH, Intent.MENU_DOWN, Intent.MENU_PAGE_DOWN),
    },
    # Whoever is half asleep stops it with two keys and puts it off with all others, C among them.
    State.ALERT: {
        **_digits(Intent.ALERT_SNOOZE_FOR),
        **{(key, Gesture.PRESS): Action(Intent.ALERT_SNOOZE) for key in (0, B, C, STAR, HASH)},
        **_key(A, press=Intent.ALERT_STOP),
        **_key(D, press=Intent.ALERT_STOP),
    },
    State.OFF: {
        **{(key, Gesture.PRESS): Action(Intent.WAKE) for key in range(16)},
        # By then the press has woken the screen, so the row of the new state is in force; this
        # entry says what holds from the user's side.
        **_key(D, long=Intent.TALK),
    },
}

SECOND: dict[int, Action] = {
    1: Action(Intent.THINKING_MODE),
    2: Action(Intent.VOICE_ON_OFF),
    3: Action(Intent.MODEL_MENU),
    4: Action(Intent.PERSONA_MENU),
    5: Action(Intent.NEW_CONVERSATION),
    6: Action(Intent.HISTORY),
    7: Action(Intent.VOLUME_DOWN),
    8: Action(Intent.MUTE),
    9: Action(Intent.VOLUME_UP),
    0: Action(Intent.SELF_TEST),
    STAR: Action(Intent.TEXT_START),
    HASH: Action(Intent.TEXT_END),
    B: Action(Intent.WIDTH),
    D: Action(Intent.NEWLINE),
}
"""After a sticky C, from every state but OFF and ALERT."""

_TEXT_STATES = (State.TEXT, State.PINYIN, State.CHOOSE, State.SYLLABLES, State.SYMBOLS)


def lookup(state: State, key: int, gesture: Gesture) -> Action | None:
    """What this gesture means in this state; None where the key is mute.

    The contextual seconds: A clears where there is text and cancels the mask elsewhere; D is a
    newline in the box, "answer again" after an answer, and sends what was heard as without C.
    """
    if gesture is not Gesture.SECOND:
        if key == C and gesture is Gesture.LONG and state not in (State.OFF, State.ALERT):
            return Action(Intent.MAIN_MENU)
        return KEYMAP[state].get((key, gesture))
    if key == A:
        return Action(Intent.CLEAR) if state in _TEXT_STATES else None
    if key == D and state is State.ANSWER:
        return Action(Intent.AGAIN)
    if key == D and state is State.REVIEW:
        return Action(Intent.SEND)
    return SECOND.get(key)
