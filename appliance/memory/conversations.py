"""What `lory.db` holds: conversations, settings changed on the device, facts to remember, lists.

Functions over an open connection, to be run by `Storage.submit`. Times are unix seconds as the
box believes them; order is by row id, because the clock may be unset.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import msgspec

from appliance.configuration.settings import Value
from appliance.memory import facts, lists
from appliance.memory.storage import Schema
from appliance.messages import Exchange

_COLUMNS = (
    "question", "answer", "ids", "reason", "shown", "spoken", "thought", "asked", "recalled",
    "timings",
)  # fmt: skip

# Those of which every row stands for itself.
_PLAIN_TABLES = {
    "list_item": ("list", "text"),
    "alarm": (
        "kind", "text", "due", "rule", "at", "start", "lead", "seconds", "boot", "ends",
        "left_over", "state", "snoozes", "last", "skipped",
    ),
    "missed": ("kind", "text", "due", "times"),
}  # fmt: skip

log = logging.getLogger(__name__)

Reason = Literal["stop", "length", "cancelled", "loop", "fault", "ability"]

SCHEMA = Schema(
    application_id=0x4C6F7279,  # "Lory"
    migrations=(
        """
        CREATE TABLE conversation (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            started REAL NOT NULL,
            model TEXT NOT NULL
        );
        CREATE TABLE turn (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            conversation INTEGER NOT NULL REFERENCES conversation ON DELETE CASCADE,
            asked REAL NOT NULL,
            question TEXT NOT NULL,
            answer TEXT NOT NULL,
            thought TEXT NOT NULL,
            ids BLOB NOT NULL,
            reason TEXT NOT NULL,
            shown INTEGER NOT NULL,
            spoken INTEGER NOT NULL,
            timings TEXT NOT NULL
        );
        CREATE INDEX turn_by_conversation ON turn (conversation, id);
        CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        """,
        f"{facts.MIGRATION} ALTER TABLE turn ADD COLUMN recalled TEXT NOT NULL DEFAULT '';",
        lists.MIGRATION,
        # Read and written by `appliance.alarms.table`.
        """
        CREATE TABLE alarm (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL,
            text TEXT NOT NULL,
            due TEXT,
            rule TEXT NOT NULL,
            at TEXT,
            start TEXT,
            lead INTEGER NOT NULL,
            seconds INTEGER,
            boot TEXT NOT NULL,
            ends REAL,
            left_over REAL,
            state TEXT NOT NULL,
            snoozes INTEGER NOT NULL,
            last TEXT,
            skipped TEXT NOT NULL
        );
        CREATE TABLE missed (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL,
            text TEXT NOT NULL,
            due TEXT,
            times INTEGER NOT NULL
        );
        """,
    ),
    merge=lambda other, into: _merge(other, into),
)


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """One finished turn.

    `answer` is everything decoded, `ids` its token ids (uint32 LE), `thought` what was thought
    before it. `shown` and `spoken` are how many leading characters of the answer were drawn, and
    lie in clauses whose playback began (-1: voice off); `timings` in seconds by name. `recalled`
    was put behind the question for the model.
    """

    question: str
    answer: str
    ids: bytes = b""
    reason: Reason = "stop"
    shown: int = 0
    spoken: int = -1
    thought: str = ""
    asked: float = 0.0
    timings: dict[str, float] = field(default_factory=dict)
    recalled: str = ""

    @property
    def delivered(self) -> str:
        """The part of the answer that counts as said."""
        if self.reason != "cancelled":
            return self.answer
        return self.answer[: self.shown if self.spoken < 0 else self.spoken]

    @property
    def exchange(self) -> Exchange:
        """The turn as the model is to see it."""
        return Exchange(self.question + self.recalled, self.delivered, self.ids)


@dataclass(frozen=True, slots=True)
class Summary:
    """One conversation in the history browser: its first question and how many turns."""

    id: int
    started: float
    title: str
    turns: int


def start_conversation(connection: sqlite3.Connection, now: float) -> int:
    """A new conversation; its id.

    Nothing reads its `model`, which stands empty: a release that is gone back to would miss it.
    """
    row = connection.execute("INSERT INTO conversation (started, model) VALUES (?, '')", (now,))
    assert row.lastrowid is not None
    return row.lastrowid


def add_turn(connection: sqlite3.Connection, conversation: int, turn: StoredTurn) -> int:
    """Append a turn; its id."""
    row = connection.execute(
        "INSERT INTO turn (conversation, asked, question, answer, thought, ids, reason, shown,"
        " spoken, timings, recalled) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            conversation,
            turn.asked,
            turn.question,
            turn.answer,
            turn.thought,
            turn.ids,
            turn.reason,
            turn.shown,
            turn.spoken,
            msgspec.json.encode(turn.timings).decode(),
            turn.recalled,
        ),
    )
    assert row.lastrowid is not None
    return row.lastrowid


def turns(connection: sqlite3.Connection, conversation: int) -> list[StoredTurn]:
    """All turns of a conversation, the oldest first."""
    return _turns(connection, "WHERE conversation = ? ORDER BY id", conversation)


def latest_turns(connection: sqlite3.Connection, limit: int = 50) -> list[StoredTurn]:
    """Of all conversations, the latest turn first."""
    return _turns(connection, "ORDER BY id DESC LIMIT ?", limit)


def _turns(connection: sqlite3.Connection, which: str, argument: int) -> list[StoredTurn]:
    """A row that cannot be read costs that row and is logged."""
    found = []
    for number, *row in connection.execute(
        f"SELECT id, {', '.join(_COLUMNS)} FROM turn {which}", (argument,)
    ):
        try:
            found.append(_turn(dict(zip(_COLUMNS, row, strict=True))))
        except msgspec.MsgspecError as error:
            log.error("the turn in row %r cannot be read: %s", number, error)
    return found


def _turn(row: dict[str, Any]) -> StoredTurn:
    """Raises: msgspec.MsgspecError."""
    timings = msgspec.json.decode(str(row["timings"]), type=dict[str, float])
    turn = msgspec.convert(row | {"timings": timings}, StoredTurn, builtin_types=(bytes,))
    # Ids that are not whole are of no use; the text says it all.
    return turn if len(turn.ids) % 4 == 0 else replace(turn, ids=b"")


def history(stored: Sequence[StoredTurn]) -> tuple[Exchange, ...]:
    """What of a conversation goes into the next prompt: turns in which something was said."""
    return tuple(turn.exchange for turn in stored if turn.delivered)


def summaries(
    connection: sqlite3.Connection, limit: int = 50, before: int | None = None
) -> list[Summary]:
    """Conversations that have turns, the latest first; `before` an id, to page on."""
    rows = connection.execute(
        "SELECT c.id, c.started,"
        " (SELECT question FROM turn WHERE conversation = c.id ORDER BY id LIMIT 1), count(t.id)"
        " FROM conversation c JOIN turn t ON t.conversation = c.id"
        " WHERE ?1 IS NULL OR c.id < ?1 GROUP BY c.id ORDER BY c.id DESC LIMIT ?2",
        (before, limit),
    )
    return [Summary(*row) for row in rows]


def delete_conversation(connection: sqlite3.Connection, conversation: int) -> None:
    connection.execute("DELETE FROM conversation WHERE id = ?", (conversation,))


def overlay(connection: sqlite3.Connection) -> dict[str, Value]:
    """The settings changed on the device, unchecked against the schema of settings; without rows
    that hold no value.
    """
    return {key: value for key, value in _rows(connection) if not isinstance(value, Exception)}


def broken_settings(connection: sqlite3.Connection) -> dict[str, str]:
    """Rows that hold no value of a setting, by key, and why."""
    return {
        str(key): str(value) for key, value in _rows(connection) if isinstance(value, Exception)
    }


def _rows(connection: sqlite3.Connection) -> Iterator[tuple[str, Value | Exception]]:
    # SQLite keeps whatever is written, text or not; UTF-8 or not.
    for key, stored in connection.execute("SELECT CAST(key AS BLOB), value FROM setting"):
        name = bytes(key).decode("utf-8", "replace")
        try:
            yield name, msgspec.json.decode(stored, type=bool | int | float | str)
        except (msgspec.DecodeError, TypeError, ValueError) as error:
            yield name, error


def set_setting(connection: sqlite3.Connection, key: str, value: Value) -> None:
    connection.execute(
        "INSERT INTO setting VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, msgspec.json.encode(value).decode()),
    )


def reset_setting(connection: sqlite3.Connection, key: str) -> None:
    """Back to the file's value or the default."""
    connection.execute("DELETE FROM setting WHERE key = ?", (key,))


def _merge(other: sqlite3.Connection, into: sqlite3.Connection) -> None:
    """Add what an older program kept meanwhile: it is the later, so its settings hold."""
    for number, started in other.execute("SELECT id, started FROM conversation ORDER BY id"):
        conversation = start_conversation(into, started)
        for turn in turns(other, number):
            add_turn(into, conversation, turn)
    for key, value in other.execute("SELECT key, value FROM setting"):
        into.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (key, value))
    for fact in reversed(facts.facts(other)):
        facts.remember(into, fact.text, fact.told)
    for table, columns in _PLAIN_TABLES.items():
        marks = ", ".join("?" * len(columns))
        names = ", ".join(columns)
        into.executemany(
            f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})",
            other.execute(f"SELECT {names} FROM {table} ORDER BY id").fetchall(),
        )
