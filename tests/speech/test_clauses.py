"""How an answer is cut for the voice."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.speech.clauses import RAMP, ClauseSplitter
from appliance.speech.normalise import normalise
from appliance.speech.reading.words import split_words


def cut(text: str, step: int = 1) -> list[str]:
    splitter = ClauseSplitter(split_words)
    clauses = [c for i in range(0, len(text), step) for c in splitter.feed(text[i : i + step])]
    clauses += splitter.finish()
    assert all(text[c.start : c.end] == c.text for c in clauses)
    return [c.text for c in clauses]


def test_the_first_clauses_end_at_commas_and_later_ones_at_sentences() -> None:
    answer = (
        "明早七点的话，今晚十一点前睡，比较好。要不要提醒你？好，就先这样，晚安，做个好梦。再见"
    )
    assert cut(answer) == [
        "明早七点的话，",
        "今晚十一点前睡，",
        "比较好。要不要提醒你？",
        "好，就先这样，晚安，做个好梦。",
        "再见",
    ]


def test_a_first_clause_without_a_mark_is_cut_early_between_words() -> None:
    first = cut("长城是中国古代防御工事的杰出代表，它跨越了多个省份。")[0]
    assert 4 <= len(first) <= RAMP[0].most
    assert "长城是中国古代防御工事".startswith(first)


def test_no_clause_is_more_than_about_twice_as_long_as_the_one_that_plays_meanwhile() -> None:
    assert all(later.most <= 2 * sooner.most for sooner, later in pairwise(RAMP))


@pytest.mark.parametrize(
    "number", ["1,234元", "7:05", "3.14159", "192.168.1.1", "v1.2.3", "2026-11-24"]
)
@pytest.mark.parametrize("step", [1, 2, 3, 100])
def test_a_number_is_never_cut(number: str, step: int) -> None:
    assert any(number in clause for clause in cut(f"一共大概是{number}左右。然后呢？", step))


@pytest.mark.parametrize("step", [1, 3, 100])
def test_an_address_is_never_cut(step: int) -> None:
    clauses = cut("请打开https://a.example.com/x?y=1&z=2:80看看。然后呢？", step)
    assert any("https://a.example.com/x?y=1&z=2:80" in clause for clause in clauses)


def test_a_clause_is_out_with_its_mark_not_one_token_later() -> None:
    splitter = ClauseSplitter(split_words)
    assert [c.text for c in splitter.feed("今天天气很好，")] == ["今天天气很好，"]


def test_text_without_marks_is_cut_between_words() -> None:
    clauses = cut("我们明天早上一起去公园散步然后去图书馆看书最后回家做饭" * 5)
    assert len(clauses) > 2
    most = [lengths.most for lengths in RAMP]
    assert all(
        len(clause) <= most[min(number, len(most) - 1)] for number, clause in enumerate(clauses)
    )
    assert not any(clause.endswith("图书") for clause in clauses)


def test_closing_quotes_stay_with_their_sentence() -> None:
    assert cut("他对我说：“我知道你会来的。”然后他就走了。", 100)[1].startswith(
        "“我知道你会来的。”"
    )


def test_five_thousand_characters_without_a_mark_are_cut() -> None:
    assert len(cut("a" * 5000, 50)) > 10


def test_a_long_text_that_comes_at_once_is_looked_at_once_not_over_and_over() -> None:
    looked_at = []

    def split(run: str) -> list[str]:
        looked_at.append(run)
        return [run[i : i + 2] for i in range(0, len(run), 2)]

    text = "今天天气很好我们去公园散步" * 400
    clauses = ClauseSplitter(split).feed(text)
    assert len(clauses) > 100
    assert sum(len(run) for run in looked_at) < 2 * len(text)


@settings(max_examples=150, deadline=None)
@given(
    st.text("今天天气好，。！？;:,. \n3.14abc“”…—😀1,0", max_size=200),
    st.lists(st.integers(1, 9), min_size=1, max_size=8),
)
def test_clauses_joined_are_the_answer(text: str, steps: list[int]) -> None:
    splitter, i, out = ClauseSplitter(split_words), 0, []
    while i < len(text):
        step = steps[i % len(steps)]
        out += splitter.feed(text[i : i + step])
        i += step
    out += splitter.finish()
    assert "".join(clause.text for clause in out) == text
    assert [c.start for c in out] == [0, *(c.end for c in out)][: len(out)]
    assert splitter.finish() == []


@pytest.mark.parametrize(
    "text",
    [
        r"所以最后算出来的结果是$\frac{1}{2}$。然后我们再看$a, b, c$三个数。",
        r"则$2x=10$，所以$x = 5$。",
        "这本书花了$5和$10，一共$15。",
        "It costs $5. The other one costs $7.50, which is more.",
        "\u4e00\u5171400000000\u4eba\uff0c\u6bd4\u4f8b\u662f1:10\u3002",
    ],
)
def test_what_comes_in_pieces_of_two_is_said_the_same(text: str) -> None:
    def said(pieces: list[str]) -> str:
        splitter = ClauseSplitter(split_words)
        clauses = [clause for piece in pieces for clause in splitter.feed(piece)]
        return "".join(normalise(clause.text) for clause in [*clauses, *splitter.finish()])

    whole = said([text])
    assert said([text[i : i + 2] for i in range(0, len(text), 2)]) == whole
    assert "frac" not in whole
    assert "$" not in whole
