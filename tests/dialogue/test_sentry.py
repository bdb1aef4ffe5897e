"""The wake word: who waits for it, what it costs in silence, what it starts."""

import pytest

from appliance import messages as m
from appliance.dialogue.sentry import Sentry
from appliance.dialogue.tables import Input
from appliance.dialogue.talk import Talk
from appliance.workers.supervisor import Status
from tests.dialogue.rig import Box


class Room(Box):
    def __init__(self, engine, enabled=True):
        super().__init__(engine, {"talk.wake": enabled})
        self.calls = 0
        conductor = self.conductor
        self.sentry = Sentry(conductor.ground, conductor.ear, self)
        self.sentry.update()

    @property
    def attentive(self):
        return self.conductor.attentive

    def called(self, question):
        self.calls += 1
        if question:
            self.conductor.heard(question)
        else:
            self.conductor.talk(talk=Talk.WAKE)

    def hear(self, name, message):
        super().hear(name, message)
        if hasattr(self, "sentry"):
            self.sentry.update()

    @property
    def listen(self):
        return self.team.told("audio", m.Listen)[-1]

    def say(self, score):
        """Somebody speaks for a moment."""
        turn = self.listen.turn
        self.hear("audio", m.SpeechStarted(turn))
        self.hear("audio", m.SpeechEnded(turn, 1.2, True, "endpoint"))
        self.hear("asr", m.Spotted(turn, "你好小鹿", score))


@pytest.fixture
def room(engine):
    return Room(engine)


def test_switched_off_it_listens_to_nobody(engine):
    assert Room(engine, enabled=False).team.told("audio", m.Listen) == []


def test_in_silence_the_recogniser_has_nothing_to_do_and_no_levels_are_told(room):
    assert room.listen.endpoint and not room.listen.meter
    assert room.listen.times.patience == float("inf")
    assert room.team.told("asr", m.Spot) == [] and room.team.busy == set()


def test_the_phrase_wakes_and_the_box_listens_until_silence(room):
    room.say(0.95)
    assert room.calls == 1
    assert room.conductor.input.state is Input.LISTENING
    assert room.conductor.ear.hearing.talk is Talk.WAKE
    assert room.listen.endpoint and room.listen.meter


def test_a_question_in_the_same_breath_is_reviewed_like_any_other(room):
    turn = room.listen.turn
    room.hear("audio", m.SpeechStarted(turn))
    room.hear("asr", m.Spotted(turn, "你好小鹿今天几号", 1.0, "今天几号"))
    assert room.conductor.input.state is Input.REVIEW
    assert room.conductor.ear.review.text == "今天几号"


def test_other_speech_wakes_nobody_and_the_wait_goes_on(room):
    before = room.listen.turn
    room.say(0.5)
    assert room.calls == 0
    assert room.listen.turn > before
    assert room.conductor.input.state is Input.IDLE
    assert room.team.busy == set()


def test_what_is_said_while_the_last_words_are_looked_at_is_not_missed(room):
    turn = room.listen.turn
    room.hear("audio", m.SpeechStarted(turn))
    room.hear("audio", m.SpeechEnded(turn, 1.2, True, "endpoint"))
    assert room.listen.turn > turn and room.listen.preroll > 0


def test_while_the_box_thinks_and_speaks_it_does_not_wait(room):
    waiting = room.listen.turn
    turn = room.ask()
    room.sentry.update()
    assert m.EndListen(waiting, discard=True) in room.team.told("audio", m.EndListen)
    room.answer(turn, "两万多公里。")
    assert not room.sentry.waiting
    room.hear("audio", m.ClauseStarted(turn, 0))
    room.hear("audio", m.PlaybackDone(turn, False))
    assert room.sentry.waiting


def test_a_key_held_takes_the_microphone(room):
    room.conductor.talk()
    room.sentry.update()
    assert not room.sentry.waiting
    held = room.listen.turn
    assert room.team.told("audio", m.EndListen) == [], "the new utterance ends the old one itself"
    room.hear("asr", m.Spotted(held - 1, "你好小鹿", 1.0))
    assert room.calls == 0


def test_without_a_microphone_it_tries_again_later_and_says_nothing(room):
    room.hear("audio", m.Fault("no-microphone", "none", room.listen.turn))
    asked = len(room.team.told("audio", m.Listen))
    room.sentry.update()
    assert len(room.team.told("audio", m.Listen)) == asked
    assert room.conductor.toasts.shown is None
    room.now += 11.0
    room.sentry.update()
    assert len(room.team.told("audio", m.Listen)) == asked + 1


def test_a_restarted_worker_is_asked_again(room):
    room.team.statuses["audio"] = Status.WAITING
    room.sentry.update()
    room.team.statuses["audio"] = Status.READY
    asked = len(room.team.told("audio", m.Listen))
    room.sentry.update()
    assert len(room.team.told("audio", m.Listen)) == asked + 1
