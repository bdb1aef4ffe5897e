"""The whole path with the real default models: keys or speech in, pixels and speech out."""

import os
import signal
import sqlite3

import pytest

from appliance.dialogue.tables import Input, Turn
from appliance.messages import Stop
from appliance.workers.supervisor import Status
from tests.whole.rig import Key, keys_of, run_box
from ui.keymap import State
from ui.screens.answer import AnswerView
from ui.screens.message import MessageView
from ui.screens.thinking import ThinkingView

pytestmark = [pytest.mark.models, pytest.mark.usefixtures("default_models")]


def hear(path):
    """What the default ASR makes of a WAV file."""
    import io
    from contextlib import redirect_stderr, redirect_stdout

    from appliance.cli import main

    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        assert main(["hear", str(path)]) == 0
    return out.getvalue().strip()


def character_error_rate(truth, heard):
    """Edit distance of the spoken characters over their number."""
    truth, heard = ("".join(c for c in text if c.isalnum()) for text in (truth, heard))
    row = list(range(len(heard) + 1))
    for i, a in enumerate(truth, 1):
        previous, row[0] = row[0], i
        for j, b in enumerate(heard, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (a != b))
    return row[-1] / len(truth)


async def typed_question(rig, pinyin):
    """Type a sentence, accept it, send it; wait until it was answered and spoken."""
    await rig.until(lambda: not rig.app.presenter.booting)
    await rig.hand.tap(*keys_of(pinyin))
    await rig.hand.tap(Key.D)
    await rig.until(lambda: rig.app.state is State.TEXT)
    import asyncio

    await asyncio.sleep(0.35)  # a double D never sends by accident
    await rig.hand.tap(Key.D)
    await rig.until(lambda: rig.conductor.turn.state is not Turn.NONE)
    await rig.until(lambda: rig.conductor.turn.state in (Turn.NONE, Turn.FAULT))
    return rig.conductor.answer


def test_keys_in_answer_pixels_and_intelligible_speech_out(tmp_path):
    async def script(rig):
        answer = await typed_question(rig, "tian kong wei shen me shi lan se de")
        await rig.until(lambda: rig.shows(rig.app.screen()))
        view = rig.app.screen().view
        assert isinstance(view, AnswerView)
        shown = "".join(row.line.text for row in view.reader.visible() if row.line)
        return answer, shown

    answer, shown = run_box(script, tmp_path / "out")
    assert answer.question.text == "天空为什么是蓝色的"
    assert "光" in answer.text
    assert shown.startswith(answer.text[:8])
    assert answer.timing.first_token is not None
    (wav,) = (tmp_path / "out").glob("answer-*.wav")
    assert character_error_rate(answer.text, hear(wav)) < 0.4
    rows = sqlite3.connect(tmp_path / "state" / "lory" / "lory.db").execute(
        "SELECT question, answer FROM turn"
    )
    assert list(rows) == [("天空为什么是蓝色的", answer.text)]


def test_speech_in_the_right_answer_out(tmp_path):
    from importlib import resources

    async def script(rig):
        await rig.until(lambda: rig.app.team.ready("asr") and rig.app.team.ready("audio"))
        with resources.as_file(resources.files("appliance.commands") / "demo_question.wav") as wav:
            rig.conductor.talk(wav)
            assert rig.app.state is State.LISTENING
            await rig.until(lambda: rig.conductor.input.state is Input.REVIEW)
        heard = rig.conductor.ear.review.text
        await rig.hand.tap(Key.D)
        await rig.until(lambda: rig.conductor.turn.state is not Turn.NONE)
        await rig.until(lambda: rig.conductor.turn.state in (Turn.NONE, Turn.FAULT))
        return heard, rig.conductor.answer.text, len(rig.history)

    heard, answer, turns = run_box(script, tmp_path / "out")
    assert "天空为什么是蓝色" in heard
    assert "光" in answer
    assert turns == 1


def test_the_next_turn_remembers_and_a_new_conversation_does_not(tmp_path):
    async def script(rig):
        await rig.until(lambda: rig.app.team.ready("llm"))
        answers = []
        for question in ("我的名字叫小明。", "我叫什么名字？"):
            rig.conductor.submit(question)
            await rig.until(lambda: rig.conductor.turn.state is Turn.NONE)
            answers.append(rig.conductor.answer)
        history = len(rig.history)
        await rig.hand.tap(Key.C)
        await rig.hand.tap(Key.D5)
        return answers, history, rig.history

    answers, before, after = run_box(script, tmp_path / "out")
    assert "小明" in answers[1].text
    assert answers[1].stats.tokens_reused > answers[0].stats.tokens_reused
    assert (before, after) == (2, ())


def test_a_stop_in_mid_answer_silences_everybody_and_keeps_what_was_said(tmp_path):
    async def script(rig):
        await rig.until(lambda: rig.app.team.ready("llm"))
        rig.conductor.open_box()
        rig.conductor.submit("请详细介绍一下长城的历史，至少说二百字。")
        await rig.until(lambda: len(rig.conductor.answer.text) > 20)
        await rig.hand.tap(Key.A)
        assert rig.conductor.turn.state is Turn.NONE
        assert not rig.conductor.mouth.speaking
        stopped_at = rig.conductor.answer.text
        # The LLM is free for the next turn at once.
        rig.conductor.submit("一加一等于几？")
        await rig.until(lambda: rig.conductor.turn.state is Turn.NONE)
        return stopped_at, rig.conductor.answer.text

    stopped_at, after = run_box(script, tmp_path / "out")
    assert len(stopped_at) < 200
    assert "2" in after or "二" in after or "两" in after


def test_a_killed_llm_is_a_page_on_the_glass_and_the_next_question_is_answered(tmp_path):
    async def script(rig):
        await rig.until(lambda: rig.app.team.ready("llm"))
        rig.conductor.submit("请详细介绍一下长城的历史，至少说二百字。")
        await rig.until(lambda: len(rig.conductor.answer.text) > 5)
        os.kill(rig.app.team.members["llm"].pid, signal.SIGKILL)
        await rig.until(lambda: rig.app.state is State.MENU)
        view = rig.app.screen().view
        assert isinstance(view, MessageView)
        await rig.hand.tap(Key.A)
        await rig.until(lambda: rig.app.state is not State.MENU)
        await rig.until(lambda: rig.app.team.ready("llm"))
        rig.conductor.submit("中国的首都是哪里？")
        await rig.until(lambda: rig.conductor.turn.state is Turn.NONE)
        return rig.conductor.answer.text

    assert "北京" in run_box(script, tmp_path / "out")


def test_a_question_sent_before_the_model_is_ready_waits_visibly(tmp_path):
    async def script(rig):
        await rig.until(lambda: rig.app.team.status("llm") is Status.STARTING)
        rig.conductor.submit("中国的首都是哪里？")
        assert rig.conductor.turn.state is Turn.LOADING
        await rig.until(lambda: not rig.app.presenter.booting)
        assert isinstance(rig.app.screen().view, ThinkingView)
        await rig.until(lambda: rig.conductor.turn.state is Turn.NONE)
        return rig.conductor.answer.text

    assert "北京" in run_box(script, tmp_path / "out")


def test_a_ten_thousand_character_question_is_answered_and_the_user_told_what_was_used(tmp_path):
    long = "请问长城在哪里？" * 1250

    async def script(rig):
        await rig.until(lambda: rig.app.team.ready("llm"))
        rig.conductor.submit(long)
        await rig.until(lambda: rig.conductor.answer.stats is not None, 300)
        rig.conductor.stop()
        return rig.conductor.answer

    answer = run_box(script, tmp_path / "out", {"llm.context": 1024, "llm.max_tokens": 32})
    assert answer.question.text == long, "nothing of it is lost"
    assert 0 < answer.stats.question_used < len(long)


def test_what_it_cannot_do_is_refused_honestly_without_asking_the_model(tmp_path):
    async def script(rig):
        rig.conductor.submit("今天天气怎么样")
        await rig.until(lambda: rig.conductor.turn.state is Turn.NONE)
        return rig.conductor.answer.text

    assert "看不到" in run_box(script, tmp_path / "out")


def test_an_empty_question_is_not_sent(tmp_path):
    async def script(rig):
        rig.conductor.submit("  \n ")
        assert rig.conductor.toasts.shown is not None
        return rig.conductor.turn.state

    assert run_box(script, tmp_path / "out") is Turn.NONE


def test_late_words_of_a_stopped_turn_are_dropped(tmp_path):
    async def script(rig):
        await rig.until(lambda: rig.app.team.ready("llm"))
        rig.conductor.submit("数到五十。")
        await rig.until(lambda: rig.conductor.answer.text != "")
        answer = rig.conductor.answer
        rig.app.team.send("llm", Stop(answer.turn))
        rig.conductor.stop()
        length = len(answer.text)
        await rig.until(lambda: rig.app.team.ready("llm"))
        rig.conductor.submit("你好")
        await rig.until(lambda: rig.conductor.turn.state is Turn.NONE)
        return length, len(answer.text)

    before, after = run_box(script, tmp_path / "out")
    assert before == after
