"""The dialogue's tables, pair by pair, and what any history of events can lead to."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.dialogue.tables import (
    INPUT,
    TURN,
    Command,
    Input,
    InputEvent,
    Turn,
    TurnEvent,
    input_machine,
    turn_machine,
)


@pytest.mark.parametrize(("state", "event"), list(product(Input, InputEvent)))
def test_input_moves_only_as_its_table_says(state, event):
    machine = input_machine()
    machine.state = state
    commands = machine.step(event)
    expected = INPUT.get((state, event), (state, ()))
    assert (machine.state, commands) == expected


@pytest.mark.parametrize(("state", "event"), list(product(Turn, TurnEvent)))
def test_turn_moves_only_as_its_table_says(state, event):
    machine = turn_machine()
    machine.state = state
    commands = machine.step(event)
    assert (machine.state, commands) == TURN.get((state, event), (state, ()))


@pytest.mark.parametrize("state", [Turn.THINKING, Turn.ANSWERING])
def test_a_stop_cancels_everybody_and_keeps_the_turn(state):
    machine = turn_machine()
    machine.state = state
    assert machine.step(TurnEvent.STOP) == (Command.CANCEL, Command.KEEP_ANSWER)
    assert machine.state is Turn.NONE


def test_a_question_that_waits_for_the_model_is_given_back_when_stopped():
    machine = turn_machine()
    machine.step(TurnEvent.ASK_EARLY)
    assert machine.step(TurnEvent.STOP) == (Command.GIVE_BACK,)


def test_a_question_asked_in_vain_is_given_back_and_the_reason_shown():
    machine = turn_machine()
    assert machine.step(TurnEvent.ASK_IN_VAIN) == (Command.GIVE_BACK, Command.SHOW_MIND_FAULT)


def test_refused_events_are_logged(caplog):
    with caplog.at_level("INFO", logger="lory.dialogue"):
        turn_machine().step(TurnEvent.TOKEN)
    assert "refused: TOKEN in NONE" in caplog.text


@given(st.lists(st.sampled_from(TurnEvent)))
def test_every_started_answer_is_kept_before_the_next_one_starts(events):
    machine = turn_machine()
    open_answers = 0
    for event in events:
        for command in machine.step(event):
            if command is Command.KEEP_ANSWER:
                open_answers = 0
            elif command is Command.START_ANSWER:
                assert open_answers == 0
                open_answers = 1


_END_LISTENING = (
    Command.DISCARD_LISTENING,
    Command.SUBMIT,
    Command.EDIT_HEARD,
    Command.INSERT_HEARD,
    Command.SAY_NOTHING_HEARD,
)


@given(st.lists(st.sampled_from(InputEvent)))
def test_listening_is_always_ended_or_discarded_before_idle(events):
    machine = input_machine()
    microphone = False
    for event in events:
        for command in machine.step(event):
            if command is Command.START_LISTENING:
                microphone = True
            elif command in _END_LISTENING:
                microphone = False
        if machine.state is Input.IDLE:
            assert not microphone


@given(st.lists(st.sampled_from(TurnEvent)))
def test_from_anywhere_a_stop_leads_to_rest(events):
    machine = turn_machine()
    for event in events:
        machine.step(event)
    machine.step(TurnEvent.STOP)
    assert machine.state is Turn.NONE
