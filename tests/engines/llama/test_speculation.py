"""Guessing what was said before: the answer is the one that is decoded token by token."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.engines.llama.engine import LlamaEngine
from appliance.engines.llama.lookup import Lookup
from appliance.messages import Answered, Ask, Message, Sampling, Token

MakeEngine = Callable[..., LlamaEngine]
GREEDY = Sampling(temperature=0.0, repeat_penalty=1.0)
PENALISED = Sampling(temperature=0.0, repeat_penalty=1.3)
DRAWN = Sampling(temperature=1.2, top_k=8, top_p=0.95, min_p=0.02, repeat_penalty=1.1, seed=4)
SYSTEM = "say it again and again: the abc the abc the abc"
QUESTION = "the abc the abc the abc the"


def ask(
    engine: LlamaEngine, sampling: Sampling, limit: int = 120, stop_at: int = 0
) -> tuple[str, Answered]:
    texts: list[str] = []

    def take(message: Message) -> None:
        if isinstance(message, Token):
            texts.append(message.text)
            if message.count == stop_at:
                engine.stop(1)

    engine.begin(1)
    answered = engine.answer(Ask(1, SYSTEM, (), QUESTION, limit, False, sampling), take)
    return "".join(texts), answered


def test_a_run_that_was_seen_goes_on_as_it_did_the_last_time() -> None:
    lookup = Lookup([1, 2, 3, 4, 5, 9, 2, 3, 7, 8, 2, 3], most=2)
    assert lookup.guess() == [7, 8]
    lookup.add(4)
    assert lookup.guess() == [5, 9]
    lookup.add(100)
    assert lookup.guess() == []


@given(tokens=st.lists(st.integers(0, 3), max_size=60), most=st.integers(1, 8))
def test_a_guess_is_always_what_followed_an_earlier_run_like_the_last(
    tokens: list[int], most: int
) -> None:
    guess = Lookup(tokens, most).guess()
    assert len(guess) <= most
    if guess:
        assert any(
            tokens[at - 2 : at] == tokens[-2:] and tokens[at : at + len(guess)] == guess
            for at in range(2, len(tokens))
        )


@pytest.mark.parametrize("sampling", [GREEDY, PENALISED, DRAWN], ids=["greedy", "penalty", "drawn"])
@pytest.mark.parametrize("draft", [1, 3, 7])
def test_an_answer_is_the_same_with_guesses_and_without(
    make_engine: MakeEngine, sampling: Sampling, draft: int
) -> None:
    expected, plain = ask(make_engine(), sampling)
    text, answered = ask(make_engine(draft=draft), sampling)
    assert (text, answered.ids, answered.reason) == (expected, plain.ids, plain.reason)


def test_guesses_save_evaluations_where_the_answer_repeats(make_engine: MakeEngine) -> None:
    engine = make_engine(draft=7)
    decoded = []
    decode, guessed = engine._context.decode_one, engine._context.decode_rows
    engine._context.decode_one = lambda *one: (decoded.append(1), decode(*one))[1]
    engine._context.decode_rows = lambda rows: (decoded.append(len(rows)), guessed(rows))[1]
    _, answered = ask(engine, GREEDY)
    assert len(decoded) < answered.tokens_out - 1
    assert max(decoded) <= 8


@pytest.mark.parametrize("sampling", [GREEDY, DRAWN], ids=["greedy", "drawn"])
@pytest.mark.parametrize("limit", range(10, 20))
def test_after_a_guessed_answer_the_cache_holds_only_what_was_said(
    make_engine: MakeEngine, sampling: Sampling, limit: int
) -> None:
    plain, guessing = make_engine(), make_engine(draft=7)
    for engine in (plain, guessing):
        ask(engine, sampling, limit)
    said, guessed = plain._timeline.tokens, guessing._timeline.tokens
    assert guessed[: len(said)] == said
    assert len(guessed) - len(said) <= 1  # the last token, where it was guessed
    assert ask(plain, sampling, limit=8)[0] == ask(guessing, sampling, limit=8)[0]


def test_guesses_never_run_over_the_end_of_the_context(make_engine: MakeEngine) -> None:
    _, answered = ask(make_engine(context=256, draft=7), GREEDY, limit=10_000)
    assert answered.tokens_in + answered.tokens_out <= 256
    assert answered.reason in ("stop", "length", "loop")
