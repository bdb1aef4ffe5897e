"""What is said to the memory is recognised; talk about memory is left to the model."""

import pytest

from appliance.dialogue.abilities import honest_answer
from appliance.memory.fact_requests import Forget, ForgetAll, Recite, Remember, parse

REMEMBERED = {
    "记住我对花生过敏": "我对花生过敏",
    "请记住，我女儿的生日是五月三号。": "我女儿的生日是五月三号",
    "帮我记一下：车停在B2层": "车停在B2层",
    "小鹿，记住我叫小明": "我叫小明",
    "你要记住我不吃辣": "我不吃辣",
    "记下来我家的门牌号是802": "我家的门牌号是802",
    "我叫小明，请记住我的名字。": "我叫小明",
    "我血型是O型，记住了": "我血型是O型",
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
RECITED = [
    "你记得什么？",
    "你都记住了什么",
    "你记得我什么",
    "你记住了哪些事",
    "你记了些什么",
    "what do you remember?",
    "What do you remember about me",
]
ALL = ["忘记所有事情", "请忘掉一切", "把所有的事都忘了", "清空记忆", "forget everything"]
LEFT = [
    "怎么记住英语单词",
    "如何快速记住别人的名字？",
    "记住单词有什么方法",
    "忘记密码怎么办",
    "忘记一个人要多久",
    "我忘记带钥匙了怎么办",
    "为什么人会忘记梦",
    "你记得李白写过什么诗吗",
    "记忆是怎么形成的",
    "大象的记忆力好吗",
    "你还记得我刚才说的吗？",
    "写一首忘记的诗",
    "你知道什么是光合作用吗",
    "How do I remember names?",
    "do you remember the titanic",
    "What is memory?",
    "remember when we met?",
]


@pytest.mark.parametrize(("text", "fact"), REMEMBERED.items())
def test_what_is_to_be_remembered_is_taken_as_it_was_said(text, fact):
    assert parse(text) == Remember(fact)


@pytest.mark.parametrize(("text", "what"), FORGOTTEN.items())
def test_what_is_to_be_forgotten_is_named(text, what):
    found = parse(text)
    assert (found.text if isinstance(found, Forget) else None) == what


@pytest.mark.parametrize("text", RECITED)
def test_asking_what_is_remembered(text):
    assert parse(text) == Recite()


@pytest.mark.parametrize("text", ALL)
def test_forgetting_everything(text):
    assert parse(text) == ForgetAll()


@pytest.mark.parametrize("text", LEFT)
def test_talk_about_memory_goes_to_the_model(text):
    assert parse(text) is None


def test_forgetting_in_general_is_only_meant_for_the_box_when_it_remembers_that():
    assert parse("忘记过去才能前进") == Forget("过去才能前进", surely=False)
    assert parse("忘记我的生日") == Forget("我的生日", surely=True)


@pytest.mark.parametrize("text", [*REMEMBERED, *FORGOTTEN, *RECITED, *ALL])
def test_nothing_said_to_the_memory_is_refused_as_impossible(text):
    assert honest_answer(text, "zh", None) is None
