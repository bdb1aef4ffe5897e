"""Facts in the database: found by what they share with a question, gone when forgotten."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.memory import conversations, facts
from appliance.memory.storage import open_database


@pytest.fixture
def db(tmp_path):
    connection, _ = open_database(tmp_path / "lory.db", conversations.SCHEMA)
    yield connection
    connection.close()


@pytest.fixture
def known(db):
    for text in (
        "我对花生过敏",
        "我女儿的生日是五月三号",
        "车停在B2层",
        "I am allergic to penicillin",
        "我叫小明",
    ):
        facts.remember(db, text, 0.0)
    return db


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("我能吃花生酱吗？", "我对花生过敏"),
        ("女儿几号过生日", "我女儿的生日是五月三号"),
        ("我把车停哪里了？车停在哪", "车停在B2层"),
        ("Which drugs am I allergic to?", "I am allergic to penicillin"),
        ("我叫什么名字？", "我叫小明"),
    ],
)
def test_a_question_finds_the_fact_that_shares_its_words(known, question, expected):
    assert facts.relevant(known, question)[0].text == expected


@pytest.mark.parametrize(
    "question", ["长城有多长？", "为什么天空是蓝色的", "what is the time", "？"]
)
def test_a_question_about_something_else_finds_none(known, question):
    assert facts.relevant(known, question) == []


def test_a_forgotten_fact_is_not_found_and_the_others_are(known):
    peanuts = facts.relevant(known, "花生")[0]
    facts.forget(known, peanuts)
    assert facts.relevant(known, "花生") == []
    assert facts.relevant(known, "生日")[0].text == "我女儿的生日是五月三号"
    assert peanuts not in facts.facts(known)


def test_after_forgetting_all_nothing_is_left_to_find(known):
    facts.forget_all(known)
    assert facts.facts(known) == []
    assert facts.relevant(known, "花生 生日 车停") == []
    assert facts.remember(known, "我对花生过敏", 1.0) is not None
    assert facts.relevant(known, "花生")


def test_the_same_fact_is_kept_once(known):
    assert facts.remember(known, "我叫小明", 1.0) is None
    assert len(facts.facts(known)) == 5


def test_the_memory_is_bounded(db, monkeypatch):
    monkeypatch.setattr(facts, "MAX_FACTS", 2)
    kept = [facts.remember(db, f"第{n}件事", 0.0) for n in range(3)]
    assert [fact is not None for fact in kept] == [True, True, False]


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_can_be_kept_asked_about_and_forgotten(fact, question):
    connection = sqlite3.connect(":memory:")
    connection.executescript(facts.MIGRATION)
    kept = facts.remember(connection, fact, 0.0)
    facts.relevant(connection, question)
    facts.forget(connection, kept)
    assert facts.facts(connection) == []
    assert facts.relevant(connection, fact) == []
    connection.close()


def test_a_database_of_the_version_before_keeps_its_conversations(tmp_path):
    path = tmp_path / "lory.db"
    before = conversations.Schema(
        conversations.SCHEMA.application_id, conversations.SCHEMA.migrations[:1]
    )
    connection, _ = open_database(path, before)
    number = conversations.start_conversation(connection, 0.0)
    connection.execute(
        "INSERT INTO turn (conversation, asked, question, answer, thought, ids, reason, shown,"
        " spoken, timings) VALUES (?, 0, '你好', '你好呀', '', x'', 'stop', 3, -1, '{}')",
        (number,),
    )
    connection.close()
    connection, recovered = open_database(path, conversations.SCHEMA)
    assert recovered is None
    (turn,) = conversations.turns(connection, number)
    assert (turn.question, turn.answer, turn.recalled) == ("你好", "你好呀", "")
    connection.close()
