"""What a person typing Chinese on twelve keys sees."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ui.input.composition import SENTENCES, Composition
from ui.input.doubts import CERTAIN
from ui.input.engine import Engine
from ui.input.lattice import MAX_KEYS, UserTables
from ui.input.learning.user import MemoryWords
from ui.input.model import BOS, FIRST_WORD
from ui.input.nbest import paths

DEV = Path(__file__).parent / "data" / "t9_dev.tsv"
ROWS = [
    line.split("\t")
    for line in DEV.read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
SAMPLE = random.Random(4).sample(ROWS, 25)


def typed(engine: Engine, keys: str, before: str = "") -> Composition:
    """`1` is the separator."""
    composition = Composition(engine, before)
    for key in keys:
        if key == "1":
            composition.separate()
        else:
            composition.type(int(key))
    return composition


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("3", "的"),
        ("64", "你"),
        ("96", "我"),
        ("5468", "今天"),
        ("74366", "什么"),
        ("64426", "你好"),
        ("64289443", "你不知道"),
        ("642894432", "你不知道"),
        ("6428944326", "你不知道"),
    ],
)
def test_partial_input_shows_what_people_expect(
    either_engine: Engine, keys: str, text: str
) -> None:
    assert typed(either_engine, keys).text() == text


def prefixes_show_something(engine: Engine, rows: list[list[str]]) -> None:
    for row in rows:
        composition = Composition(engine)
        for count, key in enumerate(row[2], 1):
            composition.type(int(key))
            assert composition.text(), row[2][:count]
            letters = composition.pinyin().replace("'", "")
            assert len(letters) == count, (row[2][:count], composition.pinyin())


def test_every_prefix_of_a_sample_of_sentences_shows_hanzi_and_their_pinyin(
    engine: Engine,
) -> None:
    prefixes_show_something(engine, ROWS if engine.compiled else SAMPLE)


@pytest.mark.long
def test_every_prefix_of_every_sentence_shows_something_in_the_fallback() -> None:
    prefixes_show_something(Engine(MemoryWords(), verify=False, compiled=False), ROWS)


def test_five_sentences_in_eight_are_right_at_once(engine: Engine) -> None:
    rows = ROWS if engine.compiled else SAMPLE
    right = sum(typed(engine, row[2]).text() == row[0] for row in rows)
    assert right / len(rows) > (0.63 if engine.compiled else 0.4)


@settings(max_examples=60, deadline=None)
@given(st.text("23456789", min_size=1, max_size=20))
def test_any_keys_show_something(keys: str) -> None:
    composition = typed(ENGINE, keys)
    assert composition.text()
    assert len(composition.pinyin().replace("'", "")) == len(keys)


ENGINE = Engine(MemoryWords(), verify=False)


def test_a_hundred_keys_without_a_pause(engine: Engine) -> None:
    composition = typed(engine, "23456789" * 12 + "2345")
    assert composition.text()
    assert not composition.full
    for key in "9" * (MAX_KEYS - 100):
        composition.type(int(key))
    assert composition.full
    with pytest.raises(ValueError, match="too many"):
        composition.type(2)


@settings(max_examples=40, deadline=None)
@given(st.text("123456789", min_size=1, max_size=16))
def test_each_delete_undoes_exactly_one_key(keys: str) -> None:
    composition = Composition(ENGINE)
    seen = []
    for key in keys:
        before = (composition.text(), composition.pinyin(), composition.keys)
        if key != "1":
            composition.type(int(key))
        elif not composition.separate():
            continue
        seen.append(before)
    for before in reversed(seen):
        composition.delete()
        assert (composition.text(), composition.pinyin(), composition.keys) == before


def test_the_separator_splits_a_syllable(engine: Engine) -> None:
    assert typed(engine, "9426").pinyin().count("'") == 0
    assert typed(engine, "94126").pinyin() == "xi'an"
    assert typed(engine, "94126").text() == "西安"


def test_a_separator_after_an_initial_makes_it_stand_for_its_syllable(engine: Engine) -> None:
    assert typed(engine, "913").pinyin().split("'")[0] in set("wxyz")


def test_the_sentences_differ_and_come_in_order_of_cost(engine: Engine) -> None:
    for row in SAMPLE[:10]:
        composition = typed(engine, row[2])
        found = composition.sentences()
        texts = [composition.text_of(path.words) for path in found]
        assert texts[0] == composition.text()
        assert len(set(texts)) == len(texts) <= SENTENCES
        assert [path.cost for path in found] == sorted(path.cost for path in found)


def test_of_sentences_that_cost_the_same_the_one_shown_comes_first(engine: Engine) -> None:
    """A coarse cost that many words share makes ties everywhere."""
    tables = UserTables(words=dict.fromkeys(range(FIRST_WORD, engine.model.words), (0, 9000)))
    for row in SAMPLE[:10]:
        lattice = engine.lattice()
        lattice.set_user(tables)
        lattice.reset(BOS, BOS)
        for key in row[2]:
            lattice.push(int(key))
        first = next(paths(lattice))
        assert [word.entry for word in first.words] == [arc.entry for arc in lattice.best()]


def test_the_words_of_every_sentence_cover_the_keys_without_gaps(engine: Engine) -> None:
    for row in SAMPLE[:10]:
        for path in typed(engine, row[2]).sentences():
            ends = [0, *(word.end for word in path.words)]
            assert [word.start for word in path.words] == ends[:-1]
            assert ends[-1] == len(row[2])


def test_the_next_sentence_goes_round(engine: Engine) -> None:
    composition = typed(engine, "94926")
    count = len(composition.sentences())
    texts = []
    for _ in range(count):
        texts.append(composition.text())
        assert composition.next_sentence()
    assert len(set(texts)) == count
    assert composition.text() == texts[0]


def test_typing_on_keeps_the_sentence_that_was_selected(engine: Engine) -> None:
    composition = typed(engine, "94926")
    composition.next_sentence()
    selected = composition.text()
    for key in "63":
        composition.type(int(key))
    assert composition.text().startswith(selected)


def test_words_that_share_their_keys_are_one_choice_away(engine: Engine) -> None:
    composition = typed(engine, "926" + "74264" + "74" + "3426")  # 早/晚 上 七/四 点
    candidates = [c.text for c in composition.candidates(0)]
    assert {"早上", "晚上"} <= set(candidates[:8])


def test_a_picked_word_stays_and_the_rest_is_decoded_around_it(engine: Engine) -> None:
    composition = typed(engine, "92674264" + "74" + "3426")
    other = next(c for c in composition.candidates(0) if c.text == "晚上")
    composition.pick(other)
    assert composition.text().startswith("晚上")
    for key in "96":
        composition.type(int(key))
    assert composition.text().startswith("晚上")
    assert composition.chosen


def test_undoing_a_pick_gives_back_what_was_there(engine: Engine) -> None:
    composition = typed(engine, "92674264743426")
    before = composition.text()
    for candidate in composition.candidates(0)[1:6]:
        composition.pick(candidate)
        assert composition.text().startswith(candidate.text)
        assert composition.undo_pick()
        assert composition.text() == before
    assert not composition.undo_pick()


@pytest.mark.parametrize("row", SAMPLE, ids=[row[0] for row in SAMPLE])
def test_a_pick_decodes_the_rest_as_if_all_was_decoded_anew(
    row: list[str], either_engine: Engine
) -> None:
    """Undoing decodes everything, a pick only what it may change."""
    composition = typed(either_engine, row[2][:24], "我们")
    choice = random.Random(row[0])
    for _ in range(3):
        place = choice.randrange(len(composition.words()))
        composition.pick(choice.choice(composition.candidates(place)[:30]))
        after = [(path.cost, path.words) for path in composition.sentences()]
        last = len(composition.words()) - 1
        composition.pick(composition.candidates(last)[-1])
        composition.undo_pick()
        assert [(path.cost, path.words) for path in composition.sentences()] == after


def test_deleting_into_a_picked_word_frees_it(engine: Engine) -> None:
    composition = typed(engine, "9426")
    composition.pick(composition.candidates(0)[1])
    composition.delete()
    assert composition.keys == "942"
    assert composition.text()


def test_any_syllable_that_the_keys_spell_can_be_locked(engine: Engine) -> None:
    composition = typed(engine, "94264")
    offered = {split.letters for split in composition.splits(0)}
    assert {"xiang", "zhang", "xi", "xian", "xiao"} & offered
    for split in composition.splits(0):
        if composition.lock(0, split):
            assert composition.pinyin().split("'")[0] == split.letters
            composition.undo_pick()
    assert composition.pinyin().replace("'", "")


def test_locking_decides_between_syllables_of_the_same_keys(engine: Engine) -> None:
    composition = typed(engine, "94264")
    zhang = next(s for s in composition.splits(0) if s.letters == "zhang")
    assert composition.lock(0, zhang)
    assert composition.pinyin() == "zhang"
    assert composition.text() in ("张", "长")


def test_a_word_of_the_users_own_is_no_choice_where_another_syllable_is_locked(
    engine: Engine,
) -> None:
    engine.habits.import_text("王喆犇\twang'zhe'ben\n")
    composition = typed(engine, "9264943236")
    assert "王喆犇" in {item.text for item in composition.candidates(0)}
    composition.lock(0, next(s for s in composition.splits(0) if s.letters == "yang"))
    assert "王喆犇" not in {item.text for item in composition.candidates(0)}


def test_the_least_certain_word_is_marked_and_never_one_that_was_chosen(engine: Engine) -> None:
    composition = typed(engine, "92674264743426")
    weakest = composition.weakest()
    assert weakest is not None
    margins = composition.certainty()
    assert margins[weakest] == min(margins)
    composition.pick(composition.candidates(weakest)[0])
    again = composition.weakest()
    assert again != weakest


def test_a_pick_goes_on_to_what_is_in_doubt(engine: Engine) -> None:
    """Over words that are certain; nowhere when all are."""
    composition = typed(engine, "6492674264743426524653742824")
    place = composition.weakest()
    assert place is not None
    for _ in composition.words():
        composition.pick(composition.candidates(place)[0])
        following = composition.doubted_after(place)
        if following is None:
            break
        assert following == place + 1 or composition.certainty()[following] < CERTAIN
        place = following
    assert composition.doubted_after(len(composition.words()) - 1) is None


def test_a_prefix_can_be_committed_and_is_the_history_of_the_rest(engine: Engine) -> None:
    composition = typed(engine, "6494324743496636")
    words = composition.words()
    whole, first = composition.text(), composition.word_text(words[0])
    assert composition.commit(1) == first
    assert composition.keys == "6494324743496636"[words[0].end :]
    assert first + composition.text() == whole


def test_a_late_reranking_is_refused(engine: Engine) -> None:
    composition = typed(engine, "92674264743426")
    found = composition.sentences()
    order = list(range(len(found)))[::-1]
    revision = composition.revision
    composition.type(2)
    composition.sentences()
    assert not composition.reorder(revision, order)
    composition.delete()
    composition.sentences()
    composition.next_sentence()
    assert not composition.reorder(composition.revision, order)


def test_a_reranking_in_time_reorders(engine: Engine) -> None:
    composition = typed(engine, "92674264743426")
    texts = [composition.text_of(path.words) for path in composition.sentences()]
    assert composition.reorder(composition.revision, list(range(len(texts)))[::-1])
    assert composition.text() == texts[-1]
    with pytest.raises(ValueError, match="order"):
        composition.reorder(composition.revision, [0, 0])


def test_what_a_reranking_put_first_is_shown_again_when_a_pick_is_undone(engine: Engine) -> None:
    composition = typed(engine, "92674264743426")
    backwards = list(range(len(composition.sentences())))[::-1]
    composition.reorder(composition.revision, backwards)
    shown = composition.text()
    composition.pick(composition.candidates(0)[1])
    assert composition.undo_pick()
    assert composition.text() == shown


def test_a_second_reranking_comes_back_as_it_was_after_more_was_typed(engine: Engine) -> None:
    composition = typed(engine, "92674264743426")
    backwards = list(range(len(composition.sentences())))[::-1]
    composition.reorder(composition.revision, backwards)
    composition.type(9)
    found = [composition.text_of(path.words) for path in composition.sentences()]
    assert composition.reorder(composition.revision, [1, 0, *range(2, len(found))])
    composition.pick(composition.candidates(0)[1])
    composition.undo_pick()
    again = [composition.text_of(path.words) for path in composition.sentences()]
    assert again == [found[1], found[0], *found[2:]]


def test_what_a_reranking_chose_stays_while_more_is_typed(engine: Engine) -> None:
    composition = typed(engine, "92674264743426")
    shown = composition.text()
    found = composition.sentences()
    # One that differs before its last word, as 早 and 晚 do.
    other = next(
        n
        for n, path in enumerate(found)
        if not shown.startswith(composition.text_of(path.words[:-1]))
    )
    order = [other, *(n for n in range(len(found)) if n != other)]
    assert composition.reorder(composition.revision, order)
    kept = composition.text_of(composition.words()[:-1])
    for key in "744":
        composition.type(int(key))
        assert composition.text().startswith(kept)
    for _ in "744":
        composition.delete()
    assert composition.text() == shown


def test_next_words_are_those_that_often_follow(engine: Engine) -> None:
    assert "不" in engine.predictions("我") or "知道" in engine.predictions("我")
    assert engine.predictions("") == []
    assert engine.predictions("abc") == []


def test_the_context_is_the_words_before_the_caret_up_to_a_mark(engine: Engine) -> None:
    assert engine.words_of("好的，我们今天") == ["我们", "今天"]
    assert engine.context("好。") == engine.context("")
