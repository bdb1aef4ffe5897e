"""A thought is never the answer, and the answer is never taken for a thought."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.engines.llama.marks import Pair, thought_marks
from appliance.engines.llama.template import reduce
from appliance.engines.llama.thoughts import ThoughtSplitter
from appliance.engines.llama.wrappers import Wrappers

NO_TEMPLATE = Wrappers("", "", "", "", "", "")
CUTS = st.lists(st.integers(0, 10_000), max_size=12)
THINK = Pair("<think>", core="think")


def chop(text: str, cuts: list[int]) -> list[str]:
    edges = [0, *sorted(cut % (len(text) + 1) for cut in cuts), len(text)]
    return [text[start:end] for start, end in itertools.pairwise(edges)]


def split(
    pieces: list[str],
    opened: Pair | None = None,
    question: str = "",
    whole: bool = True,
    wrappers: Wrappers = NO_TEMPLATE,
    named: tuple[str, str] = ("", ""),
) -> tuple[str, str]:
    """Thought and answer, as they stand in the end."""
    splitter = ThoughtSplitter(thought_marks(wrappers, named), opened, question)
    thought = answer = ""
    for part in [part for piece in pieces for part in splitter.add(piece)] + splitter.finish(whole):
        if part.undoes:
            thought, answer = thought + answer, ""
        elif part.thought:
            thought += part.text
        else:
            answer += part.text
    return thought, answer


MADE_ALIKE = [
    "<think>|</think>",
    "<thinking>|</thinking>",
    "<Thought>|</Thought>",
    "<reasoning>|</reasoning>",
    "[THINK]|[/THINK]",
    "<seed:think>|</seed:think>",
    "<mm:think>|</mm:think>",
    "<think:opensource>|</think:opensource>",
    "<|begin_of_thought|>|<|end_of_thought|>",
    "<|START_THINKING|>|<|END_THINKING|>",
    "<|think_start|>|<|think_end|>",
    "<|thinking|>|<|/thinking|>",
    "<｜think｜>|<｜/think｜>",
    "◁think▷|◁/think▷",
    "<|channel>thought\n|<channel|>",
    "<|channel|>analysis<|message|>|<|end|><|start|>assistant<|channel|>final<|message|>",
    "Here is my thought process:\n|Here is my response:",
]


@pytest.mark.parametrize("marks", MADE_ALIKE)
@given(cuts=CUTS)
def test_a_thought_is_told_from_the_answer_whatever_its_marks_and_however_they_are_cut(
    marks: str, cuts: list[int]
) -> None:
    first, last = marks.split("|", 1) if marks.count("|") == 1 else _halves(marks)
    assert split(chop(f"{first}\n先想<b\n{last}\n\n答案是<3。", cuts)) == ("先想<b\n", "答案是<3。")


def _halves(marks: str) -> tuple[str, str]:
    """Both ends of marks that have bars in them."""
    for at in (at for at, sign in enumerate(marks) if sign == "|"):
        first, last = marks[:at], marks[at + 1 :]
        if first.endswith((">", "\n")) and last.startswith("<"):
            return first, last
    raise AssertionError(marks)


@pytest.mark.parametrize("marks", MADE_ALIKE)
def test_a_thought_that_is_cut_off_leaves_no_answer(marks: str) -> None:
    first, _ = marks.split("|", 1) if marks.count("|") == 1 else _halves(marks)
    assert split([f"{first}想一想"], whole=False) == ("想一想", "")


@given(cuts=CUTS)
def test_what_the_answer_stands_in_is_no_part_of_it(cuts: list[int]) -> None:
    for first, last in (
        ("<answer>", "</answer>"),
        ("<|begin_of_solution|>", "<|end_of_solution|>"),
    ):
        text = f"<think>想</think>\n{first}\n你好<b>{last}"
        assert split(chop(text, cuts)) == ("想", "你好<b>")
    assert split(["<answer>是标签</answer>"]) == ("", "<answer>是标签</answer>")


@given(cuts=CUTS)
def test_of_several_thoughts_before_the_answer_none_is_the_answer(cuts: list[int]) -> None:
    text = "<think>一</think>\n<think>二</think>三"
    assert split(chop(text, cuts)) == ("一二", "三")


@pytest.mark.parametrize("length", range(1, 9))
def test_a_length_that_is_spent_in_the_mark_itself_leaves_no_answer(length: int) -> None:
    assert split(["<think>想</think>"[:length]], whole=False)[1] == ""
    assert split(["[THINK]想[/THINK]"[:length]], whole=False)[1] == ""


def test_a_thought_opened_by_the_prompt_is_a_thought() -> None:
    assert split(["想", "</th", "ink>好"], opened=THINK) == ("想", "好")
    assert split(["<think>想</think>好"], opened=THINK) == ("想", "好")


def test_a_thought_that_nobody_opened_is_known_by_its_end() -> None:
    assert split(["想一想", "</think>", "\n\n你好"]) == ("想一想", "你好")
    assert split(["</think>", "你好"]) == ("", "你好")


@given(cuts=CUTS)
def test_a_thought_may_interrupt_an_answer_at_a_line_of_its_own(cuts: list[int]) -> None:
    text = "好的。\n<think>\n想\n</think>\n答案"
    assert split(chop(text, cuts)) == ("想\n", "好的。\n答案")
    assert split(chop("好的。\n<think>想", cuts)) == ("", "好的。\n<think>想")
    assert split(chop("好的。\n<think>想", cuts), whole=False)[1] == "好的。\n"


@pytest.mark.parametrize(
    "text",
    [
        "DeepSeek 用 <think> 和 </think> 包住思考。",
        "写作 `</think>`。",
        "“<think>”是开头，“</think>”是结尾。",
        "```\n<think>\nx\n</think>\n```\n就是这样。",
        "[注] 3 < 5, a<b, [1] <b>粗</b>",
        "[Reasoning] 不是标记",
        "<thinking_budget>不是标记",
        "Here is my list: 一",
        "Here is my thought process: 一，二，三。",
        "<",
        "[",
    ],
)
@given(cuts=CUTS)
def test_an_answer_about_marks_is_shown_whole(text: str, cuts: list[int]) -> None:
    assert split(chop(text, cuts)) == ("", text)


@pytest.mark.parametrize(
    "quoted",
    ["A<think>B</think>C", "<think>B</think>C", "</think>", "[THINK]B[/THINK]", "A</think>B"],
)
@given(cuts=CUTS)
def test_what_repeats_the_question_is_no_thought(quoted: str, cuts: list[int]) -> None:
    assert split(chop(quoted, cuts), question=f"请重复：{quoted}") == ("", quoted)
    said = f"{quoted}。是吗？"
    assert split(chop(said, cuts), question=f"请重复：{quoted}") == ("", said)


@given(cuts=CUTS)
def test_a_model_that_thinks_about_a_question_with_marks_in_it_still_thinks(
    cuts: list[int],
) -> None:
    text = "<think>用户问的是 <think>。</think>是标签。"
    assert split(chop(text, cuts), question="<think> 是什么？") == (
        "用户问的是 <think>。",
        "是标签。",
    )
    assert split(chop("<think>B", cuts), question="<think>B</think>", whole=False) == ("B", "")


@given(cuts=CUTS)
def test_marks_that_nobody_would_guess_are_named_or_found_in_the_template(cuts: list[int]) -> None:
    text = "((ponder))想((speak))好"
    assert split(chop(text, cuts), named=("((ponder))", "((speak))")) == ("想", "好")
    template = (
        "{% for m in messages %}<{{ m.role }}>"
        "{% if m.reasoning_content %}((ponder)){{ m.reasoning_content }}((speak)){% endif %}"
        "{{ m.content }}{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}"
    )
    assert split(chop(text, cuts), wrappers=reduce(template)) == ("想", "好")


@pytest.mark.parametrize(
    ("prompt", "opens"),
    [
        ("<|im_start|>assistant\n<think>\n", True),
        ("<|im_start|>assistant\n<think>\n\n</think>\n\n", False),
        ("<|im_start|>assistant\n", False),
        ("<|Assistant|></think>", False),
        ("[THINK]", True),
        ("<|start|>assistant<|channel|>analysis<|message|>", True),
        ("<|start|>assistant<|channel|>final<|message|>", False),
        ("<|channel>thought\n<channel|>", False),
        ("<|begin_assistant|>\nHere are my reasoning steps:\n", True),
        ("<think>\nOkay, ", True),
    ],
)
def test_what_stands_before_the_answer_tells_whether_a_thought_is_open(
    prompt: str, opens: bool
) -> None:
    assert (thought_marks(NO_TEMPLATE).opened_by(prompt) is not None) == opens
