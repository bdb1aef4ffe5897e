"""Remembering, telling and forgetting through the archive, on a real database."""

import asyncio

import pytest

from appliance.dialogue.archive import Archive
from appliance.memory.recollection import Recollection
from appliance.pages.facts import FactsPage
from appliance.skills.remember import Memory
from appliance.skills.skill import Said
from tests.waiting import PATIENCE
from ui.strings import text as ui_text
from ui.view import Language


def say(key):
    return ui_text(key, Language.ZH)


class Talk:
    def __init__(self, archive, recollection, language):
        self.archive = archive
        self.recollection = recollection
        self.language = Language(language)

    @property
    def facts(self):
        """As a skill sees the box."""
        return self.recollection

    async def heard(self, act):
        """What `act` hands to its callback."""
        future = asyncio.get_running_loop().create_future()
        act(future.set_result)
        return await asyncio.wait_for(future, PATIENCE)

    async def say(self, text):
        skill = Memory()
        claim = skill.claim(Said(text, self.language))
        return await self.heard(lambda then: skill.answer(claim, self, then))

    async def recall(self, question):
        return await self.heard(lambda then: self.recollection.recall(question, then))

    async def kept(self):
        return [fact.text for fact in await self.heard(self.recollection.read)]


@pytest.fixture
def run(tmp_path):
    """Run a talk; everything it said is on the disk afterwards."""

    def run(script, language="zh"):
        async def main():
            archive = Archive(tmp_path, lambda key: None)
            talk = Talk(archive, Recollection(archive, lambda: language), language)
            try:
                await talk.kept()  # what was known at the start has been counted
                return await script(talk)
            finally:
                await asyncio.to_thread(archive.close)

        return asyncio.run(main())

    return run


def test_what_is_remembered_is_told_recalled_and_known_after_a_restart(run):
    async def first(talk):
        assert await talk.say("记住我对花生过敏") == "记住了：我对花生过敏。"
        assert await talk.say("记住我叫小明") == "记住了：我叫小明。"

    async def second(talk):
        assert "我叫小明；我对花生过敏" in await talk.say("你记得什么")
        assert await talk.recall("我能吃花生酱吗") == "\n（我告诉过你：我对花生过敏。）"
        assert await talk.recall("长城有多长") == ""

    run(first)
    run(second)


def test_what_is_forgotten_is_said_so_that_it_can_be_said_again(run):
    async def script(talk):
        await talk.say("记住我对花生过敏")
        assert "我对花生过敏" in await talk.say("忘记花生的事")
        assert await talk.kept() == []
        assert await talk.recall("我能吃花生酱吗") == ""

    run(script)


def test_forgetting_what_was_never_told_is_said_or_left_to_the_model(run):
    async def script(talk):
        assert await talk.say("忘记我的生日") == "我没有记过这件事。"
        assert await talk.say("忘记过去才能前进") is None

    run(script)


def test_forgetting_everything_is_left_to_the_page_where_it_is_confirmed(run):
    async def script(talk):
        await talk.say("记住我叫小明")
        assert "记忆" in await talk.say("忘记所有事情")
        assert await talk.kept() == ["我叫小明"]

    run(script)


def test_the_same_told_twice_is_not_kept_twice(run):
    async def script(talk):
        await talk.say("记住我叫小明")
        assert "已经" in await talk.say("记住我叫小明")
        assert await talk.kept() == ["我叫小明"]

    run(script)


def test_in_english_it_speaks_english(run):
    async def script(talk):
        assert await talk.say("remember that my name is Bob") == "I will remember: my name is Bob."
        assert "my name is Bob" in await talk.say("what do you remember?")

    run(script, "en")


def test_a_disk_that_refuses_is_said_and_keeps_no_question_waiting(run):
    async def script(talk):
        await talk.say("记住我叫小明")
        talk.archive._storage._connection.execute("PRAGMA query_only=ON")
        assert "存储" in await talk.say("记住我对花生过敏")
        assert await talk.recall("我叫什么名字") == ""

    run(script)


def test_the_page_shows_each_fact_and_forgets_it_when_confirmed(run):
    async def script(talk):
        await talk.say("记住我叫小明")
        await talk.say("记住我对花生过敏")
        page = FactsPage(talk.recollection, lambda: None, say)
        await talk.kept()
        assert [item.label for item in page.view().items] == [
            "我对花生过敏",
            "我叫小明",
            "全部忘掉",
        ]
        page.enter().page.confirm()
        assert await talk.kept() == ["我叫小明"]

    run(script)


def test_the_page_can_forget_everything(run):
    async def script(talk):
        await talk.say("记住我叫小明")
        page = FactsPage(talk.recollection, lambda: None, say)
        await talk.kept()
        page.jump(2).page.confirm()
        assert await talk.kept() == []
        assert "还没有" in await talk.say("你记得什么")

    run(script)
