"""One conversation in the cache: however a prompt got there, the answer is the same."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from pathlib import Path

import pytest

from appliance.engines.llama.backend import Aborted
from appliance.engines.llama.control import Ahead, Control
from appliance.engines.llama.engine import LlamaEngine
from appliance.engines.llama.schedule import Timeline
from appliance.engines.llm import LlmError
from appliance.messages import (
    Answered,
    Ask,
    Exchange,
    Message,
    Prefill,
    Prefilling,
    Sampling,
    Score,
    SetThreads,
    Stop,
    Token,
)
from tests.tiny.llama import CHATML, metadata, pack, tensors

MakeEngine = Callable[..., LlamaEngine]
GREEDY = Sampling(temperature=0.0, repeat_penalty=1.0)
SYSTEM = "你是小鹿，用一句话回答。"
QUESTIONS = ("你好 the abc", "床前明月光，疑是地上霜", "x", "how many tokens does this one have?")


def never() -> bool:
    return False


def ask(
    engine: LlamaEngine,
    question: str,
    history: tuple[Exchange, ...] = (),
    turn: int = 1,
    limit: int = 24,
    sampling: Sampling = GREEDY,
    send: Callable[[Message], None] = lambda message: None,
) -> tuple[str, Answered]:
    texts: list[str] = []

    def take(message: Message) -> None:
        if isinstance(message, Token):
            texts.append(message.text)
        send(message)

    engine.begin(turn)
    answered = engine.answer(Ask(turn, SYSTEM, history, question, limit, False, sampling), take)
    return "".join(texts), answered


def talk(engine: LlamaEngine, tidy: bool) -> list[tuple[str, Answered]]:
    history: tuple[Exchange, ...] = ()
    answers = []
    for turn, question in enumerate(QUESTIONS):
        text, answered = ask(engine, question, history, turn)
        answers.append((text, answered))
        history += (Exchange(question, text, answered.ids),)
        if tidy:
            assert engine.tidy(never)
    return answers


def cold(make_engine: MakeEngine, answers: list[tuple[str, Answered]]) -> list[tuple[str, bytes]]:
    """The same conversation, every turn by an engine that has seen nothing of it."""
    history: tuple[Exchange, ...] = ()
    found = []
    for question, (said, answered) in zip(QUESTIONS, answers, strict=True):
        text, fresh = ask(make_engine(), question, history)
        assert fresh.tokens_reused == 0
        found.append((text, fresh.ids))
        history += (Exchange(question, said, answered.ids),)
    return found


@pytest.mark.parametrize("tidy", [True, False], ids=["tidied between", "in a hurry"])
def test_a_conversation_in_the_cache_answers_like_a_cold_start(
    make_engine: MakeEngine, tidy: bool
) -> None:
    answers = talk(make_engine(), tidy)
    assert [(text, answered.ids) for text, answered in answers] == cold(make_engine, answers)


def test_after_tidying_a_turn_evaluates_no_more_than_its_own_tokens_and_a_block(
    make_engine: MakeEngine,
) -> None:
    answers = talk(make_engine(), tidy=True)
    for (_, before), (_, after) in itertools.pairwise(answers):
        own = after.tokens_in - before.tokens_in - before.tokens_out
        assert after.tokens_in - after.tokens_reused <= own + before.tokens_out // 16 + 2 * 16
        assert after.tokens_reused >= before.tokens_in // 16 * 16


def test_what_was_prefilled_while_typing_leaves_one_step_and_the_same_answer(
    make_engine: MakeEngine,
) -> None:
    question = QUESTIONS[1]
    expected, _ = ask(make_engine(), question)
    engine = make_engine()
    for length in range(0, len(question) + 1):
        assert engine.prefill(Prefill(SYSTEM, (), question[:length]), never)
    text, answered = ask(engine, question)
    assert text == expected
    assert answered.tokens_reused == answered.tokens_in


def test_an_open_question_is_evaluated_in_full_blocks_and_only_once(
    make_engine: MakeEngine,
) -> None:
    question = QUESTIONS[1]
    expected, _ = ask(make_engine(), question)
    engine = make_engine()
    for length in range(0, len(question) + 1):
        assert engine.prefill(Prefill(SYSTEM, (), question[:length], closed=False), never)
    assert len(engine._timeline.tokens) % 16 == 0
    text, answered = ask(engine, question)
    assert text == expected
    assert answered.tokens_in - answered.tokens_reused < 2 * 16


def test_a_wrong_prediction_costs_nothing_but_its_own_blocks(make_engine: MakeEngine) -> None:
    expected, _ = ask(make_engine(), QUESTIONS[0])
    engine = make_engine()
    engine.prefill(Prefill(SYSTEM, (), "something else altogether, and rather long"), never)
    text, answered = ask(engine, QUESTIONS[0])
    assert text == expected
    assert answered.tokens_reused > 0


def test_prefill_gives_way_between_blocks_and_keeps_what_it_has(make_engine: MakeEngine) -> None:
    engine = make_engine()
    calls = iter([False, False, True])
    message = Prefill(SYSTEM, (), "q" * 200)
    assert not engine.prefill(message, lambda: next(calls))
    _, answered = ask(engine, message.certain)
    assert answered.tokens_reused == 32


def test_scoring_leaves_the_conversation_as_it_was(make_engine: MakeEngine) -> None:
    answers = talk(make_engine(), tidy=True)
    engine = make_engine()
    history: tuple[Exchange, ...] = ()
    for turn, question in enumerate(QUESTIONS):
        engine.score(Score(turn, SYSTEM, history, ("你好", "the abc", "", "x" * 60)))
        text, answered = ask(engine, question, history, turn)
        assert (text, answered.ids) == (answers[turn][0], answers[turn][1].ids)
        history += (Exchange(question, text, answered.ids),)


def test_scoring_leaves_what_was_evaluated_ahead_ready_to_answer(make_engine: MakeEngine) -> None:
    plain, engine = make_engine(), make_engine()
    message = Prefill(SYSTEM, (), "明天早上七点叫我起床", True)
    for one in (plain, engine):
        assert one.prefill(message, lambda: False)
    assert engine.score(Score(1, SYSTEM, (), ("明天早上七点", "明天晚上七点", "明天")))
    expected, got = ask(plain, message.certain), ask(engine, message.certain)
    assert (got[0], got[1].ids) == (expected[0], expected[1].ids)
    assert got[1].tokens_reused == got[1].tokens_in


def test_candidates_that_begin_alike_are_scored_as_if_each_were_alone(
    make_engine: MakeEngine,
) -> None:
    engine = make_engine()
    texts = ("今天早上", "今天晚上", "今天", "今天早上七点", "明天", "今天晚上七点叫我")
    together = engine.score(Score(1, SYSTEM, (), texts))
    alone = [engine.score(Score(2, SYSTEM, (), (text,)))[0] for text in texts]
    assert together == pytest.approx(alone, abs=1e-3)


def test_a_candidate_s_score_is_the_sum_of_its_tokens_log_probabilities(
    make_engine: MakeEngine,
) -> None:
    engine = make_engine()
    whole, head, empty = engine.score(Score(1, SYSTEM, (), ("qz", "q", "")))
    assert whole < head < 0
    assert empty == float("-inf")
    # Which others are scored beside it, and how many, does not matter.
    many = engine.score(Score(2, SYSTEM, (), tuple("qz" for _ in range(20))))
    assert many == pytest.approx((whole,) * 20, abs=1e-3)


def test_the_probabilities_of_all_single_byte_candidates_sum_to_at_most_one(
    make_engine: MakeEngine,
) -> None:
    letters = tuple(chr(code) for code in range(32, 127))
    scores = make_engine().score(Score(1, SYSTEM, (), letters))
    assert 0 < sum(map(math.exp, scores)) <= 1


# ---------------------------------------------------------------- cancelling


def test_a_stop_in_prefill_evaluates_no_further_batch_and_leaves_a_clean_cache(
    make_engine: MakeEngine,
) -> None:
    engine = make_engine()
    expected, _ = ask(make_engine(), QUESTIONS[1])
    batches = 0

    def stop_at_the_second_batch(message: Message) -> None:
        nonlocal batches
        if isinstance(message, Prefilling) and message.done:
            batches += 1
            if batches == 2:
                engine.stop(1)

    _, answered = ask(engine, "q" * 300, send=stop_at_the_second_batch)
    assert (answered.reason, answered.tokens_out, batches) == ("cancelled", 0, 2)
    again, second = ask(engine, QUESTIONS[1], turn=2)
    assert again == expected
    assert second.tokens_reused > 0


def test_a_question_that_was_stopped_unanswered_is_not_evaluated_further_for_nobody(
    make_engine: MakeEngine,
) -> None:
    engine = make_engine()

    def stop_half_way(message: Message) -> None:
        if isinstance(message, Prefilling) and message.done > message.total // 2:
            engine.stop(1)

    _, answered = ask(engine, "q" * 100, send=stop_half_way)
    assert answered.reason == "cancelled"
    held = len(engine._timeline.tokens)
    assert engine.tidy(lambda: False)
    assert len(engine._timeline.tokens) == held


def test_an_abort_inside_a_batch_removes_all_of_that_batch(make_engine: MakeEngine) -> None:
    engine = make_engine()
    expected, _ = ask(make_engine(), QUESTIONS[1])
    prompt = [5] * 100
    timeline = engine._timeline

    def abort_the_third(done: int) -> bool:
        if done == 32:
            engine._control.flag.set()
        return True

    with pytest.raises(Aborted):
        timeline.evaluate(prompt, abort_the_third)
    assert timeline.tokens == prompt[:32]
    assert timeline.settled == 32
    engine._control.flag.clear()
    assert ask(engine, QUESTIONS[1])[0] == expected


def test_a_stop_in_decode_ends_at_the_next_token_and_reports_what_there_was(
    make_engine: MakeEngine,
) -> None:
    engine = make_engine()
    sampling = Sampling(temperature=2.0, top_p=1.0, top_k=0, seed=11)

    def stop_at_five(message: Message) -> None:
        if isinstance(message, Token) and message.count >= 5:
            engine.stop(1)

    text, answered = ask(engine, "hello", limit=200, sampling=sampling, send=stop_at_five)
    assert answered.reason == "cancelled"
    assert 5 <= answered.tokens_out <= 8
    assert text
    expected, _ = ask(make_engine(), "after")
    assert ask(engine, "after", turn=2)[0] == expected


def test_a_stop_of_an_earlier_turn_does_not_touch_this_one(make_engine: MakeEngine) -> None:
    engine = make_engine()
    _, answered = ask(engine, "hello", turn=5, send=lambda message: engine.stop(4))
    assert answered.reason != "cancelled"


# ---------------------------------------------------------------- bounds


@pytest.mark.parametrize("length", [0, 1, 10_000])
def test_a_question_of_any_length_is_answered_and_told_how_much_was_used(
    make_engine: MakeEngine, length: int
) -> None:
    _, answered = ask(make_engine(), "明" * length)
    if length < 100:
        assert answered.question_used == -1
    else:
        assert 50 < answered.question_used < 200  # 3 tokens a character, 384 tokens of room


def test_a_conversation_beyond_the_context_goes_on_and_keeps_the_system_prompt(
    make_engine: MakeEngine,
) -> None:
    engine = make_engine()
    opening = engine._builder.system(SYSTEM)
    history: tuple[Exchange, ...] = ()
    reused = []
    dropped = []
    for turn in range(14):
        text, answered = ask(engine, f"question {turn} " * 4, history, turn, limit=20)
        assert answered.tokens_in + answered.tokens_out <= 512
        history += (Exchange(f"question {turn} " * 4, text, answered.ids),)
        engine.tidy(never)
        assert engine._timeline.tokens[: len(opening)] == opening
        reused.append(answered.tokens_reused)
        dropped.append(answered.dropped)
    assert dropped[0] == 0 < dropped[-1] and dropped == sorted(dropped)
    assert min(reused[1:]) >= len(opening) // 16 * 16


def test_a_context_that_the_system_prompt_fills_is_too_long_and_not_a_crash(
    make_engine: MakeEngine,
) -> None:
    engine = make_engine()
    engine.begin(1)
    with pytest.raises(LlmError) as refused:
        engine.answer(Ask(1, "s" * 2000, (), "q"), lambda message: None)
    assert refused.value.code == "too-long"
    assert ask(engine, "q")[1].tokens_in > 0


def test_the_answer_s_budget_is_kept(make_engine: MakeEngine) -> None:
    sampling = Sampling(temperature=2.0, top_p=1.0, top_k=0, seed=3)
    _, answered = ask(make_engine(), "hello", limit=7, sampling=sampling)
    assert (answered.reason, answered.tokens_out) == ("length", 7)


def test_a_seed_gives_the_same_answer_again_and_another_one_another(
    make_engine: MakeEngine,
) -> None:
    engine = make_engine()
    texts = [
        ask(engine, "hello", turn=turn, sampling=Sampling(temperature=1.5, top_k=0, seed=seed))[0]
        for turn, seed in enumerate((7, 7, 8))
    ]
    assert texts[0] == texts[1] != texts[2]


def test_progress_counts_the_prompt_up_to_its_end(make_engine: MakeEngine) -> None:
    seen: list[Prefilling] = []
    engine = make_engine()

    def take(message: Message) -> None:
        if isinstance(message, Prefilling):
            seen.append(message)

    _, answered = ask(engine, "q" * 100, send=take)
    assert [one.done for one in seen] == sorted(one.done for one in seen)
    assert seen[0].done == 0
    assert seen[-1].done == seen[-1].total == answered.tokens_in
    assert len(seen) == -(-answered.tokens_in // 16) + 1


def test_a_grant_of_threads_takes_effect_while_decoding_and_changes_no_token(
    make_engine: MakeEngine,
) -> None:
    expected, _ = ask(make_engine(), "hello")
    engine = make_engine()

    def grant(message: Message) -> None:
        if isinstance(message, Token):
            engine.set_threads(1 + message.count % 2)

    assert ask(engine, "hello", send=grant)[0] == expected


# ---------------------------------------------------------------- templates of the model


def test_a_model_s_hostile_template_is_replaced_by_its_family_s_with_a_warning(
    make_engine: MakeEngine, tmp_path: Path
) -> None:
    path = tmp_path / "hostile.gguf"
    path.write_bytes(pack(metadata("{{ ''.__class__.__mro__ }}"), tensors()))
    engine = make_engine(model=str(path), template="")
    assert engine.loaded.detail["template"] == "chatml"
    assert "refused" in engine.loaded.warnings[0]


def test_a_broken_template_given_by_the_user_is_refused(make_engine: MakeEngine) -> None:
    with pytest.raises(LlmError) as refused:
        make_engine(template="{% for m in messages %}")
    assert refused.value.code == "template-refused"


def test_a_model_s_own_template_is_used_when_it_is_sound(make_engine: MakeEngine) -> None:
    own, family = make_engine(template=""), make_engine(template="chatml")
    assert own.loaded.detail["template"] == "own"
    assert ask(own, "hello")[0] == ask(family, "hello")[0]
    assert make_engine(template=CHATML).loaded.detail["template"] == "own"


# ---------------------------------------------------------------- who gives way to whom


AHEAD = Ahead(SYSTEM, (), "明天早", body=40, position=16)


@pytest.mark.parametrize(
    ("message", "interrupts"),
    [
        (Ask(1, SYSTEM, (), "明天早"), False),
        (Ask(1, SYSTEM, (), "明天早上"), False),
        (Prefill(SYSTEM, (), "明天早上"), False),
        (Ask(1, SYSTEM, (), "明天晚"), True),
        (Ask(1, "another", (), "明天早"), True),
        (Ask(1, SYSTEM, (Exchange("q", "a"),), "明天早"), True),
        (Score(1, SYSTEM, (), ("a",)), False),
        (SetThreads(1), False),
        (Stop(1), False),
    ],
)
def test_work_ahead_is_interrupted_only_by_what_has_no_use_for_it(
    message: Message, interrupts: bool
) -> None:
    control = Control()
    control.begin_ahead(AHEAD)
    control.give_way(message)
    assert control.flag.is_set == interrupts


def test_the_closing_tokens_of_a_question_that_goes_on_are_interrupted() -> None:
    control = Control()
    control.begin_ahead(Ahead(SYSTEM, (), "明天早", body=40, position=40))
    control.give_way(Ask(1, SYSTEM, (), "明天早上"))
    assert control.flag.is_set


def test_scoring_gives_way_to_everything_that_asks() -> None:
    control = Control()
    control.begin_score()
    control.give_way(Prefill(SYSTEM, (), "明"))
    assert control.flag.is_set


def test_scoring_does_not_begin_while_something_waits(make_engine: MakeEngine) -> None:
    engine = make_engine()
    assert engine.score(Score(1, SYSTEM, (), ("明天",)), waiting=lambda: True) == ()
    assert engine.score(Score(2, SYSTEM, (), ("明天",)), waiting=lambda: False) != ()


def test_an_answer_gives_way_to_nothing_but_its_own_stop() -> None:
    control = Control()
    control.begin_turn(3)
    control.give_way(Ask(4, SYSTEM, (), "q"))
    control.stop(2)
    assert not control.flag.is_set
    control.stop(3)
    assert control.flag.is_set
    control.begin_turn(4)
    assert not control.flag.is_set


def test_the_cut_of_a_prompt_depends_on_positions_alone() -> None:
    class Recorder:
        def __init__(self) -> None:
            self.batches: list[tuple[int, int]] = []

        def decode(self, tokens: list[int], position: int) -> None:
            self.batches.append((position, len(tokens)))

        def decode_one(self, token: int, position: int) -> None:
            self.batches.append((position, 1))

        def remove(self, sequence: int, position: int) -> bool:
            return True

    recorder = Recorder()
    timeline = Timeline(recorder, 16)  # type: ignore[arg-type]
    prompt = list(range(50))
    timeline.evaluate(prompt)
    timeline.append(99)
    timeline.append(98)
    assert recorder.batches == [(0, 16), (16, 16), (32, 16), (48, 2), (50, 1), (51, 1)]
    recorder.batches.clear()
    timeline.evaluate([*prompt, 99, 98, *range(20)])
    assert recorder.batches == [(48, 16), (64, 8)]
    recorder.batches.clear()
    timeline.evaluate([*prompt, 99, 98, *range(12)])
    assert recorder.batches == [(48, 16)]


# ---------------------------------------------------------------- thoughts, and a full context


R1 = (
    "{% for m in messages %}{% if m.role == 'assistant' %}<|im_start|>"
    "{{ m.content.split('</think>')[-1] }}<|im_end|>{% else %}{{ m.content }}{% endif %}"
    "{% endfor %}<|im_start|><think>\n"
)


def test_a_thought_is_rolled_back_after_the_answer_and_the_next_turn_is_as_if_it_never_was(
    make_engine: MakeEngine,
) -> None:
    engine = make_engine(template=R1)
    engine.begin(1)
    thought: list[Token] = []

    def take(message: Message) -> None:
        if isinstance(message, Token):
            thought.append(message)

    answered = engine.answer(Ask(1, SYSTEM, (), "why?", 24, True, GREEDY), take)
    assert thought and all(token.thought for token in thought)
    history = (Exchange("why?", "", answered.ids),)
    assert engine.tidy(never)
    clean = engine._builder.history(SYSTEM, history, engine._reserve)
    held = list(engine._timeline.tokens)
    assert held == clean.tokens[: len(held)]
    warm, reused = ask(engine, "and then?", history, 2)
    cold, fresh = ask(make_engine(template=R1), "and then?", history, 2)
    assert (warm, reused.ids) == (cold, fresh.ids)
    assert reused.tokens_reused >= len(held) // 16 * 16


def test_the_oldest_turns_go_while_nobody_waits_and_never_while_a_question_does(
    make_engine: MakeEngine,
) -> None:
    engine = make_engine()
    history: tuple[Exchange, ...] = ()
    shifts = 0
    for turn in range(24):
        before = len(engine._timeline.tokens)
        text, answered = ask(engine, f"q{turn}?", history, turn, limit=20)
        assert answered.tokens_in - answered.tokens_reused <= (64 if turn else 100)
        history += (Exchange(f"q{turn}?", text, answered.ids),)
        assert engine.tidy(never)
        shifts += len(engine._timeline.tokens) < before
    assert shifts >= 2


def test_with_one_token_of_context_left_one_token_is_answered(make_engine: MakeEngine) -> None:
    engine = make_engine()
    expected, _ = ask(make_engine(), "q")
    engine._reserve = 1
    _, answered = ask(engine, "q" * 10_000, limit=100)
    assert (answered.tokens_in, answered.tokens_out) == (511, 1)
    assert answered.reason in ("length", "stop")
    engine._reserve = 128
    assert ask(engine, "q", turn=2)[0] == expected
