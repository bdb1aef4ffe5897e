"""SQLite on a thread of its own: written durably, opened even when damaged.

A database that SQLite or its own integrity check refuses is moved aside with its WAL, never
deleted; a fresh one takes its place, and whoever opened it is told. WAL with `synchronous=FULL`
syncs at every commit, so a power cut loses at most what was not committed. Sources: sqlite.org
"Write-Ahead Logging", "PRAGMA synchronous", "How To Corrupt An SQLite Database File".
"""

from __future__ import annotations

import contextlib
import logging
import queue
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from appliance.errors import LoryError
from appliance.memory.asides import move_aside, take_back, was_emptied

T = TypeVar("T")
Job = Callable[[sqlite3.Connection], T]

_BUSY_SECONDS = 5.0
# Primary result codes of a file that is no sound database: SQLITE_CORRUPT, SQLITE_NOTADB.
_DAMAGE = (11, 26)

log = logging.getLogger(__name__)


class StorageError(LoryError):
    """The database cannot be used: disk full, read-only, no permission. The message says which."""


class DamagedError(LoryError):
    """The file is no sound database of ours."""


class LaterVersionError(DamagedError):
    """A later program wrote the file."""

    def __init__(self, version: int) -> None:
        super().__init__(f"it is of a later version ({version})")
        self.version = version


@dataclass(frozen=True, slots=True)
class Schema:
    """What a database of ours looks like.

    `application_id` marks the file (PRAGMA application_id). `migrations[n]` is the SQL that takes
    version n to n + 1. `merge(other, into)` adds what one database holds to another.
    """

    application_id: int
    migrations: Sequence[str]
    merge: Callable[[sqlite3.Connection, sqlite3.Connection], None] | None = None


@dataclass(frozen=True, slots=True)
class Recovered:
    """A database that cannot be used was moved to `aside`, and a fresh one started."""

    aside: Path
    reason: str


def open_database(path: Path, schema: Schema) -> tuple[sqlite3.Connection, Recovered | None]:
    """Open or create, check and migrate. Where nothing can be written, what is there is read into
    memory: `PRAGMA query_only` is then on.

    The connection may be used from another thread, by one thread at a time.

    Raises:
        StorageError: not even a fresh database can be made there.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _take_back(path, schema)
        if was_emptied(path):
            return _afresh(path, schema, "damaged", "it is empty, and held something before")
        try:
            return _open(path, schema), None
        except LaterVersionError as error:
            return _afresh(path, schema, f"version-{error.version}", str(error))
        except DamagedError as error:
            return _afresh(path, schema, "damaged", str(error))
    except (sqlite3.Error, OSError, DamagedError) as error:
        with contextlib.suppress(sqlite3.Error, OSError, DamagedError):
            return _read_only(path, schema), None
        raise StorageError(f"{path}: {error}") from error


def _afresh(
    path: Path, schema: Schema, label: str, reason: str
) -> tuple[sqlite3.Connection, Recovered]:
    recovered = Recovered(move_aside(path, label), reason)
    log.error("database moved aside to %s: %s", recovered.aside.name, recovered.reason)
    return _open(path, schema), recovered


def _take_back(path: Path, schema: Schema) -> None:
    """Use again what a program of this version wrote, with what was added meanwhile by an older."""
    between = take_back(path, len(schema.migrations))
    if between is None:
        return
    log.warning("%s: kept for this version, used again", path)
    if between == path or schema.merge is None:
        return
    try:
        with (
            contextlib.closing(_open(between, schema)) as older,
            contextlib.closing(_open(path, schema)) as newer,
        ):
            newer.execute("BEGIN IMMEDIATE")
            schema.merge(older, newer)
            newer.execute("COMMIT")
    except (sqlite3.Error, DamagedError, ValueError) as error:
        log.error("%s: not added: %s", between, error)


def _read_only(path: Path, schema: Schema) -> sqlite3.Connection:
    """What a database holds that cannot be written, its log included, in memory."""
    with tempfile.TemporaryDirectory(prefix="lory-") as folder:
        for companion in ("", "-wal"):
            source = path.with_name(path.name + companion)
            if source.exists() or not companion:
                shutil.copyfile(source, Path(folder) / source.name)
        memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        memory.text_factory = _text
        with contextlib.closing(_open(Path(folder) / path.name, schema)) as copy:
            copy.backup(memory)
    memory.execute("PRAGMA query_only=ON")
    log.error("%s: cannot be written; read only", path)
    return memory


def _open(path: Path, schema: Schema) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    connection.text_factory = _text
    try:
        _prepare(connection, schema)
    except sqlite3.DatabaseError as error:
        connection.close()
        if is_damage(error):
            raise DamagedError(str(error)) from error
        raise
    except DamagedError:
        connection.close()
        raise
    return connection


def _text(data: bytes) -> str:
    """SQLite keeps text as it was written, UTF-8 or not; one row of it must not cost the others."""
    return data.decode("utf-8", "replace")


def is_damage(error: sqlite3.Error) -> bool:
    """Whether an error says that the file itself is unsound, not the disk or the request."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGE


def _prepare(connection: sqlite3.Connection, schema: Schema) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    findings = [row[0] for row in connection.execute("PRAGMA quick_check(1)")]
    if findings != ["ok"]:
        raise DamagedError(str(findings[0]))
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if mark != schema.application_id and (mark or tables):
        raise DamagedError("it belongs to another program")
    if version > len(schema.migrations):
        raise LaterVersionError(version)
    for number in range(version, len(schema.migrations)):
        _migrate(connection, schema, number)
    # A file that cannot be written shows only when something is.
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(f"PRAGMA user_version={len(schema.migrations)}")
    connection.execute("ROLLBACK")


def _migrate(connection: sqlite3.Connection, schema: Schema, number: int) -> None:
    # One transaction: a power cut leaves the old version or the new one.
    connection.executescript(
        f"BEGIN IMMEDIATE;\n{schema.migrations[number]}\n"
        f"PRAGMA application_id={schema.application_id};\n"
        f"PRAGMA user_version={number + 1};\nCOMMIT;"
    )


class Storage:
    """Jobs on one database, run in order by one thread.

    Each job is one transaction. `read_only`: nothing can be written there; what is there is read.
    `on_recovered` is called, on the storage thread, whenever a
    damaged database was replaced, at the start or later.

    Raises:
        StorageError: the database cannot be opened.
    """

    def __init__(
        self, path: Path, schema: Schema, on_recovered: Callable[[Recovered], None]
    ) -> None:
        self._path = path
        self._schema = schema
        self._on_recovered = on_recovered
        self._connection, recovered = open_database(path, schema)
        (self.read_only,) = self._connection.execute("PRAGMA query_only").fetchone()
        if recovered is not None:
            on_recovered(recovered)
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="storage")
        self._thread.start()

    def submit(self, job: Job[T]) -> Future[T]:
        """Run `job` with the connection inside a transaction; the future holds what it returns.

        The future raises StorageError when the disk refuses. A job that meets damage is run once
        more on the fresh database.
        """
        future: Future[T] = Future()
        self._jobs.put(lambda: self._settle(future, job))
        return future

    def run(self, job: Callable[[], None]) -> None:
        """Run something on this thread, in its turn, that is nothing to this database."""
        self._jobs.put(job)

    def close(self) -> None:
        """Finish what was submitted, then close."""
        self._jobs.put(None)
        self._thread.join()
        self._connection.close()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job()
            except Exception:
                log.exception("a job on the storage thread failed")

    def _settle(self, future: Future[T], job: Job[T]) -> None:
        try:
            result = self._perform(job)
        except BaseException as error:  # noqa: BLE001  (whoever waits for the future decides)
            future.set_exception(error)
        else:
            future.set_result(result)

    def _perform(self, job: Job[T]) -> T:
        try:
            return self._transact(job)
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise StorageError(str(error)) from error
            self._replace(str(error))
        return self._transact(job)

    def _transact(self, job: Job[T]) -> T:
        connection = self._connection
        connection.execute("BEGIN" if self.read_only else "BEGIN IMMEDIATE")
        try:
            result = job(connection)
            connection.execute("COMMIT")
        except BaseException:
            # After some errors (disk full) SQLite has rolled back by itself.
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return result

    def _replace(self, reason: str) -> None:
        self._connection.close()
        aside = move_aside(self._path, "damaged")
        log.error("database moved aside to %s: %s", aside.name, reason)
        self._connection, _ = open_database(self._path, self._schema)
        self._on_recovered(Recovered(aside, reason))
