"""Streaming words first, a better recogniser's text instead of them at every pause."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from appliance.engines.asr import RATE
from appliance.engines.asr_segments import SegmentRecogniser
from appliance.engines.asr_two_pass import TwoPass

BLOCK = RATE // 10


class Streaming:
    """A letter for every block of sound, half a second late, and in small."""

    def __init__(self) -> None:
        self.reset()

    def reset(self, language: str = "", hot_words: tuple[str, ...] = ()) -> None:
        self.blocks: list[bool] = []

    def accept(self, samples: NDArray[np.float32], rate: int) -> None:
        self.blocks.append(bool(np.abs(samples).max() > 0.05))

    def partial(self) -> str:
        return "a" * sum(self.blocks[:-5])

    def finish(self) -> str:
        raise AssertionError("nobody reads it")


class Better:
    """A letter for every block of sound, in capitals."""

    longest = 28.0

    def __init__(self) -> None:
        self.hot_words: tuple[str, ...] = ()

    def decode(
        self, samples: NDArray[np.float32], language: str, hot_words: tuple[str, ...]
    ) -> str:
        self.hot_words = hot_words
        return "A" * round(np.count_nonzero(np.abs(samples) > 0.05) / BLOCK)


def sound(seconds: float) -> NDArray[np.float32]:
    return np.full(int(seconds * RATE), 0.4, np.float32)


def silence(seconds: float) -> NDArray[np.float32]:
    noise = np.random.default_rng(1).normal(0, 2e-4, int(seconds * RATE))
    return noise.astype(np.float32)


def feed(recogniser: TwoPass, *parts: NDArray[np.float32]) -> list[str]:
    shown = []
    samples = np.concatenate(parts)
    for start in range(0, len(samples), BLOCK):
        recogniser.accept(samples[start : start + BLOCK], RATE)
        shown.append(recogniser.partial())
    return shown


def pair() -> tuple[TwoPass, Better]:
    better = Better()
    recogniser = TwoPass(Streaming(), SegmentRecogniser(better, "zh"))
    recogniser.reset()
    return recogniser, better


def test_words_are_shown_while_one_speaks_and_replaced_at_the_pause() -> None:
    recogniser, _ = pair()
    shown = feed(recogniser, silence(0.3), sound(1.0))
    assert shown[-1] == "aaaaa"
    assert feed(recogniser, silence(0.6))[-1] == "A" * 10
    assert recogniser.finish() == "A" * 10


def test_what_the_first_writes_late_is_not_shown_twice() -> None:
    recogniser, _ = pair()
    shown = feed(recogniser, silence(0.3), sound(1.0), silence(1.5))
    assert max(map(len, shown)) == 10


def test_after_the_pause_new_words_follow_the_settled_ones() -> None:
    recogniser, _ = pair()
    shown = feed(recogniser, silence(0.3), sound(1.0), silence(0.8), sound(0.8))
    assert shown[-1] == "A" * 10 + "a" * 3
    feed(recogniser, silence(0.6))
    assert recogniser.finish() == "A" * 18


def test_hot_words_reach_the_second() -> None:
    recogniser, better = pair()
    recogniser.reset("zh", ("小鹿",))
    feed(recogniser, silence(0.3), sound(1.0))
    recogniser.finish()
    assert better.hot_words == ("小鹿",)


def test_an_utterance_does_not_leak_into_the_next() -> None:
    recogniser, _ = pair()
    feed(recogniser, silence(0.3), sound(1.0), silence(0.6))
    recogniser.reset()
    assert recogniser.partial() == "" and recogniser.finish() == ""
