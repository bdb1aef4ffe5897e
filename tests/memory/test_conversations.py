"""What is kept of a conversation, and how it comes back to the model."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.alarms import table
from appliance.alarms.alarm import Alarm
from appliance.memory import conversations, facts, lists
from appliance.memory.conversations import SCHEMA, StoredTurn
from appliance.memory.storage import open_database
from appliance.messages import Exchange
from appliance.understanding.alarms.requests import Kind

TURN = StoredTurn(
    "首都是哪里？",
    "北京。",
    b"\x01\x00\x00\x00\x02\x00\x00\x00",
    shown=3,
    spoken=3,
    thought="想了想",
    asked=1e9,
    timings={"first_token": 0.25},
)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection, _ = open_database(tmp_path / "lory.db", SCHEMA)
    yield connection
    connection.close()


def test_a_turn_comes_back_as_it_was_stored(db: sqlite3.Connection) -> None:
    here = conversations.start_conversation(db, 1.0)
    conversations.add_turn(db, here, TURN)
    assert conversations.turns(db, here) == [TURN]


def test_turns_keep_their_order_though_the_clock_jumps_back(db: sqlite3.Connection) -> None:
    here = conversations.start_conversation(db, 1.0)
    for asked, question in ((2e9, "一"), (0.0, "二"), (1e9, "三")):
        conversations.add_turn(db, here, StoredTurn(question, "嗯", asked=asked))
    assert [turn.question for turn in conversations.turns(db, here)] == ["一", "二", "三"]


@pytest.mark.parametrize(
    ("turn", "delivered"),
    [
        (StoredTurn("问", "一二三四", shown=2), "一二三四"),
        (StoredTurn("问", "一二三四", reason="cancelled", shown=2), "一二"),
        (StoredTurn("问", "一二三四", reason="cancelled", shown=4, spoken=1), "一"),
        (StoredTurn("问", "一二三四", reason="length", shown=4, spoken=1), "一二三四"),
    ],
    ids=["whole", "stopped, voice off", "stopped, voice on", "cut by its length"],
)
def test_an_interrupted_answer_counts_as_far_as_it_was_delivered(
    turn: StoredTurn, delivered: str
) -> None:
    assert turn.delivered == delivered
    assert turn.exchange == Exchange("问", delivered, turn.ids)


def test_turns_in_which_nothing_was_said_are_kept_but_not_shown_to_the_model() -> None:
    silent = StoredTurn("问", "", reason="cancelled")
    assert conversations.history([TURN, silent]) == (TURN.exchange,)


def test_the_browser_lists_conversations_with_turns_latest_first_in_pages(
    db: sqlite3.Connection,
) -> None:
    ids = [conversations.start_conversation(db, float(number)) for number in range(5)]
    for here in ids[:4]:
        conversations.add_turn(db, here, StoredTurn(f"第{here}个", "好"))
        conversations.add_turn(db, here, StoredTurn("然后", "好"))
    first = conversations.summaries(db, limit=3)
    assert [(one.id, one.title, one.turns) for one in first] == [
        (here, f"第{here}个", 2) for here in (ids[3], ids[2], ids[1])
    ]
    assert [one.id for one in conversations.summaries(db, before=first[-1].id)] == [ids[0]]


def test_deleting_a_conversation_takes_its_turns_along(db: sqlite3.Connection) -> None:
    kept, gone = (conversations.start_conversation(db, 0.0) for _ in range(2))
    for here in (kept, gone):
        conversations.add_turn(db, here, TURN)
    conversations.delete_conversation(db, gone)
    assert conversations.turns(db, gone) == []
    assert conversations.turns(db, kept) == [TURN]


@given(
    value=st.one_of(st.booleans(), st.integers(-(2**53), 2**53), st.floats(-1e9, 1e9), st.text())
)
def test_a_setting_comes_back_with_its_value_and_type(value: bool | int | float | str) -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for migration in SCHEMA.migrations:
        connection.executescript(migration)
    conversations.set_setting(connection, "audio.volume", "old")
    conversations.set_setting(connection, "audio.volume", value)
    found = conversations.overlay(connection)["audio.volume"]
    connection.close()
    assert found == value
    assert type(found) is type(value)


def test_a_reset_setting_is_gone_from_the_overlay(db: sqlite3.Connection) -> None:
    conversations.set_setting(db, "ui.hints", False)
    conversations.reset_setting(db, "ui.hints")
    assert conversations.overlay(db) == {}


def test_turns_of_a_later_program_are_there_again_after_an_older_one_ran(tmp_path: Path) -> None:
    later = replace(SCHEMA, migrations=(*SCHEMA.migrations, "ALTER TABLE turn ADD COLUMN mood;"))
    path = tmp_path / "lory.db"
    for schema, question in ((later, "明天见"), (SCHEMA, "今天呢"), (SCHEMA, "昨天呢")):
        connection, _ = open_database(path, schema)
        number = conversations.start_conversation(connection, 1.0)
        conversations.add_turn(connection, number, StoredTurn(question, "好"))
        conversations.set_setting(connection, "voice.name", question)
        facts.remember(connection, question, 1.0)
        connection.close()
    connection, recovered = open_database(path, later)
    assert recovered is None
    asked = [turn.question for turn in conversations.latest_turns(connection)]
    assert asked == ["昨天呢", "今天呢", "明天见"]
    assert conversations.overlay(connection) == {"voice.name": "昨天呢"}
    assert [fact.text for fact in facts.facts(connection)] == ["昨天呢", "今天呢", "明天见"]
    assert [fact.text for fact in facts.relevant(connection, "昨天")] == ["昨天呢"]
    connection.close()


BROKEN = [
    ("timings", "not json"),
    ("timings", "[1]"),
    ("question", b"\x00\xff"),
    ("answer", b"\xff"),
    ("reason", "bored"),
    ("shown", "many"),
    ("asked", "today"),
]


@pytest.mark.parametrize(("column", "value"), BROKEN)
def test_a_broken_row_costs_that_turn_alone(
    db: sqlite3.Connection, column: str, value: object
) -> None:
    here = conversations.start_conversation(db, 1.0)
    rows = [conversations.add_turn(db, here, TURN) for _ in range(3)]
    db.execute(f"UPDATE turn SET {column} = ? WHERE id = ?", (value, rows[1]))
    assert conversations.turns(db, here) == [TURN, TURN]
    assert conversations.latest_turns(db) == [TURN, TURN]
    assert conversations.summaries(db)


def test_text_in_another_encoding_is_read_as_far_as_it_can_be(db: sqlite3.Connection) -> None:
    here = conversations.start_conversation(db, 1.0)
    conversations.add_turn(db, here, TURN)
    gbk = "你好世界".encode("gb18030")
    db.execute("UPDATE turn SET question = CAST(? AS TEXT)", (gbk,))
    facts.remember(db, "我住在北京", 1.0)
    db.execute("UPDATE fact SET text = CAST(? AS TEXT)", (gbk,))
    assert "\ufffd" in conversations.turns(db, here)[0].question
    assert "\ufffd" in facts.facts(db)[0].text
    assert conversations.summaries(db)[0].title


def test_ids_that_are_not_whole_are_left_out(db: sqlite3.Connection) -> None:
    here = conversations.start_conversation(db, 1.0)
    conversations.add_turn(db, here, replace(TURN, ids=b"\x01\x00\x00"))
    assert conversations.turns(db, here) == [replace(TURN, ids=b"")]


def test_lists_and_alarms_of_an_older_program_are_there_again_too(tmp_path: Path) -> None:
    later = replace(SCHEMA, migrations=(*SCHEMA.migrations, "ALTER TABLE turn ADD COLUMN mood;"))
    path = tmp_path / "lory.db"
    for schema, text in ((later, "鸡蛋"), (SCHEMA, "牛奶")):
        connection, _ = open_database(path, schema)
        lists.add(connection, "购物", ["盐", text])
        table.add(connection, Alarm(kind=Kind.TIMER, text=text, seconds=60))
        connection.close()
    connection, _ = open_database(path, later)
    assert {item.text for item in lists.items(connection, "购物")} == {"盐", "鸡蛋", "牛奶"}
    assert [alarm.text for alarm in table.load(connection)[0]] == ["鸡蛋", "牛奶"]
    connection.close()
