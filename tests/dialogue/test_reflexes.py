"""When the skills are loaded: beside the loop after the first screen, or by a question."""

import asyncio

import pytest

from appliance.dialogue import reflexes
from appliance.dialogue.question import Question
from tests.dialogue.rig import Box


@pytest.fixture
def rig(engine, monkeypatch):
    monkeypatch.setattr(reflexes, "FIRST_SCREEN", 0.0)
    return Box(engine)


@pytest.fixture
def started(monkeypatch):
    """The boxes that skills were started with."""
    boxes = []
    monkeypatch.setattr(reflexes.Skills, "start", lambda _self, box: boxes.append(box))
    return boxes


def test_skills_are_started_once_they_are_loaded(rig, started):
    asyncio.run(rig.conductor.reflexes.load())
    assert len(started) == 1


def test_a_question_before_they_are_loaded_is_answered_all_the_same(rig, started):
    given = []
    rig.conductor.reflexes.answer(Question("三加五等于几"), given.append)
    assert len(started) == 1
    assert "8" in given[0]


def test_skills_that_a_question_loaded_are_not_started_again(rig, started):
    assert rig.conductor.reflexes.claims(Question("三加五等于几"))
    asyncio.run(rig.conductor.reflexes.load())
    assert len(started) == 1
