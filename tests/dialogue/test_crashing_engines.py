"""Engines that die: the question waits, comes back where nothing helps, and the user is told."""

import pytest

from appliance import messages as m
from appliance.dialogue.tables import Input, Turn
from appliance.workers.supervisor import Status
from tests.dialogue.rig import Box


@pytest.fixture
def box(engine):
    return Box(engine)


def crash(box, name, code=""):
    """A worker is given up."""
    fault = m.Fault(code or f"{name}-crashes", "died again and again", fatal=True)
    box.team.members[name].fault = fault
    box.team.crashed.add(name)
    box.hear(name, fault)
    box.become(name, Status.REFUSED)


def revive(box):
    box.become("llm", Status.STARTING, Status.READY)
    box.hear("llm", m.Ready("llama.cpp", "tiny", 1.0, {}))


def test_a_question_whose_model_dies_before_the_first_word_is_asked_again_by_itself(box):
    turn = box.ask("长城有多长？")
    box.become("llm", Status.WAITING)
    assert box.conductor.turn.state is Turn.LOADING
    assert box.faults == []
    revive(box)
    first, second = box.team.told("llm", m.Ask)
    assert first.question == second.question
    box.answer(second.turn, "两万公里。")
    assert box.conductor.answer.text == "两万公里。"
    assert turn == first.turn


def test_a_question_comes_back_into_the_box_when_the_model_is_given_up(box):
    box.ask("长城有多长？")
    box.become("llm", Status.WAITING, Status.STARTING, Status.READY)
    box.hear("llm", m.Ready("llama.cpp", "tiny", 1.0, {}))
    crash(box, "llm")
    assert box.faults == ["llm-crashes"]
    assert box.conductor.input.state is Input.COMPOSING
    assert box.editor.text == "长城有多长？"
    assert box.conductor.turn.state is Turn.FAULT


def test_a_question_waiting_for_the_model_comes_back_as_well(box):
    box.team.statuses["llm"] = Status.STARTING
    box.conductor.submit("长城有多长？")
    crash(box, "llm", "out-of-memory")
    assert box.faults == ["out-of-memory"]
    assert box.editor.text == "长城有多长？"


def test_what_was_answered_stays_and_the_question_comes_back(box):
    turn = box.ask("长城有多长？")
    box.hear("llm", m.Token(turn, "长城很长，", 1))
    crash(box, "llm")
    assert box.editor.text == "长城有多长？"
    assert box.memory.kept[-1].text == "长城很长，"


@pytest.mark.parametrize("name", ["audio", "asr", "tts", "llm"])
def test_every_worker_that_is_given_up_is_told_on_a_page(box, name):
    crash(box, name)
    assert box.faults == [f"{name}-crashes"]


def test_the_next_question_is_one_more_try(box):
    crash(box, "llm")
    box.conductor.submit("你好")
    assert box.conductor.turn.state is Turn.LOADING
    box.become("llm", Status.STARTING)
    crash(box, "llm")
    assert box.editor.text == "你好"
    assert box.faults == ["llm-crashes", "llm-crashes"]


def test_the_talk_key_says_that_hearing_crashes(box):
    crash(box, "asr")
    box.conductor.talk()
    assert box.conductor.input.state is Input.IDLE
    assert "崩溃" in box.conductor.toasts.shown.text
