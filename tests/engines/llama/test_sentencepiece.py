"""A vocabulary that begins every text with a space: prompts are what one tokenizing would give."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from appliance.engines.llama.model import Model
from appliance.engines.llama.prompt import PromptBuilder
from appliance.engines.llama.wrappers import Wrappers
from appliance.messages import Exchange
from tests.tiny.sentencepiece import write_sentencepiece


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Model]:
    model = Model(write_sentencepiece(tmp_path_factory.mktemp("model") / "sp.gguf"))
    yield model
    model.close()


def spelled(model: Model, tokens: list[int]) -> str:
    return b"".join(map(model.piece, tokens)).decode()


@pytest.mark.parametrize(
    "text", ["A<think>B</think>C", "<think>", "A<s>B</s>", "A B", "A\nB", "<<think>think>"]
)
def test_a_mark_that_is_typed_is_spelled_without_a_space_in_it(model: Model, text: str) -> None:
    tokens = model.tokenize(text, control=False)
    assert not any(map(model.is_mark, tokens))
    assert spelled(model, tokens) == f" {text}"
    assert spelled(model, model.tokenize(text, control=False, follows=True)) == text


def test_what_goes_on_a_text_gets_no_space_and_what_follows_a_mark_does(model: Model) -> None:
    """llama.cpp 3664, 8584."""
    wrappers = Wrappers("A:", "\nB:", "\nC:", "\nB:", "\nC:", "\nC:")
    prompt = PromptBuilder(model, wrappers, 512).build("think", (Exchange("A", "C"),), "B", 64)
    assert spelled(model, prompt.tokens) == " A:think\nB:A\nC:C\nB:B\nC:"
    marked = Wrappers("[INST]", "\n", "[INST]", "[INST]", "[INST]", "[INST]")
    prompt = PromptBuilder(model, marked, 512).build("A", (Exchange("A", "C"),), "B", 64)
    assert spelled(model, prompt.tokens) == "[INST] A\nA[INST] C[INST] B[INST]"
