"""Playback: order, events at the right time, silence on a stop, and credit that never leaks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.audio.player import Player
from appliance.messages import ClauseStarted, PlaybackDone, Playhead

RATE = 24000
BLOCK = RATE // 50


class Desk:
    """A player and the virtual time in which a sound card calls it."""

    def __init__(self) -> None:
        self.now = 0.0
        self.player = Player(RATE, lambda: self.now)

    def run(self, seconds: float) -> np.ndarray:
        blocks = []
        for _ in range(round(seconds / 0.02)):
            blocks.append(self.player.render(BLOCK))
            self.now += 0.02
        return np.concatenate(blocks)

    def say(self, turn: int, clause: int, seconds: float, last: bool = False) -> None:
        tone = np.sin(np.arange(int(seconds * RATE)) * 0.3).astype(np.float32) * 0.5
        self.player.add(turn, clause, tone, RATE)
        self.player.end(turn, clause, last)

    def events(self, kind: type) -> list:
        return [event for event in self.player.events(self.now) if isinstance(event, kind)]


def test_clauses_play_in_order_without_a_gap() -> None:
    desk = Desk()
    one, two = np.full(1000, 0.1, np.float32), np.full(1000, 0.2, np.float32)
    desk.player.add(1, 0, one, RATE)
    desk.player.end(1, 0, False)
    desk.player.add(1, 1, two, RATE)
    desk.player.end(1, 1, True)
    np.testing.assert_allclose(desk.run(0.1)[:2000], np.concatenate([one, two]), atol=1e-6)


def test_a_clause_has_started_when_its_first_sample_is_at_the_speaker() -> None:
    desk = Desk()
    desk.player.latency = 0.1
    desk.say(1, 0, 0.5, last=True)
    desk.run(0.08)
    assert desk.events(ClauseStarted) == []
    desk.run(0.04)
    assert desk.events(ClauseStarted) == [ClauseStarted(1, 0)]


def test_playback_is_done_when_the_last_sample_was_heard() -> None:
    desk = Desk()
    desk.player.latency = 0.1
    desk.say(1, 0, 0.5, last=True)
    desk.run(0.58)
    assert desk.events(PlaybackDone) == []
    desk.run(0.06)
    assert desk.events(PlaybackDone) == [PlaybackDone(1, False)]
    assert not desk.player.busy


def test_the_playhead_moves_to_the_end_of_each_clause() -> None:
    desk = Desk()
    desk.say(1, 0, 1.0)
    desk.run(1.1)
    heads = desk.events(Playhead)
    assert [head.position for head in heads] == sorted(head.position for head in heads)
    assert heads[-1].position == pytest.approx(heads[-1].length) == pytest.approx(1.0)


def test_an_unfinished_clause_waits_and_a_finished_one_is_never_interrupted() -> None:
    desk = Desk()
    desk.player.add(1, 0, np.full(RATE // 4, 0.5, np.float32), RATE)
    assert not desk.run(1.0).any(), "a quarter of a second of an unfinished clause must wait"
    desk.player.end(1, 0, False)
    assert np.count_nonzero(desk.run(1.0)) == RATE // 4


def test_a_stop_is_silence_within_one_block_and_without_a_click() -> None:
    desk = Desk()
    desk.say(1, 0, 5.0, last=True)
    playing = desk.run(0.5)
    desk.player.stop(1)
    after = desk.run(0.2)
    assert not after[BLOCK:].any()
    assert np.abs(np.diff(np.concatenate([playing, after]))).max() < 0.2
    assert desk.events(PlaybackDone) == [PlaybackDone(1, True)]


def test_sound_of_a_stopped_turn_that_comes_late_is_never_heard() -> None:
    desk = Desk()
    desk.player.stop(3)
    desk.say(3, 1, 1.0, last=True)
    desk.say(2, 0, 1.0, last=True)
    assert not desk.run(2.5).any()
    assert desk.player.take_credit() == pytest.approx(2.0)
    desk.say(4, 0, 0.1, last=True)
    assert desk.run(0.2).any()


def test_a_stop_between_two_clauses_ends_the_turn_too() -> None:
    desk = Desk()
    desk.say(1, 0, 0.1)
    desk.run(0.5)
    desk.player.stop(1)
    assert desk.events(PlaybackDone) == [PlaybackDone(1, True)]


def test_an_empty_last_clause_ends_the_turn() -> None:
    desk = Desk()
    desk.player.end(7, 0, True)
    desk.run(0.1)
    assert desk.events(PlaybackDone) == [PlaybackDone(7, False)]


def test_a_chime_is_mixed_in_and_volume_is_obeyed() -> None:
    desk = Desk()
    desk.player.volume = 0.5
    desk.player.chime(np.full(BLOCK, 0.4, np.float32))
    np.testing.assert_allclose(desk.run(0.04), [0.2] * BLOCK + [0.0] * BLOCK, atol=1e-6)


def test_another_speaker_rate_keeps_what_waits() -> None:
    desk = Desk()
    desk.say(1, 0, 1.0, last=True)
    desk.player.set_rate(48000)
    assert np.count_nonzero(np.abs(desk.player.render(2 * 48000)) > 1e-3) == pytest.approx(
        48000, rel=0.02
    )


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["add", "end", "run", "stop"]),
            st.integers(1, 4),
            st.integers(0, 3),
        ),
        max_size=30,
    ),
    st.sampled_from([16000, 24000, 22050]),
)
def test_every_second_sent_is_credited_back_exactly_once(
    steps: list[tuple[str, int, int]], rate: int
) -> None:
    desk, sent, freed = Desk(), 0.0, 0.0
    for action, turn, clause in steps:
        if action == "add":
            desk.player.add(turn, clause, np.full(rate // 10, 0.1, np.float32), rate)
            sent += (rate // 10) / rate
        elif action == "end":
            desk.player.end(turn, clause, clause == 3)
        elif action == "stop":
            desk.player.stop(turn)
        else:
            desk.run(0.2)
        freed += desk.player.take_credit()
    desk.player.stop(4)
    freed += desk.player.take_credit()
    assert freed == pytest.approx(sent, abs=0.002 * (len(steps) + 1))
