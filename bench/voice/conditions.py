"""What a room does to speech: noise of a given level, reverberation, silence around it.

Everything is mono float32 at 16 kHz and comes out of a seeded generator: two runs are the same.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from appliance.engines.asr import RATE

Samples = NDArray[np.float32]
Condition = Callable[[Samples, np.random.Generator], Samples]


def pink(count: int, generator: np.random.Generator) -> Samples:
    """Noise with 1/f power, as fans and streets have, at RMS 1."""
    spectrum = np.fft.rfft(generator.normal(size=count))
    spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
    spectrum[0] = 0
    noise = np.fft.irfft(spectrum, count)
    result: Samples = (noise / np.sqrt(np.mean(noise**2))).astype(np.float32)
    return result


def at_snr(decibels: float) -> Condition:
    """Pink noise under the speech, relative to the level of its loud frames."""

    def add(samples: Samples, generator: np.random.Generator) -> Samples:
        frames = samples[: len(samples) // 320 * 320].reshape(-1, 320)
        powers = np.mean(np.square(frames, dtype=np.float64), axis=1)
        level = float(np.sqrt(np.mean(powers[powers > 0.05 * powers.max()])))
        noise = pink(len(samples), generator) * level * 10 ** (-decibels / 20)
        return (samples + noise).astype(np.float32)

    return add


def reverberant(seconds: float = 0.4, direct_db: float = 3.0) -> Condition:
    """A room of that RT60: noise that decays by 60 dB, `direct_db` below the direct sound."""

    def add(samples: Samples, generator: np.random.Generator) -> Samples:
        count = int(seconds * RATE)
        tail = generator.normal(size=count) * 10 ** (-3 * np.arange(count) / count)
        tail[: RATE // 200] = 0
        tail *= 10 ** (-direct_db / 20) / np.sqrt(np.sum(tail**2))
        tail[0] = 1.0
        size = 1 << (len(samples) + count).bit_length()
        wet = np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(tail, size), size)
        wet = wet[: len(samples) + count]
        result: Samples = (wet / max(1.0, np.abs(wet).max())).astype(np.float32)
        return result

    return add


def padded(before: float, after: float) -> Condition:
    """Digital silence around it, seconds."""

    def add(samples: Samples, _generator: np.random.Generator) -> Samples:
        lead = np.zeros(int(before * RATE), np.float32)
        return np.concatenate([lead, samples, np.zeros(int(after * RATE), np.float32)])

    return add


CONDITIONS: dict[str, Condition] = {
    "clean": lambda samples, _: samples,
    "noise-20db": at_snr(20),
    "noise-10db": at_snr(10),
    "noise-5db": at_snr(5),
    "reverberation": reverberant(),
    "silence-around": padded(1.0, 1.5),
}


def speech_bounds(samples: Samples) -> tuple[float, float]:
    """When the first sound begins and the last one ends, in seconds; of clean speech only."""
    frames = np.abs(samples[: len(samples) // 160 * 160].reshape(-1, 160)).max(axis=1)
    loud = np.flatnonzero(frames > 0.03 * frames.max())
    return float(loud[0]) * 0.01, float(loud[-1] + 1) * 0.01


def coughs(seconds: float, generator: np.random.Generator) -> Samples:
    """A quiet room in which something bangs or somebody coughs every few seconds."""
    count = int(seconds * RATE)
    room = 0.001 * pink(count, generator)
    for start in np.arange(2.0, seconds - 1.0, 4.0):
        length = int(generator.uniform(0.03, 0.25) * RATE)
        burst = generator.normal(size=length) * np.exp(-np.arange(length) / (0.3 * length))
        at = int((start + generator.uniform(0, 1.5)) * RATE)
        room[at : at + length] += (0.3 * burst).astype(np.float32)
    return room
