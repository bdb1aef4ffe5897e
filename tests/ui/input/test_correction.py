"""What was repaired once comes first the next time, however often its rival was typed before."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ui.input.composition import Composition
from ui.input.engine import Engine
from ui.input.learning.correction import ROUNDS
from ui.input.learning.habits import Habits
from ui.input.learning.user import BEGIN, Lesson, MemoryWords

RIVALS = [
    # keys, what is typed a hundred times, what the user means once
    ("82", (("他", "ta"),), "它"),
    ("94382", (("这", "zhe"), ("他", "ta")), "这它"),
    ("92674264", (("晚上", "wan'shang"),), "早上"),
    ("743426", (("四点", "si'dian"),), "七点"),
]


def typed(engine: Engine, keys: str, before: str = "") -> Composition:
    composition = Composition(engine, before)
    for key in keys:
        composition.type(int(key))
    return composition


def repaired(engine: Engine, keys: str, wanted: str, before: str = "") -> Composition:
    """Typed and put right word by word."""
    composition = typed(engine, keys, before)
    at = place = 0
    while at < len(wanted):
        fitting = [c for c in composition.candidates(place) if wanted.startswith(c.text, at)]
        fitting += [c for c in composition.characters(place) if wanted.startswith(c.text, at)]
        composition.pick(fitting[0])
        at += len(fitting[0].text)
        place += 1
    assert composition.text() == wanted
    return composition


@pytest.mark.parametrize(("keys", "rival", "wanted"), RIVALS)
@pytest.mark.parametrize("before", ["", "我们"])
def test_one_repair_outweighs_a_habit_of_a_hundred_times(
    engine: Engine, keys: str, rival: tuple[tuple[str, str], ...], wanted: str, before: str
) -> None:
    for _ in range(100):
        engine.habits.learn(
            [Lesson(text, tuple(pinyin.split("'"))) for text, pinyin in rival], before or BEGIN
        )
    repaired(engine, keys, wanted, before).commit()
    engine.settle()
    assert typed(engine, keys, before).text() == wanted


def test_only_what_was_repaired_has_something_to_teach(engine: Engine) -> None:
    typed(engine, "64426").commit()
    assert not engine.unsettled


def test_it_teaches_in_steps_and_not_without_end(engine: Engine) -> None:
    engine.habits.learn([Lesson("他", ("ta",))] * 500)
    repaired(engine, "82", "它").commit()
    steps = 0
    while engine.unsettled:
        engine.settle(steps=1)
        steps += 1
    assert 1 < steps <= 2 * ROUNDS + 1
    assert engine.habits.learnt().fixes


def test_what_comes_first_by_its_count_alone_leaves_no_fix(engine: Engine) -> None:
    repaired(engine, "926", "晚").commit()
    engine.settle()
    assert engine.habits.learnt().fixes == ()


def test_a_fix_is_remembered_and_can_be_forgotten() -> None:
    store = MemoryWords()
    engine = Engine(store, verify=False)
    engine.habits.learn([Lesson("他", ("ta",))] * 500)
    repaired(engine, "82", "它").commit()
    engine.settle()
    again = Engine(store, verify=False)
    assert typed(again, "82").text() == "它"
    assert again.habits.forget("它")
    assert typed(again, "82").text() == "他"
    assert not any("它" in fix.key for fix in store.read().fixes)


def test_the_part_that_was_committed_is_what_is_learnt(engine: Engine) -> None:
    engine.habits.learn([Lesson("他", ("ta",))] * 500)
    composition = typed(engine, "82" + "7446")
    composition.pick(next(c for c in composition.candidates(0) if c.text == "它"))
    assert composition.commit(1) == "它"
    engine.settle()
    assert typed(engine, "82").text() == "它"


def test_accepting_another_of_the_best_sentences_is_a_repair(engine: Engine) -> None:
    composition = typed(engine, "92674264")
    composition.next_sentence()
    wanted = composition.commit()
    assert engine.unsettled
    engine.settle()
    assert typed(engine, "92674264").text() == wanted


def test_accepting_what_a_second_pass_put_first_is_a_repair(engine: Engine) -> None:
    composition = typed(engine, "92674264")
    count = len(composition.sentences())
    assert composition.reorder(composition.revision, [1, 0, *range(2, count)])
    wanted = composition.commit()
    assert engine.unsettled
    engine.settle()
    assert typed(engine, "92674264").text() == wanted


@pytest.mark.parametrize("rival", ["早上", "晚上"])
def test_a_word_repaired_before_it_was_finished_comes_first_too(
    either_engine: Engine, rival: str
) -> None:
    readings = {"早上": ("zao", "shang"), "晚上": ("wan", "shang")}
    for _ in range(100):
        either_engine.habits.learn([Lesson(rival, readings[rival])])
    wanted = next(word for word in readings if word != rival)
    repaired(either_engine, "92674", wanted).commit()
    either_engine.settle()
    assert typed(either_engine, "92674").text() == wanted


@pytest.mark.parametrize("key", "23456789")
def test_what_was_picked_for_a_single_key_comes_first_the_next_time(
    either_engine: Engine, key: str
) -> None:
    for place in (1, 4):
        composition = typed(either_engine, key)
        wanted = composition.candidates(0)[place]
        composition.pick(wanted)
        composition.commit()
        either_engine.settle()
        assert typed(either_engine, key).text() == wanted.text


def test_even_the_last_candidate_of_a_single_key_comes_first_the_next_time(engine: Engine) -> None:
    composition = typed(engine, "3")
    composition.pick(composition.candidates(0)[-1])
    rare = composition.commit()
    engine.settle()
    assert typed(engine, "3").text() == rare


@pytest.mark.parametrize(("keys", "wanted"), [("3", "对"), ("3", "大"), ("9", "我"), ("5", "就")])
def test_a_repair_never_speaks_for_what_it_replaced(engine: Engine, keys: str, wanted: str) -> None:
    repaired(engine, keys, wanted).commit()
    engine.settle()
    gains = {fix.word: fix.gain for fix in engine.habits.learnt().fixes}
    assert gains.get(wanted, 1) > 0
    assert all(gain < 0 for word, gain in gains.items() if word != wanted)


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
@pytest.mark.parametrize("forget", [lambda it: it.forget("它"), lambda it: it.forget_all()])
def test_what_is_forgotten_meanwhile_does_not_come_back(
    engine: Engine, forget: Callable[[Habits], object], steps: int
) -> None:
    engine.habits.learn([Lesson("他", ("ta",))] * 500)
    repaired(engine, "82", "它").commit()
    engine.settle(steps)
    forget(engine.habits)
    engine.settle()
    assert "它" not in engine.habits.export()


def test_what_is_repaired_after_something_was_forgotten_is_learnt(engine: Engine) -> None:
    engine.habits.learn([Lesson("他", ("ta",))] * 500)
    repaired(engine, "926", "晚").commit()
    engine.habits.forget("晚")
    repaired(engine, "82", "它").commit()
    engine.settle()
    assert typed(engine, "82").text() == "它"
