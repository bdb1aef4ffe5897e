"""The LLM's second opinion on a sentence: when it is asked for, and when it comes too late."""

import pytest

from appliance.configuration.settings import Settings
from appliance.dialogue.reranker import SETTING, Reranker
from appliance.messages import Scores
from ui.input.editing.editor import Editor
from ui.input.rerank import PAUSE
from ui.keymap import Action, Intent

KEYS = "92674264743426"


class Desk:
    """An editor, a reranker, and an LLM that writes down what it is asked."""

    def __init__(self, engine):
        self.now = 100.0
        self.settings = Settings()
        self.editor = Editor(engine, lambda: self.now)
        self.asked = []
        self.has_time = True
        self.reranker = Reranker(self.editor, self.settings, self.ask)

    def ask(self, number, sentences):
        if self.has_time:
            self.asked.append((number, sentences))
        return self.has_time

    def act(self, intent, digit=-1):
        self.editor.act(Action(intent, digit))
        self.reranker.typed()

    def type(self, keys=KEYS):
        for key in keys:
            self.act(Intent.TYPE, int(key))

    def rest(self, seconds=PAUSE):
        self.now += seconds
        self.editor.tick(self.now)
        self.reranker.tick()

    def answer(self, favourite):
        number, sentences = self.asked[-1]
        scores = tuple(0.0 if n == favourite else -100.0 for n in range(len(sentences)))
        return self.reranker.scored(Scores(number, scores))


@pytest.fixture
def desk(engine):
    return Desk(engine)


def test_the_llm_is_asked_once_after_the_keys_have_rested(desk):
    desk.type()
    desk.rest(PAUSE / 2)
    assert desk.asked == []
    desk.rest(PAUSE / 2)
    desk.rest()
    ((_, sentences),) = desk.asked
    assert 2 <= len(sentences) <= 10
    assert sentences[0] == desk.editor.sentence()


def test_its_favourite_is_shown_and_sent(desk):
    desk.type()
    desk.rest()
    assert desk.answer(favourite=1)
    assert desk.editor.accept() == desk.asked[0][1][1]


def test_a_key_cancels_and_the_answer_is_not_taken(desk):
    desk.type()
    desk.rest()
    request = desk.asked[0]
    desk.type("2")
    assert desk.asked[1:] == [(request[0], ())]
    shown = desk.editor.sentence()
    desk.asked.append(request)
    assert not desk.answer(favourite=1)
    assert desk.editor.sentence() == shown


@pytest.mark.parametrize("intent", [Intent.CHOOSE_WEAKEST, Intent.NEXT_SENTENCE])
def test_a_late_answer_does_not_touch_what_is_being_chosen_from(desk, intent):
    desk.type()
    desk.rest()
    request = desk.asked[0]
    desk.act(intent)
    view = desk.editor.view()
    desk.asked.append(request)
    assert not desk.answer(favourite=1)
    assert desk.editor.view() == view


def test_a_busy_llm_is_not_asked_again_for_the_same_pause(desk):
    desk.has_time = False
    desk.type()
    desk.rest()
    desk.has_time = True
    desk.rest()
    assert desk.asked == []


def test_a_cancelled_judgement_and_a_stranger_s_change_nothing(desk):
    desk.type()
    desk.rest()
    number = desk.asked[0][0]
    assert not desk.reranker.scored(Scores(number + 1, (0.0, -1.0)))
    assert not desk.reranker.scored(Scores(number, ()))


def test_it_can_be_switched_off(desk):
    desk.settings.change(SETTING, False)
    desk.type()
    desk.rest()
    assert desk.asked == []


def test_short_input_has_nothing_to_judge_by(desk):
    desk.type("94")
    desk.rest()
    assert desk.asked == []
