"""The language model: two models become one whose every context still sums to one."""

from __future__ import annotations

import numpy as np
import pytest

from ui.input.building.model import (
    BITS,
    WORD,
    Background,
    Conversation,
    Floats,
    Ints,
    Mixer,
    discounted,
    find,
    mix,
    worth_keeping,
)
from ui.input.model import BOS, EOS

I, EAT, RICE, TEA, DRINK = 3, 4, 5, 6, 7  # noqa: E741
SIZE = 8
CLAUSES = [[I, EAT, RICE], [I, DRINK, TEA], [I, EAT, RICE], [EAT, RICE], [TEA]]
EVERYTHING = 10**9


def pair(*words: int) -> int:
    key = 0
    for word in words:
        key = key << BITS | word
    return key


@pytest.fixture
def background() -> Background:
    words = np.arange(SIZE)
    unigram = np.log10(np.where(words > EOS, 1 / (SIZE - 2), 1e-9))
    bigrams = np.array(sorted([pair(I, EAT), pair(EAT, RICE), pair(DRINK, TEA)]))
    left = 1 - 0.5
    base = 1 - 1 / (SIZE - 2)
    backoff = np.where(np.isin(words, bigrams >> BITS), np.log10(left / base), 0.0)
    trigrams = np.array([pair(I, EAT, RICE)])
    return Background(
        unigram, backoff, bigrams, np.log10(np.full(3, 0.5)), np.zeros(3), trigrams,
        np.log10(np.array([0.6])),
    )  # fmt: skip


@pytest.fixture
def conversation() -> Conversation:
    return Conversation([(CLAUSES, 1.0)], SIZE)


def every(*before: int) -> Ints:
    return np.array([pair(*before, word) for word in range(SIZE)])


@pytest.mark.parametrize("last", [BOS, I, EAT, RICE, TEA, DRINK])
def test_the_conversation_sums_to_one_after_any_word(conversation: Conversation, last: int) -> None:
    assert conversation.p2(every(last)).sum() == pytest.approx(1)


@pytest.mark.parametrize("before", [(BOS, I), (I, EAT), (EAT, RICE), (DRINK, DRINK), (TEA, RICE)])
def test_the_conversation_sums_to_one_after_any_two_words(
    conversation: Conversation, before: tuple[int, int]
) -> None:
    assert conversation.p3(every(*before)).sum() == pytest.approx(1)


def test_what_was_said_more_often_is_likelier(conversation: Conversation) -> None:
    after_me = conversation.p2(every(I))
    assert after_me[EAT] > after_me[DRINK] > after_me[RICE]
    assert conversation.p3(every(I, EAT))[RICE] > conversation.p3(every(I, DRINK))[RICE]


def test_a_text_that_counts_less_says_less() -> None:
    loud = Conversation([(CLAUSES, 1.0), ([[I, TEA]], 1.0)], SIZE)
    low = Conversation([(CLAUSES, 1.0), ([[I, TEA]], 0.3)], SIZE)
    assert low.p2(every(I))[TEA] < loud.p2(every(I))[TEA]


def test_a_count_is_never_discounted_below_nothing() -> None:
    assert list(discounted(np.array([0.3, 1.0, 2.0, 5.0]))) == pytest.approx([0, 0.3, 0.9, 3.6])


def explicit(model_keys: Ints, values: Floats, wanted: Ints, other: Floats) -> Floats:
    at, hit = find(model_keys, wanted)
    return np.asarray(np.where(hit, values[at], other))


def test_every_context_of_the_mixture_and_its_end_sum_to_one(
    background: Background, conversation: Conversation
) -> None:
    mixer = Mixer(background, conversation)
    model = mix(background, conversation, EVERYTHING)
    for last in (I, EAT, RICE, TEA, DRINK):
        keys = every(last)
        p = explicit(model.bigrams, model.bigram_p, keys, model.backoff[last] * model.unigram)
        assert p.sum() + mixer.share[last] * model.end[last] == pytest.approx(1, abs=1e-6)


def test_the_end_is_told_apart_from_words(
    background: Background, conversation: Conversation
) -> None:
    model = mix(background, conversation, EVERYTHING)
    assert not np.any(model.bigrams & WORD == EOS)
    assert not np.any(model.trigrams & WORD == EOS)
    assert model.end[RICE] > model.end[I]


def test_with_few_bytes_only_what_the_backoff_cannot_guess_is_kept(
    background: Background, conversation: Conversation
) -> None:
    whole = mix(background, conversation, EVERYTHING)
    small = mix(background, conversation, 24)
    assert len(small.bigrams) * 4 + len(small.trigrams) * 6 <= 24
    assert set(small.bigrams) < set(whole.bigrams)


def test_what_loses_most_per_byte_is_kept() -> None:
    bigrams, trigrams = worth_keeping(np.array([1.0, 9.0]), np.array([3.0, 100.0]), 10)
    assert list(bigrams) == [False, True]
    assert list(trigrams) == [False, True]
