"""The latency page: the last turn, then those before it."""

from types import SimpleNamespace

import pytest

from appliance.dialogue.timing import Timing
from appliance.memory.conversations import StoredTurn
from appliance.pages.context import Context
from appliance.pages.latency import LatencyPage
from ui.strings import Language
from ui.strings import text as ui_text


class FakeStore:
    def __init__(self, turns):
        self._turns = turns

    def latest_turns(self, then):
        then(self._turns)


def page_of(turns, answer=None):
    conductor = SimpleNamespace(
        language=Language.EN,
        answer=answer,
        teller=SimpleNamespace(say=lambda key: ui_text(key, Language.EN)),
    )
    app = SimpleNamespace(conductor=conductor, changed=lambda: None)
    return LatencyPage(Context(app, None, FakeStore(turns), None))


OLD = StoredTurn("Old?", "Yes.", timings={"first_token": 0.5, "whole": 1.25, "of-old": 9.0})
NEW = StoredTurn("New?", "Yes.", timings={"first_token": 0.25})
LIVE = SimpleNamespace(timing=Timing(), stats=None, kept=True)
LIVE.timing.sent, LIVE.timing.first_token = 10.0, 10.125


def rows(page):
    return {row.label: row.value for row in page.view().rows}


def test_each_turn_has_its_breakdown_the_latest_first():
    page = page_of([NEW, OLD], LIVE)
    assert rows(page) == {"First token": "0.12 s"}
    page.enter()
    assert page.view().title == "Old?"
    assert rows(page) == {"First token": "0.50 s", "In all": "1.25 s"}
    page.enter()
    assert rows(page) == {"First token": "0.12 s"}


@pytest.mark.parametrize("turns", [[], [StoredTurn("?", "!")]])
def test_without_a_measure_it_says_so(turns):
    page = page_of(turns)
    assert rows(page) == {"No answer yet": ""}
    page.enter()
    assert len(page.view().rows) == 1
    page.move(1)
    assert page.view().first == 0
