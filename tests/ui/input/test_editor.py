"""The keys, as pinned: every typing intent, in every state it means something in."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ui.input.hand import Clock, do, keys
from ui.gutter import TextMode
from ui.input.composition import Composition
from ui.input.editing.buffer import MAX_TEXT
from ui.input.editing.editor import NEXT_WORDS, Editor
from ui.input.editing.multitap import MULTITAP
from ui.input.editing.outcome import EditResult, Hint
from ui.input.engine import Engine
from ui.input.learning.user import MemoryWords
from ui.input.rerank import PAUSE
from ui.keymap import HASH, A, Action, B, D, Gesture, Intent, State, lookup
from ui.screens.choose import ChooseView
from ui.screens.compose import ComposeView
from ui.screens.syllables import SyllableView
from ui.screens.symbols import SymbolView
from ui.strings import Language, text
from ui.widgets import candidates_that_fit


@pytest.fixture
def editor(engine: Engine, clock: Clock) -> Editor:
    return Editor(engine, clock)


def compose(editor: Editor) -> ComposeView:
    view = editor.view()
    assert isinstance(view, ComposeView)
    return view


def choose(editor: Editor) -> ChooseView:
    view = editor.view()
    assert isinstance(view, ChooseView)
    return view


def english(editor: Editor) -> None:
    do(editor, Intent.NEXT_MODE)
    assert editor.mode is TextMode.ENGLISH


# ---------------------------------------------------------------- pinyin


def test_digits_open_a_composition_and_d_commits_it(editor: Editor) -> None:
    keys(editor, "64426")
    assert editor.state is State.PINYIN
    view = compose(editor)
    assert "".join(span.text for span in view.composition) == "你好"
    assert view.pinyin == "ni'hao"
    assert editor.text == ""
    do(editor, Intent.ACCEPT)
    assert (editor.text, editor.caret, editor.state) == ("你好", 2, State.TEXT)


def test_the_sentence_is_the_text_with_what_is_open(editor: Editor) -> None:
    editor.set_text("说话", 1)
    keys(editor, "64426")
    assert editor.sentence() == "说你好话"
    assert editor.accept() == "说你好话"
    assert editor.caret == 3


def test_at_most_one_word_is_marked_as_least_certain(editor: Editor) -> None:
    keys(editor, "92674264743426")
    assert sum(span.weakest for span in compose(editor).composition) == 1


def test_hints_can_be_turned_off_and_speak_english(engine: Engine, clock: Clock) -> None:
    loud = Editor(engine, clock, Language.EN)
    quiet = Editor(engine, clock, hints=False)
    for editor in (loud, quiet):
        keys(editor, "64")
    assert compose(loud).hint.isascii()
    assert compose(loud).hint
    assert compose(quiet).hint == ""


def test_an_empty_box_says_how_to_begin_and_a_written_one_has_five_lines(editor: Editor) -> None:
    assert compose(editor).hint == text("keys.empty", Language.ZH)
    do(editor, Intent.TYPE_DIGIT, 7)
    assert editor.text and compose(editor).hint == ""


def test_an_english_word_in_no_list_is_to_be_spelt_and_the_hint_says_so(editor: Editor) -> None:
    english(editor)
    keys(editor, "4355")
    assert compose(editor).hint == text("keys.english", Language.ZH)
    keys(editor, "99999")
    assert compose(editor).hint == text("keys.english-unlisted", Language.ZH)


def test_while_words_are_chosen_the_least_certain_one_is_not_looked_for(
    editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys(editor, "92674264743426")
    do(editor, Intent.CHOOSE_LAST)
    monkeypatch.setattr(Composition, "weakest", lambda _: pytest.fail("that is work"))
    assert choose(editor).words


def test_a_long_digit_commits_and_types_the_digit(editor: Editor) -> None:
    keys(editor, "64426")
    do(editor, Intent.TYPE, 8)
    do(editor, Intent.TYPE_DIGIT, 8)
    assert (editor.text, editor.state) == ("你好8", State.TEXT)


def test_a_long_digit_in_an_empty_box_is_just_the_digit(editor: Editor) -> None:
    do(editor, Intent.TYPE, 7)
    do(editor, Intent.TYPE_DIGIT, 7)
    assert (editor.text, editor.state) == ("7", State.TEXT)


def test_a_long_one_replaces_the_comma_its_press_made(editor: Editor) -> None:
    do(editor, Intent.PUNCTUATE, 1)
    assert editor.text == "，"
    do(editor, Intent.TYPE_DIGIT, 1)
    assert editor.text == "1"


def test_a_long_one_soon_after_a_mark_leaves_the_mark(editor: Editor) -> None:
    do(editor, Intent.PUNCTUATE, 1)
    do(editor, Intent.PUNCTUATE, 1)
    assert editor.text == "。"
    do(editor, Intent.TYPE_DIGIT, 1)
    assert editor.text == "，1"


def test_a_long_one_in_a_composition_takes_its_separator_back(editor: Editor) -> None:
    keys(editor, "64426")
    do(editor, Intent.SEPARATOR, 1)
    do(editor, Intent.TYPE_DIGIT, 1)
    assert editor.text == "你好1"


def test_marks_come_in_turn_until_the_time_is_out(editor: Editor, clock: Clock) -> None:
    for mark in "，。？！，":
        do(editor, Intent.PUNCTUATE, 1)
        assert editor.text == mark
        assert editor.strip == 1.0
    clock.now += MULTITAP / 2
    assert editor.strip == 0.5
    assert not editor.tick(clock.now)
    clock.now = editor.next_deadline or 0.0
    assert editor.tick(clock.now)
    assert editor.strip is None
    do(editor, Intent.PUNCTUATE, 1)
    assert editor.text == "，，"


def test_delete_undoes_one_key_and_a_held_delete_stops_at_the_edge(editor: Editor) -> None:
    editor.set_text("好的")
    keys(editor, "644")
    do(editor, Intent.DELETE)
    assert compose(editor).pinyin == "ni"
    for _ in range(10):
        do(editor, Intent.DELETE_MORE)
    assert (editor.text, editor.state) == ("好的", State.TEXT)
    do(editor, Intent.DELETE)
    assert editor.text == "好"


def test_a_held_delete_in_the_text_runs_on_but_does_not_go_home(editor: Editor) -> None:
    editor.set_text("好的呢")
    assert do(editor, Intent.DELETE).changed
    results = [do(editor, Intent.DELETE_MORE) for _ in range(5)]
    assert editor.text == ""
    assert not any(result.empty_delete for result in results)
    assert do(editor, Intent.DELETE).empty_delete


def test_the_composition_holds_so_much_and_says_so(editor: Editor) -> None:
    keys(editor, "6" * 128)
    result = do(editor, Intent.TYPE, 6)
    assert result == EditResult(False, Hint.FULL)
    assert compose(editor).composition


def test_the_box_holds_so_much_and_says_so(editor: Editor) -> None:
    editor.set_text("好" * MAX_TEXT)
    assert do(editor, Intent.TYPE, 6).hint is Hint.FULL
    assert do(editor, Intent.SPACE, 0).hint is Hint.FULL
    assert len(editor.text) == MAX_TEXT


def test_what_was_decoded_is_never_cut_not_even_by_an_undo(editor: Editor) -> None:
    editor.set_text("好" * (MAX_TEXT - 1))
    keys(editor, "64426")
    do(editor, Intent.ACCEPT)
    whole = editor.text
    assert len(whole) > MAX_TEXT
    do(editor, Intent.PUNCTUATE, 1)
    do(editor, Intent.TYPE_DIGIT, 1)
    assert editor.text == whole
    do(editor, Intent.CLEAR)
    do(editor, Intent.CLEAR)
    assert editor.text == whole


def test_the_next_sentence_is_shown_and_sent(editor: Editor) -> None:
    keys(editor, "94926")
    first = editor.sentence()
    assert do(editor, Intent.NEXT_SENTENCE).changed
    assert editor.sentence() != first


# ---------------------------------------------------------------- choosing


def test_only_choosing_makes_digits_pick(editor: Editor) -> None:
    keys(editor, "92674264")
    do(editor, Intent.CHOOSE_LAST)
    assert editor.state is State.CHOOSE
    view = choose(editor)
    assert view.current == len(view.words) - 1
    assert view.page == 1
    at = view.candidates.index("晚上")
    do(editor, Intent.PICK, at + 1)
    assert editor.sentence() == "晚上"
    assert editor.state is State.PINYIN


def test_choosing_goes_on_to_the_next_word_and_a_undoes_the_pick(editor: Editor) -> None:
    keys(editor, "92674264" + "9686546")
    while editor.state is State.PINYIN:
        do(editor, Intent.CHOOSE_LAST)
    while choose(editor).current:
        do(editor, Intent.PREVIOUS_WORD)
    before = choose(editor)
    do(editor, Intent.PICK, 2)
    assert choose(editor).current == 1
    do(editor, Intent.UNDO_PICK)
    assert choose(editor).words == before.words
    do(editor, Intent.UNDO_PICK)
    assert editor.state is State.PINYIN


def test_choosing_starts_at_the_least_certain_word(editor: Editor) -> None:
    keys(editor, "92674264743426")
    marked = [span.weakest for span in compose(editor).composition].index(True)
    do(editor, Intent.CHOOSE_WEAKEST)
    assert choose(editor).current == marked


def test_pages_turn_both_ways_and_go_round(editor: Editor) -> None:
    keys(editor, "94")
    do(editor, Intent.CHOOSE_LAST)
    first = choose(editor)
    assert first.pages > 2
    do(editor, Intent.NEXT_PAGE)
    assert not set(choose(editor).candidates) & set(first.candidates)
    do(editor, Intent.PREVIOUS_PAGE)
    assert choose(editor) == first
    do(editor, Intent.PREVIOUS_PAGE)
    assert choose(editor).page == first.pages


def test_b_changes_between_words_and_single_hanzi(editor: Editor) -> None:
    keys(editor, "92674264")
    do(editor, Intent.CHOOSE_LAST)
    do(editor, Intent.WORD_OR_CHARACTER)
    assert all(len(text) == 1 for text in choose(editor).candidates)
    do(editor, Intent.WORD_OR_CHARACTER)
    assert any(len(text) > 1 for text in choose(editor).candidates)


def test_a_digit_beyond_the_page_picks_nothing(editor: Editor) -> None:
    keys(editor, "92674264")
    do(editor, Intent.CHOOSE_LAST)
    count = len(choose(editor).candidates)
    for digit in range(count + 1, 10):
        assert not do(editor, Intent.PICK, digit).changed


def test_d_accepts_all_while_choosing(editor: Editor) -> None:
    keys(editor, "92674264")
    do(editor, Intent.CHOOSE_LAST)
    do(editor, Intent.ACCEPT)
    assert editor.state is State.TEXT
    assert len(editor.text) == 2


# ---------------------------------------------------------------- the syllable bar


def test_the_bar_locks_one_syllable_after_another(editor: Editor) -> None:
    keys(editor, "64426")
    do(editor, Intent.SYLLABLE_BAR)
    do(editor, Intent.PREVIOUS_WORD)
    view = editor.view()
    assert isinstance(view, SyllableView)
    assert editor.state is State.SYLLABLES
    do(editor, Intent.PICK, view.splits.index("mi") + 1)
    view = editor.view()
    assert isinstance(view, SyllableView)
    assert view.pinyin.startswith("mi'")
    do(editor, Intent.PICK, 1)
    assert editor.state is State.PINYIN


def test_a_undoes_a_lock_and_then_leaves_the_bar(editor: Editor) -> None:
    keys(editor, "64426")
    do(editor, Intent.SYLLABLE_BAR)
    do(editor, Intent.PREVIOUS_WORD)
    do(editor, Intent.PICK, 2)
    do(editor, Intent.UNDO_PICK)
    assert editor.state is State.SYLLABLES
    do(editor, Intent.UNDO_PICK)
    assert editor.state is State.PINYIN
    assert editor.sentence() == "你好"


def test_the_bar_moves_along_the_syllables(editor: Editor) -> None:
    keys(editor, "64426")
    do(editor, Intent.SYLLABLE_BAR)
    do(editor, Intent.PREVIOUS_WORD)
    do(editor, Intent.NEXT_WORD)
    view = editor.view()
    assert isinstance(view, SyllableView)
    assert view.splits[0] == "hao"
    assert not do(editor, Intent.NEXT_WORD).changed
    do(editor, Intent.ACCEPT)
    assert editor.state is State.PINYIN


def test_every_way_to_split_is_on_a_page_where_its_digit_is_drawn(editor: Editor) -> None:
    keys(editor, "94264")
    do(editor, Intent.SYLLABLE_BAR)
    seen: list[str] = []
    while True:
        view = editor.view()
        assert isinstance(view, SyllableView)
        if view.splits[0] in seen:
            break
        assert candidates_that_fit(view.splits) == len(view.splits)
        seen += view.splits
        if not do(editor, Intent.NEXT_PAGE).changed:
            break
    assert {"xiang", "zang", "xian", "yang", "wang", "xi"} & set(seen)
    assert len(seen) == len(set(seen)) > 9


def test_no_empty_bar_opens_over_keys_that_are_no_syllable(editor: Editor) -> None:
    keys(editor, "5")
    assert do(editor, Intent.SYLLABLE_BAR).hint is Hint.NOTHING_TO_CHOOSE
    assert editor.state is State.PINYIN


# ---------------------------------------------------------------- modes


def test_b_goes_round_the_modes(editor: Editor) -> None:
    labels = []
    for _ in range(4):
        labels.append(editor.mode.value)
        do(editor, Intent.NEXT_MODE)
    assert labels == ["汉", "En", "数", "汉"]


def test_numbers_are_typed_as_they_are(editor: Editor) -> None:
    do(editor, Intent.NEXT_MODE)
    do(editor, Intent.NEXT_MODE)
    do(editor, Intent.PUNCTUATE, 1)
    do(editor, Intent.SPACE, 0)
    keys(editor, "29")
    assert editor.text == "1029"


def test_english_words_come_from_the_list(editor: Editor) -> None:
    english(editor)
    keys(editor, "43556")
    assert editor.state is State.PINYIN
    assert editor.sentence() == "hello"
    do(editor, Intent.SYLLABLE_BAR)
    assert editor.sentence() == "Hello"
    do(editor, Intent.SYLLABLE_BAR)
    assert editor.sentence() == "HELLO"
    do(editor, Intent.ACCEPT)
    do(editor, Intent.SPACE, 0)
    assert editor.text == "HELLO "


def test_another_english_word_of_the_same_keys(editor: Editor) -> None:
    english(editor)
    keys(editor, "4663")
    first = editor.sentence()
    do(editor, Intent.NEXT_SENTENCE)
    assert editor.sentence() != first
    do(editor, Intent.CHOOSE_LAST)
    view = choose(editor)
    do(editor, Intent.PICK, 2)
    assert editor.text == view.candidates[1]


def test_an_english_word_in_no_list_is_never_blank(editor: Editor) -> None:
    english(editor)
    keys(editor, "99999999")
    assert len(editor.sentence()) == 8


def test_one_turns_to_letters_by_multitap(editor: Editor, clock: Clock) -> None:
    english(editor)
    keys(editor, "9")
    do(editor, Intent.SEPARATOR, 1)
    keys(editor, "9999")
    assert editor.text == "z"
    assert compose(editor).pending
    keys(editor, "2")
    clock.now += MULTITAP
    editor.tick(clock.now)
    keys(editor, "2")
    assert editor.text == "zaa"
    assert do(editor, Intent.CARET_RIGHT).changed
    keys(editor, "2")
    assert editor.text == "zaaa"
    do(editor, Intent.TYPE_DIGIT, 2)
    assert editor.text == "zaa2"


def test_a_takes_spelling_back_until_something_is_spelt(editor: Editor) -> None:
    english(editor)
    keys(editor, "43556")
    assert do(editor, Intent.SEPARATOR, 1).hint is Hint.SPELLING
    assert editor.sentence() == ""
    assert not do(editor, Intent.DELETE).empty_delete
    assert (editor.sentence(), editor.state) == ("hello", State.PINYIN)
    do(editor, Intent.SEPARATOR, 1)
    keys(editor, "4")
    do(editor, Intent.DELETE)
    assert (editor.sentence(), editor.state) == ("", State.TEXT)


@pytest.mark.parametrize(
    ("change", "left"),
    [(lambda editor: editor.insert("好的"), "好"), (Editor.clear, "")],
    ids=["spoken", "sent"],
)
def test_spelling_is_not_taken_back_once_something_was_spoken_or_sent(
    editor: Editor, change: Callable[[Editor], object], left: str
) -> None:
    english(editor)
    keys(editor, "43556")
    do(editor, Intent.SEPARATOR, 1)
    change(editor)
    do(editor, Intent.DELETE)
    assert (editor.sentence(), editor.state) == (left, State.TEXT)


@pytest.mark.parametrize(
    "done", [lambda editor: do(editor, Intent.SPACE, 0), Editor.clear], ids=["a space", "sent"]
)
def test_words_come_from_the_list_again_once_what_was_spelt_is_done(
    editor: Editor, done: Callable[[Editor], object]
) -> None:
    english(editor)
    keys(editor, "9")
    do(editor, Intent.SEPARATOR, 1)
    keys(editor, "9")
    done(editor)
    keys(editor, "43556")
    assert editor.sentence().split()[-1] == "hello"


def test_a_long_one_commits_the_english_word(editor: Editor) -> None:
    english(editor)
    keys(editor, "28")
    do(editor, Intent.SEPARATOR, 1)
    do(editor, Intent.TYPE_DIGIT, 1)
    assert (editor.text, editor.state) == ("at1", State.TEXT)
    keys(editor, "43556")
    assert editor.sentence() == "at1hello"


def test_c_b_makes_capitals_in_english_and_wide_letters_in_chinese(editor: Editor) -> None:
    do(editor, Intent.WIDTH)
    assert editor.mode is TextMode.FULL_WIDTH
    do(editor, Intent.TYPE, 5)
    do(editor, Intent.TYPE_DIGIT, 5)
    do(editor, Intent.SPACE, 0)
    assert editor.text == "５\u3000"
    do(editor, Intent.WIDTH)
    english(editor)
    do(editor, Intent.WIDTH)
    assert editor.mode is TextMode.CAPITALS
    keys(editor, "43556")
    assert editor.sentence().endswith("HELLO")


def test_english_without_its_list_is_typed_letter_by_letter(clock: Clock, tmp_path: Path) -> None:
    engine = Engine(MemoryWords(), english=tmp_path / "none.txt", verify=False)
    editor = Editor(engine, clock)
    english(editor)
    keys(editor, "4433")
    assert (editor.text, editor.state) == ("he", State.TEXT)


def test_without_pinyin_data_there_are_english_and_numbers(clock: Clock) -> None:
    editor = Editor(Engine(MemoryWords(), data=None), clock)
    assert not editor.types_chinese
    modes = []
    for _ in range(3):
        modes.append(editor.mode)
        do(editor, Intent.NEXT_MODE)
    assert modes == [TextMode.ENGLISH, TextMode.NUMBER, TextMode.ENGLISH]
    assert editor.predictions() == []
    editor.insert("说出来的话")
    assert editor.text == "说出来的话"


# ---------------------------------------------------------------- symbols


def test_symbols_come_after_the_composition_and_the_used_one_first(editor: Editor) -> None:
    keys(editor, "64426")
    do(editor, Intent.SYMBOLS)
    assert (editor.text, editor.state) == ("你好", State.SYMBOLS)
    view = editor.view()
    assert isinstance(view, SymbolView)
    do(editor, Intent.PICK, 5)
    assert editor.text == "你好" + view.items[4]
    do(editor, Intent.SYMBOLS)
    again = editor.view()
    assert isinstance(again, SymbolView)
    assert again.items[0] == view.items[4]


def test_b_goes_round_the_kinds_of_symbols_and_a_leaves(editor: Editor) -> None:
    do(editor, Intent.EMOJI)
    titles = []
    for _ in range(3):
        view = editor.view()
        assert isinstance(view, SymbolView)
        assert len(view.items) <= 9
        titles.append(view.title)
        do(editor, Intent.NEXT_MODE)
    assert len(set(titles)) == 3
    do(editor, Intent.NEXT_PAGE)
    do(editor, Intent.UNDO_PICK)
    assert (editor.state, editor.text) == (State.TEXT, "")


# ---------------------------------------------------------------- text


def test_the_caret_moves_and_text_goes_in_there(editor: Editor) -> None:
    editor.set_text("ab")
    do(editor, Intent.CARET_LEFT)
    editor.insert("语音")
    assert (editor.text, editor.caret) == ("a语音b", 3)
    do(editor, Intent.TEXT_START)
    assert editor.caret == 0
    assert not do(editor, Intent.CARET_LEFT).changed
    do(editor, Intent.TEXT_END)
    assert editor.caret == 4


def test_clear_can_be_undone_once(editor: Editor) -> None:
    editor.set_text("说话", 1)
    keys(editor, "64426")
    do(editor, Intent.CLEAR)
    assert (editor.text, editor.state) == ("", State.TEXT)
    do(editor, Intent.CLEAR)
    assert (editor.text, editor.caret) == ("说你好话", 3)
    do(editor, Intent.CLEAR)
    keys(editor, "64")
    do(editor, Intent.ACCEPT)
    do(editor, Intent.CLEAR)
    do(editor, Intent.CLEAR)
    assert editor.text == "你"


def test_nothing_cleared_is_nothing_to_undo(editor: Editor) -> None:
    assert do(editor, Intent.CLEAR).hint is Hint.NOTHING_TO_UNDO


def test_a_newline_commits(editor: Editor) -> None:
    keys(editor, "64426")
    do(editor, Intent.NEWLINE)
    assert editor.text == "你好\n"


def test_speech_commits_what_is_open(editor: Editor) -> None:
    keys(editor, "64426")
    editor.insert("，在吗")
    assert (editor.text, editor.state) == ("你好，在吗", State.TEXT)


def test_sending_leaves_an_empty_box(editor: Editor) -> None:
    keys(editor, "64426")
    assert editor.accept() == "你好"
    editor.clear()
    assert (editor.text, editor.caret) == ("", 0)
    assert do(editor, Intent.CLEAR).hint is Hint.NOTHING_TO_UNDO


# ---------------------------------------------------------------- next words


def test_after_a_commit_the_likely_next_words_are_offered(editor: Editor) -> None:
    keys(editor, "64426")
    do(editor, Intent.ACCEPT)
    offered = compose(editor).hint
    assert offered.startswith("#") and "吗" in offered
    do(editor, Intent.SPACE, 0)
    assert compose(editor).hint == ""


@pytest.mark.parametrize(
    "change",
    [
        Editor.clear,
        lambda editor: editor.insert("我们去吧"),
        lambda editor: do(editor, Intent.TEXT_START),
    ],
    ids=["sent", "spoken", "caret moved"],
)
def test_no_next_words_are_offered_for_a_text_that_changed(
    editor: Editor, change: Callable[[Editor], object]
) -> None:
    keys(editor, "64426")
    do(editor, Intent.ACCEPT)
    change(editor)
    assert compose(editor).hint == ("" if editor.text else text("keys.empty", Language.ZH))


def test_the_right_arrow_at_the_end_chooses_the_next_word(editor: Editor) -> None:
    keys(editor, "64426")
    do(editor, Intent.ACCEPT)
    do(editor, Intent.RIGHT_OR_NEXT_WORD)
    view = choose(editor)
    assert editor.state is State.CHOOSE and view.before == "你好"
    do(editor, Intent.PICK, view.candidates.index("吗") + 1)
    assert (editor.text, editor.state) == ("你好吗", State.TEXT)
    assert compose(editor).hint  # what follows that one, in turn


def test_next_words_are_left_without_a_trace(editor: Editor) -> None:
    editor.set_text("你好")
    for leave in (Intent.UNDO_PICK, Intent.ACCEPT):
        do(editor, Intent.RIGHT_OR_NEXT_WORD)
        assert editor.state is State.CHOOSE
        do(editor, leave)
        assert (editor.text, editor.state) == ("你好", State.TEXT)


def test_within_the_text_the_right_arrow_only_moves_the_caret(editor: Editor) -> None:
    editor.set_text("你好", 0)
    for caret in (1, 2):
        do(editor, Intent.RIGHT_OR_NEXT_WORD)
        assert (editor.caret, editor.state) == (caret, State.TEXT)


def test_a_held_right_arrow_stops_at_the_end() -> None:
    for gesture in (Gesture.LONG, Gesture.REPEAT):
        assert lookup(State.TEXT, HASH, gesture) == Action(Intent.CARET_RIGHT)


def test_there_are_no_next_words_in_english_or_after_a_mark(editor: Editor) -> None:
    editor.set_text("你好。")
    assert not do(editor, Intent.RIGHT_OR_NEXT_WORD).changed
    editor.set_text("你好")
    assert 0 < len(editor.predictions()) <= NEXT_WORDS
    english(editor)
    assert not do(editor, Intent.RIGHT_OR_NEXT_WORD).changed


# ---------------------------------------------------------------- re-ranking


def test_a_second_opinion_is_asked_for_once_after_a_pause(editor: Editor, clock: Clock) -> None:
    keys(editor, "92674264743426")
    assert editor.rerank_request() is None
    clock.now += PAUSE
    assert (editor.next_deadline or 0) <= clock.now
    editor.tick(clock.now)
    request = editor.rerank_request()
    assert request is not None
    assert editor.rerank_request() is None
    assert editor.next_deadline is None
    best = len(request.candidates) - 1
    scores = [-200.0] * best + [0.0]
    assert editor.rerank(request, scores)
    assert editor.sentence() == request.candidates[best]


def test_a_late_opinion_changes_nothing(editor: Editor, clock: Clock) -> None:
    keys(editor, "92674264743426")
    clock.now += PAUSE
    editor.tick(clock.now)
    request = editor.rerank_request()
    assert request is not None
    keys(editor, "9")
    shown = editor.sentence()
    assert not editor.rerank(request, [0.0] * len(request.candidates))
    assert editor.sentence() == shown
    do(editor, Intent.ACCEPT)
    assert not editor.rerank(request, [0.0] * len(request.candidates))


# ---------------------------------------------------------------- all of it


def test_every_intent_in_every_state_is_harmless(editor: Editor, clock: Clock) -> None:
    """A thousand random presses through the real key table; the invariants hold throughout."""
    randomly = random.Random(5)
    pad = [*range(10), *range(2, 10), A, B, D, 14, 15]
    gestures = [Gesture.PRESS, Gesture.SHORT, Gesture.LONG, Gesture.REPEAT, Gesture.SECOND]
    for _ in range(1000):
        key = randomly.choice(pad)
        for gesture in randomly.sample(gestures, 2):
            action = lookup(editor.state, key, gesture)
            if action is not None and action.intent in editor.intents:
                editor.act(action)
        clock.now += randomly.random()
        editor.tick(clock.now)
        assert 0 <= editor.caret <= len(editor.text)
        assert editor.state in {
            State.TEXT, State.PINYIN, State.CHOOSE, State.SYLLABLES, State.SYMBOLS,
        }  # fmt: skip
        view = editor.view()
        if isinstance(view, ChooseView):
            assert view.candidates
            assert 0 <= view.current < max(1, len(view.words))
        if editor.state is State.PINYIN:
            assert isinstance(view, ComposeView)
            assert any(span.text for span in view.composition)


def test_what_a_repair_teaches_is_worked_out_after_the_key_not_with_it(
    editor: Editor, engine: Engine, clock: Clock
) -> None:
    keys(editor, "926")
    do(editor, Intent.CHOOSE_WEAKEST)
    do(editor, Intent.PICK, 2)
    do(editor, Intent.ACCEPT)
    assert engine.unsettled
    assert editor.next_deadline == clock.now
    while engine.unsettled:
        editor.tick(clock.now)
    assert editor.next_deadline is None
