"""Edges in, actions out: the timing rules of the keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.keys import Edge
from ui.gestures import (
    A_DEAF_SECONDS,
    D_DEAF_SECONDS,
    LONG_SECONDS,
    MASK_SECONDS,
    Gestures,
)
from ui.keymap import KEYMAP, Action, Gesture, Intent, State, lookup

A, B, C, D, STAR, HASH = 10, 11, 12, 13, 14, 15
PRESS, LONG, REPEAT, RELEASE = Edge.PRESS, Edge.LONG, Edge.REPEAT, Edge.RELEASE


class Hand:
    """Presses keys at a time of its own and moves the state as it is told."""

    def __init__(self, state):
        self.gestures = Gestures()
        self.state = state
        self.now = 100.0

    def edge(self, key, edge, then=None):
        action = self.gestures.feed(key, edge, self.state, self.now)
        if action is not None:
            before, self.state = self.state, then or self.state
            self.gestures.performed(key, action, before, self.state, self.now)
        return action.intent if action else None

    def tap(self, key, then=None):
        done = [self.edge(key, PRESS, then), self.edge(key, RELEASE, then)]
        return [intent for intent in done if intent is not None]


def test_digits_act_on_press():
    hand = Hand(State.TEXT)
    assert hand.edge(5, PRESS) is Intent.TYPE


def test_d_acts_on_release_because_it_has_a_long_meaning():
    hand = Hand(State.TEXT)
    assert hand.edge(D, PRESS) is Intent.TALK_ARM
    assert hand.edge(D, RELEASE) is Intent.SEND


def test_a_long_digit_rewrites_what_its_press_did_even_when_that_opened_the_box():
    hand = Hand(State.HOME)
    assert hand.edge(5, PRESS, then=State.PINYIN) is Intent.START_TYPING
    assert hand.edge(5, LONG) is Intent.TYPE_DIGIT


def test_a_hold_never_crosses_a_level():
    hand = Hand(State.PINYIN)
    assert hand.edge(A, PRESS, then=State.TEXT) is Intent.DELETE
    assert hand.edge(A, LONG) is None
    assert hand.edge(A, REPEAT) is None


@pytest.mark.parametrize("after", [State.CHOOSE, State.PINYIN, State.TEXT])
def test_a_word_that_is_picked_and_held_is_forgotten_even_when_that_ended_choosing(after):
    hand = Hand(State.CHOOSE)
    assert hand.edge(3, PRESS, then=after) is Intent.PICK
    assert hand.edge(3, LONG, then=State.CHOOSE) is Intent.FORGET
    assert hand.edge(3, REPEAT) is None


@pytest.mark.parametrize("state", [State.SYMBOLS, State.SYLLABLES])
def test_any_other_pick_is_not_rewritten_by_holding_its_digit(state):
    hand = Hand(state)
    hand.edge(3, PRESS, then=State.TEXT)
    assert hand.edge(3, LONG) is None


@pytest.mark.parametrize("beneath", [State.MENU, State.HOME, State.TEXT, State.BUSY])
def test_the_a_that_left_a_page_leads_home_when_it_is_held_on(beneath):
    hand = Hand(State.MENU)
    assert hand.edge(A, PRESS, then=beneath) is Intent.MENU_BACK
    assert hand.edge(A, LONG, then=State.HOME) is Intent.MENU_HOME
    assert hand.edge(A, REPEAT) is None


def test_a_c_over_a_review_stops_its_countdown_and_is_sticky_all_the_same():
    hand = Hand(State.REVIEW)
    assert hand.tap(C) == [Intent.REVIEW_WAIT]
    assert hand.gestures.mask_open(hand.now)


def test_a_page_that_opened_over_a_held_pick_is_not_reached_through():
    hand = Hand(State.CHOOSE)
    hand.edge(3, PRESS)
    hand.state = State.MENU
    assert hand.edge(3, LONG) is None


def test_held_delete_repeats_within_its_level():
    hand = Hand(State.TEXT)
    assert [hand.edge(A, e) for e in (PRESS, LONG, REPEAT, REPEAT)] == [
        Intent.DELETE,
        Intent.DELETE_MORE,
        Intent.DELETE_MORE,
        Intent.DELETE_MORE,
    ]


def test_after_a_changed_the_state_it_is_deaf_so_that_a_burst_cannot_stop_leave_and_delete():
    hand = Hand(State.BUSY)
    assert hand.tap(A, then=State.ANSWER) == [Intent.STOP]
    hand.now += A_DEAF_SECONDS - 0.01
    assert hand.tap(A) == []
    hand.now += 0.02
    assert hand.tap(A) == [Intent.LEAVE_ANSWER]


def test_a_double_d_never_sends_by_accident():
    hand = Hand(State.PINYIN)
    hand.edge(D, PRESS)
    assert hand.edge(D, RELEASE, then=State.TEXT) is Intent.ACCEPT
    hand.now += D_DEAF_SECONDS - 0.01
    assert hand.tap(D) == []
    hand.now += 0.02
    assert hand.tap(D) == [Intent.TALK_ARM, Intent.SEND]


def test_d_accepts_at_once_after_a_word_was_picked():
    hand = Hand(State.CHOOSE)
    for then in (State.CHOOSE, State.PINYIN):
        hand.edge(3, PRESS, then=then)
        hand.edge(3, RELEASE)
    assert hand.tap(D) == [Intent.ACCEPT]


def test_a_pick_that_writes_into_the_text_is_a_commit():
    hand = Hand(State.SYMBOLS)
    hand.edge(3, PRESS, then=State.TEXT)
    hand.edge(3, RELEASE)
    assert hand.tap(D) == []


def test_holding_d_talks_and_letting_go_ends_it():
    hand = Hand(State.HOME)
    hand.edge(D, PRESS)
    assert hand.edge(D, LONG, then=State.LISTENING) is Intent.TALK
    assert hand.edge(D, RELEASE) is Intent.TALK_END


def test_c_is_sticky_for_one_key():
    hand = Hand(State.HOME)
    assert hand.tap(C) == []
    assert hand.gestures.mask_open(hand.now)
    assert hand.tap(5) == [Intent.NEW_CONVERSATION]
    assert not hand.gestures.mask_open(hand.now)


def test_a_long_c_is_the_menu_even_while_the_mask_is_shown():
    hand = Hand(State.PINYIN)
    hand.tap(C)
    hand.edge(C, PRESS)
    assert not hand.gestures.mask_open(hand.now)
    assert hand.edge(C, LONG, then=State.MENU) is Intent.MAIN_MENU
    hand.edge(C, RELEASE)
    assert not hand.gestures.mask_open(hand.now)


def test_the_mask_closes_by_itself():
    hand = Hand(State.HOME)
    hand.tap(C)
    hand.now += MASK_SECONDS + 0.01
    assert hand.tap(5) == [Intent.START_TYPING]


@pytest.mark.parametrize("key", [C, A])
def test_c_and_a_cancel_the_mask(key):
    hand = Hand(State.HOME)
    hand.tap(C)
    assert hand.tap(key) == []
    assert not hand.gestures.mask_open(hand.now)


def test_c_then_a_clears_where_there_is_text():
    hand = Hand(State.TEXT)
    hand.tap(C)
    assert hand.tap(A) == [Intent.CLEAR]


def test_c_then_d_answers_again_after_an_answer_and_is_a_new_line_in_the_box():
    for state, intent in ((State.ANSWER, Intent.AGAIN), (State.TEXT, Intent.NEWLINE)):
        hand = Hand(state)
        hand.tap(C)
        assert hand.tap(D) == [intent]


@pytest.mark.parametrize("state", [it for it in State if it not in (State.OFF, State.ALERT)])
def test_long_c_is_the_main_menu_from_everywhere(state):
    hand = Hand(state)
    hand.edge(C, PRESS)
    assert hand.edge(C, LONG) is Intent.MAIN_MENU


@pytest.mark.parametrize("key", range(16))
def test_a_key_wakes_the_screen_and_does_nothing_else(key):
    hand = Hand(State.OFF)
    assert hand.tap(key, then=State.HOME) == [Intent.WAKE]
    assert not hand.gestures.mask_open(hand.now)


@pytest.mark.parametrize("key", range(16))
def test_on_an_alert_a_key_means_its_press_and_nothing_else(key):
    hand = Hand(State.ALERT)
    assert hand.edge(key, PRESS) in (
        Intent.ALERT_STOP,
        Intent.ALERT_SNOOZE,
        Intent.ALERT_SNOOZE_FOR,
    )
    assert [hand.edge(key, edge, State.HOME) for edge in (LONG, REPEAT, RELEASE)] == [None] * 3
    assert not hand.gestures.mask_open(hand.now)


@pytest.mark.parametrize("key", range(16))
def test_a_key_that_is_down_when_an_alert_comes_means_nothing_any_more(key):
    hand = Hand(State.TEXT)
    hand.edge(key, PRESS)
    hand.gestures.interrupt(State.TEXT)
    hand.state = State.ALERT
    assert [hand.edge(key, edge) for edge in (LONG, REPEAT, RELEASE)] == [None] * 3


def test_but_the_end_of_the_talk_that_it_holds():
    hand = Hand(State.HOME)
    hand.edge(D, PRESS)
    hand.edge(D, LONG, then=State.LISTENING)
    hand.gestures.interrupt(State.LISTENING)
    hand.state = State.ALERT
    assert [hand.edge(D, edge) for edge in (REPEAT, RELEASE)] == [None, Intent.TALK_END]


def test_a_long_d_talks_at_once_from_a_dark_screen():
    hand = Hand(State.OFF)
    hand.edge(D, PRESS, then=State.HOME)
    assert hand.edge(D, LONG, then=State.LISTENING) is Intent.TALK


def test_while_busy_the_digits_only_hint_how_to_stop():
    hand = Hand(State.BUSY)
    assert {hand.edge(key, PRESS) for key in range(10)} == {Intent.HINT_STOP}


@pytest.mark.parametrize("state", list(State))
def test_digits_carry_themselves(state):
    for (key, _), action in KEYMAP[state].items():
        if key < 10:
            assert action.digit == key or action.intent in (Intent.WAKE, Intent.ALERT_SNOOZE)


@given(
    st.lists(st.tuples(st.integers(0, 15), st.sampled_from(Edge), st.floats(0, 1)), max_size=60),
    st.sampled_from(State),
)
def test_any_burst_of_edges_gives_only_what_the_table_holds(edges, state):
    gestures = Gestures()
    now = 0.0
    for key, edge, wait in edges:
        now += wait
        action = gestures.feed(key, edge, state, now)
        if action is not None:
            assert any(lookup(state, key, gesture) == action for gesture in Gesture)
            gestures.performed(key, action, state, state, now)


def test_the_second_functions_are_those_of_the_interaction_page():
    expected = {
        1: Intent.THINKING_MODE,
        2: Intent.VOICE_ON_OFF,
        3: Intent.MODEL_MENU,
        4: Intent.PERSONA_MENU,
        5: Intent.NEW_CONVERSATION,
        6: Intent.HISTORY,
        7: Intent.VOLUME_DOWN,
        8: Intent.MUTE,
        9: Intent.VOLUME_UP,
        0: Intent.SELF_TEST,
        STAR: Intent.TEXT_START,
        HASH: Intent.TEXT_END,
        B: Intent.WIDTH,
    }
    for key, intent in expected.items():
        action = lookup(State.HOME, key, Gesture.SECOND)
        assert isinstance(action, Action)
        assert action.intent is intent


def test_the_key_after_a_c_that_stopped_the_countdown_may_be_the_one_that_sends():
    assert lookup(State.REVIEW, D, Gesture.SECOND) == Action(Intent.SEND)


def test_a_hold_grows_until_it_is_a_long_press():
    hand = Hand(State.MENU)
    assert hand.gestures.held(D, hand.now) == 0.0
    hand.edge(D, PRESS)
    assert hand.gestures.held(D, hand.now + LONG_SECONDS / 2) == pytest.approx(0.5)
    assert hand.gestures.held(A, hand.now + 1) == 0.0
    hand.edge(D, RELEASE)
    assert hand.gestures.held(D, hand.now + 1) == 0.0


def test_held_while_reading_is_a_page_and_then_runs_by_lines():
    hand = Hand(State.ANSWER)
    edges = (PRESS, LONG, REPEAT)
    assert [hand.edge(HASH, edge) for edge in edges] == [
        Intent.SCROLL_DOWN,
        Intent.PAGE_DOWN,
        Intent.SCROLL_DOWN,
    ]
