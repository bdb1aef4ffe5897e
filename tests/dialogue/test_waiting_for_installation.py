"""What is asked, said or wished while engines are being installed: it waits, or says for what."""

import pytest

from appliance import messages as m
from appliance.dialogue.tables import Input, Turn
from appliance.supervision.arrivals import Arrival
from appliance.workers.supervisor import Status
from tests.dialogue.rig import Box
from ui.strings import Text


@pytest.fixture
def make(engine):
    return lambda settings=None: Box(engine, settings)


def test_a_question_waits_for_an_engine_that_is_being_installed_and_is_answered_then(make):
    box = make()
    box.become("llm", Status.AWAITED)
    box.conductor.submit("长城有多长？")
    assert box.conductor.turn.state is Turn.LOADING
    assert box.conductor.answering.shown and not box.faults
    box.become("llm", Status.STARTING, Status.READY)
    box.hear("llm", m.Ready("llama.cpp", "qwen", 4.0, {}))
    assert box.team.told("llm", m.Ask)[-1].question == "长城有多长？"


def test_a_question_that_waits_in_vain_comes_back_with_the_reason(make):
    box = make()
    box.become("llm", Status.AWAITED)
    box.conductor.submit("长城有多长？")
    box.team.members["llm"].fault = m.Fault("engine-missing", "", fatal=True)
    box.become("llm", Status.REFUSED)
    assert box.editor.text == "长城有多长？"
    assert box.faults == ["engine-missing"]


def test_a_waiting_question_can_be_taken_back(make):
    box = make()
    box.become("llm", Status.AWAITED)
    box.conductor.submit("长城有多长？")
    box.conductor.stop()
    assert box.editor.text == "长城有多长？"
    assert box.conductor.turn.state is Turn.NONE


@pytest.mark.parametrize("before", [Status.AWAITED, Status.STARTING])
def test_what_is_said_before_the_recogniser_is_there_is_kept_and_recognised_then(make, before):
    box = make()
    box.become("asr", before)
    box.team.deaf.add("asr")
    box.conductor.talk()
    listen = box.team.told("audio", m.Listen)[-1]
    box.conductor.talk_end()
    box.hear("audio", m.SpeechEnded(listen.turn, 2.0, True, "key"))
    box.now += 600.0  # however long the installation lasts
    box.timers.tick(box.now)
    assert box.conductor.input.state is Input.RECOGNISING
    box.team.deaf.clear()
    box.team.sent.clear()
    box.become("asr", Status.STARTING, Status.READY)
    box.hear("asr", m.Ready("whisper", "", 1.0, {}))
    assert [wish.turn for wish in box.team.told("asr", m.Recognise)] == [listen.turn]
    box.hear("asr", m.Transcript(listen.turn, "明天下雨吗", 2.0, 0.3))
    assert box.conductor.ear.review.text == "明天下雨吗"


def test_a_recogniser_that_hangs_after_it_came_is_still_found_out(make):
    box = make()
    box.become("asr", Status.AWAITED)
    box.team.deaf.add("asr")
    box.conductor.talk()
    turn = box.team.told("audio", m.Listen)[-1].turn
    box.hear("audio", m.SpeechEnded(turn, 2.0, True, "key"))
    box.now += 600.0
    box.team.deaf.clear()
    box.become("asr", Status.STARTING, Status.READY)
    box.hear("asr", m.Ready("whisper", "", 1.0, {}))
    box.now += 19.0
    box.timers.tick(box.now)
    assert box.team.restarted == []
    box.now += 2.0
    box.timers.tick(box.now)
    assert box.team.restarted == ["asr"]


def test_what_was_said_too_early_and_discarded_is_not_recognised_later(make):
    box = make()
    box.become("asr", Status.AWAITED)
    box.team.deaf.add("asr")
    box.conductor.talk()
    box.conductor.discard_talk()
    box.team.deaf.clear()
    box.become("asr", Status.STARTING, Status.READY)
    box.hear("asr", m.Ready("whisper", "", 1.0, {}))
    assert box.team.told("asr", m.Recognise) == []


def test_talking_before_there_is_a_microphone_is_told_with_how_far_it_is(make):
    box = make()
    box.become("audio", Status.AWAITED)
    box.become("asr", Status.AWAITED)
    box.conductor.talk()
    assert box.team.told("audio", m.Listen) == []
    assert "34%" in box.conductor.toasts.shown.text


def test_reading_aloud_before_there_is_a_voice_is_told_with_what_keeps_it(make):
    box = make({"ui.language": "en"})
    box.answer(box.ask(), "很长。")
    box.conductor.mouth.silence()
    box.become("tts", Status.AWAITED)
    box.team.awaits = ("model-tts", Arrival(0.5, Text("连不上软件源", "the index is away")))
    box.conductor.read_aloud()
    assert "the index is away" in box.conductor.toasts.shown.text
    box.team.sent.clear()
    box.conductor.try_voice("")
    assert box.team.told("tts", m.Say) == []


def test_an_answer_does_not_wait_for_a_voice_that_is_being_installed(make):
    box = make()
    box.become("tts", Status.AWAITED)
    turn = box.ask()
    box.answer(turn, "很长。")
    assert box.conductor.turn.state is Turn.NONE
    assert box.team.told("tts", m.Say) == []
