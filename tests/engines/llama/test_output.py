"""An answer being decoded: what is sent, and which ids are its record."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from appliance.engines.llama.output import Output
from appliance.messages import Message, Token

PIECES = [
    b"<think>",
    b"</think>",
    b"\n\n",
    "想".encode(),
    "好".encode(),
    b"\xe4",
    b"\xbd\xa0",
    b"END",
]
THINK, DONE, BLANK, WONDER, GOOD, FIRST_HALF, SECOND_HALF, END = range(len(PIECES))


def decode(
    ids: list[int], stops: tuple[str, ...] = (), can_think: bool = True, inside: bool = False
) -> tuple[Output, list[Token]]:
    sent: list[Message] = []
    output = Output(1, sent.append, PIECES.__getitem__, stops, can_think, inside)
    for token in ids:
        output.add(token)
        if output.stopped:
            break
    output.finish()
    return output, [message for message in sent if isinstance(message, Token)]


def test_the_record_of_an_answer_has_none_of_the_thought_before_it() -> None:
    output, sent = decode([THINK, BLANK, WONDER, WONDER, DONE, BLANK, GOOD, GOOD])
    assert output.text == "好好"
    assert output.answer_ids == [GOOD, GOOD]
    assert [(one.text, one.thought) for one in sent] == [
        ("想", True),
        ("想", True),
        ("好", False),
        ("好", False),
    ]


def test_a_thought_opened_by_the_prompt_is_no_part_of_the_record() -> None:
    output, _ = decode([WONDER, DONE, GOOD], inside=True)
    assert (output.text, output.answer_ids) == ("好", [GOOD])


def test_a_thought_that_never_ends_leaves_an_empty_answer() -> None:
    output, sent = decode([THINK, WONDER, WONDER])
    assert (output.text, output.answer_ids) == ("", [])
    assert all(one.thought for one in sent)


def test_an_answer_without_thought_is_recorded_from_its_first_id() -> None:
    output, _ = decode([FIRST_HALF, SECOND_HALF, GOOD])
    assert (output.text, output.answer_ids) == ("你好", [FIRST_HALF, SECOND_HALF, GOOD])


def test_half_a_character_at_the_end_is_not_shown() -> None:
    _, sent = decode([GOOD, FIRST_HALF])
    assert [one.text for one in sent] == ["好"]


def test_a_stop_text_ends_the_answer_and_is_not_shown() -> None:
    output, sent = decode([GOOD, END, GOOD], stops=("END",))
    assert output.stopped
    assert "".join(one.text for one in sent) == "好"


@given(ids=st.lists(st.integers(0, len(PIECES) - 1)), can_think=st.booleans())
def test_what_is_sent_is_the_answer_and_counts_never_go_back(
    ids: list[int], can_think: bool
) -> None:
    output, sent = decode(ids, stops=("ENDEND",), can_think=can_think)
    assert "".join(one.text for one in sent if not one.thought) == output.text
    assert [one.count for one in sent] == sorted(one.count for one in sent)
    assert all(one.text for one in sent)
