"""A LoRA adapter comes and goes while the model stays loaded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from appliance.engines.llama.engine import LlamaEngine
from appliance.engines.llm import LlmError
from appliance.messages import Adapt, Ask, Message, Sampling, Token
from tests.tiny.llama import write_model
from tests.tiny.lora import write_lora

MakeEngine = Callable[..., LlamaEngine]
GREEDY = Sampling(temperature=0.0, repeat_penalty=1.0)
SYSTEM = "你是小鹿，用一句话回答，不用列表。"


def ask(engine: LlamaEngine, question: str = "hello") -> tuple[str, int]:
    """The answer, and how many tokens of the prompt needed no evaluation."""
    texts: list[str] = []

    def take(message: Message) -> None:
        if isinstance(message, Token):
            texts.append(message.text)

    engine.begin(1)
    answered = engine.answer(Ask(1, SYSTEM, (), question, 16, False, GREEDY), take)
    return "".join(texts), answered.tokens_reused


@pytest.fixture
def lora(tmp_path: Path) -> str:
    return str(write_lora(tmp_path / "lora.gguf"))


def test_it_changes_the_answer_and_detached_the_model_answers_as_before(
    make_engine: MakeEngine, lora: str
) -> None:
    engine = make_engine()
    plain, _ = ask(engine)
    engine.adapt(Adapt(lora))
    changed, reused = ask(engine)
    assert changed != plain
    assert reused == 0  # nothing that the plain model evaluated is used
    engine.adapt(Adapt(""))
    assert ask(engine) == (plain, 0)


def test_attached_at_the_start_or_later_it_answers_the_same(
    make_engine: MakeEngine, lora: str
) -> None:
    later = make_engine()
    later.adapt(Adapt(lora))
    assert ask(make_engine(adapter=lora)) == ask(later)


def test_its_scale_counts_and_none_is_the_plain_model(make_engine: MakeEngine, lora: str) -> None:
    engine = make_engine()
    plain, _ = ask(engine)
    answers = []
    for scale in (1.0, 0.25, 0.0):
        engine.adapt(Adapt(lora, scale))
        answers.append(ask(engine)[0])
    assert len(set(answers)) > 1
    assert answers[-1] == plain


def test_attached_once_more_it_throws_nothing_away(make_engine: MakeEngine, lora: str) -> None:
    engine = make_engine()
    engine.adapt(Adapt(lora))
    ask(engine)
    engine.adapt(Adapt(lora))
    assert ask(engine)[1] > 0


def test_each_adapter_has_saved_states_of_its_own(
    make_engine: MakeEngine, lora: str, tmp_path: Path
) -> None:
    states = tmp_path / "states"
    engine = make_engine(state_directory=str(states))
    ask(engine)
    engine.tidy(lambda: False)
    engine.adapt(Adapt(lora))
    assert ask(engine)[1] == 0
    engine.tidy(lambda: False)
    assert len(list(states.glob("*.kv"))) == 2
    assert ask(make_engine(state_directory=str(states), adapter=lora))[1] > 0


@pytest.mark.parametrize("damage", ["missing", "cut", "a model", "other kind", "other model"])
def test_one_that_cannot_be_used_is_refused_and_the_one_before_stays(
    make_engine: MakeEngine, lora: str, tmp_path: Path, damage: str
) -> None:
    path = tmp_path / "bad.gguf"
    match damage:
        case "cut":
            path.write_bytes(Path(lora).read_bytes()[:-2000])
        case "a model":
            write_model(path)
        case "other kind":
            write_lora(path, **{"adapter.type": "control-vector"})
        case "other model":
            write_lora(path, **{"general.architecture": "qwen2"})
    engine = make_engine()
    engine.adapt(Adapt(lora))
    expected, _ = ask(engine)
    with pytest.raises(LlmError) as refused:
        engine.adapt(Adapt(str(path)))
    assert refused.value.code == "adapter-refused"
    assert ask(engine)[0] == expected


@pytest.mark.parametrize("scale", [float("nan"), float("inf"), float("-inf"), 1e30, -11.0])
def test_a_scale_that_makes_nonsense_of_every_answer_is_refused(
    make_engine: MakeEngine, lora: str, scale: float
) -> None:
    engine = make_engine()
    expected, _ = ask(engine)
    with pytest.raises(LlmError) as refused:
        engine.adapt(Adapt(lora, scale))
    assert refused.value.code == "adapter-refused"
    assert ask(engine)[0] == expected


def test_a_start_without_a_usable_adapter_is_a_start_with_a_warning(
    make_engine: MakeEngine, tmp_path: Path
) -> None:
    engine = make_engine(adapter=str(tmp_path / "none.gguf"))
    assert "adapter" in engine.loaded.warnings[0]
    assert ask(engine)[0] == ask(make_engine())[0]
