"""`ime.db`: what was learnt survives power cuts; damage is moved aside and told."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.memory.user_words import SqliteUserWords
from tests.memory.conftest import Told
from ui.input.learning.user import Change, FixRow, Learnt, PairRow, WordRow

WORD = WordRow("王喆犇", ("wang", "zhe", "ben"), 3.0, 7, True)
PAIR = PairRow("", "王喆犇", 1.5, 7)
FIX = FixRow("", "王喆犇", "好", -812.5, 7)
CHANGE = Change(7, (WORD,), (PAIR,), (FIX,))


@pytest.fixture
def store(tmp_path: Path, told: Told) -> SqliteUserWords:
    return SqliteUserWords(tmp_path / "ime.db", report=told)


def test_a_new_store_is_empty(store: SqliteUserWords, told: Told) -> None:
    assert store.read() == Learnt()
    assert told == []


def test_what_is_written_is_read_after_opening_again(
    store: SqliteUserWords, tmp_path: Path, told: Told
) -> None:
    store.write(CHANGE)
    store.close()
    assert SqliteUserWords(tmp_path / "ime.db").read() == Learnt(7, (WORD,), (PAIR,), (FIX,))
    assert told == []


def test_a_row_written_again_is_replaced(store: SqliteUserWords) -> None:
    store.write(CHANGE)
    word, fix = replace(WORD, count=4.0, step=9), replace(FIX, gain=100.0, step=9)
    store.write(Change(9, (word,), (), (fix,)))
    assert store.read() == Learnt(9, (word,), (PAIR,), (fix,))


def test_what_is_gone_is_gone(store: SqliteUserWords) -> None:
    store.write(CHANGE)
    store.write(Change(8, gone_words=(WORD.key,), gone_pairs=(PAIR.key,), gone_fixes=(FIX.key,)))
    assert store.read() == Learnt(8)


def test_clearing_forgets_everything(store: SqliteUserWords) -> None:
    store.write(CHANGE)
    store.clear()
    assert store.read() == Learnt()


def test_writes_go_to_whoever_runs_them(tmp_path: Path) -> None:
    jobs: list[Callable[[], None]] = []
    store = SqliteUserWords(tmp_path / "ime.db", submit=jobs.append)
    store.write(CHANGE)
    assert store.read() == Learnt()
    jobs[0]()
    assert store.read().step == 7


@pytest.mark.parametrize("damage", [b"", b"not a database at all, not even nearly" * 100])
def test_a_file_that_is_no_database_is_moved_aside(
    tmp_path: Path, told: Told, damage: bytes
) -> None:
    path = tmp_path / "ime.db"
    path.write_bytes(damage)
    store = SqliteUserWords(path, report=told)
    assert store.read() == Learnt()
    store.write(CHANGE)
    assert store.read().step == 7
    aside = list(tmp_path.glob("ime.db.damaged-*"))
    assert [one.read_bytes() for one in aside] == ([damage] if damage else [])
    assert told == (["user-words-reset"] if damage else [])


def test_a_page_of_rubbish_in_the_middle_is_found_and_moved_aside(
    store: SqliteUserWords, tmp_path: Path, told: Told
) -> None:
    many = tuple(WordRow(f"词{n}", ("ci",), 1.0, n) for n in range(2000))
    store.write(Change(1, many))
    store.close()
    path = tmp_path / "ime.db"
    data = bytearray(path.read_bytes())
    data[8192:12288] = bytes(range(256)) * 16
    path.write_bytes(data)
    assert store.read() == Learnt()
    assert told == ["user-words-reset"]
    store.write(CHANGE)
    assert store.read().step == 7


def test_a_truncated_file_is_moved_aside(
    store: SqliteUserWords, tmp_path: Path, told: Told
) -> None:
    many = tuple(WordRow(f"词{n}", ("ci",), 1.0, n) for n in range(2000))
    store.write(Change(1, many))
    store.close()
    path = tmp_path / "ime.db"
    path.write_bytes(path.read_bytes()[:20000])
    assert store.read() == Learnt()
    assert told == ["user-words-reset"]


def test_a_file_of_the_first_version_is_taken_over(tmp_path: Path, told: Told) -> None:
    path = tmp_path / "ime.db"
    store = SqliteUserWords(path, report=told)
    store.write(CHANGE)
    store.close()
    with sqlite3.connect(path) as db:
        db.executescript("DROP TABLE fix; PRAGMA user_version = 1")
    db.close()
    assert store.read() == Learnt(7, (WORD,), (PAIR,))
    store.write(CHANGE)
    assert store.read() == Learnt(7, (WORD,), (PAIR,), (FIX,))
    assert told == []


def test_a_file_of_a_later_version_is_moved_aside(tmp_path: Path, told: Told) -> None:
    path = tmp_path / "ime.db"
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    store = SqliteUserWords(path, report=told)
    assert store.read() == Learnt()
    assert told == ["user-words-reset"]


def test_a_locked_file_does_not_stop_the_typing(
    store: SqliteUserWords, tmp_path: Path, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appliance.memory.user_words.BUSY_SECONDS", 0.01)
    store.write(CHANGE)
    store.close()
    other = sqlite3.connect(tmp_path / "ime.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    store.write(Change(8))
    assert told == ["user-words-unsaved"]
    other.execute("ROLLBACK")
    other.close()
    store.write(Change(9))
    assert store.read() == Learnt(9, (WORD,), (PAIR,), (FIX,))


def test_what_could_not_be_read_is_not_written_over(
    store: SqliteUserWords, tmp_path: Path, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A box that starts while the file is locked knows nothing of what is in it."""
    monkeypatch.setattr("appliance.memory.user_words.BUSY_SECONDS", 0.01)
    store.write(CHANGE)
    store.close()
    other = sqlite3.connect(tmp_path / "ime.db", isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    assert store.read() == Learnt()
    other.execute("ROLLBACK")
    other.close()
    store.write(Change(1))
    assert store.read() == Learnt(7, (WORD,), (PAIR,), (FIX,))
    assert told == ["user-words-unsaved"]


def test_a_full_disk_leaves_what_is_on_it(store: SqliteUserWords, told: Told) -> None:
    store.write(CHANGE)
    db = store._open()
    pages = db.execute("PRAGMA page_count").fetchone()[0]
    db.execute(f"PRAGMA max_page_count = {pages}")
    many = tuple(WordRow(f"词{n}" * 20, ("ci",), 1.0, n) for n in range(2000))
    store.write(Change(8, many))
    assert told == ["user-words-unsaved"]
    assert store.read() == Learnt(7, (WORD,), (PAIR,), (FIX,))


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, told: Told) -> None:
    (tmp_path / "file").touch()
    store = SqliteUserWords(tmp_path / "file" / "ime.db", report=told)
    store.write(CHANGE)
    assert store.read() == Learnt()
    assert set(told) == {"user-words-unsaved"}


def test_a_power_cut_keeps_a_change_whole_or_not_at_all(
    store: SqliteUserWords, tmp_path: Path
) -> None:
    """The files as they are at any moment, with the write-ahead log cut at any byte."""
    store.write(CHANGE)
    second = tuple(WordRow(f"词{n}", ("ci",), 1.0, 8) for n in range(50))
    store.write(Change(8, second))
    log = (tmp_path / "ime.db-wal").read_bytes()
    for cut in range(0, len(log), max(1, len(log) // 40)):
        after = tmp_path / f"after-{cut}"
        after.mkdir()
        shutil.copy(tmp_path / "ime.db", after / "ime.db")
        (after / "ime.db-wal").write_bytes(log[:cut])
        found = SqliteUserWords(after / "ime.db")
        learnt = found.read()
        found.close()
        assert (learnt.step, len(learnt.words)) in {(0, 0), (7, 1), (8, 51)}


TWO_WRITERS = """
import os, sys, threading
from pathlib import Path
from appliance.memory import user_words
from appliance.memory.user_words import SqliteUserWords
from tests.memory.conftest import Told
from ui.input.learning.user import Change, WordRow

def type_on(store, name):
    step = 0
    while True:
        step += 1
        store.write(Change(step, tuple(WordRow(name, (str(n),), 1.0, step) for n in range(step))))
        os.write(1, f"{name} {step}\n".encode())  # one call: print would mix the two threads'

user_words.BUSY_SECONDS = 1e6  # on a slow disk one may wait long for the other
stores = [SqliteUserWords(Path(sys.argv[1])) for _ in range(2)]
for store in stores:
    store.read()
for store, name in zip(stores, ("one", "two")):
    threading.Thread(target=type_on, args=(store, name)).start()
"""


@pytest.mark.parametrize("commits", [1, 2, 3, 5, 8, 13, 21, 34])
def test_two_commits_that_race_a_kill_are_whole_or_not_there(
    tmp_path: Path, told: Told, commits: int
) -> None:
    """Each writes a table of its own in one transaction; the process dies amid the next ones."""
    path = tmp_path / "ime.db"
    done = {"one": 0, "two": 0}
    writer = [sys.executable, "-c", TWO_WRITERS, str(path)]
    with subprocess.Popen(writer, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line, _ in zip(process.stdout, range(commits), strict=False):
            name, reached = line.split()
            done[name] = int(reached)
        process.kill()
    words = SqliteUserWords(path, report=told).read().words
    assert told == []
    for name, step in done.items():
        steps = sorted(word.step for word in words if word.text == name)
        assert len(steps) >= step, "what was told to be kept is kept"
        assert set(steps) <= {len(steps)}, "no change is there in part"
