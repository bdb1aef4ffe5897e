"""Marks of thoughts and turns, as models and people write them: a whole engine reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from appliance.engines.llama.engine import LlamaEngine
from appliance.engines.llama.model import Model
from appliance.engines.llama.prompt import PromptBuilder
from appliance.engines.llama.template import FAMILIES
from appliance.engines.llm import LlmError
from appliance.messages import Ask, Exchange, Score
from tests.tiny.llama import CHATML, metadata, pack, tensors
from tests.tiny.speaker import Speaker

MakeSpeaker = Callable[..., Speaker]
ALWAYS_THINKS = (
    "{% for m in messages %}<|im_start|>{{ m.content }}<|im_end|>{% endfor %}<|im_start|><think>\n"
)
MARKED = "A<think>B</think>C"


@pytest.fixture
def speaker(tmp_path: Path) -> Iterator[MakeSpeaker]:
    """Engines that say what they are told to; closed at the end."""
    engines: list[LlamaEngine] = []

    def make(template: str | None, *vocabulary: tuple[str, ...], **options: object) -> Speaker:
        made = Speaker(tmp_path, template, *vocabulary, **options)
        engines.append(made.engine)
        return made

    yield make
    for engine in engines:
        engine.close()


# ---------------------------------------------------------------- thoughts


@pytest.mark.parametrize("thinking", [False, True])
def test_a_thought_that_the_template_opens_is_none_of_the_answer_whatever_the_switch(
    speaker: MakeSpeaker, thinking: bool
) -> None:
    one = speaker(ALWAYS_THINKS)
    answered = one.say(["想一想", "</think>", "\n\n你好"], thinking=thinking)
    assert (one.thought, one.answer) == ("想一想", "你好")
    assert one.spelled(answered.ids) == "你好"


@pytest.mark.parametrize("thinking", [False, True])
@pytest.mark.parametrize("marks", [("<think>", "</think>"), (b"<think>", b"</think>")])
def test_a_thought_that_the_model_opens_is_none_of_the_answer_whatever_it_is_made_of(
    speaker: MakeSpeaker, thinking: bool, marks: tuple[str, str]
) -> None:
    one = speaker(CHATML)
    answered = one.say([marks[0], "想一想", marks[1], "\n\n你好"], thinking=thinking)
    assert (one.thought, one.answer) == ("想一想", "你好")
    assert one.spelled(answered.ids) == "你好"


def test_a_length_that_is_spent_in_the_thought_leaves_no_answer(speaker: MakeSpeaker) -> None:
    for one, script in (
        (speaker(ALWAYS_THINKS), ["想一想一想一想"]),
        (speaker(CHATML), ["<think>", "想一想一想一想"]),
    ):
        answered = one.say(script, limit=10)
        assert (one.answer, answered.ids, answered.reason) == ("", b"", "length")
        assert one.thought.startswith("想一")


def test_channels_of_control_tokens_are_read_even_where_their_end_ends_texts(
    speaker: MakeSpeaker,
) -> None:
    control = (
        "<|startoftext|>",
        "<|start|>",
        "<|channel|>",
        "<|message|>",
        "<|end|>",
        "<|return|>",
    )
    template = (
        "{% for m in messages %}<|start|>{{ m.role }}"
        "{% if m.role == 'assistant' %}<|channel|>final{% endif %}"
        "<|message|>{{ m.content }}<|end|>{% endfor %}<|start|>assistant"
    )
    one = speaker(template, control, ())
    say = ["<|channel|>", "analysis", "<|message|>", "想", "<|end|>", "<|start|>", "assistant"]
    answered = one.say([*say, "<|channel|>", "final", "<|message|>", "你好"])
    assert (one.thought, one.answer, answered.reason) == ("想", "你好", "stop")
    assert one.spelled(answered.ids) == "你好"
    answered = one.say(
        [*say, "<|channel|>", "final", "<|message|>", "你好", "<|end|>", "<|start|>"]
    )
    assert (one.answer, answered.reason) == ("你好", "stop")
    one.say(say)
    assert (one.thought, one.answer) == ("想", "")


def test_marks_that_the_catalogue_names_are_used(speaker: MakeSpeaker) -> None:
    one = speaker(CHATML, think_open="((", think_close="))")
    one.say(["((想))好"])
    assert (one.thought, one.answer) == ("想", "好")


# ---------------------------------------------------------------- turns


PLAIN = ("<|endoftext|>",)
ALPACA = (
    "{{ messages[0].content }}\n\n{% for m in messages[1:] %}{% if m.role == 'user' %}"
    "### Instruction:\n{{ m.content }}\n\n### Response:\n"
    "{% else %}{{ m.content }}\n\n{% endif %}{% endfor %}"
)
VICUNA = (
    "{% for m in messages %}{% if m.role == 'user' %}USER: {{ m.content }}\nASSISTANT:"
    "{% elif m.role == 'assistant' %} {{ m.content }}\n{% else %}{{ m.content }}\n"
    "{% endif %}{% endfor %}"
)
ROUNDS = (
    "{% for m in messages %}{% if m.role == 'user' %}[Round]\n\n问：{{ m.content }}\n\n答："
    "{% else %}{{ m.content }}\n\n{% endif %}{% endfor %}"
)
VICUNA_ON_ONE_LINE = (
    "{% for m in messages %}{% if m.role == 'user' %}USER: {{ m.content }} ASSISTANT:"
    "{% elif m.role == 'assistant' %} {{ m.content }}</s>{% else %}{{ m.content }} "
    "{% endif %}{% endfor %}"
)
DEEPSEEK = (
    "{% for m in messages %}{% if m.role == 'user' %}<｜User｜>{{ m.content }}<｜Assistant｜>"
    "{% else %}{{ m.content }}{% endif %}{% endfor %}"
)
BAICHUAN = (
    "{% for m in messages %}{% if m.role == 'user' %}[|Human|]: {{ m.content }}\n[|AI|]:"
    "{% elif m.role == 'assistant' %} {{ m.content }}\n{% else %}{{ m.content }}\n"
    "{% endif %}{% endfor %}"
)
LLAMA2 = (
    "{% for m in messages %}{% if m.role == 'system' %}<<SYS>>{{ m.content }}<</SYS>>"
    "{% elif m.role == 'user' %}[INST] {{ m.content }} [/INST]"
    "{% else %} {{ m.content }} </s>{% endif %}{% endfor %}"
)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        (CHATML, "好的。<|im_end|>\n<|im_start|>user\n再见"),
        (CHATML, "好的。\n<|im_start|>user\n再见"),
        (CHATML, "好的。<|im_start|>"),
        (ALPACA, "好的。\n\n### Instruction:\n再见"),
        (ALPACA, "好的。\n### Response:\n再见"),
        (VICUNA, " 好的。\nUSER: 再见"),
        (VICUNA, " 好的。\nASSISTANT: 再见"),
        (ROUNDS, "好的。\n\n[Round]\n\n问：再见"),
        (LLAMA2, " 好的。 [INST] 再见"),
        (LLAMA2, " 好的。</s>[INST] 再见"),
        (VICUNA_ON_ONE_LINE, "好的。</s>USER: 再见"),
        (VICUNA_ON_ONE_LINE, "好的。 USER: 再见"),
        (DEEPSEEK, "好的。<｜User｜>再见"),
        (BAICHUAN, "好的。\n[|Human|]: 再见"),
        ("continuation", "好的。\n问：再见"),
    ],
)
def test_the_mark_of_the_next_turn_ends_the_answer_where_it_is_plain_text(
    speaker: MakeSpeaker, template: str, said: str
) -> None:
    one = speaker(None if template == "continuation" else template, PLAIN, ())
    answered = one.say([said])
    assert (one.answer, answered.reason) == ("好的。", "stop")


def test_the_mark_of_the_next_turn_ends_the_answer_where_no_end_token_is_set_right(
    speaker: MakeSpeaker,
) -> None:
    template = (
        "{% for m in messages %}<|turn|>{{ m.role }}\n{{ m.content }}<|over|>{% endfor %}<|turn|>"
    )
    for kind in (
        (("<|bos|>", "<|turn|>", "<|over|>", "<|eos|>"), ()),
        (("<|bos|>", "<|eos|>"), ("<|turn|>", "<|over|>")),
    ):
        one = speaker(template, *kind)
        for mark in ("<|over|>", "<|turn|>"):
            answered = one.say(["好的。", mark, "user\n再见"])
            assert (one.answer, answered.reason) == ("好的。", "stop")


def test_a_turn_that_ends_in_plain_text_ends_a_thought_too(speaker: MakeSpeaker) -> None:
    one = speaker(CHATML, PLAIN, ())
    answered = one.say(["<think>想<|im_end|>\n<|im_start|>user\n再见"])
    assert (one.thought, one.answer, answered.reason) == ("想", "", "stop")


def test_text_that_only_looks_like_the_mark_of_a_turn_ends_nothing(speaker: MakeSpeaker) -> None:
    one = speaker(VICUNA, PLAIN, ())
    one.say(["在 USER: 之后写名字。\nUSERS 是复数。"])
    assert one.answer == "在 USER: 之后写名字。\nUSERS 是复数。"


# ---------------------------------------------------------------- what people write


@pytest.mark.parametrize("kinds", [((), ("<think>", "</think>")), (("<think>", "</think>"), ())])
def test_a_question_with_marks_in_it_is_text_and_its_repetition_is_shown_whole(
    speaker: MakeSpeaker, kinds: tuple[tuple[str, ...], tuple[str, ...]]
) -> None:
    control, user_defined = kinds
    one = speaker(CHATML, ("<|endoftext|>", "<|im_start|>", *control, "<|im_end|>"), user_defined)
    model, builder = one.engine._model, one.engine._builder
    ids = set(one.ids(["<think>", "</think>"]))
    history = (Exchange(MARKED, MARKED, b""),)
    tokens = builder.build(MARKED, history, MARKED, 64).tokens
    assert not ids & set(tokens)
    spelled = b"".join(map(model.piece, tokens)).decode()
    assert spelled.count(MARKED) == 4
    for script in ([MARKED], ["A", "<think>", "B", "</think>", "C"] if user_defined else [MARKED]):
        answered = one.say(script, question=f"请重复 {MARKED}")
        assert one.answer == MARKED
        assert not ids & set(one.engine._model.tokenize(one.spelled(answered.ids), control=False))


@pytest.mark.parametrize(
    "text", ["<|im_end|>", "A<|im_start|>system\nB", "<|endoftext|>", "<think>", "<<think>think>"]
)
def test_any_mark_that_is_typed_is_spelled_and_nothing_of_it_is_lost(
    speaker: MakeSpeaker, text: str
) -> None:
    one = speaker(CHATML, stops=("<|im_end|>", "<|endoftext|>"))
    model = one.engine._model
    tokens = model.tokenize(text, control=False)
    assert not any(map(model.is_mark, tokens))
    assert b"".join(map(model.piece, tokens)).decode() == text
    answered = one.say([text.encode()], question=f"请重复 {text}")
    assert (one.answer, answered.reason) == (text, "stop")


def test_blanks_and_single_characters_that_are_tokens_of_their_own_stay_so(
    speaker: MakeSpeaker,
) -> None:
    one = speaker(CHATML, PLAIN, ("\n\n", "囍"))
    assert one.engine._model.tokenize("\n\n囍", control=False) == one.ids(["\n\n", "囍"])


# ---------------------------------------------------------------- templates that are refused

NUMBERED = (
    "{% for m in messages %}[{{ loop.index }}]{{ m.role }}:{{ m.content }};{% endfor %}"
    "{% if add_generation_prompt %}assistant:{% endif %}"
)


@pytest.mark.parametrize(
    ("template", "instead"),
    [
        (NUMBERED, "a guess at it"),
        ("{% for m in messages %}<|im_start|>", "chatml"),
        ("{% nonsense %}", "continuation"),
    ],
)
def test_a_model_whose_template_is_refused_loads_all_the_same_and_says_with_what(
    speaker: MakeSpeaker, template: str, instead: str
) -> None:
    one = speaker(template, PLAIN, ())
    assert one.engine.loaded.detail["template"] == instead
    (warning,) = one.engine.loaded.warnings
    assert "refused" in warning and warning.endswith(f"using {instead}")
    one.say(["你好"])
    assert one.answer == "你好"


def test_a_template_that_asks_for_the_day_needs_no_family(speaker: MakeSpeaker) -> None:
    template = "{{ 'Today: ' + strftime_now('%d %B %Y') + '\n' }}" + CHATML
    one = speaker(template, PLAIN, ())
    assert (one.engine.loaded.detail["template"], one.engine.loaded.warnings) == ("own", ())


def test_a_refused_template_that_opens_a_thought_is_replaced_by_one_that_does(
    speaker: MakeSpeaker,
) -> None:
    one = speaker(
        NUMBERED.replace("assistant:{%", "<|im_start|><think>{%") + "{% nonsense %}", PLAIN, ()
    )
    assert one.engine.loaded.detail["template"] == "chatml"
    one.say(["想一想</think>你好"])
    assert (one.thought, one.answer) == ("想一想", "你好")
    assert one.parts[0] == ("想", True)


# ---------------------------------------------------------------- what others were reported for


def test_an_end_that_the_model_spells_is_not_shown_where_it_is_the_last(
    speaker: MakeSpeaker,
) -> None:
    """llama.cpp 20805, llamafile 465."""
    one = speaker(CHATML)
    one.say(["好的。 ", b"<|im_end|>\n"])
    assert one.answer == "好的。"
    one.say([b"<|im_end|> ends a turn."])
    assert one.answer == "<|im_end|> ends a turn."
    one.say(["好", b"<|im_end|>"], question="请重复 好<|im_end|>")
    assert one.answer == "好<|im_end|>"


def test_no_letter_is_taken_for_the_token_that_begins_a_text(tmp_path: Path) -> None:
    """llama-cpp-python 1561: a file that wants one and names none, or one that is not there."""
    for named in ({}, {"tokenizer.ggml.bos_token_id": 4_000_000}):
        entries = {**metadata(), "tokenizer.ggml.add_bos_token": True}
        del entries["tokenizer.ggml.bos_token_id"]
        path = tmp_path / "model.gguf"
        path.write_bytes(pack(entries | named, tensors()))
        model = Model(path)
        builder = PromptBuilder(model, FAMILIES["chatml"][1], 512)
        assert model.wants_begin
        assert model.is_mark(builder.system("s")[0])
        model.close()


def test_a_model_that_computes_no_numbers_is_called_damaged(
    make_engine: Callable[..., LlamaEngine], tmp_path: Path
) -> None:
    """exllama 222: no row of exclamation marks, and nothing is put first by it."""
    weights = tensors()
    weights["output.weight"][:] = float("nan")
    path = tmp_path / "nan.gguf"
    path.write_bytes(pack(metadata(), weights))
    engine = make_engine(model=str(path))
    assert engine.score(Score(1, "s", (), ("a", "b"))) == ()
    engine.begin(1)
    with pytest.raises(LlmError) as refused:
        engine.answer(Ask(1, "s", (), "q"), lambda message: None)
    assert refused.value.code == "model-corrupt"


def test_a_cache_type_that_a_model_does_not_take_is_replaced_and_told(
    make_engine: Callable[..., LlamaEngine],
) -> None:
    """llama.cpp 10378, 12033, 13121."""
    engine = make_engine(kv_type_v="q8_0", flash_attention=False)
    (warning,) = engine.loaded.warnings
    assert "flash_attn" in warning and "the cache is f16" in warning
