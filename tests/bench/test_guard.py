"""The quality guard on the default model: a dozen questions here, all in `make test-long`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from appliance.engines.llama.engine import LlamaEngine
from appliance.engines.llm import LlmOptions
from appliance.models.errors import ModelError
from appliance.personas.persona import system_prompt
from bench.default_llm import default_llm
from bench.guard import Question, judge, questions, summary

pytestmark = pytest.mark.models

FACT = Question(kind="fact", ask="中国的首都是哪里？", any=("北京",), most=20)


@pytest.fixture(scope="module")
def engine() -> Iterator[LlamaEngine]:
    try:
        path = default_llm()
    except ModelError as error:
        pytest.skip(str(error))
    engine = LlamaEngine(LlmOptions(str(path), context=1024))
    yield engine
    engine.close()


@pytest.mark.parametrize(
    ("answer", "reason", "complaint"),
    [
        ("是北京。", "stop", ""),
        ("是上海。", "stop", "wrong"),
        ("**北京**", "stop", "holds '**'"),
        ("北京", "length", "ended by length"),
        ("北京，" * 10, "stop", "30 characters"),
    ],
)
def test_an_answer_is_judged_by_its_words_its_marks_its_length_and_its_end(
    answer: str, reason: str, complaint: str
) -> None:
    assert FACT.complaint(answer, reason) == complaint


def test_there_are_enough_questions_of_every_kind_and_each_is_asked_once() -> None:
    asked = questions()
    assert len(asked) >= 60
    assert len({question.ask for question in asked}) == len(asked)
    assert sum(question.dozen for question in asked) == 12
    kinds = [question.kind for question in asked]
    for kind in ("fact", "instruction", "refusal", "length", "plain", "told"):
        assert kinds.count(kind) >= 5


def test_of_a_dozen_questions_three_quarters_are_answered_right_briefly_and_plainly(
    engine: LlamaEngine,
) -> None:
    dozen = [question for question in questions() if question.dozen]
    verdicts = list(judge(engine, dozen, system_prompt("zh")))
    assert sum(not one.complaint for one in verdicts) >= 9, summary(verdicts)["failed"]


@pytest.mark.long
def test_of_all_questions_four_in_five_are_answered_right_briefly_and_plainly(
    engine: LlamaEngine,
) -> None:
    result: dict[str, Any] = summary(list(judge(engine, questions(), system_prompt("zh"))))
    assert result["score"] >= 0.8, result["failed"]
