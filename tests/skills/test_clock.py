"""The time and the date are told from the clock."""

from datetime import datetime

import pytest

from appliance.skills.clock import Clock
from appliance.skills.skill import Said
from ui.strings import Language

NOON = datetime(2026, 11, 23, 12, 5)


def reply(text, language=Language.ZH, now=NOON):
    return Clock().claim(Said(text, language, now)).reply


def test_the_time_is_told_in_the_language_of_the_interface_whatever_it_is_asked_in():
    assert reply("what time is it") == reply("几点了") == "现在是12点5分。"
    assert reply("几点了", Language.EN) == "It's 12:05."
    assert reply("几点了", now=NOON.replace(minute=0)) == "现在是12点整。"


def test_the_date_is_told_with_its_weekday():
    assert reply("今天几号") == "今天是2026年11月23日，星期一。"
    assert reply("what's the date today", Language.EN) == "Today is Monday, November 23, 2026."


@pytest.mark.parametrize("text", ["几点了", "今天几号"])
def test_a_clock_that_was_never_set_says_so_and_guesses_nothing(text):
    assert "不知道" in reply(text, now=None)
    assert reply(text, Language.EN, None) == "My clock isn't set, so I don't know the time or date."
