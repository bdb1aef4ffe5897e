"""The dialogue performed: what is sent to whom, in every phase, on an injected clock."""

from types import SimpleNamespace

import pytest

from appliance import messages as m
from appliance.dialogue.tables import Input, Turn
from appliance.front.answer_glass import AnswerGlass
from appliance.front.reactions import Reactions
from appliance.pages.page import Pages
from appliance.personas.persona import Lora, Persona
from appliance.skills.clock import Clock
from appliance.workers.supervisor import Status
from tests.dialogue.rig import Box
from ui.input.editing.buffer import MAX_TEXT
from ui.input.rerank import PAUSE
from ui.keymap import Action, Intent, State
from ui.reader import Reader
from ui.strings import TEXTS


def all_text(reader: Reader) -> str:
    """Question and answer as they can be read, without the breaks of lines."""
    rows = map(reader._row, range(reader.total))
    lines = [row.line.text for row in rows if row.line is not None]
    return "".join("".join(lines).split())


@pytest.fixture
def box(engine):
    return Box(engine)


def test_an_answer_read_again_is_followed_from_its_first_clause(engine):
    box = Box(engine, {"voice.enabled": False})
    box.answer(box.ask(), *["长城很长，有两万多公里。"] * 12)
    reader = box.reader
    reader.scroll(-reader.total)
    box.settings.change("voice.enabled", True)
    box.conductor.read_aloud()
    turn = box.team.told("tts", m.Say)[-1].turn
    box.hear("audio", m.ClauseStarted(turn, 0))
    first = reader.top
    assert first <= 1  # the question may stand above
    box.hear("audio", m.ClauseStarted(turn, len(box.team.told("tts", m.Say)) - 2))
    assert reader.top > first
    box.conductor.read_aloud()
    assert m.Stop(turn) in box.team.told("audio", m.Stop)


def test_a_question_goes_to_the_llm_with_system_prompt_and_history(box):
    box.memory.history = (m.Exchange("你好", "你好呀"),)
    box.ask("长城有多长？")
    (ask,) = box.team.told("llm", m.Ask)
    assert (ask.system, ask.history, ask.question) == (
        "你是小鹿。",
        box.memory.history,
        "长城有多长？",
    )


def test_clauses_go_to_the_voice_as_they_are_decoded(box):
    turn = box.ask()
    box.hear("llm", m.Token(turn, "长城很长，", 1))
    assert [say.text for say in box.team.told("tts", m.Say)] == ["长城很长，"]
    box.answer(turn, "有两万多公里。")
    says = box.team.told("tts", m.Say)
    assert "".join(say.text for say in says) == "长城很长，有两万多公里。"
    assert says[-1].last


def test_the_turn_drains_until_the_voice_is_done_and_is_kept_then(box):
    turn = box.ask()
    box.answer(turn, "有两万多公里。")
    assert box.conductor.turn.state is Turn.DRAINING
    assert box.memory.kept == []
    box.hear("audio", m.PlaybackDone(turn, False))
    assert box.conductor.turn.state is Turn.NONE
    assert [answer.text for answer in box.memory.kept] == ["有两万多公里。"]


def test_whoever_has_finished_with_a_turn_is_known_to_have(box):
    watched = []
    box.conductor.reports.watch = SimpleNamespace(
        worked=watched.append, came_up=lambda name: watched.append(f"{name} up")
    )
    box.hear("llm", m.Ready("llama-cpp", "qwen", 4.0, {}))
    turn = box.ask()
    box.answer(turn, "很长。")
    assert turn in box.team.finished
    box.conductor.talk()
    spoken = box.team.told("audio", m.Listen)[-1].turn
    box.hear("audio", m.SpeechEnded(spoken, 1.2, True, "key"))
    assert spoken not in box.team.finished, "its text is still to come"
    box.hear("asr", m.Transcript(spoken, "长城有多长", 1.2, 0.4))
    assert spoken in box.team.finished
    assert watched == ["llm up", "llm", "asr"]


def test_a_stop_silences_the_speaker_first_and_everybody_else(box):
    turn = box.ask()
    box.hear("llm", m.Token(turn, "长城很长，", 1))
    box.team.sent.clear()
    box.conductor.stop()
    stopped = [name for name, message in box.team.sent if isinstance(message, m.Stop)]
    assert stopped[0] == "audio"
    assert {"audio", "tts", "llm", "asr"} <= set(stopped)
    assert box.conductor.turn.state is Turn.NONE
    assert len(box.memory.kept) == 1


def test_late_tokens_and_late_audio_of_a_stopped_turn_change_nothing(box):
    turn = box.ask()
    box.hear("llm", m.Token(turn, "长城很长，", 1))
    box.conductor.stop()
    box.answer(turn, "还在说。")
    box.hear("audio", m.ClauseStarted(turn, 0))
    box.hear("audio", m.PlaybackDone(turn, True))
    assert box.conductor.answer.text == "长城很长，"
    assert box.conductor.turn.state is Turn.NONE
    assert len(box.memory.kept) == 1


def test_an_interrupted_turn_counts_as_said_up_to_the_last_clause_begun(box):
    turn = box.ask()
    box.hear("llm", m.Token(turn, "长城很长，有两万多公里。它在中国北方。", 3))
    box.hear("audio", m.ClauseStarted(turn, 0))
    box.conductor.stop()
    (answer,) = box.memory.kept
    assert answer.voice.spoken_until == len("长城很长，")


def test_an_answer_that_streams_is_kept_before_an_old_conversation_goes_on(box):
    turn = box.ask()
    box.hear("llm", m.Token(turn, "长城很长，", 1))
    kept_before = []
    box.conductor.continue_conversation(lambda: kept_before.extend(box.memory.kept))
    assert [answer.text for answer in kept_before] == ["长城很长，"]
    assert m.Stop(turn) in box.team.told("llm", m.Stop)
    assert box.conductor.turn.state is Turn.NONE
    assert box.conductor.answer is None
    assert box.conductor.input.state is Input.COMPOSING


def test_muting_an_answer_leaves_it_streaming(box):
    turn = box.ask()
    box.hear("llm", m.Token(turn, "长城很长，", 1))
    box.conductor.mute_answer()
    assert m.Stop(turn) in box.team.told("audio", m.Stop)
    assert m.Stop(turn) not in box.team.told("llm", m.Stop)
    box.answer(turn, "有两万多公里。")
    assert box.conductor.turn.state is Turn.NONE
    assert box.memory.kept[0].text == "长城很长，有两万多公里。"


def test_with_the_voice_off_nothing_is_said_and_the_turn_ends_with_the_text(engine):
    box = Box(engine, {"voice.enabled": False})
    box.answer(box.ask(), "有两万多公里。")
    assert box.team.told("tts", m.Say) == []
    assert box.conductor.turn.state is Turn.NONE


def test_a_question_before_the_model_is_ready_waits_and_is_asked_when_it_is(box):
    box.team.statuses["llm"] = Status.STARTING
    box.conductor.submit("长城有多长？")
    assert box.conductor.turn.state is Turn.LOADING
    box.team.statuses["llm"] = Status.READY
    box.hear("llm", m.Ready("llama-cpp", "qwen", 4.0, {}))
    assert [ask.question for ask in box.team.told("llm", m.Ask)] == ["长城有多长？"]


def test_stopping_a_question_that_waits_gives_it_back(box):
    box.team.statuses["llm"] = Status.STARTING
    box.conductor.submit("长城有多长？")
    box.conductor.stop()
    assert box.editor.text == "长城有多长？"
    assert box.conductor.input.state is Input.COMPOSING


def test_an_llm_that_dies_in_mid_answer_is_told_and_what_was_said_is_kept(box):
    turn = box.ask()
    box.hear("llm", m.Token(turn, "长城很长，", 1))
    box.team.statuses["llm"] = Status.WAITING
    box.conductor.reports.on_status("llm", Status.WAITING)
    assert box.faults == ["worker-died"]
    assert box.memory.kept[0].text == "长城很长，"


@pytest.mark.parametrize("worker", ["tts", "audio"])
def test_a_voice_that_dies_is_told_and_leaves_the_answer_readable(box, worker):
    turn = box.ask()
    box.answer(turn, "有两万多公里。")
    box.conductor.reports.on_status(worker, Status.WAITING)
    assert box.conductor.turn.state is Turn.NONE
    assert "朗读" in box.conductor.toasts.shown.text
    assert box.faults == []


def test_a_voice_that_dies_while_it_is_silent_is_not_told(box):
    box.conductor.reports.on_status("tts", Status.WAITING)
    assert box.conductor.toasts.shown is None


def test_speech_is_reviewed_and_sent_when_the_countdown_ends(box):
    box.speak("长城有多长")
    assert box.conductor.input.state is Input.REVIEW
    box.now += 1.9
    box.timers.tick(box.now)
    assert box.team.told("llm", m.Ask) == []
    box.now += 0.2
    box.timers.tick(box.now)
    assert [ask.question for ask in box.team.told("llm", m.Ask)] == ["长城有多长"]


def test_review_zero_sends_at_once_and_minus_one_waits_for_d(engine):
    at_once = Box(engine, {"audio.review": 0.0})
    at_once.speak("长城有多长")
    at_once.timers.tick(at_once.now)
    assert len(at_once.team.told("llm", m.Ask)) == 1
    waits = Box(engine, {"audio.review": -1.0})
    waits.speak("长城有多长")
    waits.now += 3600
    waits.timers.tick(waits.now)
    assert waits.team.told("llm", m.Ask) == []
    waits.conductor.send()
    assert len(waits.team.told("llm", m.Ask)) == 1


def test_a_key_in_the_review_stops_the_countdown_and_edits(box):
    box.speak("长城有多长")
    box.conductor.edit_review()
    box.now += 10
    box.timers.tick(box.now)
    assert box.editor.text == "长城有多长"
    assert box.team.told("llm", m.Ask) == []


def test_pinyin_that_was_left_open_is_not_lost_to_what_is_said_at_home(box):
    type_pinyin(box, "64426")
    typed = box.editor.sentence()
    box.conductor.go_home()
    box.speak("长城有多长")
    assert box.editor.text == typed + "长城有多长"
    assert box.team.told("llm", m.Ask) == []


def test_answering_again_leaves_what_stands_in_the_box(box):
    turn = box.ask()
    box.answer(turn, "很长。")
    box.hear("audio", m.PlaybackDone(turn, False))
    box.conductor.open_box()
    box.editor.set_text("还有")
    box.conductor.go_home()
    box.conductor.ask_again()
    assert len(box.team.told("llm", m.Ask)) == 2
    assert box.editor.text == "还有"


def test_what_waits_for_a_key_keeps_no_screen_lit_and_no_wake_word_takes_its_place(box):
    box.speak("长城有多长")
    assert box.conductor.busy
    box.conductor.ear.wait_for_key()
    assert not box.conductor.busy
    assert not box.conductor.attentive


def test_what_waits_for_a_key_is_never_sent_without_one(box):
    box.speak("长城有多长")
    box.conductor.ear.wait_for_key()
    box.now += 3600
    box.timers.tick(box.now)
    assert box.team.told("llm", m.Ask) == []
    box.conductor.send()
    assert [ask.question for ask in box.team.told("llm", m.Ask)] == ["长城有多长"]


def test_home_shows_neither_box_nor_answer(box):
    turn = box.ask()
    box.answer(turn, "有两万多公里。")
    box.hear("audio", m.PlaybackDone(turn, False))
    box.conductor.open_box()
    box.editor.set_text("北京")
    box.conductor.go_home()
    assert box.conductor.input.state is Input.IDLE
    assert not box.conductor.answering.shown
    assert box.editor.text == "北京"


def test_home_silences_an_answer_that_is_whole(box):
    turn = box.ask()
    box.answer(turn, "有两万多公里。")
    box.conductor.go_home()
    assert m.Stop(turn) in box.team.told("audio", m.Stop)
    assert [answer.text for answer in box.memory.kept] == ["有两万多公里。"]
    assert not box.conductor.answering.shown


def test_on_the_way_home_an_unfinished_answer_stays_on_the_glass(box):
    turn = box.ask()
    box.hear("llm", m.Token(turn, "长城很长，", 1))
    box.conductor.go_home()
    assert box.conductor.turn.state is Turn.ANSWERING
    assert box.conductor.answering.shown
    assert box.team.told("audio", m.Stop) == []


def test_speech_into_a_box_that_holds_text_is_inserted_at_the_caret(box):
    box.conductor.open_box()
    box.editor.set_text("北京和上海", 2)
    box.speak("广州")
    assert box.editor.text == "北京广州和上海"
    assert box.conductor.input.state is Input.COMPOSING


@pytest.mark.parametrize("before", ["", "北京"])
def test_more_speech_than_the_box_holds_is_cut_and_told(box, before):
    box.editor.set_text(before)
    box.speak("长" * 2 * MAX_TEXT)
    if not before:
        box.conductor.edit_review()
    assert len(box.editor.text) == MAX_TEXT
    assert str(MAX_TEXT) in box.conductor.toasts.shown.text


def test_nothing_heard_is_told_and_the_box_is_as_it_was(box):
    box.conductor.open_box()
    box.editor.set_text("北京")
    box.conductor.talk()
    turn = box.team.told("audio", m.Listen)[-1].turn
    box.conductor.talk_end()
    box.hear("audio", m.SpeechEnded(turn, 0.4, False, "key"))
    assert box.conductor.toasts.shown is not None
    assert box.conductor.input.state is Input.COMPOSING
    assert box.editor.text == "北京"


def test_talking_over_an_answer_stops_it_first(box):
    turn = box.ask()
    box.hear("llm", m.Token(turn, "长城很长，", 1))
    box.team.sent.clear()
    box.conductor.talk()
    kinds = [type(message) for _, message in box.team.sent]
    assert kinds.index(m.Stop) < kinds.index(m.Listen)
    assert box.conductor.input.state is Input.LISTENING


def test_a_microphone_that_goes_away_in_mid_word_is_told(box):
    box.conductor.talk()
    turn = box.team.told("audio", m.Listen)[-1].turn
    box.hear("audio", m.Fault("device-lost", "unplugged", turn))
    assert box.conductor.input.state is Input.IDLE
    assert box.conductor.toasts.shown is not None


@pytest.mark.parametrize("code", ["device-lost", "device-busy", "no-speaker"])
def test_a_device_that_fails_outside_of_any_utterance_is_told_and_stops_nothing(box, code):
    turn = box.ask()
    box.answer(turn, "有两万多公里。")
    box.hear("audio", m.Fault(code, "output: USB card"))
    assert box.conductor.toasts.shown.text == TEXTS[f"fault.{code}"][0]
    assert box.conductor.turn.state is Turn.DRAINING


@pytest.mark.parametrize("first", ["fault", "transcript"])
def test_why_nothing_was_heard_is_told_whoever_speaks_first(box, first):
    box.conductor.talk()
    turn = box.team.told("audio", m.Listen)[-1].turn
    said = [
        ("audio", m.Fault("device-busy", "in use", turn)),
        ("asr", m.Transcript(turn, "", 0.0, 0.0)),
    ]
    for name, message in said if first == "fault" else reversed(said):
        box.hear(name, message)
    assert box.conductor.toasts.shown.text == TEXTS["fault.device-busy"][0]
    assert box.conductor.input.state is Input.IDLE


def test_a_fault_of_an_utterance_long_past_is_not_told(box):
    box.speak("长城有多长")
    past = box.team.told("audio", m.Listen)[-1].turn
    box.conductor.talk()
    box.hear("audio", m.Fault("device-lost", "input: USB card", past))
    assert box.conductor.toasts.shown is None


def test_turn_ids_only_grow(box):
    box.speak("第一")
    box.conductor.send()
    first = box.team.told("llm", m.Ask)[-1].turn
    box.answer(first, "好。")
    box.hear("audio", m.PlaybackDone(first, False))
    assert box.ask("第二") > first > box.team.told("audio", m.Listen)[-1].turn - 1


def test_asking_again_asks_the_same_question_anew(box):
    turn = box.ask("长城有多长？")
    box.answer(turn, "很长。")
    box.hear("audio", m.PlaybackDone(turn, False))
    box.conductor.ask_again()
    assert [ask.question for ask in box.team.told("llm", m.Ask)] == ["长城有多长？"] * 2


def test_the_cores_are_shared_only_while_the_voice_is_made(box):
    turn = box.ask()
    box.hear("llm", m.Token(turn, "长城很长，", 1))
    assert box.team.busy == {"tts"}
    box.hear("tts", m.Synthesised(turn, 0, 1.0, 0.5))
    assert box.team.busy == set()


def test_the_time_and_what_cannot_be_done_are_answered_without_the_model(box):
    box.conductor.submit("现在几点了？")
    assert box.team.told("llm", m.Ask) == []
    assert "8点30分" in box.conductor.answer.text


def test_a_model_that_is_ready_reads_what_stands_before_every_question(box):
    box.hear("llm", m.Ready("llama-cpp", "qwen", 4.0, {}))
    (ahead,) = box.team.told("llm", m.Prefill)
    assert (ahead.system, ahead.certain, ahead.closed) == ("你是小鹿。", "", False)


def test_stable_partial_text_is_read_while_the_user_speaks_and_the_review_closes_it(box):
    box.conductor.talk()
    turn = box.team.told("audio", m.Listen)[-1].turn
    box.hear("asr", m.Partial(turn, "长城有多", 2))
    assert box.team.told("llm", m.Prefill)[-1].certain == "长城"
    box.conductor.talk_end()
    box.hear("audio", m.SpeechEnded(turn, 1.2, True, "key"))
    box.hear("asr", m.Transcript(turn, "长城有多长", 1.2, 0.4))
    ahead = box.team.told("llm", m.Prefill)[-1]
    assert (ahead.certain, ahead.closed) == ("长城有多长", True)


def test_nothing_is_read_ahead_while_an_answer_decodes_and_what_waited_is_read_after(box):
    turn = box.ask()
    box.hear("llm", m.Token(turn, "长城很长，", 1))
    box.editor.set_text("那黄河呢")
    box.conductor.foresight.predictor.typed()
    assert box.team.told("llm", m.Prefill) == []
    box.conductor.stop()
    assert [ahead.certain for ahead in box.team.told("llm", m.Prefill)] == ["那黄河呢"]


def test_another_persona_begins_a_new_conversation_with_its_prompt_and_voice(box):
    box.answer(box.ask(), "很长。")
    box.memory.history = (m.Exchange("长城有多长？", "很长。"),)
    box.cast.persona = Persona(title="翻译", prompt="你是翻译。", voice="zm_yunxi", speed=0.5)
    box.conductor.take_persona()
    assert box.conductor.answer is None
    ahead = box.team.told("llm", m.Prefill)[-1]
    assert (ahead.system, ahead.history, ahead.closed) == ("你是翻译。", (), False)
    box.hear("llm", m.Token(box.ask("你好"), "你好呀，很高兴见到你。", 1))
    say = box.team.told("tts", m.Say)[-1]
    assert (say.voice, say.speed) == ("zm_yunxi", 0.5)


def test_what_the_user_told_once_stands_behind_the_question_and_is_read_ahead_with_it(box):
    box.recollection.recalled = "\n（我说过：我对花生过敏。）"
    box.conductor.foresight.predictor.settled("我能吃花生酱吗")
    ahead = box.team.told("llm", m.Prefill)[-1]
    box.ask("我能吃花生酱吗")
    asked = box.team.told("llm", m.Ask)[-1]
    assert asked.question == ahead.certain == "我能吃花生酱吗\n（我说过：我对花生过敏。）"
    assert box.conductor.answer.question.text == "我能吃花生酱吗"
    assert box.conductor.answer.recalled == "\n（我说过：我对花生过敏。）"


def test_what_is_to_be_remembered_is_confirmed_without_the_model(box):
    box.team.statuses["llm"] = Status.REFUSED
    box.conductor.submit("记住我对花生过敏")
    assert box.team.told("llm", m.Ask) == []
    assert box.conductor.answer.text == "记住了：我对花生过敏。"
    assert box.faults == []


def test_what_only_the_user_can_know_and_never_told_is_not_invented(box):
    box.conductor.submit("我的血型是什么？")
    assert box.team.told("llm", m.Ask) == []
    assert "没告诉过我" in box.conductor.answer.text


def test_what_the_user_told_before_or_in_this_conversation_is_asked_of_the_model(box):
    box.recollection.recalled = "\n（我告诉过你：我的血型是O型。）"
    box.ask("我的血型是什么？")
    box.conductor.stop()
    box.recollection.recalled = ""
    box.memory.history = (m.Exchange("我叫小明，今年十岁。", "你好，小明！"),)
    box.ask("我今年几岁？")
    assert len(box.team.told("llm", m.Ask)) == 2


def test_a_skill_that_fails_is_told_and_the_model_answers(box, monkeypatch):
    monkeypatch.setattr(Clock, "claim", lambda skill, said: 1 / 0)
    box.ask("现在几点了？")
    assert "clock" in box.conductor.toasts.shown.text
    assert [ask.question for ask in box.team.told("llm", m.Ask)] == ["现在几点了？"]


def test_a_skill_that_never_answers_keeps_no_question_waiting(box):
    box.recollection.slow = True
    box.conductor.submit("记住我对花生过敏")
    assert box.team.told("llm", m.Ask) == []
    box.now += 10.0
    box.timers.tick(box.now)
    box.recollection.deliver()
    assert [ask.question for ask in box.team.told("llm", m.Ask)] == ["记住我对花生过敏"]
    assert box.conductor.answer.text == ""


@pytest.mark.parametrize("touched", [False, True])
def test_a_skill_knows_whether_what_is_asked_was_heard_or_passed_through_keys(
    box, monkeypatch, touched
):
    heard = []
    monkeypatch.setattr(Clock, "claim", lambda skill, said: heard.append(said.heard))
    box.speak("现在几点了")
    if touched:
        box.conductor.edit_review()
    box.conductor.send()
    assert heard == [not touched]


def test_a_persona_that_takes_questions_literally_gets_each_as_it_is(box):
    box.cast.persona = Persona(title="翻译", prompt="你是翻译。", literal=True)
    box.recollection.recalled = "\n（我告诉过你：我的血型是O型。）"
    literally = ["我的血型是什么？", "现在几点了？", "明天早上七点叫我起床", "记住我叫小明"]
    for question in literally:
        box.ask(question)
        box.conductor.stop()
    assert [ask.question for ask in box.team.told("llm", m.Ask)] == literally


def test_a_question_called_out_in_mid_typing_follows_what_is_typed_and_nothing_is_lost(box):
    box.conductor.open_box()
    for digit in (6, 4):
        box.editor.act(Action(Intent.TYPE, digit))
    typed = box.editor.sentence()
    box.conductor.heard("今天几号？")
    assert box.editor.text == f"{typed}今天几号？"
    assert box.conductor.input.state is Input.COMPOSING


def test_a_list_over_an_empty_box_is_closed_by_a_question_called_out(box):
    box.conductor.open_box()
    box.editor.act(Action(Intent.SYMBOLS))
    box.conductor.heard("今天几号？")
    assert box.conductor.input.state is Input.REVIEW
    box.conductor.discard_talk()
    assert box.editor.state is State.TEXT


def test_a_question_stopped_while_it_is_recalled_is_not_asked(box):
    box.recollection.slow = True
    box.conductor.submit("我能吃花生酱吗")
    box.conductor.stop()
    box.recollection.deliver()
    assert box.team.told("llm", m.Ask) == []


def test_what_is_recalled_too_late_for_reading_ahead_does_not_follow_the_question(box):
    box.recollection.slow = True
    box.conductor.foresight.predictor.settled("我能吃花生酱吗")
    box.conductor.submit("我能吃花生酱吗")
    box.recollection.deliver()
    assert box.team.told("llm", m.Prefill) == []
    assert len(box.team.told("llm", m.Ask)) == 1


def test_the_adapter_of_a_persona_is_attached_and_that_of_the_next_replaces_it(box):
    lora = Lora(file="/personas/pirate.gguf", scale=0.5)
    box.cast.persona = Persona(title="海盗", prompt="你是海盗。", lora=lora)
    box.conductor.take_persona()
    box.cast.persona = Persona(title="小鹿", prompt="你是小鹿。")
    box.conductor.take_persona()
    box.conductor.take_persona()
    assert box.team.told("llm", m.Adapt) == [m.Adapt("/personas/pirate.gguf", 0.5), m.Adapt("")]


def test_a_model_that_starts_anew_is_given_the_adapter_before_anything_else(box):
    box.cast.persona = Persona(title="海盗", prompt="你是海盗。", lora=Lora(file="/p.gguf"))
    box.hear("llm", m.Ready("llama-cpp", "qwen", 4.0, {}))
    kinds = [type(message) for name, message in box.team.sent if name == "llm"]
    assert kinds == [m.Adapt, m.Prefill]


def test_an_adapter_that_is_refused_is_told_and_the_plain_model_answers(box):
    box.hear("llm", m.Fault("adapter-refused", "p.gguf: another architecture"))
    assert box.conductor.toasts.shown is not None
    assert box.faults == []
    box.ask()


def test_another_model_is_loaded_stored_when_it_answers_and_a_question_waits_for_it(box):
    box.conductor.use_model("llm", "bigger")
    assert box.team.restarted == ["llm"] and box.memory.stored == {}
    box.become("llm", Status.WAITING, Status.STARTING)
    box.conductor.submit("长城有多长？")
    assert box.conductor.turn.state is Turn.LOADING
    box.become("llm", Status.READY)
    box.hear("llm", m.Ready("llama-cpp", "bigger", 4.0, {}))
    assert box.memory.stored == {"models.llm": "bigger"}
    assert [ask.question for ask in box.team.told("llm", m.Ask)] == ["长城有多长？"]
    assert box.faults == []


@pytest.mark.parametrize("failed", [Status.REFUSED, Status.WAITING])
def test_a_model_that_fails_to_load_is_told_and_the_one_before_is_kept(engine, failed):
    box = Box(engine, {"models.llm": "good"})
    box.conductor.use_model("llm", "bad")
    box.become("llm", Status.WAITING, Status.STARTING)
    box.conductor.submit("长城有多长？")
    box.team.members["llm"].fault = m.Fault("model-corrupt", "bad.gguf", fatal=True)
    box.become("llm", failed)
    assert box.faults == ["model-corrupt"]
    assert box.settings.text("models.llm") == "good" and box.memory.stored == {}
    assert box.team.restarted == ["llm", "llm"]
    assert box.conductor.turn.state is Turn.LOADING
    box.become("llm", Status.STARTING, Status.READY)
    box.hear("llm", m.Ready("llama-cpp", "good", 4.0, {}))
    assert [ask.question for ask in box.team.told("llm", m.Ask)] == ["长城有多长？"]
    assert box.memory.stored == {}


def test_a_second_wish_while_the_first_model_loads_replaces_it(engine):
    box = Box(engine, {"models.llm": "good"})
    box.conductor.use_model("llm", "first")
    box.become("llm", Status.WAITING, Status.STARTING)
    box.conductor.use_model("llm", "second")
    box.become("llm", Status.WAITING, Status.STARTING, Status.REFUSED)
    assert box.settings.text("models.llm") == "good"


def test_switching_the_model_stops_its_answer_and_keeps_what_was_said(box):
    turn = box.ask()
    box.hear("llm", m.Token(turn, "长城很长，", 1))
    box.conductor.use_model("llm", "bigger")
    box.become("llm", Status.WAITING)
    assert [answer.text for answer in box.memory.kept] == ["长城很长，"]
    assert box.faults == []


def test_another_voice_silences_the_one_before(box):
    turn = box.ask()
    box.answer(turn, "有两万多公里。")
    box.conductor.use_model("tts", "another")
    box.become("tts", Status.WAITING, Status.STARTING, Status.READY)
    assert box.memory.stored == {"models.tts": "another"}


def test_a_voice_is_tried_out_with_a_sentence_of_its_own(box):
    box.conductor.try_voice("zm_yunxi")
    first, *_, last = box.team.told("tts", m.Say)
    assert (first.voice, first.last, last.last) == ("zm_yunxi", False, True)
    box.conductor.try_voice("zf_xiaoyi")
    assert m.Stop(first.turn) in box.team.told("audio", m.Stop), "the one before falls silent"


def test_no_voice_is_tried_out_over_an_answer(box):
    box.ask()
    box.conductor.try_voice("zm_yunxi")
    assert box.team.told("tts", m.Say) == []


def test_every_step_of_a_spoken_turn_is_timed_and_the_review_is_not_the_boxs_time(box):
    box.conductor.settings.change("audio.review", 2.0)
    box.conductor.talk()
    turn = box.team.told("audio", m.Listen)[-1].turn
    box.conductor.talk_end()
    box.hear("audio", m.SpeechEnded(turn, 1.2, True, "endpoint", waited=0.5))
    box.now += 0.3
    box.hear("asr", m.Transcript(turn, "长城有多长？", 1.2, 0.3))
    box.now += 2.0
    box.timers.tick(box.now)
    asked = box.team.told("llm", m.Ask)[-1].turn
    box.now += 0.5
    box.hear("llm", m.Token(asked, "长城", 1))
    box.now += 0.25
    box.hear("llm", m.Token(asked, "很长很长。", 2))
    box.now += 1.0
    box.hear("audio", m.ClauseStarted(asked, 0))
    assert box.conductor.answer.timing.seconds() == pytest.approx(
        {
            "endpoint_wait": 0.5,
            "recognition": 0.3,
            "review": 2.0,
            "first_token": 0.5,
            "first_clause": 0.25,
            "first_audio": 1.0,
            "whole": 2.55,
        }
    )


def test_turns_that_no_longer_fit_are_told_once_and_again_when_more_go(box):
    def talk(dropped):
        turn = box.ask()
        box.hear("llm", m.Token(turn, "好。", 1))
        box.hear("llm", m.Answered(turn, "stop", b"", 20, 8, 1, 0.2, 0.5, dropped=dropped))
        box.hear("audio", m.PlaybackDone(turn, False))
        shown, box.conductor.toasts.shown = box.conductor.toasts.shown, None
        return shown.text if shown else None

    assert talk(0) is None
    assert "2" in talk(2)
    assert talk(2) is None
    assert "3" in talk(3)


def test_a_question_of_ten_thousand_characters_is_told_how_much_was_used_and_kept_whole(box):
    question = "长" * 10_000
    turn = box.ask(question)
    assert box.team.told("llm", m.Ask)[-1].question == question
    box.hear("llm", m.Token(turn, "好。", 1))
    box.hear("llm", m.Answered(turn, "stop", b"", 20, 8, 1, 0.2, 0.5, question_used=2900))
    assert "2900" in box.conductor.toasts.shown.text and "10000" in box.conductor.toasts.shown.text
    box.hear("audio", m.PlaybackDone(turn, False))
    assert box.memory.kept[0].question.text == question


def test_a_thought_is_progress_and_is_never_said_nor_part_of_the_answer(box):
    box.settings.change("llm.thinking", True)
    turn = box.ask()
    assert box.team.told("llm", m.Ask)[-1].thinking
    for count, piece in enumerate(("用户问长城。", "它在中国。"), 1):
        box.hear("llm", m.Token(turn, piece, count, thought=True))
    assert box.conductor.turn.state is Turn.THINKING
    assert box.team.told("tts", m.Say) == []
    box.answer(turn, "长城有两万多公里。")
    said = "".join(say.text for say in box.team.told("tts", m.Say))
    assert said == box.conductor.answer.text == "长城有两万多公里。"
    assert box.conductor.answer.thought == "用户问长城。它在中国。"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("reason", "key"), [("length", "answer.spent"), ("stop", "answer.none")])
def test_a_turn_that_only_thought_says_on_the_glass_that_no_answer_came(box, language, reason, key):
    box.settings.change("ui.language", language)
    turn = box.ask()
    box.hear("llm", m.Token(turn, "想一想", 1, thought=True))
    box.hear("llm", m.Answered(turn, reason, b"", 20, 8, 10, 0.2, 0.5))
    assert box.conductor.turn.state is Turn.NONE
    expected = "".join(TEXTS[key][language == "en"].split())
    assert all_text(box.reader).endswith(expected)
    assert not any(say.text for say in box.team.told("tts", m.Say))
    (kept,) = box.memory.kept
    assert (kept.text, kept.thought) == ("", "想一想")
    assert box.team.told("audio", m.Chime)[-1].kind == "error"


def test_what_turns_out_to_be_a_thought_is_taken_from_the_glass_and_the_voice(box):
    turn = box.ask()
    box.hear("llm", m.Token(turn, "先想想长城在哪里。", 1))
    thinking = box.conductor.mouth.voice
    box.hear("llm", m.Retract(turn))
    assert box.team.told("tts", m.Stop)[-1].turn == thinking.turn
    assert (box.conductor.answer.text, box.conductor.answer.thought) == ("", "先想想长城在哪里。")
    box.answer(turn, "长城有两万多公里。")
    voice = box.conductor.mouth.voice
    assert voice.turn > thinking.turn
    said = "".join(say.text for say in box.team.told("tts", m.Say) if say.turn == voice.turn)
    assert said == box.conductor.answer.text == "长城有两万多公里。"
    shown = all_text(box.reader)
    assert "先想想" not in shown and "两万多公里" in shown


def test_thinking_is_toggled_only_where_the_model_tells_thinking_from_not(box):
    reactions = Reactions(box.conductor, box.editor, AnswerGlass(), Pages(), SimpleNamespace())
    box.hear("llm", m.Ready("llama-cpp", "qwen", 1.0, {"thinks": 0}))
    reactions.perform(Action(Intent.THINKING_MODE), State.HOME)
    assert not box.settings.flag("llm.thinking") and box.conductor.toasts.shown is not None
    box.hear("llm", m.Ready("llama-cpp", "qwen3", 1.0, {"thinks": 1}))
    reactions.perform(Action(Intent.THINKING_MODE), State.HOME)
    assert box.settings.flag("llm.thinking")


# ---------------------------------------------------------------- which sentence is meant


def rest(box, seconds=PAUSE):
    """The keys rest; the loop's timers run."""
    box.now += seconds
    box.timers.tick(box.now)


def type_pinyin(box, keys="92674264743426"):
    box.conductor.open_box()
    for key in keys:
        box.editor.act(Action(Intent.TYPE, int(key)))
        box.conductor.foresight.typed()


def test_the_sentence_the_llm_prefers_is_shown_and_read_ahead(box):
    box.memory.history = (m.Exchange("你好", "你好呀"),)
    type_pinyin(box)
    rest(box)
    (score,) = box.team.told("llm", m.Score)
    assert (score.system, score.history) == ("你是小鹿。", box.memory.history)
    wanted = score.candidates[1]
    scores = tuple(0.0 if text == wanted else -100.0 for text in score.candidates)
    box.hear("llm", m.Scores(score.request, scores))
    assert box.editor.sentence() == wanted
    ahead = box.team.told("llm", m.Prefill)[-1]
    assert (ahead.certain, ahead.closed) == (wanted, True)


@pytest.mark.parametrize("status", [Status.STARTING, Status.REFUSED])
def test_a_model_that_is_not_there_is_not_asked_which_sentence_is_meant(box, status):
    box.team.statuses["llm"] = status
    type_pinyin(box)
    rest(box)
    assert box.team.told("llm", m.Score) == []


def test_no_sentence_is_judged_while_an_answer_decodes(box):
    box.hear("llm", m.Token(box.ask(), "长城很长，", 1))
    type_pinyin(box)
    rest(box)
    assert box.team.told("llm", m.Score) == []


def test_a_key_gives_the_llm_its_time_back(box):
    type_pinyin(box)
    rest(box)
    (score,) = box.team.told("llm", m.Score)
    type_pinyin(box, "2")
    assert box.team.told("llm", m.Score)[-1] == m.Score(
        score.request, "你是小鹿。", box.memory.history, ()
    )
