"""Trouble with the user words reaches the user, in words that say what to do."""

import asyncio

import pytest

from appliance.dialogue.archive import Archive
from appliance.memory.user_words import SqliteUserWords
from ui.input.learning.user import Change
from ui.strings import TEXTS


async def told_of(tmp_path, spoil):
    """The text keys shown to the user when a box finds its user words like this."""
    told = []
    archive = Archive(tmp_path, told.append)
    try:
        path = tmp_path / "ime.db"
        spoil(path)
        store = SqliteUserWords(path, archive.run, archive.words_trouble)
        store.read()
        store.write(Change(1))
        await asyncio.to_thread(archive.close)
        await asyncio.sleep(0)
    finally:
        store.close()
    return told


@pytest.mark.parametrize(
    ("spoil", "key"),
    [
        (lambda path: path.write_bytes(b"rubbish" * 1000), "fault.user-words-reset"),
        (lambda path: path.mkdir(), "fault.user-words-unsaved"),
    ],
)
def test_damaged_and_unwritable_user_words_are_told(tmp_path, spoil, key):
    told = asyncio.run(told_of(tmp_path, spoil))
    assert set(told) == {key}
    assert all(TEXTS[key])


def test_sound_user_words_are_nothing_to_tell(tmp_path):
    assert asyncio.run(told_of(tmp_path, lambda path: None)) == []
