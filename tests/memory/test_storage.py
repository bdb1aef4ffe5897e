"""The database survives what a box in a kitchen meets: power cuts, damage, a full disk."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from appliance.memory.storage import Recovered, Schema, Storage, StorageError, open_database
from tests.child import Child

SCHEMA = Schema(0x7465_7374, ("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL);",))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "test.db"


@pytest.fixture
def reports() -> list[Recovered]:
    return []


@pytest.fixture
def storage(path: Path, reports: list[Recovered]) -> Iterator[Storage]:
    storage = Storage(path, SCHEMA, reports.append)
    yield storage
    storage.close()


def write(connection: sqlite3.Connection, text: str) -> None:
    connection.execute("INSERT INTO note (text) VALUES (?)", (text,))


def read(connection: sqlite3.Connection) -> list[str]:
    return [row[0] for row in connection.execute("SELECT text FROM note ORDER BY id")]


def reopened(path: Path) -> tuple[list[str], Recovered | None]:
    connection, recovered = open_database(path, SCHEMA)
    try:
        return read(connection), recovered
    finally:
        connection.close()


def test_jobs_run_in_the_order_they_were_submitted(storage: Storage) -> None:
    for number in range(20):
        storage.submit(partial(write, text=str(number)))
    assert storage.submit(read).result() == [str(number) for number in range(20)]


def test_what_was_submitted_is_written_before_closing(path: Path) -> None:
    storage = Storage(path, SCHEMA, lambda recovered: None)
    for number in range(20):
        storage.submit(partial(write, text=str(number)))
    storage.close()
    assert len(reopened(path)[0]) == 20


def test_a_job_that_fails_leaves_nothing_behind_and_the_next_one_works(storage: Storage) -> None:
    def half(connection: sqlite3.Connection) -> None:
        write(connection, "half")
        raise KeyError("half-way")

    with pytest.raises(KeyError):
        storage.submit(half).result()
    storage.submit(lambda connection: write(connection, "whole")).result()
    assert storage.submit(read).result() == ["whole"]


def test_a_commit_is_synced_and_the_log_is_write_ahead(storage: Storage) -> None:
    def pragmas(connection: sqlite3.Connection) -> tuple[object, object]:
        (journal,) = connection.execute("PRAGMA journal_mode").fetchone()
        (synchronous,) = connection.execute("PRAGMA synchronous").fetchone()
        return journal, synchronous

    assert storage.submit(pragmas).result() == ("wal", 2)


@pytest.mark.parametrize(
    "content",
    [b"this is no database at all, but long enough" * 50, b"SQLite format 3\x00" + b"\xff" * 4080],
    ids=["foreign", "damaged header"],
)
def test_an_unsound_file_is_moved_aside_whole_and_a_fresh_one_started(
    path: Path, content: bytes
) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    notes, recovered = reopened(path)
    assert notes == []
    assert recovered is not None
    assert recovered.aside.read_bytes() == content


def test_a_second_damaged_file_does_not_overwrite_the_first(path: Path) -> None:
    path.parent.mkdir()
    for content in (b"first" * 500, b"second" * 500):
        path.write_bytes(content)
        reopened(path)
        for name in ("test.db", "test.db-wal", "test.db-shm"):
            path.with_name(name).unlink(missing_ok=True)
    kept = sorted(path.parent.glob("test.db.damaged-[0-9]"))
    assert [one.read_bytes()[:5] for one in kept] == [b"first", b"secon"]


def test_another_programs_database_is_moved_aside(path: Path) -> None:
    path.parent.mkdir()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs (x)")
    other.commit()
    other.close()
    _, recovered = reopened(path)
    assert recovered is not None and "another program" in recovered.reason


def test_a_database_of_a_later_version_is_kept_aside(path: Path) -> None:
    later = Schema(SCHEMA.application_id, (*SCHEMA.migrations, "CREATE TABLE more (x);"))
    connection, _ = open_database(path, later)
    connection.close()
    _, recovered = reopened(path)
    assert recovered is not None and "later version" in recovered.reason


def test_an_older_database_is_migrated_with_its_contents(path: Path) -> None:
    connection, _ = open_database(path, SCHEMA)
    write(connection, "kept")
    connection.close()
    later = Schema(SCHEMA.application_id, (*SCHEMA.migrations, "CREATE TABLE more (x);"))
    connection, recovered = open_database(path, later)
    assert recovered is None
    assert read(connection) == ["kept"]
    assert connection.execute("SELECT count(*) FROM more").fetchone() == (0,)
    connection.close()


def test_damage_found_while_running_is_reported_and_the_job_done_on_a_fresh_file(
    path: Path, storage: Storage, reports: list[Recovered]
) -> None:
    filler = "x" * 3000
    for _ in range(50):
        storage.submit(lambda connection: write(connection, filler)).result()
    storage.submit(lambda connection: None).result()

    def checkpoint(storage: Storage) -> None:
        # Into the main file, past the cache, so that the damage is really read.
        storage._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        storage._connection.execute("PRAGMA cache_size=0")

    checkpoint(storage)
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (size - 4096))
    assert storage.submit(read).result() == []
    assert len(reports) == 1
    assert reports[0].aside.exists()
    storage.submit(lambda connection: write(connection, "after")).result()
    assert storage.submit(read).result() == ["after"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux")
def test_a_full_disk_is_a_clear_error_and_nothing_is_half_written(path: Path) -> None:
    storage = Storage(path, SCHEMA, lambda recovered: None)
    try:
        storage.submit(lambda connection: write(connection, "before")).result()
        storage._connection.execute("PRAGMA max_page_count=2")
        with pytest.raises(StorageError, match="full"):
            storage.submit(lambda connection: write(connection, "y" * 100_000)).result()
        assert storage.submit(read).result() == ["before"]
    finally:
        storage.close()


def test_a_place_that_cannot_hold_a_database_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="file"):
        Storage(tmp_path / "file" / "test.db", SCHEMA, lambda recovered: None)


WRITER = """
import sys
from pathlib import Path
from appliance.memory.storage import Schema, Storage
schema = Schema(0x74657374, ("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL);",))
storage = Storage(Path(sys.argv[1]), schema, lambda recovered: sys.exit("recovered"))
for number in range(int(sys.argv[2]), 1_000_000):
    storage.submit(
        lambda c, n=number: c.execute("INSERT INTO note (text) VALUES (?)", (f"{n} " + "z" * 700,))
    ).result()
    print(number, flush=True)
"""


def test_a_writer_killed_at_any_point_has_lost_nothing_it_had_acknowledged(path: Path) -> None:
    chance = random.Random(20261123)
    acknowledged = -1
    for _ in range(8):
        with Child(WRITER, str(path), str(acknowledged + 1)) as writer:
            for _ in range(chance.randint(1, 40)):
                acknowledged = int(writer.line())
            writer.process.kill()
            # What it had printed before it died counts too.
            for line in writer.rest().splitlines():
                acknowledged = int(line)
        notes, recovered = reopened(path)
        assert recovered is None
        numbers = [int(note.split()[0]) for note in notes]
        assert numbers[: acknowledged + 1] == list(range(acknowledged + 1))
        acknowledged = numbers[-1]


def test_a_write_ahead_log_cut_anywhere_opens_with_a_prefix_of_the_commits(
    path: Path, tmp_path: Path
) -> None:
    connection, _ = open_database(path, SCHEMA)
    connection.execute("PRAGMA wal_autocheckpoint=0")
    for number in range(12):
        write(connection, str(number))
    log = path.with_name("test.db-wal").read_bytes()
    main = path.read_bytes()
    connection.close()
    chance = random.Random(7)
    lengths = set()
    for case in range(25):
        copy = tmp_path / str(case) / "test.db"
        copy.parent.mkdir()
        copy.write_bytes(main)
        copy.with_name("test.db-wal").write_bytes(log[: chance.randrange(len(log))])
        notes, recovered = reopened(copy)
        assert recovered is None
        assert notes == [str(number) for number in range(len(notes))]
        lengths.add(len(notes))
    assert len(lengths) > 3


# ---------------------------------------------------------------- what copying and downgrading does


def test_an_emptied_file_beside_its_log_is_kept_aside_with_it_and_told(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    log = b"\x37\x7f\x06\x82" + bytes(100_000)
    path.with_name("test.db-wal").write_bytes(log)
    notes, recovered = reopened(path)
    assert notes == [] and recovered is not None and "empty" in recovered.reason
    assert recovered.aside.with_name(recovered.aside.name + "-wal").read_bytes() == log


def test_a_log_without_its_database_is_kept_and_told(path: Path) -> None:
    path.parent.mkdir()
    path.with_name("test.db-wal").write_bytes(bytes(5000))
    assert reopened(path)[1] is not None
    assert path.with_name("test.db.damaged-1-wal").exists()


def test_an_empty_file_where_other_databases_are_was_emptied_and_is_told(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    path.with_name("ime.db").write_bytes(b"anything")
    recovered = reopened(path)[1]
    assert recovered is not None and recovered.aside.exists()


def test_an_empty_file_alone_is_a_box_that_was_switched_off_at_its_first_start(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    assert reopened(path) == ([], None)


def merged(other: sqlite3.Connection, into: sqlite3.Connection) -> None:
    for text in read(other):
        write(into, text)


LATER = Schema(
    SCHEMA.application_id, (*SCHEMA.migrations, "ALTER TABLE note ADD COLUMN more;"), merged
)


def test_what_a_later_version_wrote_is_there_again_with_what_came_between(path: Path) -> None:
    for schema, text in ((LATER, "later"), (SCHEMA, "between"), (SCHEMA, "more")):
        connection, _ = open_database(path, schema)
        write(connection, text)
        connection.close()
    connection, recovered = open_database(path, LATER)
    assert recovered is None
    assert read(connection) == ["later", "between", "more"]
    connection.close()
    connection, _ = open_database(path, LATER)
    assert read(connection) == ["later", "between", "more"]
    connection.close()


def test_two_later_versions_are_each_kept_for_their_own_program(path: Path) -> None:
    latest = Schema(LATER.application_id, (*LATER.migrations, "CREATE TABLE x (y);"), merged)
    for schema, text in ((latest, "latest"), (LATER, "later"), (SCHEMA, "now")):
        connection, _ = open_database(path, schema)
        write(connection, text)
        connection.close()
    connection, _ = open_database(path, latest)
    assert "latest" in read(connection) and "now" in read(connection)
    connection.close()


@pytest.fixture
def unwritable(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """A folder in which nothing can be made or changed. Root may write anywhere, so SQLite is
    told: it opens a file there for reading only.
    """
    connect = sqlite3.connect

    def read_only(target: object, **how: object) -> sqlite3.Connection:
        if Path(str(target)).parent == path.parent:
            return connect(f"file:{target}?mode=ro", uri=True, **how)  # type: ignore[call-overload, no-any-return]
        return connect(target, **how)  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr(sqlite3, "connect", read_only)


def left_behind(path: Path, copy: Path) -> None:
    """A database whose last rows are only in its log, as after a power cut."""
    connection, _ = open_database(copy, SCHEMA)
    connection.execute("PRAGMA wal_autocheckpoint=0")
    write(connection, "kept")
    path.parent.mkdir(exist_ok=True)
    for companion in ("", "-wal"):
        source = copy.with_name(copy.name + companion)
        path.with_name(path.name + companion).write_bytes(source.read_bytes())
    connection.close()


@pytest.mark.parametrize("schema", [SCHEMA, LATER], ids=["same version", "to be migrated"])
def test_what_cannot_be_written_is_read_its_log_included(
    path: Path, tmp_path: Path, unwritable: None, schema: Schema
) -> None:
    left_behind(path, tmp_path / "copy.db")
    storage = Storage(path, schema, lambda recovered: None)
    try:
        assert storage.read_only
        assert storage.submit(read).result() == ["kept"]
        with pytest.raises(StorageError, match="readonly"):
            storage.submit(lambda connection: write(connection, "lost")).result()
        assert storage.submit(read).result() == ["kept"]
    finally:
        storage.close()
