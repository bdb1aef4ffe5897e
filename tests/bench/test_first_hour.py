"""What a newcomer sees and when: read off the glass and the log."""

from bench.first_hour.__main__ import ROWS, table
from bench.first_hour.newcomer import shows, steps_in
from ui import font
from ui.framebuffer import Framebuffer

LOG = """\
2026-12-01 06:12:31,990 INFO lory.answering: turn 1: 58 tokens in (0 reused), first token 85.60 s
2026-12-01 06:12:37,714 INFO lory.answering: turn 1: first_token 85.60 s, first_clause 0.11 s, \
first_audio 4.79 s, whole 90.50 s
"""


def test_words_are_found_wherever_they_stand_on_the_glass() -> None:
    frame = Framebuffer()
    font.body().draw(frame, "说你好吗", 31, 24)
    frame.hline(31, 36, 40)  # under what is being typed
    assert shows(frame.to_bytes(), "你好")
    assert not shows(frame.to_bytes(), "你早")
    assert not shows(bytes(1024), "你好")


def test_the_steps_of_an_answer_are_those_of_the_line_that_names_them() -> None:
    assert steps_in(LOG) == {"first_token": 85.6, "first_clause": 0.11, "first_audio": 4.79}
    assert steps_in(LOG.splitlines()[0]) is None


def test_the_table_has_a_line_for_each_moment_and_a_dash_for_what_did_not_come() -> None:
    shown = table({"warm": {"panel": 14.2}}).splitlines()
    assert len(shown) == 1 + len(ROWS)
    assert "14.2" in shown[2] and shown[-2].endswith("-")
