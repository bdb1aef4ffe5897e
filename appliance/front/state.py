"""What the keys mean now: the dialogue's machines, the pages and the glass, in one state."""

from __future__ import annotations

from appliance.alerts import Alerts
from appliance.dialogue.conductor import Conductor
from appliance.dialogue.tables import Input, Turn
from appliance.pages.page import Pages
from ui.keymap import State

_BUSY = (Turn.LOADING, Turn.THINKING, Turn.ANSWERING)


def key_state(conductor: Conductor, pages: Pages, alerts: Alerts, screen_on: bool) -> State:
    """The row of the key map that is in force."""
    return State.ALERT if alerts.busy else state_beneath(conductor, pages, screen_on)


def state_beneath(conductor: Conductor, pages: Pages, screen_on: bool) -> State:
    """The row that would be in force without an alert."""
    if not screen_on:
        return State.OFF
    if pages:
        return State.MENU
    match conductor.input.state:
        case Input.LISTENING | Input.RECOGNISING:
            hearing = conductor.ear.hearing
            hands_free = hearing is not None and hearing.hands_free
            return State.HANDS_FREE if hands_free else State.LISTENING
        case Input.REVIEW:
            return State.REVIEW
    if conductor.turn.state in _BUSY:
        return State.BUSY
    if conductor.input.state is Input.COMPOSING:
        return conductor.editor.state
    if conductor.answering.shown:
        return State.ANSWER
    return State.HOME
