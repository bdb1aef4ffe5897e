"""What the user asked to be remembered, in `lory.db`, found again by full text.

Functions over an open connection, to be run by `Storage.submit`. SQLite's own tokenizers know no
Chinese words, and its trigrams miss words of two characters, which most are. So a text is indexed
by the pairs of neighbouring hanzi, and by its words where it is written with spaces.
"""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass

MAX_LENGTH = 200
"""Characters of one fact."""
MAX_FACTS = 500
RELEVANT = 3
"""Facts that go with one question: each is prefilled."""

MIGRATION = """
CREATE TABLE fact (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    told REAL NOT NULL,
    text TEXT NOT NULL UNIQUE
);
CREATE VIRTUAL TABLE fact_index USING fts5 (grams, content='');
"""

_HAN = r"[\u3400-\u9fff]"
_RUN = re.compile(rf"{_HAN}+|[0-9A-Za-z]+")
# Pairs that stand in any question and say nothing of what it is about.
_EMPTY_PAIRS = (
    "什么 怎么 为什 么样 哪里 哪个 多少 几个 可以 是不 不是 有没 没有 一下 告诉 诉我 请问 知道 道我"
    " 我们 你们 他们 这个 那个 现在 今天 的是 是什 是哪 我的 你的 还是 应该 觉得"
)
_EMPTY_WORDS = (
    "a an and are can could did do does for from have how i in is it me my of on or should tell"
    " that the this to was what when where which who why will with would you your"
)
_EMPTY = frozenset(f"{_EMPTY_PAIRS} {_EMPTY_WORDS}".split())


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing to remember, as the user said it. `told` in unix seconds."""

    id: int
    told: float
    text: str


def grams(text: str) -> list[str]:
    """What a text is indexed by: pairs of hanzi (a lone one by itself) and lower-case words."""
    found: list[str] = []
    for run in _RUN.findall(text.lower()):
        if run.isascii() or len(run) == 1:
            found.append(run)
        else:
            found += (run[at : at + 2] for at in range(len(run) - 1))
    return found


def remember(connection: sqlite3.Connection, text: str, now: float) -> Fact | None:
    """Keep a fact; None when it is known already, or there are `MAX_FACTS`."""
    text = text[:MAX_LENGTH]
    (count,) = connection.execute("SELECT count(*) FROM fact").fetchone()
    if count >= MAX_FACTS:
        return None
    row = connection.execute("INSERT OR IGNORE INTO fact (told, text) VALUES (?, ?)", (now, text))
    if not row.rowcount or row.lastrowid is None:
        return None
    _index(connection, row.lastrowid, text)
    return Fact(row.lastrowid, now, text)


def forget(connection: sqlite3.Connection, fact: Fact) -> None:
    # A contentless index is told what to take out.
    connection.execute(
        "INSERT INTO fact_index (fact_index, rowid, grams)"
        " SELECT 'delete', id, ? FROM fact WHERE id = ?",
        (" ".join(grams(fact.text)), fact.id),
    )
    connection.execute("DELETE FROM fact WHERE id = ?", (fact.id,))


def forget_all(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM fact")
    connection.execute("INSERT INTO fact_index (fact_index) VALUES ('delete-all')")


def facts(connection: sqlite3.Connection) -> list[Fact]:
    """All of them, the latest first."""
    rows = connection.execute("SELECT id, told, text FROM fact ORDER BY id DESC")
    return [Fact(*row) for row in rows]


def relevant(connection: sqlite3.Connection, text: str, limit: int = RELEVANT) -> list[Fact]:
    """The facts that share most with a text, the closest first."""
    told = [gram for gram in grams(text) if gram not in _EMPTY]
    if not told:
        return []
    query = " OR ".join(f'"{gram}"' for gram in dict.fromkeys(told))
    rows = connection.execute(
        "SELECT f.id, f.told, f.text FROM fact_index JOIN fact f ON f.id = fact_index.rowid"
        " WHERE fact_index MATCH ? ORDER BY bm25(fact_index), f.id DESC LIMIT ?",
        (query, limit),
    )
    return [Fact(*row) for row in rows]


def _index(connection: sqlite3.Connection, number: int, text: str) -> None:
    connection.execute(
        "INSERT INTO fact_index (rowid, grams) VALUES (?, ?)", (number, " ".join(grams(text)))
    )
