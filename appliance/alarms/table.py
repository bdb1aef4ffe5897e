"""The alarms as `lory.db` holds them. Functions over an open connection, to be run by `Storage`.

Local times are ISO 8601 without a zone, a rule is as RFC 5545 writes it, seconds of the steady
clock stand beside the boot they belong to.
"""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from appliance.alarms.alarm import Alarm, State, Steady
from appliance.understanding.alarms.requests import Kind
from appliance.understanding.recurrence import Recurrence

MOST = 2000
"""Alarms that can be set. Nobody needs so many; a loop must not fill the disk."""
MOST_NOTES = 50

log = logging.getLogger("lory.alarms")

_COLUMNS = (
    "kind", "text", "due", "rule", "at", "start", "lead", "seconds", "boot", "ends", "left_over",
    "state", "snoozes", "last", "skipped",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Note:
    """What was missed: silently shown until it was seen. `times`: how often in a row."""

    id: int
    kind: Kind
    text: str
    due: datetime | None
    times: int


def load(connection: sqlite3.Connection) -> tuple[list[Alarm], list[Note]]:
    """All of them, the oldest first. A row that cannot be read costs that row and is logged."""
    alarms = []
    for row in connection.execute(f"SELECT id, {', '.join(_COLUMNS)} FROM alarm ORDER BY id"):
        try:
            alarms.append(_alarm(row[0], dict(zip(_COLUMNS, row[1:], strict=True))))
        except (ValueError, TypeError, KeyError) as error:
            log.error("the alarm in row %r cannot be read: %s", row[0], error)
    notes = []
    for row in connection.execute("SELECT id, kind, text, due, times FROM missed ORDER BY id"):
        try:
            notes.append(Note(row[0], Kind(row[1]), str(row[2]), _datetime(row[3]), int(row[4])))
        except (ValueError, TypeError) as error:
            log.error("the note in row %r cannot be read: %s", row[0], error)
    return alarms, notes


def add(connection: sqlite3.Connection, alarm: Alarm) -> int | None:
    """Keep a new one; its number, None where there are `MOST` already."""
    (count,) = connection.execute("SELECT count(*) FROM alarm").fetchone()
    if count >= MOST:
        return None
    marks = ", ".join("?" * len(_COLUMNS))
    row = connection.execute(
        f"INSERT INTO alarm ({', '.join(_COLUMNS)}) VALUES ({marks})", _values(alarm)
    )
    assert row.lastrowid is not None
    return row.lastrowid


def change(connection: sqlite3.Connection, alarm: Alarm) -> None:
    """What became of it."""
    fields = ", ".join(f"{name} = ?" for name in _COLUMNS)
    connection.execute(f"UPDATE alarm SET {fields} WHERE id = ?", (*_values(alarm), alarm.id))


def delete(connection: sqlite3.Connection, number: int) -> None:
    connection.execute("DELETE FROM alarm WHERE id = ?", (number,))


def mark(connection: sqlite3.Connection, left: dict[int, float]) -> None:
    """What is left of countdowns, by their numbers."""
    connection.executemany(
        "UPDATE alarm SET left_over = ? WHERE id = ?", [(rest, it) for it, rest in left.items()]
    )


def miss(connection: sqlite3.Connection, alarm: Alarm, due: datetime | None, times: int) -> int:
    """Note that it was missed; the note's number. The oldest notes go where there are many."""
    row = connection.execute(
        "INSERT INTO missed (kind, text, due, times) VALUES (?, ?, ?, ?)",
        (alarm.kind.value, alarm.text, _iso(due), times),
    )
    connection.execute(
        "DELETE FROM missed WHERE id NOT IN (SELECT id FROM missed ORDER BY id DESC LIMIT ?)",
        (MOST_NOTES,),
    )
    assert row.lastrowid is not None
    return row.lastrowid


def seen(connection: sqlite3.Connection) -> None:
    """All notes were seen."""
    connection.execute("DELETE FROM missed")


def _values(alarm: Alarm) -> tuple[Any, ...]:
    rule, ends = alarm.rule, alarm.ends
    return (
        alarm.kind.value,
        alarm.text,
        _iso(alarm.due),
        rule.rrule if rule else "",
        _iso(rule.at if rule else None),
        _iso(rule.start if rule else None),
        alarm.lead,
        alarm.seconds,
        ends.boot if ends else "",
        ends.at if ends else None,
        alarm.left,
        alarm.state.value,
        alarm.snoozes,
        _iso(alarm.last),
        " ".join(day.isoformat() for day in sorted(alarm.skipped)),
    )


def _alarm(number: int, row: dict[str, Any]) -> Alarm:
    at = time.fromisoformat(row["at"]) if row["at"] else None
    start = date.fromisoformat(row["start"]) if row["start"] else None
    return Alarm(
        id=number,
        kind=Kind(row["kind"]),
        text=str(row["text"]),
        due=_datetime(row["due"]),
        rule=Recurrence.parse(row["rule"], at, start) if row["rule"] else None,
        lead=int(row["lead"]),
        seconds=None if row["seconds"] is None else int(row["seconds"]),
        ends=None if row["ends"] is None else Steady(str(row["boot"]), float(row["ends"])),
        left=None if row["left_over"] is None else float(row["left_over"]),
        state=State(row["state"]),
        snoozes=int(row["snoozes"]),
        last=_datetime(row["last"]),
        skipped=frozenset(date.fromisoformat(day) for day in row["skipped"].split()),
    )


def _iso(moment: datetime | date | time | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def _datetime(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
