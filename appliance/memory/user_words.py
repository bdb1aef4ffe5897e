"""`ime.db`: what the user's typing taught the input method, in its own SQLite file.

Kept apart from the conversations so that damage to one does not take the other. Implements
`ui.input.learning.user.UserWords`. Every change is one transaction: after a power cut it is there
or not. What a locked file or a full disk refuses is kept and written together with the next change.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from appliance.memory.asides import move_aside, take_back, was_emptied
from appliance.memory.unsaved import Unsaved
from ui.input.learning.user import Change, FixRow, Learnt, PairRow, WordRow

SCHEMA: Final = 2  # 1 had no fixes; opening it adds their table
BUSY_SECONDS: Final = 2.0
UNSAVED: Final = "user-words-unsaved"
SAVED: Final = "user-words-saved"
_TABLES = """
CREATE TABLE IF NOT EXISTS word (
  text TEXT NOT NULL, reading TEXT NOT NULL, count REAL NOT NULL, step INTEGER NOT NULL,
  own INTEGER NOT NULL, PRIMARY KEY (text, reading)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pair (
  before TEXT NOT NULL, after TEXT NOT NULL, count REAL NOT NULL, step INTEGER NOT NULL,
  PRIMARY KEY (before, after)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS fix (
  before TEXT NOT NULL, last TEXT NOT NULL, word TEXT NOT NULL, gain REAL NOT NULL,
  step INTEGER NOT NULL, PRIMARY KEY (before, last, word)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS position (id INTEGER PRIMARY KEY CHECK (id = 0), step INTEGER NOT NULL);
"""
_log = logging.getLogger(__name__)

Job = Callable[[], None]


def run_now(job: Job) -> None:
    """Where there is no storage thread."""
    job()


def _log_it(code: str, detail: str) -> None:
    _log.warning("%s: %s", code, detail)


class SqliteUserWords:
    """The store in `path`. A damaged file is moved aside and a fresh one started.

    `submit` runs a write, on the storage thread in the appliance. `report` is told, in a code for
    the user's eyes, what went wrong: `user-words-reset` (the file was damaged; `detail` names where
    it was moved to), `user-words-unsaved` (locked, disk full, read-only: typing goes on, and what
    was learnt is kept in memory; told once, and again when the user wants something forgotten) or
    `user-words-saved` (all that was kept is on the disk now). After a file that could not be read
    nothing is written until all is forgotten: it would not fit what is there.
    """

    def __init__(
        self,
        path: Path,
        submit: Callable[[Job], None] = run_now,
        report: Callable[[str, str], None] | None = None,
    ) -> None:
        self._path = path
        self._submit = submit
        self._report = _log_it if report is None else report
        self._connection: sqlite3.Connection | None = None
        self._unread = False
        self._kept = Unsaved()  # only touched by who runs the writes
        self._failing = False

    def read(self) -> Learnt:
        """Everything learnt; empty when the file was damaged or cannot be opened."""
        try:
            self._unread = False
            take_back(self._path, SCHEMA)
            if was_emptied(self._path):
                raise sqlite3.DatabaseError("it is empty, and held something before")
            return self._read(self._open())
        except (sqlite3.OperationalError, OSError) as error:
            self._unsaved(error)
            learnt = None if _is_locked(error) else self._read_unopened()
            self._unread = learnt is None
            return learnt or Learnt()
        except (sqlite3.DatabaseError, ValueError, TypeError) as error:
            self._move_aside(error)
        return Learnt()

    def write(self, change: Change) -> None:
        """Keep a change, on the storage thread."""
        if not self._unread:
            self._submit(lambda: self._keep(change))

    def clear(self) -> None:
        """Forget everything, on the storage thread."""
        self._unread = False
        self._submit(self._keep_nothing)

    def save_rest(self) -> None:
        """Try once more to write what is kept, on the storage thread: the box is switched off."""
        self._submit(self._save_rest)

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    # ------------------------------------------------------------ inside

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            db = sqlite3.connect(
                self._path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            try:
                _prepare(db)
            except sqlite3.Error:
                db.close()
                raise
            self._connection = db
        return self._connection

    def _read_unopened(self) -> Learnt | None:
        """What the file holds where nothing can be written beside it, on a read-only disk. None:
        that cannot be told, or there is a log, without which it is not the latest."""
        if not self._path.exists():
            return Learnt()
        log = self._path.with_name(f"{self._path.name}-wal")
        with contextlib.suppress(sqlite3.Error, OSError, ValueError, TypeError):
            if log.exists() and log.stat().st_size:
                return None
            uri = f"{self._path.resolve().as_uri()}?immutable=1"
            with contextlib.closing(sqlite3.connect(uri, uri=True)) as db:
                return self._read(db)
        return None

    def _read(self, db: sqlite3.Connection) -> Learnt:
        if not _is_sound(db):
            raise sqlite3.DatabaseError("integrity check failed")
        row = db.execute("SELECT step FROM position").fetchone()
        return Learnt(
            int(row[0]) if row else 0,
            tuple(
                WordRow(
                    str(text), tuple(str(reading).split("'")), float(count), int(step), bool(own)
                )
                for text, reading, count, step, own in db.execute("SELECT * FROM word")
            ),
            tuple(
                PairRow(str(before), str(after), float(count), int(step))
                for before, after, count, step in db.execute("SELECT * FROM pair")
            ),
            tuple(
                FixRow(str(before), str(last), str(word), float(gain), int(step))
                for before, last, word, gain, step in db.execute("SELECT * FROM fix")
            ),
        )

    def _keep(self, change: Change) -> None:
        self._kept.add(partial(_apply, change=change))
        gone = change.gone_words or change.gone_pairs or change.gone_fixes
        self._save(wished=bool(gone) and not (change.words or change.fixes))

    def _keep_nothing(self) -> None:
        self._kept.replace(_clear)
        self._save(wished=True)

    def _save_rest(self) -> None:
        if self._kept:
            self._save()

    def _save(self, wished: bool = False) -> None:
        """Write all that is kept, or nothing of it. `wished`: the user waits for this change."""
        try:
            self._write_kept()
        except (sqlite3.OperationalError, OSError) as error:
            self._unsaved(error, again=wished)
        except sqlite3.DatabaseError as error:
            self._move_aside(error)
            self._save_afresh()

    def _save_afresh(self) -> None:
        """After a damaged file was moved aside; what even a fresh one refuses is given up."""
        try:
            self._write_kept()
        except (sqlite3.OperationalError, OSError) as error:
            self._unsaved(error)
        except sqlite3.DatabaseError as error:
            self._kept.clear()
            self._unsaved(error)

    def _write_kept(self) -> None:
        self._transact()
        count = len(self._kept)
        self._kept.clear()
        if self._failing:
            self._failing = False
            self._report(SAVED, f"{self._path}: {count} changes")

    def _transact(self) -> None:
        db = self._open()
        db.execute("BEGIN IMMEDIATE")
        try:
            self._kept.write_all(db)
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise

    def _unsaved(self, error: Exception, again: bool = False) -> None:
        """Tell it, the first time or `again`."""
        if self._failing and not again:
            _log.warning("%s: %s", self._path, error)
            return
        self._failing = True
        self._report(UNSAVED, f"{self._path}: {error}")

    def _move_aside(self, error: Exception) -> None:
        """Keep the damaged file beside the fresh one, for whoever wants to look."""
        self.close()
        label = f"version-{error.version}" if isinstance(error, _LaterVersionError) else "damaged"
        try:
            aside = move_aside(self._path, label)
            self._open()
        except (OSError, sqlite3.Error) as second:
            self._unsaved(second)
            return
        self._report("user-words-reset", f"{error}; kept as {aside}")


class _LaterVersionError(sqlite3.DatabaseError):
    """A later program wrote the file; it is kept for that one."""

    def __init__(self, version: int) -> None:
        super().__init__(f"schema version {version}, this program knows {SCHEMA}")
        self.version = version


def _prepare(db: sqlite3.Connection) -> None:
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version not in range(SCHEMA + 1):
        raise _LaterVersionError(version)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    if version != SCHEMA:  # else nothing is written: what a full disk holds can still be read
        db.executescript(_TABLES)
        db.execute(f"PRAGMA user_version = {SCHEMA}")


def _is_locked(error: Exception) -> bool:
    locked = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in locked


def _is_sound(db: sqlite3.Connection) -> bool:
    return bool(db.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")


def _apply(db: sqlite3.Connection, change: Change) -> None:
    db.executemany(
        "INSERT OR REPLACE INTO word VALUES (?, ?, ?, ?, ?)",
        [(w.text, "'".join(w.reading), w.count, w.step, w.own) for w in change.words],
    )
    db.executemany(
        "INSERT OR REPLACE INTO pair VALUES (?, ?, ?, ?)",
        [(p.before, p.after, p.count, p.step) for p in change.pairs],
    )
    db.executemany(
        "INSERT OR REPLACE INTO fix VALUES (?, ?, ?, ?, ?)",
        [(f.before, f.last, f.word, f.gain, f.step) for f in change.fixes],
    )
    db.executemany(
        "DELETE FROM word WHERE text = ? AND reading = ?",
        [(text, "'".join(reading)) for text, reading in change.gone_words],
    )
    db.executemany("DELETE FROM pair WHERE before = ? AND after = ?", change.gone_pairs)
    db.executemany("DELETE FROM fix WHERE before = ? AND last = ? AND word = ?", change.gone_fixes)
    db.execute("INSERT OR REPLACE INTO position VALUES (0, ?)", (change.step,))


def _clear(db: sqlite3.Connection) -> None:
    for table in ("word", "pair", "fix", "position"):
        db.execute(f"DELETE FROM {table}")
