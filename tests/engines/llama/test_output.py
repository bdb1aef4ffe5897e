"""An answer being decoded: what is sent, and which ids are its record."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from appliance.engines.llama.endings import Endings
from appliance.engines.llama.marks import Pair, thought_marks
from appliance.engines.llama.output import Output, Rules
from appliance.engines.llama.wrappers import Wrappers
from appliance.messages import Message, Retract, Token

PIECES = [
    "<think>",
    "</think>",
    "\n\n",
    "想",
    "好",
    b"\xe4",
    b"\xbd\xa0",
    "END",
    "[THINK]",
    "[/THINK]",
    "<|turn|>",
]
THINK, DONE, BLANK, WONDER, GOOD, FIRST_HALF, SECOND_HALF, END, PONDER, SPEAK, TURN = range(11)
CONTROL = (PONDER, SPEAK, TURN)


class Pieces:
    """A vocabulary of the pieces above; the last three are control tokens."""

    def piece(self, token: int) -> bytes:
        piece = PIECES[token]
        return b"" if token in CONTROL else piece if isinstance(piece, bytes) else piece.encode()

    def control_text(self, token: int) -> str:
        return str(PIECES[token])

    def is_mark(self, token: int) -> bool:
        return token in (THINK, DONE, *CONTROL)


def decode(
    ids: list[int], stops: tuple[str, ...] = (), opened: Pair | None = None, question: str = ""
) -> tuple[Output, list[Token]]:
    """What became of the ids; a retraction makes thoughts of the tokens before it."""
    sent: list[Token] = []

    def take(message: Message) -> None:
        if isinstance(message, Token):
            sent.append(message)
        elif isinstance(message, Retract):
            sent[:] = [Token(one.turn, one.text, one.count, True) for one in sent]

    marks = thought_marks(Wrappers("", "", "", "", "", ""))
    rules = Rules(Pieces(), marks, Endings(frozenset([TURN]), stops))
    output = Output(1, take, rules, opened, question)
    for token in ids:
        output.add(token)
        if output.stopped:
            break
    output.finish()
    return output, sent


def test_the_record_of_an_answer_has_none_of_the_thought_before_it() -> None:
    for first, last in ((THINK, DONE), (PONDER, SPEAK)):
        output, sent = decode([first, BLANK, WONDER, WONDER, last, BLANK, GOOD, GOOD])
        assert output.text == "好好"
        assert output.answer_ids == [GOOD, GOOD]
        assert [(one.text, one.thought) for one in sent] == [
            ("想", True),
            ("想", True),
            ("好", False),
            ("好", False),
        ]


def test_a_thought_opened_by_the_prompt_is_no_part_of_the_record() -> None:
    output, _ = decode([WONDER, DONE, GOOD], opened=Pair("<think>", core="think"))
    assert (output.text, output.answer_ids) == ("好", [GOOD])


def test_a_thought_that_never_ends_leaves_an_empty_answer() -> None:
    output, sent = decode([THINK, WONDER, WONDER])
    assert (output.text, output.answer_ids) == ("", [])
    assert all(one.thought for one in sent)


def test_a_thought_that_nobody_opened_is_taken_back_when_it_ends() -> None:
    for last in (DONE, SPEAK):
        output, sent = decode([WONDER, WONDER, last, BLANK, GOOD])
        assert (output.text, output.answer_ids) == ("好", [GOOD])
        assert [one.thought for one in sent] == [True, True, False]


def test_a_control_token_opens_a_thought_anywhere() -> None:
    output, sent = decode([GOOD, PONDER, WONDER, SPEAK, GOOD])
    assert output.text == "好好"
    assert [one.thought for one in sent] == [False, True, False]


def test_an_answer_without_thought_is_recorded_from_its_first_id() -> None:
    output, _ = decode([FIRST_HALF, SECOND_HALF, GOOD])
    assert (output.text, output.answer_ids) == ("你好", [FIRST_HALF, SECOND_HALF, GOOD])


def test_half_a_character_at_the_end_is_not_shown() -> None:
    _, sent = decode([GOOD, FIRST_HALF])
    assert [one.text for one in sent] == ["好"]


def test_a_stop_text_or_the_mark_of_a_turn_ends_the_answer_and_is_not_shown() -> None:
    for end in (END, TURN):
        output, sent = decode([GOOD, end, GOOD], stops=("END",))
        assert output.stopped
        assert "".join(one.text for one in sent) == "好"


def test_a_stop_text_in_a_thought_ends_nothing() -> None:
    output, _ = decode([THINK, END, DONE, GOOD, END, GOOD], stops=("END",))
    assert output.text == "好"


@given(ids=st.lists(st.integers(0, len(PIECES) - 1)))
def test_what_is_sent_is_the_answer_and_counts_never_go_back(ids: list[int]) -> None:
    output, sent = decode(ids, stops=("ENDEND",))
    assert "".join(one.text for one in sent if not one.thought) == output.text
    assert [one.count for one in sent] == sorted(one.count for one in sent)
    assert all(one.text for one in sent)
