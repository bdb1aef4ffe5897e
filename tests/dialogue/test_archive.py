"""The archive at its edges: a disk that refuses from the start, and the conversation one is in."""

import asyncio

from appliance.dialogue.answer import Answer
from appliance.dialogue.archive import Archive
from appliance.dialogue.question import Question
from appliance.memory import conversations


def test_a_store_that_cannot_be_opened_is_told_once_there_is_a_glass(tmp_path):
    async def told():
        (tmp_path / "lory.db").mkdir()
        keys = []
        archive = Archive(tmp_path, keys.append)
        at_once = list(keys)
        await asyncio.sleep(0)
        await asyncio.to_thread(archive.close)
        return at_once, keys

    at_once, later = asyncio.run(told())
    assert at_once == []
    assert later[:1] == ["fault.storage"]


def test_the_present_conversation_is_known_until_a_new_one_begins(tmp_path):
    async def known():
        archive = Archive(tmp_path, lambda key: None)
        before = archive.goes_on(1)
        archive.keep(Answer(1, Question("问")))
        listed = asyncio.get_running_loop().create_future()
        archive.list_conversations(listed.set_result)
        (summary,) = await listed
        during = archive.goes_on(summary.id)
        archive.new_conversation()
        after = archive.goes_on(summary.id)
        await asyncio.to_thread(archive.close)
        return before, during, after

    assert asyncio.run(known()) == (False, True, False)


def test_a_conversation_that_a_full_disk_refused_is_begun_when_there_is_room(tmp_path, monkeypatch):
    begin = conversations.start_conversation
    room = []

    def start(connection, now):
        if not room:
            raise OSError(28, "No space left on device")
        return begin(connection, now)

    monkeypatch.setattr(conversations, "start_conversation", start)

    async def titles():
        archive = Archive(tmp_path, lambda key: None)
        for question in ("满了", "有空了"):
            archive.keep(Answer(1, Question(question)))
            done = asyncio.get_running_loop().create_future()
            archive.list_conversations(done.set_result)
            listed = await done
            room.append(True)
        await asyncio.to_thread(archive.close)
        return [summary.title for summary in listed]

    assert asyncio.run(titles()) == ["有空了"]
