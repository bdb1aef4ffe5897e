"""What the keys mean now: the dialogue's machines, the pages and the glass, in one state."""

from __future__ import annotations

from appliance.dialogue.situation import Situation
from appliance.dialogue.tables import Input, Turn
from appliance.front.idle import Idle
from appliance.pages.page import Pages
from ui.keymap import State

_BUSY = (Turn.LOADING, Turn.THINKING, Turn.ANSWERING)


def key_state(now: Situation, box: State, pages: Pages, idle: Idle) -> State:
    """The row of the key map that is in force beneath any alert. `box`: that of the text box."""
    if idle.asleep:
        return State.OFF
    if pages:
        return State.MENU
    match now.input:
        case Input.LISTENING | Input.RECOGNISING:
            talking = now.hears.talking
            hands_free = talking is not None and talking.hands_free
            return State.HANDS_FREE if hands_free else State.LISTENING
        case Input.REVIEW:
            return State.REVIEW
    if now.turn in _BUSY:
        return State.BUSY
    if now.input is Input.COMPOSING:
        return box
    if now.answer is not None and now.answer.shown:
        return State.ANSWER
    return State.HOME
