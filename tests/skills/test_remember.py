"""What is to be remembered or forgotten is taken as it was said. Who is meant: test_claims."""

import pytest

from appliance.skills.remember import Forget, ForgetAll, Remember, parse

REMEMBERED = {
    "记住我对花生过敏": "我对花生过敏",
    "请记住，我女儿的生日是五月三号。": "我女儿的生日是五月三号",
    "帮我记一下：车停在B2层": "车停在B2层",
    "小鹿，记住我叫小明": "我叫小明",
    "你要记住我不吃辣": "我不吃辣",
    "记下来我家的门牌号是802": "我家的门牌号是802",
    "我叫小明，请记住我的名字。": "我叫小明",
    "我血型是O型，记住了": "我血型是O型",
    "我不能吃辣，别忘了": "我不能吃辣",
    "我的血型是O型，记得哦": "我的血型是O型",
    "别忘了我膝盖不好": "我膝盖不好",
    "Remember that I am allergic to peanuts.": "I am allergic to peanuts",
    "please remember my car is on level 2": "my car is on level 2",
}
FORGOTTEN = {
    "忘记我的生日": "我的生日",
    "请忘掉花生的事": "花生的事",
    "把我的名字忘了吧": "我的名字",
    "别再记得我住在哪条街": None,  # a question word: left to the model
    "忘了车停在B2层": "车停在B2层",
    "forget my birthday": "my birthday",
}

EVERYTHING = ["把你的记忆全删了", "记忆清零", "把你记住的都忘了", "清空你的记忆"]
ERRANDS = ["我明天要开会，别忘了", "下午四点接孩子，别忘了", "明天要下雨，记得带伞"]


@pytest.mark.parametrize("text", EVERYTHING)
def test_all_is_to_be_forgotten_in_many_words(text):
    assert parse(text) == ForgetAll()


@pytest.mark.parametrize("text", ERRANDS)
def test_an_errand_is_no_fact(text):
    assert parse(text) is None


@pytest.mark.parametrize(("text", "fact"), REMEMBERED.items())
def test_what_is_to_be_remembered_is_taken_as_it_was_said(text, fact):
    assert parse(text) == Remember(fact)


@pytest.mark.parametrize(("text", "what"), FORGOTTEN.items())
def test_what_is_to_be_forgotten_is_named(text, what):
    found = parse(text)
    assert (found.text if isinstance(found, Forget) else None) == what


def test_forgetting_in_general_is_only_meant_for_the_box_when_it_remembers_that():
    assert parse("忘记过去才能前进") == Forget("过去才能前进", surely=False)
    assert parse("忘记我的生日") == Forget("我的生日", surely=True)
