"""`ime.db`: what was learnt survives power cuts; damage is moved aside and told."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from appliance.user_words import SqliteUserWords
from ui.input.user import Change, PairRow, WordRow

WORD = WordRow("王喆犇", ("wang", "zhe", "ben"), 3.0, 7, True)
PAIR = PairRow("", "王喆犇", 1.5, 7)
CHANGE = Change(7, (WORD,), (PAIR,))


class Told(list[str]):
    """The codes that were reported."""

    def __call__(self, code: str, detail: str) -> None:
        assert detail
        self.append(code)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def store(tmp_path: Path, told: Told) -> SqliteUserWords:
    return SqliteUserWords(tmp_path / "ime.db", report=told)


def test_a_new_store_is_empty(store: SqliteUserWords, told: Told) -> None:
    assert store.read() == (0, [], [])
    assert told == []


def test_what_is_written_is_read_after_opening_again(
    store: SqliteUserWords, tmp_path: Path, told: Told
) -> None:
    store.write(CHANGE)
    store.close()
    assert SqliteUserWords(tmp_path / "ime.db").read() == (7, [WORD], [PAIR])
    assert told == []


def test_a_row_written_again_is_replaced(store: SqliteUserWords) -> None:
    store.write(CHANGE)
    store.write(Change(9, (WordRow(WORD.text, WORD.reading, 4.0, 9, True),)))
    assert store.read() == (9, [WordRow(WORD.text, WORD.reading, 4.0, 9, True)], [PAIR])


def test_what_is_gone_is_gone(store: SqliteUserWords) -> None:
    store.write(CHANGE)
    gone = Change(8, (), (), ((WORD.text, WORD.reading),), ((PAIR.before, PAIR.after),))
    store.write(gone)
    assert store.read() == (8, [], [])


def test_clearing_forgets_everything(store: SqliteUserWords) -> None:
    store.write(CHANGE)
    store.clear()
    assert store.read() == (0, [], [])


def test_writes_go_to_whoever_runs_them(tmp_path: Path) -> None:
    jobs: list[Callable[[], None]] = []
    store = SqliteUserWords(tmp_path / "ime.db", submit=jobs.append)
    store.write(CHANGE)
    assert store.read() == (0, [], [])
    jobs[0]()
    assert store.read()[0] == 7


@pytest.mark.parametrize("damage", [b"", b"not a database at all, not even nearly" * 100])
def test_a_file_that_is_no_database_is_moved_aside(
    tmp_path: Path, told: Told, damage: bytes
) -> None:
    path = tmp_path / "ime.db"
    path.write_bytes(damage)
    store = SqliteUserWords(path, report=told)
    assert store.read() == (0, [], [])
    store.write(CHANGE)
    assert store.read()[0] == 7
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
    assert store.read() == (0, [], [])
    assert told == ["user-words-reset"]
    store.write(CHANGE)
    assert store.read()[0] == 7


def test_a_truncated_file_is_moved_aside(
    store: SqliteUserWords, tmp_path: Path, told: Told
) -> None:
    many = tuple(WordRow(f"词{n}", ("ci",), 1.0, n) for n in range(2000))
    store.write(Change(1, many))
    store.close()
    path = tmp_path / "ime.db"
    path.write_bytes(path.read_bytes()[:20000])
    assert store.read() == (0, [], [])
    assert told == ["user-words-reset"]


def test_a_file_of_a_later_version_is_moved_aside(tmp_path: Path, told: Told) -> None:
    path = tmp_path / "ime.db"
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    store = SqliteUserWords(path, report=told)
    assert store.read() == (0, [], [])
    assert told == ["user-words-reset"]


def test_a_locked_file_loses_the_lesson_not_the_typing(
    store: SqliteUserWords, tmp_path: Path, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appliance.user_words.BUSY_SECONDS", 0.01)
    store.write(CHANGE)
    store.close()
    other = sqlite3.connect(tmp_path / "ime.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    store.write(Change(8))
    assert told == ["user-words-unsaved"]
    other.execute("ROLLBACK")
    other.close()
    store.write(Change(9))
    assert store.read() == (9, [WORD], [PAIR])


def test_trouble_is_told_once_until_it_is_over(
    store: SqliteUserWords, tmp_path: Path, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appliance.user_words.BUSY_SECONDS", 0.01)
    other = sqlite3.connect(tmp_path / "ime.db", isolation_level=None)
    for step in (8, 12):
        store.write(CHANGE)
        store.close()
        other.execute("BEGIN IMMEDIATE")
        for _ in range(3):
            store.write(Change(step))
        other.execute("ROLLBACK")
    other.close()
    assert told == ["user-words-unsaved"] * 2


def test_what_could_not_be_read_is_not_written_over(
    store: SqliteUserWords, tmp_path: Path, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A box that starts while the file is locked knows nothing of what is in it."""
    monkeypatch.setattr("appliance.user_words.BUSY_SECONDS", 0.01)
    store.write(CHANGE)
    store.close()
    other = sqlite3.connect(tmp_path / "ime.db", isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    assert store.read() == (0, [], [])
    other.execute("ROLLBACK")
    other.close()
    store.write(Change(1))
    assert store.read() == (7, [WORD], [PAIR])
    assert told == ["user-words-unsaved"]


def test_a_full_disk_loses_the_lesson_and_nothing_else(store: SqliteUserWords, told: Told) -> None:
    store.write(CHANGE)
    db = store._open()
    pages = db.execute("PRAGMA page_count").fetchone()[0]
    db.execute(f"PRAGMA max_page_count = {pages}")
    many = tuple(WordRow(f"词{n}" * 20, ("ci",), 1.0, n) for n in range(2000))
    store.write(Change(8, many))
    assert told == ["user-words-unsaved"]
    assert store.read() == (7, [WORD], [PAIR])


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, told: Told) -> None:
    (tmp_path / "file").touch()
    store = SqliteUserWords(tmp_path / "file" / "ime.db", report=told)
    store.write(CHANGE)
    assert store.read() == (0, [], [])
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
        step, words, _ = found.read()
        found.close()
        assert (step, len(words)) in {(0, 0), (7, 1), (8, 51)}


TWO_WRITERS = """
import sys, threading
from pathlib import Path
from appliance.user_words import SqliteUserWords
from ui.input.user import Change, WordRow

def type_on(store, name):
    step = 0
    while True:
        step += 1
        store.write(Change(step, tuple(WordRow(name, (str(n),), 1.0, step) for n in range(step))))
        print(name, step, flush=True)

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
            name, step = line.split()
            done[name] = int(step)
        process.kill()
    _, words, _ = SqliteUserWords(path, report=told).read()
    assert told == []
    for name, step in done.items():
        steps = sorted(word.step for word in words if word.text == name)
        assert len(steps) >= step, "what was told to be kept is kept"
        assert set(steps) <= {len(steps)}, "no change is there in part"
