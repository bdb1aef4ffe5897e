"""Lists in `lory.db`: what the user wants to buy, to do, to pack; not what the box is to remember.

Functions over an open connection, to be run by the store. A list is there while something is on it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

MOST_ITEMS = 200
"""On one list."""

MIGRATION = """
CREATE TABLE list_item (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    list TEXT NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (list, text)
);
"""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing on a list, as the user said it."""

    id: int
    list: str
    text: str


def add(connection: sqlite3.Connection, name: str, texts: Sequence[str]) -> list[Item]:
    """What is on the list then; what stands there already stands there once. Beyond `MOST_ITEMS`
    nothing is taken on."""
    room = MOST_ITEMS - len(items(connection, name))
    for text in texts[: max(room, 0)]:
        connection.execute(
            "INSERT OR IGNORE INTO list_item (list, text) VALUES (?, ?)", (name, text)
        )
    return items(connection, name)


def remove(connection: sqlite3.Connection, name: str, texts: Sequence[str]) -> list[Item]:
    """Take off what is called so, or holds the words where nothing is; what was taken off."""
    gone: list[Item] = []
    for text in texts:
        known = items(connection, name)
        found = [one for one in known if one.text == text]
        found = found or [one for one in known if text in one.text]
        for one in found:
            connection.execute("DELETE FROM list_item WHERE id = ?", (one.id,))
        gone += found
    return gone


def clear(connection: sqlite3.Connection, name: str) -> int:
    """Take everything off; how much that was."""
    return connection.execute("DELETE FROM list_item WHERE list = ?", (name,)).rowcount


def drop(connection: sqlite3.Connection, item: Item) -> None:
    """Take one thing off."""
    connection.execute("DELETE FROM list_item WHERE id = ?", (item.id,))


def items(connection: sqlite3.Connection, name: str) -> list[Item]:
    """What is on a list, in the order in which it was added."""
    rows = connection.execute(
        "SELECT id, list, text FROM list_item WHERE list = ? ORDER BY id", (name,)
    )
    return [Item(*row) for row in rows]


def everything(connection: sqlite3.Connection) -> list[Item]:
    """All lists, one after the other."""
    rows = connection.execute("SELECT id, list, text FROM list_item ORDER BY list, id")
    return [Item(*row) for row in rows]
