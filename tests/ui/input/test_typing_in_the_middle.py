"""A wrong key in the middle of the pinyin: its syllable is taken out, others typed in its place."""

from __future__ import annotations

import copy

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from drivers.keys import Edge
from tests.ui.input.hand import Clock, do, keys
from ui.gestures import Gestures
from ui.input.composition import Composition
from ui.input.editing.editor import Editor
from ui.input.editing.outcome import CHANGED, Hint
from ui.input.engine import Engine
from ui.input.lattice import MAX_KEYS, Kind, Pin
from ui.input.learning.user import MemoryWords
from ui.input.rerank import PAUSE
from ui.input.rules import Rules, Split
from ui.input.syllables import keys_of
from ui.keymap import A, Intent, State
from ui.screens.compose import ComposeView
from ui.screens.syllables import SyllableView
from ui.strings import Language, text
from ui.widgets import candidates_that_fit

ENGINE = Engine(MemoryWords(), verify=False)
WRONG = ("ming", "tian", "jie", "wo", "qi", "chuang")  # jie for jiao


def typed(engine: Engine, keys: str) -> Composition:
    """`1` is the separator."""
    composition = Composition(engine)
    type_keys(composition, keys)
    return composition


def type_keys(composition: Composition, keys: str) -> None:
    for key in keys:
        if key == "1":
            composition.separate()
        else:
            composition.type(int(key))


def seen(composition: Composition) -> tuple[object, ...]:
    """All that a user can tell of it."""
    texts = [composition.text_of(path.words) for path in composition.sentences()]
    line = composition.pinyin_line()
    return (composition.keys, composition.text(), texts, line.text, line.caret, composition.gap)


def nth_syllable(composition: Composition, number: int) -> int:
    """Where it begins, counted round and round."""
    found = composition.syllables()
    return found[number % len(found)].start


# ---------------------------------------------------------------- the sentence


def test_a_wrong_syllable_is_replaced_and_the_rest_stays(either_engine: Engine) -> None:
    composition = typed(either_engine, "".join(map(keys_of, WRONG)))
    assert composition.pinyin() == "'".join(WRONG)
    composition.take_out(8)
    assert composition.pinyin() == "ming'tian'wo'qi'chuang"
    type_keys(composition, keys_of("jiao"))
    assert composition.text() == "明天叫我起床"
    assert composition.pinyin() == "ming'tian'jiao'wo'qi'chuang"


def test_other_keys_may_be_more_syllables_or_none(engine: Engine) -> None:
    composition = typed(engine, "".join(map(keys_of, WRONG)))
    composition.take_out(8)
    assert composition.text() == "明天我起床"
    type_keys(composition, keys_of("zao") + keys_of("shang") + keys_of("jiao"))
    assert composition.text() == "明天早上叫我起床"


def test_the_new_keys_never_join_the_syllables_beside_them(engine: Engine) -> None:
    composition = typed(engine, keys_of("xi") + "1" + keys_of("wo") + "1" + keys_of("an"))
    composition.take_out(2)
    assert composition.pinyin() == "xi'an"
    for key in keys_of("ban"):
        composition.type(int(key))
        syllables = composition.pinyin().split("'")
        assert (len(syllables[0]), len(syllables[-1])) == (2, 2)


def test_what_was_picked_and_locked_on_both_sides_stays(engine: Engine) -> None:
    composition = typed(
        engine, "".join(map(keys_of, ("wan", "shang", "jie", "wo", "qi", "chuang")))
    )
    for start, word in ((0, "早上"), (13, "气窗")):
        place = next(n for n, w in enumerate(composition.words()) if w.end > start)
        composition.pick(next(c for c in composition.candidates(place) if c.text == word))
    jie = next(split for split in composition.splits(8) if split.letters == "lie")
    assert composition.lock(8, jie)
    composition.take_out(8)
    assert composition.text() == "早上我气窗"
    for key in keys_of("jiao"):
        composition.type(int(key))
        assert composition.text().startswith("早上")
        assert composition.text().endswith("气窗")


def test_a_sentence_that_was_selected_stays_on_both_sides(engine: Engine) -> None:
    composition = typed(engine, "9492696" + keys_of("chuang"))
    composition.next_sentence()
    words = composition.words()
    start = words[-1].start
    kept = composition.text_of(words[:-1])
    composition.take_out(start)
    type_keys(composition, "7426")
    assert composition.text().startswith(kept)


def test_what_a_reranking_put_first_stays_before_the_gap_and_comes_back(engine: Engine) -> None:
    composition = typed(engine, "92674264743426")
    count = len(composition.sentences())
    composition.reorder(composition.revision, list(range(count))[::-1])
    before = seen(composition)
    start = composition.words()[-1].start
    kept = composition.text_of(composition.words()[:-1])
    composition.take_out(start)
    type_keys(composition, "54")
    assert composition.text().startswith(kept)
    composition.delete()
    composition.delete()
    composition.put_back()
    assert seen(composition) == before


def test_typing_goes_on_at_the_end_after_the_gap_is_left(engine: Engine) -> None:
    composition = typed(engine, "".join(map(keys_of, WRONG)))
    composition.take_out(8)
    type_keys(composition, keys_of("jiao"))
    composition.leave_gap()
    type_keys(composition, keys_of("ma"))
    assert composition.text() == "明天叫我起床吗"
    composition.delete()
    assert composition.pinyin().startswith("ming'tian'jiao'wo'qi'chuang")


def test_no_more_keys_than_ever_fit(engine: Engine) -> None:
    composition = typed(engine, "96" * (MAX_KEYS // 2))
    length = len(composition.syllables()[1].letters)
    composition.take_out(composition.syllables()[1].start)
    type_keys(composition, "9" * length)
    assert composition.full
    with pytest.raises(ValueError, match="too many"):
        composition.type(9)


# ---------------------------------------------------------------- while keys are typed there

LONG = ("ming", "tian", "zao", "shang", "qi", "dian", "jie", "wo", "men", "qi", "chuang")


def between(composition: Composition, start: int, end: int) -> list[str]:
    """The syllables shown of these keys."""
    return [s.letters for s in composition.syllables() if start <= s.start < end]


def test_an_unfinished_syllable_is_taken_for_one_as_at_the_end(either_engine: Engine) -> None:
    composition = typed(either_engine, "".join(map(keys_of, ("wo", "zai", "jia", "wen", "ni"))))
    composition.take_out(5)
    for count, key in enumerate(keys_of("zhong"), 1):
        composition.type(int(key))
        assert [len(letters) for letters in between(composition, 5, 5 + count)] == [count]
    assert composition.pinyin() == "wo'zai'zhong'wen'ni"


def test_an_unfinished_syllable_stays_as_it_is_shown_when_the_gap_is_left(engine: Engine) -> None:
    composition = typed(engine, "".join(map(keys_of, ("wo", "zai", "jia", "wen", "ni"))))
    composition.take_out(5)
    type_keys(composition, keys_of("zhon"))
    shown = composition.text(), composition.pinyin()
    composition.leave_gap()
    assert (composition.text(), composition.pinyin()) == shown
    assert composition.commit() == shown[0]


def test_what_is_accepted_unfinished_in_the_middle_teaches_nothing_of_free_keys(
    engine: Engine,
) -> None:
    composition = typed(engine, "".join(map(keys_of, ("wo", "zai", "jia", "wen", "ni"))))
    composition.take_out(5)
    type_keys(composition, keys_of("zhon"))
    composition.commit()
    engine.settle()
    assert not engine.habits.tables.fixes


def test_the_words_far_behind_stand_still_until_the_keys_rest(either_engine: Engine) -> None:
    composition = typed(either_engine, "".join(map(keys_of, LONG)))
    composition.take_out(sum(map(len, LONG[:2])))
    far = composition.text()[-5:]
    for key in keys_of("wanshangba"):
        composition.type(int(key))
        assert composition.text()[-5:] == far
    assert not composition.idle(rested=False)
    composition.settle()
    keys_typed = [*LONG[:2], "wan", "shang", "ba", *LONG[3:]]
    afresh = typed(either_engine, "1".join(map(keys_of, keys_typed[:5])))
    afresh.separate()
    type_keys(afresh, "".join(map(keys_of, keys_typed[5:])))
    assert composition.text() == afresh.text()


def test_what_was_decoded_ahead_is_shown_when_the_keys_rest_and_not_before(
    engine: Engine,
) -> None:
    composition = typed(engine, "".join(map(keys_of, LONG)))
    composition.take_out(sum(map(len, LONG[:2])))
    type_keys(composition, keys_of("wan"))
    before = seen(composition)
    while composition.unsettled:
        assert not composition.idle(rested=False)
        assert seen(composition) == before
    composition.idle(rested=True)
    afresh = Composition(engine)
    afresh._typed = copy.deepcopy(composition._typed)
    afresh._redo(0)
    assert seen(composition) == seen(afresh)
    assert not composition.unsettled


def test_the_next_sentence_is_first_what_all_keys_say(engine: Engine) -> None:
    composition = typed(engine, "".join(map(keys_of, ("wo", "zai", "jia", "wen", "ni"))))
    composition.take_out(2)
    type_keys(composition, keys_of("zai"))
    shown = composition.text()
    assert composition.next_sentence()
    assert composition.text() != shown


def test_what_the_unfinished_syllable_may_become_can_be_chosen(engine: Engine) -> None:
    composition = typed(engine, "".join(map(keys_of, ("wo", "zai", "jia", "wen", "ni"))))
    composition.take_out(5)
    type_keys(composition, keys_of("zhon"))
    place = next(n for n, word in enumerate(composition.words()) if word.end == 9)
    found = {c.text: c for c in composition.characters(place) if c.word.kind is Kind.PARTIAL}
    assert {"中", "种", "重"} <= set(found)
    composition.pick(found["重"])
    assert composition.text().startswith("我在重")
    assert composition.pinyin() == "wo'zai'zhon'wen'ni"


def test_no_word_is_held_that_was_forgotten_meanwhile(engine: Engine) -> None:
    engine.habits.import_text("汽床\tqi'chuang\t500\n")
    composition = typed(engine, "".join(map(keys_of, LONG)))
    assert composition.text().endswith("汽床")
    composition.take_out(0)
    engine.habits.forget_all()
    composition.take_habits()
    type_keys(composition, keys_of("ming"))
    assert "汽" not in composition.text()


@settings(max_examples=40, deadline=None)
@given(st.text("23456789", min_size=1, max_size=24), st.integers(0, 12), st.text("23456789"))
def test_whatever_is_typed_in_the_gap_something_is_shown_for_every_key(
    keys: str, number: int, others: str
) -> None:
    composition = typed(ENGINE, keys)
    composition.take_out(nth_syllable(composition, number))
    for key in others[:12]:
        composition.type(int(key))
        line = composition.pinyin_line().text
        assert len(line.replace("'", "")) == len(composition.keys)
        assert composition.text()


# ---------------------------------------------------------------- whatever is done

sounds = st.text("123456789", min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(sounds, st.lists(st.tuples(st.integers(0, 9), st.text("123456789", max_size=5)), max_size=3))
def test_what_is_typed_in_the_middle_reads_as_if_typed_in_order(
    keys: str, edits: list[tuple[int, str]]
) -> None:
    composition = typed(ENGINE, keys)
    separated = set(composition._typed.boundaries)
    for number, others in edits:
        if not composition.keys:
            return
        start = nth_syllable(composition, number)
        length = next(len(s.letters) for s in composition.syllables() if s.start == start)
        composition.take_out(start)
        caret = start
        separated = {at if at <= start else at - length for at in separated} | {start}
        for other in others:
            if other == "1":
                composition.separate()
                separated.add(caret)
            else:
                composition.type(int(other))
                separated = {at if at <= caret else at + 1 for at in separated}
                caret += 1
        composition.leave_gap()
        separated.add(caret)
    inorder = ""
    for at, key in enumerate(composition.keys):
        inorder += "1" * (at in separated) + key
    afresh = typed(ENGINE, inorder + "1" * (composition.pinyin().endswith("'")))
    unfinished = composition._typed.rules.pins
    assert all(pin.kind is Kind.PARTIAL for pin in unfinished)
    afresh._typed.rules.pins = unfinished
    afresh._redo(0)
    assert seen(composition) == seen(afresh)


@st.composite
def doings(draw: st.DrawFn) -> list[tuple[str, int]]:
    names = (
        "type type type type separate delete take_out put_back leave_gap pick lock undo"
        " settle ahead"
    )
    one = st.tuples(st.sampled_from(names.split()), st.integers(0, 30))
    return draw(st.lists(one, max_size=14))


def do_one(composition: Composition, name: str, number: int) -> None:
    words = composition.words()
    if name == "type":
        composition.type(2 + number % 8)
    elif name == "undo":
        composition.undo_pick()
    elif name in ("separate", "delete", "put_back", "leave_gap", "settle"):
        getattr(composition, name)()
    elif name == "ahead":
        composition.idle(rested=False)
    elif words and name == "take_out":
        composition.take_out(nth_syllable(composition, number))
    elif words and name == "pick":
        found = composition.candidates(number % len(words))
        composition.pick(found[number % len(found)])
    elif words and name == "lock":
        start = nth_syllable(composition, number)
        splits = composition.splits(start)
        if splits:
            composition.lock(start, splits[number % len(splits)])


@settings(max_examples=80, deadline=None)
@given(sounds, doings())
def test_the_sentence_is_that_of_the_keys_and_rules_however_they_came_about(
    keys: str, done: list[tuple[str, int]]
) -> None:
    composition = typed(ENGINE, keys)
    for name, number in done:
        do_one(composition, name, number)
    afresh = Composition(ENGINE)
    afresh._typed = copy.deepcopy(composition._typed)
    afresh._redo(0)
    assert seen(composition) == seen(afresh)


@settings(max_examples=60, deadline=None)
@given(sounds, doings(), st.integers(0, 9), st.text("123456789", max_size=6))
def test_deleting_and_putting_back_undoes_a_taking_out_exactly(
    keys: str, done: list[tuple[str, int]], number: int, others: str
) -> None:
    composition = typed(ENGINE, keys)
    for name, at in done:
        do_one(composition, name, at)
    if not composition.words():
        return
    before, rules = seen(composition), composition._typed.rules.copy()
    start = nth_syllable(composition, number)
    composition.take_out(start)
    states = []
    for other in others:
        state = seen(composition)
        if other != "1":
            composition.type(int(other))
        elif not composition.separate():
            continue
        states.append(state)
    for state in reversed(states):
        assert not composition.at_edge
        composition.delete()
        assert seen(composition) == state
    assert composition.at_edge
    assert composition.put_back() == start
    assert (seen(composition), composition._typed.rules) == (before, rules)


@given(
    st.integers(1, 12).flatmap(
        lambda size: st.tuples(
            st.just(size),
            st.lists(st.integers(0, size), min_size=2, max_size=2).map(sorted),
            st.integers(0, 3),
            st.lists(st.integers(1, 3), max_size=size),
        )
    )
)
def test_rules_move_with_the_keys_they_are_of(
    case: tuple[int, list[int], int, list[int]],
) -> None:
    size, (start, end), count, lengths = case
    assume(start < end or count)
    keys = [f"old {n}" for n in range(size)]
    rules, at = Rules(), 0
    for length in lengths:
        if at + length <= size:
            rules.pins = (*rules.pins, Pin(at, at + length, 0, Kind.FULL))
            rules.locks[at] = Split("a" * length, 0)
            at += length
    over = [keys[pin.start : pin.end] for pin in rules.pins]
    touched = rules.splice(start, end, count)
    first = min((keys.index(k[0]) for k in over if set(k) & set(keys[start:end])), default=start)
    kept = [*keys[:start], *["new"] * count, *keys[end:]]
    whole = [k for k in over if k in (kept[n : n + len(k)] for n in range(len(kept)))]
    assert [kept[pin.start : pin.end] for pin in rules.pins] == whole
    assert [kept[n : n + len(s.letters)] for n, s in sorted(rules.locks.items())] == whole
    assert touched <= min(start, first)


# ---------------------------------------------------------------- on the keys


@pytest.fixture
def editor(engine: Engine) -> Editor:
    made = Editor(engine, Clock())
    keys(made, "".join(map(keys_of, WRONG)))
    return made


def bar(editor: Editor) -> SyllableView:
    view = editor.view()
    assert isinstance(view, SyllableView)
    return view


def pointed_at(editor: Editor) -> str:
    view = bar(editor)
    return view.pinyin[slice(*view.syllable)]


def compose(editor: Editor) -> ComposeView:
    view = editor.view()
    assert isinstance(view, ComposeView)
    return view


def caret_line(editor: Editor) -> str:
    view = compose(editor)
    at = view.pinyin_caret
    return view.pinyin if at is None else f"{view.pinyin[:at]}|{view.pinyin[at:]}"


def open_at_the_first(editor: Editor) -> None:
    do(editor, Intent.SYLLABLE_BAR)
    while do(editor, Intent.PREVIOUS_WORD).changed:
        pass


def take_out(editor: Editor, syllable: str) -> None:
    open_at_the_first(editor)
    while pointed_at(editor) != syllable:
        assert do(editor, Intent.NEXT_WORD).changed
    assert do(editor, Intent.PICK, 9) == CHANGED


def test_nine_in_the_bar_takes_the_syllable_out_and_digits_type_in_its_place(
    editor: Editor,
) -> None:
    take_out(editor, "jie")
    assert editor.state is State.PINYIN
    assert caret_line(editor) == "ming'tian'|wo'qi'chuang"
    keys(editor, keys_of("jiao"))
    assert caret_line(editor) == "ming'tian'jiao|'wo'qi'chuang"
    do(editor, Intent.ACCEPT)
    assert (editor.text, editor.state) == ("明天叫我起床", State.TEXT)


def test_the_bar_opens_at_the_word_that_is_marked_as_the_least_certain(editor: Editor) -> None:
    marked = next(span for span in compose(editor).composition if span.weakest)
    do(editor, Intent.SYLLABLE_BAR)
    view = bar(editor)
    assert "".join(view.words)[slice(*view.current)] == marked.text
    assert pointed_at(editor) == "jie"


def test_the_bar_shows_what_it_points_at_in_the_sentence_and_in_the_pinyin(
    editor: Editor,
) -> None:
    open_at_the_first(editor)
    for number, syllable in enumerate(WRONG):
        assert pointed_at(editor) == syllable
        view = bar(editor)
        assert view.current == (number, number + 1)
        assert candidates_that_fit(view.splits, text("syllables.retype", Language.EN)) == len(
            view.splits
        )
        do(editor, Intent.NEXT_WORD)


def test_a_takes_back_key_by_key_and_then_puts_the_syllable_back_in_the_bar(
    editor: Editor,
) -> None:
    take_out(editor, "jie")
    keys(editor, "94")
    do(editor, Intent.DELETE)
    do(editor, Intent.DELETE)
    assert caret_line(editor) == "ming'tian'|wo'qi'chuang"
    do(editor, Intent.DELETE)
    assert editor.state is State.SYLLABLES
    assert pointed_at(editor) == "jie"
    do(editor, Intent.UNDO_PICK)
    assert caret_line(editor) == "ming'tian'jie'wo'qi'chuang"


def test_a_held_a_stops_at_the_edge_of_the_gap(editor: Editor) -> None:
    take_out(editor, "jie")
    keys(editor, "944")
    do(editor, Intent.DELETE)
    for _ in range(9):
        do(editor, Intent.DELETE_MORE)
    assert caret_line(editor) == "ming'tian'|wo'qi'chuang"


def test_the_hold_that_put_a_syllable_back_deletes_nothing(editor: Editor) -> None:
    gestures, now = Gestures(), 0.0
    take_out(editor, "jie")
    for edge in (Edge.PRESS, Edge.LONG, Edge.REPEAT, Edge.REPEAT):
        before, now = editor.state, now + 0.4
        action = gestures.feed(A, edge, before, now)
        if action is not None:
            editor.act(action)
            gestures.performed(A, action, before, editor.state, now)
    assert pointed_at(editor) == "jie"


def test_a_held_nine_takes_one_syllable_out_and_types_nothing(editor: Editor) -> None:
    gestures, now = Gestures(), 0.0
    open_at_the_first(editor)
    for edge in (Edge.PRESS, Edge.LONG, Edge.REPEAT):
        before, now = editor.state, now + 0.4
        action = gestures.feed(9, edge, before, now)
        if action is not None:
            editor.act(action)
            gestures.performed(9, action, before, editor.state, now)
    assert caret_line(editor) == "|tiao'jie'wo'qi'chuang"


def test_b_opens_the_bar_behind_the_gap_so_that_the_next_one_can_go_too(editor: Editor) -> None:
    take_out(editor, "jie")
    do(editor, Intent.SYLLABLE_BAR)
    assert pointed_at(editor) == "wo"
    do(editor, Intent.PICK, 9)
    assert caret_line(editor) == "ming'tian'|qi'chuang"
    do(editor, Intent.DELETE)
    assert pointed_at(editor) == "wo"
    do(editor, Intent.UNDO_PICK)
    do(editor, Intent.DELETE)
    assert pointed_at(editor) == "jie"


@pytest.mark.parametrize("done", [Intent.SYLLABLE_BAR, Intent.ACCEPT])
def test_done_with_the_bar_typing_goes_on_at_the_end(editor: Editor, done: Intent) -> None:
    take_out(editor, "jie")
    keys(editor, keys_of("jiao"))
    do(editor, Intent.SYLLABLE_BAR)
    do(editor, done)
    keys(editor, keys_of("ba"))
    assert caret_line(editor) == "ming'tian'jiao'wo'qi'chuang'ba"


def test_back_from_the_bar_the_gap_is_as_it_was(editor: Editor) -> None:
    take_out(editor, "jie")
    keys(editor, "54")
    before = editor.view()
    do(editor, Intent.SYLLABLE_BAR)
    do(editor, Intent.UNDO_PICK)
    assert editor.view() == before


def test_picking_a_word_or_a_split_leaves_the_gap_and_undoing_it_comes_back(
    editor: Editor,
) -> None:
    take_out(editor, "jie")
    keys(editor, keys_of("jiao"))
    before = editor.view()
    for layer in (Intent.SYLLABLE_BAR, Intent.CHOOSE_LAST):
        do(editor, layer)
        do(editor, Intent.PICK, 1)
        while editor.state is not State.PINYIN:
            do(editor, Intent.ACCEPT if layer is Intent.SYLLABLE_BAR else Intent.PICK, 1)
        assert compose(editor).pinyin_caret is None
        editor = Editor(ENGINE, Clock())
        keys(editor, "".join(map(keys_of, WRONG)))
        take_out(editor, "jie")
        keys(editor, keys_of("jiao"))
    do(editor, Intent.SYLLABLE_BAR)
    do(editor, Intent.PICK, 1)
    do(editor, Intent.UNDO_PICK)
    do(editor, Intent.UNDO_PICK)
    assert editor.view() == before


def test_the_last_and_the_only_syllable_can_be_typed_anew(engine: Engine) -> None:
    editor = Editor(engine, Clock())
    editor.set_text("好")
    keys(editor, keys_of("xiang"))
    take_out(editor, "xiang")
    assert editor.state is State.PINYIN
    assert editor.sentence() == "好"
    assert do(editor, Intent.SYLLABLE_BAR).hint is Hint.NOTHING_TO_CHOOSE
    assert do(editor, Intent.CHOOSE_WEAKEST).hint is Hint.NOTHING_TO_CHOOSE
    assert do(editor, Intent.NEXT_SENTENCE).hint is Hint.NOTHING_TO_CHOOSE
    keys(editor, "64")
    assert editor.sentence() == "好你"
    for _ in "641":
        do(editor, Intent.DELETE)
    assert pointed_at(editor) == "xiang"
    do(editor, Intent.PICK, 9)
    do(editor, Intent.ACCEPT)
    assert (editor.text, editor.state) == ("好", State.TEXT)


def test_a_long_digit_in_the_gap_commits_all_and_writes_the_digit(editor: Editor) -> None:
    take_out(editor, "jie")
    do(editor, Intent.TYPE, 7)
    do(editor, Intent.TYPE_DIGIT, 7)
    assert (editor.text, editor.state) == ("明天我起床7", State.TEXT)


def test_when_the_keys_rest_all_of_them_are_decoded_and_then_scored(engine: Engine) -> None:
    clock = Clock()
    editor = Editor(engine, clock)
    keys(editor, "".join(map(keys_of, LONG)))
    take_out(editor, "zao")
    keys(editor, keys_of("wan"))
    assert editor.next_deadline == clock.now
    for _ in range(len(LONG) * 6):
        editor.tick(clock.now)
    assert editor.next_deadline == clock.now + PAUSE
    clock.now += PAUSE
    editor.tick(clock.now)
    request = editor.rerank_request()
    assert request is not None
    assert request.candidates[0] == editor.sentence()
    assert editor.sentence() == editor.accept()


def test_a_pause_lasts_until_the_last_of_many_keys_is_decoded(engine: Engine) -> None:
    clock = Clock()
    editor = Editor(engine, clock)
    keys(editor, "".join(map(keys_of, LONG * 3)))
    take_out(editor, "zao")
    keys(editor, keys_of("wan"))
    clock.now += PAUSE
    ticks = 0
    while editor.next_deadline is not None:
        assert editor.rerank_request() is None
        editor.tick(clock.now)
        ticks += 1
    assert ticks > 5  # a few keys at a time
    assert editor.rerank_request() is not None


def test_what_is_accepted_at_once_is_what_all_keys_say(editor: Editor) -> None:
    take_out(editor, "jie")
    keys(editor, keys_of("jiao"))
    do(editor, Intent.SYLLABLE_BAR)
    do(editor, Intent.ACCEPT)
    settled = editor.sentence()
    other = Editor(ENGINE, Clock())
    keys(other, "".join(map(keys_of, WRONG)))
    take_out(other, "jie")
    keys(other, keys_of("jiao"))
    do(other, Intent.ACCEPT)
    assert other.text == settled


def test_clearing_takes_an_empty_gap_along(engine: Engine) -> None:
    editor = Editor(engine, Clock())
    keys(editor, "96")
    take_out(editor, "wo")
    assert do(editor, Intent.CLEAR).changed
    assert (editor.text, editor.state) == ("", State.TEXT)


def test_the_hint_says_what_the_keys_do_in_the_gap(editor: Editor) -> None:
    take_out(editor, "jie")
    assert compose(editor).hint == text("keys.gap", Language.ZH)
    keys(editor, "54")
    do(editor, Intent.SYLLABLE_BAR)
    do(editor, Intent.ACCEPT)
    assert compose(editor).hint == text("keys.pinyin", Language.ZH)


def test_the_bar_opens_although_the_first_keys_can_be_split_in_no_way(engine: Engine) -> None:
    editor = Editor(engine, Clock())
    keys(editor, "8")
    do(editor, Intent.SEPARATOR, 1)
    keys(editor, "64")
    do(editor, Intent.SYLLABLE_BAR)
    assert bar(editor).splits == ()
    do(editor, Intent.PICK, 9)
    assert caret_line(editor) == "|ni"


@pytest.mark.parametrize("out", [False, True])
def test_the_bar_stands_at_a_syllable_after_its_word_was_forgotten_in_the_menu(
    engine: Engine, out: bool
) -> None:
    """What is shown then may be one syllable where there were two."""
    engine.habits.import_text("析岸\txi'an\t500\n")
    editor = Editor(engine, lambda: 0.0)
    keys(editor, "9426")
    assert editor.sentence() == "析岸"
    do(editor, Intent.SYLLABLE_BAR)
    do(editor, Intent.NEXT_WORD)
    if out:
        do(editor, Intent.PICK, 9)
    editor.learnt.forget_all()
    if out:
        do(editor, Intent.DELETE)
    assert "析岸" not in bar(editor).words
    assert pointed_at(editor)
    do(editor, Intent.PICK, 1)
    assert editor.sentence()
