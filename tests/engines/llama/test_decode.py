"""Streamed text: whole characters, stop texts never shown, loops ended."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.engines.llama.decode import (
    CharacterAssembler,
    StopRules,
    is_loop,
)


def chop(data: bytes | str, cuts: list[int]) -> list[bytes | str]:
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[start:end] for start, end in itertools.pairwise(edges)]


CUTS = st.lists(st.integers(0, 10_000), max_size=12)


@given(text=st.text(), cuts=CUTS)
def test_characters_split_across_tokens_arrive_whole_and_complete(
    text: str, cuts: list[int]
) -> None:
    assembler = CharacterAssembler()
    parts = [assembler.add(part) for part in chop(text.encode(), cuts)]
    assert "".join(parts) == text
    assert all("\ufffd" not in part for part in parts) or "\ufffd" in text


@given(data=st.binary(), cuts=CUTS)
def test_bytes_that_are_no_utf8_never_raise_and_lose_no_sound_character(
    data: bytes, cuts: list[int]
) -> None:
    assembler = CharacterAssembler()
    text = "".join(assembler.add(part) for part in chop(data, cuts))
    assert data.decode("utf-8", "replace").startswith(text)


def test_half_a_character_is_held_back() -> None:
    assembler = CharacterAssembler()
    assert assembler.add("你".encode()[:2]) == ""
    assert assembler.add("你".encode()[2:]) == "你"


@given(
    text=st.text(alphabet="ab\n问：<|>", max_size=60),
    stops=st.lists(st.text(alphabet="ab\n问：<|>", min_size=1, max_size=4), max_size=3),
    cuts=CUTS,
)
def test_an_answer_ends_before_the_first_stop_text_however_it_is_cut(
    text: str, stops: list[str], cuts: list[int]
) -> None:
    rules = StopRules(stops)
    shown = "".join(rules.add(part) for part in chop(text, cuts)) + rules.finish()
    found = [text.find(stop) for stop in stops if stop in text]
    assert rules.hit == bool(found)
    if not found:
        assert shown == text
    else:
        assert text.startswith(shown)
        assert not any(stop in shown for stop in stops)


def test_the_beginning_of_a_stop_text_is_not_shown_before_it_is_decided() -> None:
    rules = StopRules(["\n问："])
    assert rules.add("好的\n") == "好的"
    assert rules.add("问") == ""
    assert rules.add("题") == "\n问题"


def test_the_empty_lines_before_the_mark_of_a_turn_belong_to_it() -> None:
    rules = StopRules(["\n### User:"])
    shown = "".join(rules.add(part) for part in ("好的。\n", "\n", "\n### U", "ser:\n再见"))
    assert (shown, rules.hit) == ("好的。", True)


def test_a_stop_text_that_is_repeated_from_the_question_with_its_surroundings_is_text() -> None:
    rules = StopRules(["\nUSER:"], question="这是什么格式？\nUSER: 你好")
    assert (
        rules.add("这是什么格式？\nUSER: 你好\n是聊天记录。")
        == "这是什么格式？\nUSER: 你好\n是聊天记录。"
    )
    assert rules.add("\nUSER: 再见") == ""
    assert rules.hit


@given(
    start=st.lists(st.integers(0, 50), max_size=40),
    cycle=st.lists(st.integers(0, 50), min_size=1, max_size=64),
)
def test_what_repeats_itself_long_enough_is_a_loop(start: list[int], cycle: list[int]) -> None:
    repeats = max(4, -(-48 // len(cycle)))
    assert is_loop(start + cycle * repeats)


@pytest.mark.parametrize("length", [10, 100, 400])
def test_varied_text_is_no_loop(length: int) -> None:
    chance = random.Random(length)
    assert not is_loop([chance.randrange(2000) for _ in range(length)])


def test_three_repetitions_are_still_style() -> None:
    assert not is_loop(list(range(40)) * 3)
    assert not is_loop([7] * 30)
