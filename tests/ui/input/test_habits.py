"""Learning: what is fixed once comes first next time, and nothing grows without bound."""

from __future__ import annotations

import copy
import math
import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ui.input.composition import Composition
from ui.input.engine import Engine
from ui.input.learning import habits as habits_module
from ui.input.learning.habit_costs import GROWTH
from ui.input.learning.habits import Habits
from ui.input.learning.user import BEGIN, Change, Lesson, MemoryWords, PairRow, WordRow
from ui.input.model import UNIT


def typed(engine: Engine, keys: str, before: str = "") -> Composition:
    composition = Composition(engine, before)
    for key in keys:
        composition.type(int(key))
    return composition


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [("926", "晚"), ("92674264", "晚上"), ("82", "她"), ("74", "七"), ("94926", "洗碗")],
)
def test_a_word_fixed_once_comes_first_next_time(engine: Engine, keys: str, wanted: str) -> None:
    composition = typed(engine, keys)
    composition.pick(next(c for c in composition.candidates(0) if c.text == wanted))
    assert composition.commit() == wanted
    assert typed(engine, keys).text() == wanted


def test_costs_reckoned_lesson_by_lesson_are_those_of_all_rows(engine: Engine) -> None:
    """What a lesson leaves alone has changed by no more than the growth that is allowed."""
    store = MemoryWords()
    habits = Habits(engine.model, store)
    rng = random.Random(5)
    for _ in range(300):
        numbers = [rng.randrange(3000, 3300) for _ in range(rng.randrange(1, 6))]
        habits.learn([Lesson(engine.model.text(n), ("a",), rng.random() < 0.2) for n in numbers])
    slowly, at_once = habits.tables, Habits(engine.model, store).tables
    assert slowly.words.keys() == at_once.words.keys()
    assert slowly.pairs.keys() == at_once.pairs.keys()
    near = UNIT * math.log10(1.1 * GROWTH)
    for word, (cost, gain) in slowly.words.items():
        assert abs(cost - at_once.words[word][0]) <= near
        assert abs(gain - at_once.words[word][1]) <= near
    for pair, cost in slowly.pairs.items():
        assert abs(cost - at_once.pairs[pair]) <= near


def test_tables_that_were_given_away_do_not_change(engine: Engine) -> None:
    engine.habits.learn([Lesson("今天", ("jin", "tian"))])
    given = engine.habits.tables
    before = copy.deepcopy(given)
    engine.habits.learn([Lesson("今天", ("jin", "tian")), Lesson("晚", ("wan",), chosen=True)])
    engine.habits.prefer([(BEGIN, BEGIN, "晚")], [], 100)
    assert given == before


def test_it_is_remembered_when_the_store_is_opened_again() -> None:
    store = MemoryWords()
    engine = Engine(store, verify=False)
    composition = typed(engine, "926")
    composition.pick(next(c for c in composition.candidates(0) if c.text == "晚"))
    composition.commit()
    assert typed(Engine(store, verify=False), "926").text() == "晚"


def test_a_name_put_together_from_hanzi_becomes_a_word(engine: Engine) -> None:
    assert not engine.habits.knows("王喆犇")
    engine.habits.learn(
        [
            Lesson("王", ("wang",)),
            Lesson("喆", ("zhe",), chosen=True),
            Lesson("犇", ("ben",), chosen=True),
        ]
    )
    assert engine.habits.knows("王喆犇")
    composition = typed(engine, "9264" + "943" + "236")
    assert composition.text() == "王喆犇"
    assert len(composition.words()) == 1
    assert composition.pinyin() == "wang'zhe'ben"


def test_what_was_never_chosen_makes_no_word(engine: Engine) -> None:
    engine.habits.learn([Lesson("喆", ("zhe",)), Lesson("犇", ("ben",))])
    assert not engine.habits.knows("喆犇")


def test_forgetting_gives_back_the_model_alone(engine: Engine) -> None:
    before = typed(engine, "926").text()
    engine.habits.learn([Lesson("晚", ("wan",), chosen=True)])
    assert engine.habits.forget("晚")
    assert typed(engine, "926").text() == before
    assert not engine.habits.forget("晚")


NAME = [
    Lesson("王", ("wang",)),
    Lesson("喆", ("zhe",), chosen=True),
    Lesson("犇", ("ben",), chosen=True),
]


def test_a_forgotten_word_is_not_put_together_from_its_parts_either(engine: Engine) -> None:
    engine.habits.learn(NAME)
    gone = engine.habits.forget("王喆犇")
    assert typed(engine, "9264943236").text() != "王喆犇"
    assert gone is not None
    engine.habits.take(gone)
    assert typed(engine, "9264943236").text() == "王喆犇"


@pytest.mark.parametrize("forget", [lambda it: it.forget("王喆犇"), lambda it: it.forget_all()])
def test_a_forgotten_word_of_the_users_own_can_be_made_again(
    engine: Engine, forget: Callable[[Habits], object]
) -> None:
    engine.habits.learn(NAME)
    open_meanwhile = typed(engine, "9264943236")
    forget(engine.habits)
    assert not engine.habits.knows("王喆犇")
    assert open_meanwhile.text() == "王喆犇"
    engine.habits.learn(NAME)
    assert engine.habits.knows("王喆犇")
    again = typed(engine, "9264943236")
    assert again.text() == "王喆犇"
    assert len(again.words()) == 1


def test_forgetting_everything_empties_the_store(engine: Engine) -> None:
    engine.habits.learn([Lesson("晚", ("wan",), chosen=True)])
    engine.habits.forget_all()
    assert engine.habits.export() == ""
    assert engine.habits.tables.words == {}


def test_old_habits_fade(engine: Engine) -> None:
    habits = engine.habits
    habits.learn([Lesson("晚", ("wan",))])
    first = habits.tables.words[habits.lexicon.id_of("晚")]
    for _ in range(60):
        habits.learn([Lesson("今天", ("jin", "tian"))] * 100)
    assert habits.tables.words[habits.lexicon.id_of("晚")] > first


def test_the_number_of_words_pairs_and_fixes_is_capped(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(habits_module, "MAX_WORDS", 20)
    monkeypatch.setattr(habits_module, "MAX_PAIRS", 30)
    monkeypatch.setattr(habits_module, "MAX_FIXES", 10)
    store = MemoryWords()
    habits = Habits(engine.model, store)
    words = [engine.model.text(n) for n in range(5000, 5200)]
    for word in words:
        habits.learn([Lesson(word, ("a",) * len(word))])
        habits.prefer([(BEGIN, BEGIN, word)], [], 300)
    assert len(habits.tables.words) <= 20
    learnt = store.read()
    assert len(learnt.words) <= 20
    assert len(learnt.pairs) <= 30
    assert len(learnt.fixes) == len(habits.tables.fixes) <= 10
    assert words[-1] in {row.text for row in learnt.words}


def test_what_is_exported_can_be_imported(engine: Engine) -> None:
    engine.habits.learn(
        [Lesson("今天", ("jin", "tian")), Lesson("喆犇", ("zhe", "ben"), chosen=True)], "我"
    )
    engine.habits.prefer([("我", "今天", "喆犇")], [], 300)
    other = Habits(engine.model, MemoryWords())
    text = engine.habits.export()
    assert other.import_text(text) == 5
    assert other.export() == text
    assert other.tables.words.keys() == engine.habits.tables.words.keys()
    assert other.tables.fixes == engine.habits.tables.fixes


@pytest.mark.parametrize(
    ("line", "reading"),
    [
        ("王喆犇\twang zhe ben\t10", ("wang", "zhe", "ben")),
        ("小绿岛\txiao'lü'dao", ("xiao", "lv", "dao")),
        ("小绿岛\tXiao Lu:  Dao ", ("xiao", "lv", "dao")),
    ],
)
def test_a_list_of_another_program_may_be_taken_over(
    engine: Engine, line: str, reading: tuple[str, ...]
) -> None:
    engine.habits.import_text(line)
    (row,) = engine.habits.words()
    assert row.reading == reading


@pytest.mark.parametrize(
    ("line", "why"),
    [("小鹿\txiao'xyz", 'no such pinyin: "xiao\'xyz"'), ("鹿" * 9 + "\tlu", "more than 8")],
)
def test_a_line_that_is_refused_says_why(engine: Engine, line: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        engine.habits.import_text(line)


def test_a_plain_list_of_words_can_be_imported(engine: Engine) -> None:
    assert engine.habits.import_text("# names\n王喆犇\twang'zhe'ben\n") == 1
    assert typed(engine, "9264943236").text() == "王喆犇"


@pytest.mark.parametrize(
    "line",
    [
        "王",
        "王\tqqq",
        "王\twang\tx",
        "王\twang\t-1",
        "\twang\t1",
        "王" * 9 + "\twang",
        "我\t今\t天\tx\tfix",
    ],
)
def test_a_bad_line_is_named_and_nothing_is_imported(engine: Engine, line: str) -> None:
    with pytest.raises(ValueError, match="line 2"):
        engine.habits.import_text(f"今天\tjin'tian\n{line}\n")
    assert engine.habits.export() == ""


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_imported_or_refused(text: str) -> None:
    habits = Habits(ENGINE.model, MemoryWords())
    try:
        habits.import_text(text)
    except ValueError:
        assert habits.export() == ""


ENGINE = Engine(MemoryWords(), verify=False)


def test_rows_of_a_store_that_make_no_sense_are_left_out(engine: Engine) -> None:
    store = MemoryWords()
    store.write(
        Change(
            5,
            (WordRow("今天", ("jin", "xyz"), 1.0, 5), WordRow("晚", ("wan",), 1.0, 5)),
            (PairRow("没有这个词", "也没有", 1.0, 5), PairRow(BEGIN, "晚", 1.0, 5)),
        )
    )
    habits = Habits(engine.model, store)
    assert list(habits.tables.words) == [habits.lexicon.id_of("晚")]
    assert len(habits.tables.pairs) == 1


def test_predictions_put_the_users_own_first(engine: Engine) -> None:
    engine.habits.learn([Lesson("我们", ("wo", "men")), Lesson("散步", ("san", "bu"))])
    assert engine.predictions("我们")[0] == "散步"
