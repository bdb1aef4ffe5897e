"""What rings: in bursts, louder and louder, whatever the volume, and not for ever."""

import numpy as np
import pytest

from appliance.audio.bell import Bell
from appliance.audio.player import Player
from appliance.messages import Ring

RATE = 16000
BLOCK = 320


def render(bell, seconds, rate=RATE):
    blocks = [bell.render(rate // 50, rate) for _ in range(round(seconds * 50))]
    return np.concatenate(blocks)


def peak(samples):
    return float(np.abs(samples).max())


@pytest.mark.parametrize("kind", ["alarm", "timer", "reminder"])
def test_it_begins_softly_and_becomes_louder_to_its_bound_and_never_beyond(kind):
    sound = render(Bell(Ring(kind, 0.1, 0.7, 10.0, 60.0)), 30.0)
    first, last = sound[: 2 * RATE], sound[-3 * RATE :]
    assert 0.05 < peak(first) < 0.25
    assert 0.6 < peak(last) <= 0.7 + 1e-6
    assert peak(sound) <= 0.7 + 1e-6


@pytest.mark.parametrize("kind", ["alarm", "timer", "reminder"])
def test_it_rests_between_two_bursts_so_that_something_else_can_be_heard(kind):
    sound = np.abs(render(Bell(Ring(kind, 0.7, 0.7, 0.0, 60.0)), 6.0))
    quiet = [not block.any() for block in np.split(sound, len(sound) // BLOCK)]
    longest = max(len(run) for run in "".join("q" if it else " " for it in quiet).split())
    assert longest * BLOCK / RATE > 0.5


def test_it_ends_by_itself():
    bell = Bell(Ring("alarm", 0.5, 0.5, 0.0, 2.0))
    assert peak(render(bell, 1.9)) > 0.4
    assert not bell.over
    render(bell, 0.2)
    assert bell.over
    assert not render(bell, 2.0).any()


def test_another_rate_goes_on_where_it_was():
    bell = Bell(Ring("alarm", 0.0, 1.0, 10.0, 60.0))
    render(bell, 5.0)
    assert 0.45 < peak(render(bell, 0.7, rate=48000)) < 0.65


def test_the_volume_of_a_muted_box_leaves_it_alone_and_a_stop_of_a_turn_too():
    player = Player(RATE, lambda: 0.0)
    player.volume = 0.0
    player.ring(Bell(Ring("alarm", 0.5, 0.5, 0.0, 60.0)))
    player.stop(10**6)
    assert player.busy
    assert peak(player.render(RATE)) > 0.4
    player.ring(None)
    assert not player.busy
    assert not player.render(RATE).any()


def test_what_is_over_leaves_the_speaker_to_rest():
    player = Player(RATE, lambda: 0.0)
    player.ring(Bell(Ring("alarm", 0.5, 0.5, 0.0, 0.5)))
    player.render(RATE)
    assert not player.busy


def test_speech_is_heard_beside_it():
    player = Player(RATE, lambda: 0.0)
    player.ring(Bell(Ring("reminder", 0.2, 0.2, 0.0, 60.0)))
    player.add(1, 0, np.full(RATE, 0.25, np.float32), RATE)
    player.end(1, 0, True)
    assert peak(player.render(RATE)) > 0.3
