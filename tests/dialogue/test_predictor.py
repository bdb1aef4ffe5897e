"""What is evaluated ahead of a question while it is typed or spoken, on an injected clock."""

import pytest

from appliance.dialogue.predictor import PAUSE, Predictor
from ui.input.editing.editor import Editor
from ui.input.syllables import keys_of
from ui.keymap import Action, Intent


class Typist:
    """A user of the text box; `told` is what the LLM was told, in order."""

    def __init__(self, engine):
        self.now = 0.0
        self.told = []
        self.listens = True
        self.editor = Editor(engine, lambda: self.now)
        self.predictor = Predictor(self.editor, lambda: self.now, self.tell)

    def tell(self, certain, closed):
        if self.listens:
            self.told.append((certain, closed))
        return self.listens

    def act(self, intent, digit=-1):
        self.editor.act(Action(intent, digit))
        self.predictor.typed()

    def type(self, pinyin):
        """Keys without a pause between them."""
        for key in keys_of(pinyin.replace(" ", "")):
            self.now += PAUSE / 2
            self.predictor.tick(self.now)
            self.act(Intent.TYPE, int(key))

    def rest(self, seconds=PAUSE):
        self.now += seconds
        self.predictor.tick(self.now)


@pytest.fixture
def typist(engine):
    return Typist(engine)


def test_nothing_is_certain_of_a_word_that_is_being_spelt(typist):
    typist.type("ming")
    assert typist.told == []


def test_leading_words_become_certain_when_three_keys_have_not_changed_them(typist):
    typist.type("ming tian zao shang qi chuang")
    certain = [text for text, closed in typist.told if not closed]
    assert certain and certain[0]
    final = typist.editor.sentence()
    assert all(final.startswith(text) for text in certain)
    assert len(certain[0]) < len(final)


def test_accepting_closes_the_question_at_once(typist):
    typist.type("jin tian tian qi")
    typist.act(Intent.ACCEPT)
    assert typist.told[-1] == (typist.editor.text, True)


def test_a_pause_closes_the_question_with_the_sentence_shown(typist):
    typist.type("jin tian")
    typist.rest(PAUSE / 2)
    assert not any(closed for _, closed in typist.told)
    typist.rest(PAUSE / 2)
    assert typist.told[-1] == (typist.editor.sentence(), True)


def test_typing_on_after_a_pause_opens_the_question_again(typist):
    typist.type("jin tian")
    typist.rest()
    whole = typist.told[-1][0]
    typist.type("zen me")
    assert typist.told[-1][1] is False
    typist.rest()
    assert typist.told[-1] == (typist.editor.sentence(), True)
    assert len(typist.told[-1][0]) > len(whole)


def test_the_same_is_not_told_twice(typist):
    typist.type("jin tian zen me yang")
    typist.act(Intent.ACCEPT)
    typist.rest()
    typist.rest()
    assert len(typist.told) == len(set(typist.told))


def test_committed_text_before_the_caret_is_certain_and_text_after_it_is_not_yet(typist):
    typist.editor.set_text("我想问北京", 3)
    typist.type("qing wen yi xia ming tian")
    certain = [text for text, closed in typist.told if not closed]
    assert certain and all(text.startswith("我想问") for text in certain)
    assert not any("北京" in text for text in certain)
    typist.rest()
    assert typist.told[-1][0].endswith("北京")


def test_what_is_stable_of_speech_is_certain_and_the_review_closes_it(typist):
    typist.predictor.heard("明天")
    typist.predictor.heard("明天早上")
    typist.predictor.settled("明天早上七点起床")
    assert typist.told == [
        ("明天", False),
        ("明天早上", False),
        ("明天早上七点起床", True),
    ]


def test_while_the_llm_is_busy_nothing_is_told_and_afterwards_the_latest_is(typist):
    typist.listens = False
    typist.type("jin tian tian qi")
    typist.act(Intent.ACCEPT)
    typist.listens = True
    typist.predictor.catch_up()
    typist.predictor.catch_up()
    assert typist.told == [(typist.editor.text, True)]


def test_when_what_stands_before_the_question_changes_it_is_told_again(typist):
    typist.predictor.heard("明天")
    typist.predictor.again()
    assert typist.told == [("明天", False)] * 2


def test_after_sending_nothing_is_certain(typist):
    typist.type("jin tian")
    typist.predictor.sent()
    typist.told.clear()
    typist.rest(10)
    typist.predictor.catch_up()
    assert typist.told == []
