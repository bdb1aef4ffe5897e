"""Automatic gain: what a quiet, a loud and a silent room become."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from appliance.audio.gain import MOST_DB, TARGET_DB, AutoGain
from appliance.sound.levels import rms_db

RATE = 16000
BLOCK = RATE // 50


def syllables(seconds: float, rms: float) -> NDArray[np.float32]:
    """Three tones a second of that RMS, a faint room between them."""
    times = np.arange(int(seconds * RATE)) / RATE
    speaking = np.sin(2 * np.pi * 3 * times) > -0.5
    room = np.random.default_rng(0).normal(0, rms / 300, len(times))
    tone = rms * np.sqrt(2) * np.sin(2 * np.pi * 200 * times)
    return (tone * speaking + room).astype(np.float32)


def run(gain: AutoGain, samples: NDArray[np.float32]) -> NDArray[np.float32]:
    blocks = [samples[at : at + BLOCK] for at in range(0, len(samples), BLOCK)]
    return np.concatenate([gain.apply(block, RATE) for block in blocks])


def test_a_quiet_speaker_becomes_comfortable_within_seconds() -> None:
    gain = AutoGain()
    out = run(gain, syllables(6.0, 10 ** (-38 / 20)))
    loud = [rms_db(out[at : at + BLOCK]) for at in range(5 * RATE, len(out), BLOCK)]
    assert np.percentile(loud, 80) == pytest.approx(TARGET_DB, abs=2.0)


def test_a_loud_speaker_is_left_alone() -> None:
    samples = syllables(3.0, 10 ** (-15 / 20))
    np.testing.assert_allclose(run(AutoGain(), samples), samples, atol=0.01)


@pytest.mark.parametrize("level", [0.0, 0.0003, 0.003])
def test_a_room_in_which_nobody_speaks_is_not_raised(level: float) -> None:
    gain = AutoGain()
    noise = np.random.default_rng(1).normal(0, level, 20 * RATE).astype(np.float32)
    run(gain, noise)
    assert gain.gain_db < 1.0


def test_a_shout_after_whispers_does_not_clip() -> None:
    gain = AutoGain()
    run(gain, syllables(6.0, 10 ** (-45 / 20)))
    assert gain.gain_db > 10.0
    shout = (0.9 * np.sin(np.arange(BLOCK) * 0.3)).astype(np.float32)
    assert np.abs(gain.apply(shout, RATE)).max() <= 0.9


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=60))
def test_whatever_comes_nothing_grows_beyond_full_scale(levels: list[float]) -> None:
    gain = AutoGain()
    for level in levels:
        block = np.full(BLOCK, level, np.float32)
        assert np.abs(gain.apply(block, RATE)).max() <= 1.0
        assert 0.0 <= gain.gain_db <= MOST_DB
