"""What only the user can know is recognised; advice, and what others know, is not taken for it."""

from __future__ import annotations

import pytest

from appliance.dialogue.private import MATTERS, matter_of, tells, untold
from bench.guard import questions

ASKED = {
    "name": [
        "我叫什么名字？",
        "我妈妈叫什么",
        "小鹿，你知道我家的猫叫什么吗",
        "我是谁",
        "我的班主任是谁？",
        "我姓什么",
        "What's my name?",
        "what is my mother's name",
        "who is my dentist",
    ],
    "birthday": [
        "我的生日是哪天？",
        "老婆的生日是几月几号",
        "我生日什么时候",
        "When is my dad's birthday?",
    ],
    "age": ["我今年几岁", "我爸爸今年多大了？", "隔壁邻居家的狗几岁了？", "How old is my son?"],
    "number": [
        "我的银行卡密码是多少？",
        "家里的无线网密码是多少",
        "无线网密码是什么",
        "我的车牌号是多少",
        "妈妈的电话号码是多少",
        "What is my phone number?",
        "what's our wifi password",
    ],
    "measure": [
        "我的体重是多少公斤？",
        "我身高多少",
        "我的血型是什么？",
        "我属什么",
        "我有多高",
        "how tall am I?",
        "what's my blood type",
    ],
    "place": [
        "我现在住在哪条街？",
        "我住在几号楼",
        "我把钥匙放在哪儿了？",
        "我的手机放在哪里",
        "我的车停在哪",
        "家里的钥匙在哪儿",
        "我爸爸在哪里上班",
        "where did I put my keys?",
        "Where is my phone",
        "where do I live",
    ],
    "past": [
        "我昨天晚饭吃了什么？",
        "昨天我去了哪里",
        "我昨天晚上做了什么梦？",
        "我昨天给谁打了电话？",
        "我上周末去了哪里",
        "我小学的班主任是谁",
        "What did I eat yesterday?",
    ],
    "liking": [
        "我最喜欢吃什么？",
        "我女朋友喜欢什么花？",
        "我对什么过敏",
        "what's my favourite color?",
        "what does my wife like",
    ],
    "having": ["我们家养了几只猫？", "我有几个孩子", "我女儿上几年级", "how many cats do we have"],
    "present": [
        "我手里拿着什么东西？",
        "我现在穿什么颜色的衣服？",
        "我刚才心里想的数字是几？",
        "what am I holding?",
    ],
}
OTHERS_KNOW = [
    "我头疼怎么办？",
    "我该送妈妈什么生日礼物？",
    "我昨天发烧了，该吃什么药？",
    "我想喝点什么",
    "我的电脑为什么这么慢",
    "我对花生过敏，能吃什么",
    "我属兔今年多大",
    "我们是什么做的",
    "我昨天跟你说了什么",
    "我刚才问了你什么",
    "你叫什么名字",
    "你今年多大了",
    "他是谁",
    "猫喜欢吃什么",
    "狗几岁算老",
    "孩子多高算正常",
    "老师叫什么",
    "火警电话是多少",
    "厕所在哪里",
    "北京在哪里",
    "李白是谁",
    "我国的首都在哪里",
    "我们的太阳有多大",
    "我国有多少个省",
    "我们国家有几个民族",
    "我想知道他住在哪里",
    "我知道答案是什么",
    "给我推荐一种零食",
    "where is the Great Wall",
    "what should I eat",
    "how old is the sun",
    "what is my best option if it rains",
    "who is the president",
]
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


@pytest.mark.parametrize(
    ("name", "question"), [(n, q) for n, asked in ASKED.items() for q in asked]
)
def test_what_only_the_user_can_know_is_recognised(name: str, question: str) -> None:
    matter = matter_of(question)
    assert matter is not None
    assert matter.name == name


@pytest.mark.parametrize("question", OTHERS_KNOW)
def test_what_others_can_know_or_advise_is_left_to_the_model(question: str) -> None:
    assert matter_of(question) is None


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


def test_the_answer_says_how_to_tell_it_in_the_language_of_the_interface() -> None:
    assert "记住" in untold("zh")
    assert "remember" in untold("en")
