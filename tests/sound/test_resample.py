"""Sample-rate conversion keeps what matters: length, pitch, silence above the new band."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.sound.resample import Resampler, resample

PAIRS = [
    (8000, 16000),
    (44100, 16000),
    (48000, 16000),
    (96000, 16000),
    (24000, 44100),
    (24000, 48000),
    (16000, 16000),
]


def tone(rate: int, frequency: float) -> np.ndarray:
    return np.sin(2 * np.pi * frequency * np.arange(rate) / rate).astype(np.float32)


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_a_tone_stays_the_same_tone_at_the_same_time(source: int, target: int) -> None:
    error = np.abs(resample(tone(source, 1000), source, target) - tone(target, 1000))
    assert error[100:-100].max() < 1e-4


@pytest.mark.parametrize("source", [44100, 48000, 96000])
def test_what_the_new_rate_cannot_carry_is_removed(source: int) -> None:
    assert np.abs(resample(tone(source, 12000), source, 16000))[200:-200].max() < 1e-3


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(PAIRS),
    st.lists(st.integers(0, 700), min_size=1, max_size=12),
    st.integers(0, 2**32 - 1),
)
def test_blocks_of_any_size_give_the_whole(
    pair: tuple[int, int], sizes: list[int], seed: int
) -> None:
    samples = np.random.default_rng(seed).normal(0, 0.3, sum(sizes)).astype(np.float32)
    resampler = Resampler(*pair)
    parts, start = [], 0
    for size in sizes:
        parts.append(resampler.process(samples[start : start + size]))
        start += size
    parts.append(resampler.flush())
    joined = np.concatenate(parts)
    assert len(joined) == -(-len(samples) * pair[1] // pair[0])
    np.testing.assert_allclose(joined, resample(samples, *pair), atol=1e-6)


def test_an_impossible_rate_is_refused() -> None:
    with pytest.raises(ValueError, match="0 Hz"):
        Resampler(0, 16000)
