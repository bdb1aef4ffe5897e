"""Hold, tap and follow-up: what begins listening, what ends it, and what starts no turn."""

import pytest

from appliance import messages as m
from appliance.dialogue.tables import Input, Turn
from appliance.dialogue.talk import Talk
from appliance.workers.supervisor import Status
from tests.dialogue.rig import Box

FOLLOW_UP = {"talk.follow_up": 4.0}


@pytest.fixture
def make(engine):
    def box(settings=None):
        made = Box(engine, settings)
        made.team.members["audio"].restart = lambda: made.restarted.append("audio")
        made.team.members["asr"].restart = lambda: made.restarted.append("asr")
        made.restarted = []
        return made

    return box


def listen(box):
    return box.team.told("audio", m.Listen)[-1]


def answered(box, text="两万多公里。"):
    turn = box.ask()
    box.answer(turn, text)
    box.hear("audio", m.ClauseStarted(turn, 0))
    box.hear("audio", m.PlaybackDone(turn, False))


def test_a_held_key_ends_by_its_release_and_the_ring_gives_what_came_before(make):
    box = make()
    box.conductor.ear.arm()
    box.now += 0.4
    box.conductor.talk()
    assert not listen(box).endpoint
    assert listen(box).preroll == pytest.approx(0.9)
    assert listen(box).times.longest == 300.0


def test_the_ring_fills_as_soon_as_the_audio_worker_is_there_and_again_after_it_died(make):
    box = make()
    heard, box.team.send = box.team.send, lambda name, message: False
    box.conductor.ear.open_microphone()
    box.team.send = heard
    for _ in range(2):
        box.hear("audio", m.Ready("silero", "", 0.1, {}))
        assert box.team.told("audio", m.OpenMic) == [m.OpenMic()]
        box.team.sent.clear()
        box.become("audio", Status.WAITING, Status.STARTING, Status.READY)


def test_a_microphone_that_was_closed_stays_closed_in_the_next_audio_worker(make):
    box = make()
    box.conductor.ear.open_microphone()
    box.conductor.ear.close_microphone()
    box.become("audio", Status.WAITING, Status.STARTING, Status.READY)
    box.team.sent.clear()
    box.hear("audio", m.Ready("silero", "", 0.1, {}))
    assert box.team.told("audio", m.OpenMic) == []


@pytest.mark.parametrize("asr", [Status.WAITING, Status.REFUSED])
def test_the_talk_key_silences_the_answer_even_where_nobody_can_listen(make, asr):
    box = make()
    turn = box.ask()
    box.hear("llm", m.Token(turn, "长城很长，", 1))
    box.team.statuses["asr"] = asr
    box.conductor.talk()
    assert m.Stop(turn) in box.team.told("audio", m.Stop)
    assert box.conductor.turn.state is Turn.NONE
    assert box.conductor.toasts.shown is not None


def test_a_tapped_key_ends_by_silence(make):
    box = make({"talk.key": "tap", "talk.hangover": 0.8})
    box.conductor.talk()
    assert listen(box).endpoint
    assert listen(box).times.hangover == 0.8
    assert listen(box).times.longest == 60.0, "nobody holds a key: it is bounded"
    assert box.conductor.ear.hearing.talk is Talk.TAP


def test_a_file_is_heard_to_its_end_whatever_the_key_means(make, tmp_path):
    box = make({"talk.key": "tap"})
    box.conductor.talk(tmp_path / "question.wav")
    assert not listen(box).endpoint


def test_without_the_setting_nobody_listens_after_an_answer(make):
    box = make()
    answered(box)
    assert box.team.told("audio", m.Listen) == []


def test_after_a_spoken_answer_the_box_listens_for_a_moment(make):
    box = make(FOLLOW_UP)
    answered(box)
    assert box.conductor.input.state is Input.AWAITING
    assert listen(box).endpoint and listen(box).times.patience == 4.0
    assert listen(box).preroll == 0.0, "nothing of our own voice"
    turn = listen(box).turn
    box.hear("audio", m.SpeechStarted(turn))
    assert box.conductor.input.state is Input.LISTENING
    box.hear("audio", m.SpeechEnded(turn, 1.0, True, "endpoint"))
    box.hear("asr", m.Transcript(turn, "那有多高？", 1.0, 0.2))
    assert box.conductor.ear.review.text == "那有多高？"


def test_nothing_said_after_an_answer_starts_no_turn_and_says_nothing(make):
    box = make(FOLLOW_UP)
    answered(box)
    turn = listen(box).turn
    box.hear("audio", m.SpeechEnded(turn, 4.0, False, "endpoint"))
    assert box.conductor.input.state is Input.IDLE
    assert box.conductor.toasts.shown is None
    assert box.conductor.turn.state is Turn.NONE


def test_a_noise_that_is_no_word_after_an_answer_says_nothing_either(make):
    box = make(FOLLOW_UP)
    answered(box)
    turn = listen(box).turn
    box.hear("audio", m.SpeechStarted(turn))
    box.hear("audio", m.SpeechEnded(turn, 1.0, True, "endpoint"))
    box.hear("asr", m.Transcript(turn, "", 1.0, 0.2))
    assert box.conductor.input.state is Input.IDLE
    assert box.conductor.toasts.shown is None


@pytest.mark.parametrize("act", ["open_box", "talk", "ask_again", "discard_talk"])
def test_whatever_the_user_does_instead_shuts_the_ear(make, act):
    box = make(FOLLOW_UP)
    answered(box)
    turn = listen(box).turn
    getattr(box.conductor, act)()
    assert m.EndListen(turn, discard=True) in box.team.told("audio", m.EndListen)
    assert box.conductor.input.state is not Input.AWAITING


def test_a_muted_or_stopped_answer_is_not_followed(make):
    box = make(FOLLOW_UP)
    turn = box.ask()
    box.hear("llm", m.Token(turn, "长城很长，", 1))
    box.conductor.stop()
    box.hear("audio", m.PlaybackDone(turn, True))
    assert box.team.told("audio", m.Listen) == []


def test_while_a_page_is_open_nobody_listens_unasked(make):
    box = make(FOLLOW_UP)
    answered(box)
    turn = listen(box).turn
    box.looks = False
    box.hear("audio", m.SpeechStarted(turn))
    assert box.conductor.input.state is Input.IDLE
    answered(box)
    assert len(box.team.told("audio", m.Listen)) == 1


@pytest.mark.parametrize(
    ("flaw", "reason", "text"),
    [("dead", "key", "静音"), ("clipped", "key", "失真"), ("", "limit", "最长")],
)
def test_what_is_wrong_with_the_microphone_is_said(make, flaw, reason, text):
    box = make()
    box.conductor.talk()
    box.hear("audio", m.SpeechEnded(listen(box).turn, 1.0, flaw != "dead", reason, flaw))
    assert text in box.conductor.toasts.shown.text


def test_a_recogniser_that_hangs_is_restarted_and_told(make):
    box = make()
    box.conductor.talk()
    box.conductor.talk_end()
    box.hear("audio", m.SpeechEnded(listen(box).turn, 30.0, True, "key"))
    box.now += 50.0
    box.timers.tick(box.now)
    assert box.restarted == []
    box.now = box.timers.next + 10.0
    box.timers.tick(box.now)
    assert box.restarted == ["asr"]
    assert box.conductor.input.state is Input.IDLE


def test_an_audio_worker_that_tells_no_level_is_restarted(make):
    box = make()
    box.conductor.talk()
    box.now += 4.0
    box.hear("audio", m.Level(-40.0, -30.0, False, 4.0))
    box.now += 4.0
    box.timers.tick(box.now)
    assert box.restarted == []
    box.now += 2.0
    box.timers.tick(box.now)
    assert box.restarted == ["audio"]


def test_speech_before_the_microphone_was_pulled_out_is_still_recognised(make):
    box = make()
    box.conductor.talk()
    turn = listen(box).turn
    box.hear("audio", m.SpeechEnded(turn, 1.5, True, "lost"))
    box.hear("audio", m.Fault("device-lost", "input: USB mic", turn))
    assert box.conductor.input.state is Input.RECOGNISING
    box.hear("asr", m.Transcript(turn, "今天几号？", 1.5, 0.3))
    assert box.conductor.ear.review.text == "今天几号？"


def test_a_lost_speaker_does_not_end_what_is_being_heard(make):
    box = make()
    box.conductor.talk()
    box.hear("audio", m.Fault("device-lost", "output: speaker"))
    assert box.conductor.input.state is Input.LISTENING


def chimes(box):
    return [chime.kind for chime in box.team.told("audio", m.Chime)]


def test_listening_that_no_key_began_is_heard_to_begin_and_to_end(make):
    box = make(FOLLOW_UP)
    answered(box)
    assert chimes(box) == ["listen"]
    box.hear("audio", m.SpeechStarted(listen(box).turn))
    box.hear("audio", m.SpeechEnded(listen(box).turn, 1.0, True, "endpoint"))
    assert chimes(box) == ["listen", "heard"]


def test_a_held_key_makes_no_sound_over_the_first_syllable(make):
    box = make()
    box.conductor.talk()
    box.hear("audio", m.SpeechEnded(listen(box).turn, 1.0, True, "key"))
    assert chimes(box) == []


@pytest.mark.parametrize(("wanted", "heard"), [(True, ["error"]), (False, [])])
def test_an_error_is_heard_unless_chimes_are_off(make, wanted, heard):
    box = make({"audio.chimes": wanted})
    box.conductor.talk()
    box.hear("asr", m.Fault("internal", "broken", listen(box).turn))
    assert chimes(box) == heard


def test_a_recognition_server_that_is_away_is_named_for_it(make):
    box = make({"asr.server": "unix:/run/lory-funasr.sock"})
    box.team.statuses["asr"] = Status.WAITING
    box.team.members["asr"].fault = m.Fault("server-away", "nobody answers", fatal=True)
    box.conductor.talk()
    assert box.team.told("audio", m.Listen) == []
    assert "服务器" in box.conductor.toasts.shown.text
