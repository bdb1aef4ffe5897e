"""Press, long press, repeat and release from plain reads of a keypad."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.bus import BusError, BusTimeoutError
from drivers.key_events import KeyDecoder, Timing
from drivers.keypad_poller import KeypadPoller
from drivers.keys import Edge, Key, KeyEvent

PRESS, LONG, REPEAT, RELEASE = Edge.PRESS, Edge.LONG, Edge.REPEAT, Edge.RELEASE
TICK = 0.01

reads = st.lists(
    st.tuples(st.one_of(st.none(), st.sampled_from([Key.D1, Key.D2, Key.C])), st.integers(1, 60)),
    max_size=40,
)


def decode(*held: tuple[Key | None, float]) -> list[KeyEvent]:
    """Read every 10 ms; each key is held for its seconds."""
    decoder, events, step = KeyDecoder(), [], 0
    for key, seconds in held:
        for _ in range(round(seconds / TICK)):
            events += decoder.feed(key, step * TICK)
            step += 1
    return events


def edges(events: list[KeyEvent]) -> list[tuple[Key, Edge]]:
    return [(event.key, event.edge) for event in events]


def test_a_press_is_reported_on_the_first_read() -> None:
    assert KeyDecoder().feed(Key.D5, 1.0) == [KeyEvent(Key.D5, PRESS, 1.0)]


def test_a_tap_seen_by_a_single_read_is_a_press_and_a_release() -> None:
    assert edges(decode((Key.D5, 0.01), (None, 0.05))) == [(Key.D5, PRESS), (Key.D5, RELEASE)]


def test_a_release_carries_the_time_none_was_first_read() -> None:
    events = decode((Key.D5, 0.1), (None, 0.05))
    assert events[-1].at == pytest.approx(0.1)


def test_one_glitchy_read_does_not_release() -> None:
    events = decode((Key.D5, 0.1), (None, 0.01), (Key.D5, 0.1), (None, 0.05))
    assert edges(events) == [(Key.D5, PRESS), (Key.D5, RELEASE)]


def test_long_after_400_ms_then_repeats_then_release() -> None:
    events = decode((Key.A, 0.65), (None, 0.05))
    assert [(event.edge, round(event.at, 2)) for event in events] == [
        (PRESS, 0.0), (LONG, 0.4), (REPEAT, 0.5), (REPEAT, 0.6), (RELEASE, 0.65),
    ]  # fmt: skip


def test_a_key_let_go_just_before_400_ms_is_not_long() -> None:
    assert edges(decode((Key.A, 0.39), (None, 0.1))) == [(Key.A, PRESS), (Key.A, RELEASE)]


def test_a_key_that_changes_without_none_between_is_a_release_and_a_press() -> None:
    events = decode((Key.D1, 0.05), (Key.D2, 0.05), (None, 0.05))
    expected = [(Key.D1, PRESS), (Key.D1, RELEASE), (Key.D2, PRESS), (Key.D2, RELEASE)]
    assert edges(events) == expected
    assert events[1].at == events[2].at


def test_another_key_after_a_single_none_releases_at_that_none() -> None:
    events = decode((Key.D1, 0.05), (None, 0.01), (Key.D2, 0.05))
    assert [(e.key, e.edge, round(e.at, 2)) for e in events[1:]] == [
        (Key.D1, RELEASE, 0.05),
        (Key.D2, PRESS, 0.06),
    ]


def test_the_second_key_of_a_roll_has_its_own_400_ms() -> None:
    events = decode((Key.D1, 0.3), (Key.D2, 0.3), (None, 0.05))
    assert LONG not in {event.edge for event in events}


def test_a_read_that_comes_late_gives_one_repeat_not_a_burst() -> None:
    decoder = KeyDecoder()
    decoder.feed(Key.A, 0.0)
    assert edges(decoder.feed(Key.A, 5.0)) == [(Key.A, LONG)]
    assert edges(decoder.feed(Key.A, 9.0)) == [(Key.A, REPEAT)]
    assert decoder.feed(Key.A, 9.05) == []


@given(reads)
def test_events_of_any_reads_are_well_formed(sequence: list[tuple[Key | None, int]]) -> None:
    decoder, now, events = KeyDecoder(), 0.0, []
    for key, milliseconds in sequence:
        now += milliseconds / 1000
        events += decoder.feed(key, now)
    events += decoder.release(now)
    held: Key | None = None
    last: Edge | None = None
    for event in events:
        if event.edge is PRESS:
            assert held is None
            held = event.key
        else:
            assert event.key == held
            assert event.edge is not REPEAT or last in (LONG, REPEAT)
            assert event.edge is not LONG or last is PRESS
            held = None if event.edge is RELEASE else held
        last = event.edge
    assert held is None
    assert [event.at for event in events] == sorted(event.at for event in events)


@given(reads)
def test_no_key_that_was_read_is_ever_lost(sequence: list[tuple[Key | None, int]]) -> None:
    decoder, now = KeyDecoder(), 0.0
    for key, milliseconds in sequence:
        now += milliseconds / 1000
        before = decoder.down
        events = edges(decoder.feed(key, now))
        if key is not None:
            assert decoder.down == key
            assert ((key, PRESS) in events) == (before != key), "at once, and only once"


@given(reads)
def test_nothing_is_due_before_the_next_deadline(sequence: list[tuple[Key | None, int]]) -> None:
    decoder, now = KeyDecoder(), 0.0
    for key, milliseconds in sequence:
        deadline = decoder.next_deadline
        now += milliseconds / 1000
        held = decoder.down
        events = edges(decoder.feed(key, now))
        if deadline is not None and now < deadline and key in (held, None):
            assert events == []


def test_polling_is_fast_while_keys_move_and_slow_when_idle() -> None:
    decoder = KeyDecoder(Timing(fast_for=2.0))
    assert decoder.poll_interval(0.0) == 0.020
    decoder.feed(Key.D1, 0.0)
    assert decoder.poll_interval(10.0) == 0.010, "a held key"
    decoder.feed(None, 10.0)
    decoder.feed(None, 10.02)
    assert decoder.poll_interval(11.9) == 0.010
    assert decoder.poll_interval(12.1) == 0.020


class ScriptedKeypad:
    """Answers from a list, the last answer for ever."""

    def __init__(self, *answers: Key | BusError | None) -> None:
        self.answers = list(answers)

    def read(self) -> Key | None:
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, BusError):
            raise answer
        return answer

    def close(self) -> None:
        pass


def poll(keypad: ScriptedKeypad, times: int) -> tuple[list[object], KeypadPoller, float]:
    """What the app hears (events and presence, in order), and the pause after the last poll."""
    heard: list[object] = []
    poller = KeypadPoller(
        keypad, lambda event: heard.append((event.key, event.edge)), on_presence=heard.append
    )
    now, due = 0.0, 0.0
    for _ in range(times):
        now = due
        following = poller.run(now)
        assert following is not None and following > now
        due = following
    return heard, poller, due - now


ERROR = BusTimeoutError(110, "stuck")


def test_a_keypad_is_reported_present_by_its_first_answer() -> None:
    heard, poller, pause = poll(ScriptedKeypad(None), 3)
    assert heard == [True] and poller.present
    assert pause == pytest.approx(0.02)


def test_a_few_errors_do_not_disturb_a_held_key() -> None:
    keypad = ScriptedKeypad(Key.D, ERROR, ERROR, ERROR, ERROR, Key.D)
    heard, poller, _ = poll(keypad, 8)
    assert heard == [True, (Key.D, PRESS)]
    assert poller.present


def test_five_errors_lose_the_keypad_and_release_what_was_held() -> None:
    heard, poller, pause = poll(ScriptedKeypad(Key.D, ERROR), 7)
    assert heard == [True, (Key.D, PRESS), (Key.D, RELEASE), False]
    assert poller.last_error is ERROR
    assert pause == pytest.approx(0.25), "asked for quietly"


def test_a_keypad_absent_from_the_start_is_reported_once() -> None:
    heard, _, _ = poll(ScriptedKeypad(ERROR), 20)
    assert heard == [False]


def test_a_lost_keypad_recovers_by_itself() -> None:
    keypad = ScriptedKeypad(None, *[ERROR] * 6, Key.D1, None, None, None)
    heard, poller, _ = poll(keypad, 14)
    assert heard == [True, False, True, (Key.D1, PRESS), (Key.D1, RELEASE)]
    assert poller.present and poller.last_error is None
