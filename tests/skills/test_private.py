"""What only the user can know: told from what others know, and not invented. See test_claims."""

from __future__ import annotations

import pytest

from appliance.messages import Exchange
from appliance.skills.private import MATTERS, Private, matter_of, tells
from appliance.skills.skill import Said
from bench.guard import questions
from ui.strings import Language

TOLD = {
    "name": ["我妈妈叫李秀英", "my name is Bob"],
    "birthday": ["我的生日是六月八号", "my birthday is June 8"],
    "age": ["我儿子八岁", "my son is 8"],
    "number": ["无线网密码是八个七", "王医生的电话是八三二一", "my pin is 1234"],
    "measure": ["我的体重是七十公斤", "my blood type is A"],
    "place": ["车停在地下二层", "家里的钥匙在门垫下面", "the keys are under the mat"],
    "past": ["昨天去了颐和园", "yesterday we went to the park"],
    "liking": ["我女朋友喜欢百合", "my wife loves tea"],
    "having": ["家里有两只猫", "we have two cats"],
    "present": ["我拿着一本书", "I am holding a book"],
}


@pytest.mark.parametrize("text", ["我" + "的" * 2000, "我" + "家" * 2000, "我" + "家的" * 1000])
def test_a_text_of_nothing_but_small_words_is_told_from_a_question_at_once(text: str) -> None:
    assert matter_of(text) is None  # not after hours of trying


def test_of_the_guards_questions_only_refusals_are_taken_for_it() -> None:
    without_help = [one for one in questions() if not one.told]
    assert {one.kind for one in without_help if matter_of(one.ask)} <= {"refusal"}


@pytest.mark.parametrize("matter", MATTERS, ids=lambda matter: matter.name)
def test_what_was_told_of_it_is_evidence_and_the_words_around_it_are_none(matter) -> None:
    for told in TOLD[matter.name]:
        assert matter.evidence.search(told)
    for around in ("\n（我告诉过你：。）", "\n(I told you: .)"):
        assert not matter.evidence.search(around)


def test_who_speaks_of_himself_may_tell_and_who_asks_for_it_does_not() -> None:
    assert tells("我叫小明，今年十岁。")
    assert tells("My dog is called Rex.")
    assert not tells("我今年几岁？")
    assert not tells("长城有多长？")
    assert not tells("给我讲个笑话")
    assert not tells("tell me a joke")


class Box:
    """Recalls what it is given."""

    def __init__(self, recalled):
        self.facts = self
        self._recalled = recalled

    def recall(self, question, then):
        then(self._recalled)


def answer(text, recalled="", language=Language.ZH):
    given = []
    private = Private()
    private.answer(private.claim(Said(text, language)), Box(recalled), given.append)
    return given[0]


def test_the_answer_says_how_to_tell_it_in_the_language_of_the_interface():
    assert "记住" in answer("我的血型是什么？")
    assert "remember" in answer("我的血型是什么？", language=Language.EN)


def test_what_was_told_once_of_it_is_the_models_to_answer_and_of_something_else_is_not():
    assert answer("我的血型是什么？", "\n（我告诉过你：我的血型是O型。）") is None
    assert answer("我妈妈今年多大了？", "\n（我告诉过你：我妈妈喜欢吃鱼。）") is not None


def test_what_was_told_in_this_conversation_is_the_models_to_answer():
    told = (Exchange("我叫小明，今年十岁。", "你好，小明！"),)
    asked = (Exchange("我的血型是什么？", "这件事你没告诉过我。"),)
    assert Private().claim(Said("我今年几岁？", history=told)) is None
    assert Private().claim(Said("我的生日是哪天？", history=asked)) is not None
