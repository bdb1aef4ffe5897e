"""What the user is told when an engine runs in a leaner way."""

import pytest

from appliance.engines import native_build
from appliance.engines.llm import LlmOptions
from appliance.front.engine_news import EngineNews
from appliance.supervision.narrowing import Narrowing
from appliance.workers.deaths import Death

DEATH = Death("work", "SIGSEGV")


class Box:
    def __init__(self, place):
        self.narrowing = Narrowing(place, lambda name: "here")
        self.notes, self.pages = [], []
        self.news = EngineNews(
            self.narrowing,
            lambda name, death: bool(
                self.narrowing.narrow(name, LlmOptions("m", threads=2), str(death))
            ),
            self.notes.append,
            lambda title, text: self.pages.append(text),
        )


@pytest.fixture
def box(tmp_path):
    return Box(tmp_path / "engines.json")


def test_a_note_says_that_another_way_is_tried(box):
    assert box.news.leaner("llm", DEATH)
    assert box.notes == ["toast.leaner"]
    assert box.pages == []


def test_the_cost_is_told_when_the_way_has_proven_itself_and_only_once(box):
    box.news.leaner("llm", DEATH)
    assert box.pages == []
    box.news.worked("llm")
    box.news.worked("llm")
    assert box.pages == ["lean.llm.no-repack"]


def test_nothing_is_told_of_the_fastest_way(box):
    box.news.worked("llm")
    assert box.notes == box.pages == []


def test_no_note_where_no_way_is_left(box):
    while box.news.leaner("llm", DEATH):
        pass
    assert box.notes == ["toast.leaner"] * 2


def test_a_model_engine_that_is_proven_in_no_way_is_to_be_compiled_plainly(
    box, monkeypatch, tmp_path
):
    monkeypatch.setattr(native_build, "PLAIN_WISH", tmp_path / "wish")
    while box.news.unproven("llm", "SIGSEGV (decode)"):
        assert not native_build.wants_plain()
    assert native_build.wants_plain()
