"""What a locked, full or read-only `ime.db` refuses is kept, and written with what comes after."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from appliance.dialogue.archive import Archive
from appliance.memory.unsaved import Unsaved
from appliance.memory.user_words import SqliteUserWords
from tests.memory.conftest import Told
from ui.input.learning.user import Change, Learnt, PairRow, WordRow


def lesson(step: int, count: float = 1.0) -> Change:
    """A lesson of one word that is new at this step, and its pair."""
    row = WordRow(f"词{step}", ("ci",), count, step)
    return Change(step, (row,), (PairRow("", row.text, count, step),))


def forgotten(change: Change, step: int) -> Change:
    (row,), (pair,) = change.words, change.pairs
    return Change(
        step, gone_words=((row.text, row.reading),), gone_pairs=((pair.before, pair.after),)
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ime.db"


@pytest.fixture
def store(path: Path, told: Told, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqliteUserWords]:
    monkeypatch.setattr("appliance.memory.user_words.BUSY_SECONDS", 0.01)
    store = SqliteUserWords(path, report=told)
    store.write(lesson(1))
    yield store
    store.close()


@contextmanager
def locked(store: SqliteUserWords, path: Path) -> Iterator[None]:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


@contextmanager
def full(store: SqliteUserWords, path: Path) -> Iterator[None]:
    """No page more; what is written is larger than what is free in the last one."""
    db = store._open()
    (pages,) = db.execute("PRAGMA page_count").fetchone()
    db.execute(f"PRAGMA max_page_count = {pages}")
    store.write(
        Change(2, tuple(WordRow(f"长{pages}.{n}" * 20, ("ci",), 1.0, 2) for n in range(2000)))
    )
    yield
    db.execute("PRAGMA max_page_count = 1000000")


@contextmanager
def read_only(store: SqliteUserWords, path: Path) -> Iterator[None]:
    db = store._open()
    db.execute("PRAGMA query_only = ON")
    yield
    db.execute("PRAGMA query_only = OFF")


FAULTS = pytest.mark.parametrize("fault", [locked, full, read_only])


def known(path: Path) -> tuple[int, set[str]]:
    """The step and the words of the file as a box finds them that starts now."""
    store = SqliteUserWords(path)
    learnt = store.read()
    store.close()
    return learnt.step, {row.text for row in learnt.words}


@FAULTS
def test_what_was_refused_is_written_with_the_next_change_that_gets_through(
    store: SqliteUserWords, path: Path, fault, told: Told
) -> None:
    with fault(store, path):
        for step in (3, 4, 5):
            store.write(lesson(step))
        assert known(path) == (1, {"词1"})
    assert known(path) == (1, {"词1"})
    store.write(lesson(6))
    step, words = known(path)
    assert step == 6
    assert words >= {"词1", "词3", "词4", "词5", "词6"}


@FAULTS
def test_trouble_and_its_end_are_told_once_each(
    store: SqliteUserWords, path: Path, fault, told: Told
) -> None:
    for _ in range(2):
        with fault(store, path):
            for step in (3, 4, 5):
                store.write(lesson(step))
        store.write(lesson(6))
        store.write(lesson(7))
    assert told == ["user-words-unsaved", "user-words-saved"] * 2


def test_a_forgetting_that_is_refused_is_told_each_time(
    store: SqliteUserWords, path: Path, told: Told
) -> None:
    with locked(store, path):
        store.write(lesson(2))
        store.write(forgotten(lesson(1), 2))
        store.clear()
        store.write(lesson(3))
    assert told == ["user-words-unsaved"] * 3


@FAULTS
def test_changes_are_made_in_their_order(store: SqliteUserWords, path: Path, fault) -> None:
    with fault(store, path):
        store.write(lesson(3))
        store.write(forgotten(lesson(3), 3))
        store.write(lesson(4))
        store.write(forgotten(lesson(4), 4))
        store.write(lesson(4, count=2.0))
    store.write(forgotten(lesson(1), 5))
    step, words = known(path)
    assert step == 5
    assert words & {"词1", "词3", "词4"} == {"词4"}


@FAULTS
def test_everything_forgotten_is_forgotten_later_with_what_was_kept(
    store: SqliteUserWords, path: Path, fault
) -> None:
    with fault(store, path):
        store.write(lesson(3))
        store.clear()
        store.write(lesson(1, count=2.0))
    store.write(lesson(2))
    assert known(path) == (2, {"词1", "词2"})


@FAULTS
def test_a_last_try_at_the_end_saves_what_nothing_came_after(
    store: SqliteUserWords, path: Path, fault, told: Told
) -> None:
    store.save_rest()
    with fault(store, path):
        store.write(lesson(3))
        store.save_rest()
    store.save_rest()
    assert known(path)[0] == 3
    assert told == ["user-words-unsaved", "user-words-saved"]


def test_what_is_kept_is_bounded_and_the_oldest_is_given_up() -> None:
    done: list[int] = []
    unsaved = Unsaved(most=3)
    for number in range(5):
        unsaved.add(partial(lambda number, _: done.append(number), number))
    db = sqlite3.connect(":memory:")
    unsaved.write_all(db)
    db.close()
    assert done == [2, 3, 4]
    assert len(unsaved) == 3


def test_a_power_cut_while_the_kept_changes_are_written_keeps_all_of_them_or_none(
    store: SqliteUserWords, path: Path, tmp_path: Path
) -> None:
    """The files as they are at any moment, with the write-ahead log cut at any byte."""
    with locked(store, path):
        for step in range(2, 40):
            store.write(lesson(step))
    store.write(lesson(40))
    log = path.with_name("ime.db-wal").read_bytes()
    found = set()
    for cut in range(0, len(log) + 1, max(1, len(log) // 40)):
        after = tmp_path / f"after-{cut}"
        after.mkdir()
        shutil.copy(path, after / "ime.db")
        (after / "ime.db-wal").write_bytes(log[:cut])
        step, words = known(after / "ime.db")
        found.add((step, len(words)))
    assert found <= {(0, 0), (1, 1), (40, 40)}
    assert known(path) == (40, {f"词{step}" for step in range(1, 41)})


def test_what_was_kept_goes_into_the_fresh_file_when_the_old_one_is_found_damaged(
    store: SqliteUserWords, path: Path, told: Told
) -> None:
    with locked(store, path):
        store.write(lesson(3))
    store.close()
    path.write_bytes(b"rubbish" * 1000)
    store.write(lesson(4))
    assert known(path) == (4, {"词3", "词4"})
    assert told == ["user-words-unsaved", "user-words-reset", "user-words-saved"]


@pytest.mark.parametrize("code", [sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY])
def test_a_read_only_disk_still_tells_what_was_learnt(
    store: SqliteUserWords, path: Path, told: Told, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.close()

    def refuse(db: sqlite3.Connection) -> None:
        error = sqlite3.OperationalError("unable to open database file")
        error.sqlite_errorcode = code
        raise error

    monkeypatch.setattr("appliance.memory.user_words._prepare", refuse)
    assert known(path) == (1, {"词1"})
    store.read()
    assert told == ["user-words-unsaved"]


def test_a_log_that_a_read_only_disk_hides_is_not_written_over(
    store: SqliteUserWords, path: Path, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = path.with_name("ime.db-wal").read_bytes()
    assert before

    def refuse(db: sqlite3.Connection) -> None:
        raise sqlite3.OperationalError("unable to open database file")

    with monkeypatch.context() as patch:
        patch.setattr("appliance.memory.user_words._prepare", refuse)
        other = SqliteUserWords(path, report=told)
        assert other.read() == Learnt()
    other.write(lesson(2))
    assert known(path) == (1, {"词1"})
    other.clear()
    other.write(lesson(3))
    other.close()
    assert known(path) == (3, {"词3"})


def test_a_full_disk_still_tells_what_was_learnt(store: SqliteUserWords, path: Path) -> None:
    store.close()
    before = path.read_bytes()
    assert known(path) == (1, {"词1"})
    assert path.read_bytes() == before


def test_words_are_saved_beside_a_conversation_store_that_refuses(tmp_path: Path) -> None:
    """And what only the end saves is saved at the end."""

    async def script() -> list[str]:
        told: list[str] = []
        archive = Archive(tmp_path, told.append)
        store = SqliteUserWords(tmp_path / "ime.db", archive.run, archive.words_trouble)
        archive.before_close = store.save_rest
        assert archive._storage is not None
        archive._storage._connection.close()
        store.write(lesson(1))
        await asyncio.to_thread(archive.close)
        store.close()
        return told

    assert asyncio.run(script()) == []
    assert known(tmp_path / "ime.db") == (1, {"词1"})
