"""What happens in the dialogue: one thing after the other, each done with before the next."""

import pytest

from appliance.dialogue.events import Events
from appliance.dialogue.question import Question
from appliance.dialogue.tables import InputEvent, TurnEvent


@pytest.fixture
def events():
    events = Events()
    events.log = []
    events.take = lambda happened: events.log.append(happened.event.name)
    events.settled = lambda: events.log.append("settled")
    return events


def test_an_event_is_taken_at_once_with_what_it_carries(events):
    taken = []
    events.take = taken.append
    events.post(InputEvent.SEND, Question("你好"))
    assert [(it.event, it.question) for it in taken] == [(InputEvent.SEND, Question("你好"))]


def test_what_is_posted_while_one_is_taken_comes_after_it_and_nobody_looks_in_between(events):
    def take(happened):
        if happened.event is InputEvent.SEND:
            events.post(TurnEvent.ASK)
            events.post(TurnEvent.TOKEN)
        events.log.append(happened.event.name)

    events.take = take
    events.post(InputEvent.SEND)
    assert events.log == ["SEND", "ASK", "TOKEN", "settled"]


def test_of_what_follows_from_a_step_that_failed_nothing_is_done(events):
    def take(happened):
        events.post(TurnEvent.TOKEN)
        raise ValueError("a mistake")

    good = events.take
    events.take = take
    with pytest.raises(ValueError, match="a mistake"):
        events.post(TurnEvent.ASK)
    events.take = good
    events.post(TurnEvent.STOP)
    assert events.log == ["STOP", "settled"]
