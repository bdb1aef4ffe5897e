"""Lists in the database: each thing once, in the order it came, found by what it is called."""

import pytest

from appliance.memory import conversations, lists
from appliance.memory.storage import open_database


@pytest.fixture
def db(tmp_path):
    connection, _ = open_database(tmp_path / "lory.db", conversations.SCHEMA)
    yield connection
    connection.close()


def texts(items):
    return [item.text for item in items]


def test_what_is_added_twice_stands_there_once_and_in_order(db):
    lists.add(db, "购物", ["牛奶", "鸡蛋"])
    assert texts(lists.add(db, "购物", ["牛奶", "面包"])) == ["牛奶", "鸡蛋", "面包"]
    assert texts(lists.items(db, "待办")) == []


def test_it_is_taken_off_by_its_name_or_by_words_of_it(db):
    lists.add(db, "购物", ["牛奶", "酸牛奶", "一箱苹果"])
    assert texts(lists.remove(db, "购物", ["牛奶"])) == ["牛奶"]
    assert texts(lists.remove(db, "购物", ["苹果"])) == ["一箱苹果"]
    assert lists.remove(db, "购物", ["火箭"]) == []
    assert texts(lists.items(db, "购物")) == ["酸牛奶"]


def test_a_list_is_cleared_and_the_others_stay(db):
    lists.add(db, "购物", ["牛奶"])
    lists.add(db, "待办", ["交房租"])
    assert lists.clear(db, "购物") == 1
    assert texts(lists.everything(db)) == ["交房租"]


def test_a_full_list_takes_nothing_more_on(db):
    lists.add(db, "购物", [str(number) for number in range(lists.MOST_ITEMS + 5)])
    assert len(lists.items(db, "购物")) == lists.MOST_ITEMS
