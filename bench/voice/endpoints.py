"""When the box believes that one has finished, and what it takes for speech that is none.

The VAD, the endpointer and the listener are the box's own; time is counted in samples, so nothing
here depends on the machine.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence

import numpy as np

from appliance.audio.listener import Listener
from appliance.audio.vad import silero
from appliance.engines.asr import RATE
from appliance.messages import EndpointTimes, Listen, Message, SpeechEnded, SpeechStarted
from bench.voice.conditions import Samples, at_snr, coughs, pink, speech_bounds
from bench.voice.corpus import Utterance, worker_options

_BLOCK = RATE // 50
_LEAD, _TRAIL = 1.0, 2.5
_PAUSES = (0.2, 0.3, 0.4, 0.5, 0.7)
_CUT = 0.05  # an end earlier than this before the last sound cuts the speech off


class Stopwatch:
    """A listener, and when it said what, in seconds of audio."""

    def __init__(self, times: EndpointTimes) -> None:
        self.listener = Listener(
            silero(worker_options().audio().vad_model), self._said, lambda _: None
        )
        self._listen = Listen(1, endpoint=True, preroll=0.0, times=times)
        self.now = 0.0
        self.ends: list[float] = []
        self.starts = 0

    def run(self, samples: Samples) -> None:
        """Tap-to-talk at the first sample."""
        self.now, self.ends = 0.0, []
        self.listener.begin(self._listen)
        self._feed(samples, until_end=True)
        self.listener.stop(1)

    def watch(self, samples: Samples) -> None:
        """Listen on after every end, as hands-free does."""
        for start in range(0, len(samples), _BLOCK):
            if self.listener.turn < 0:
                self.listener.begin(self._listen)
            self.listener.feed_file(samples[start : start + _BLOCK])
        self.listener.stop(1)

    def _feed(self, samples: Samples, until_end: bool) -> None:
        for start in range(0, len(samples), _BLOCK):
            self.now = (start + _BLOCK) / RATE
            self.listener.feed_file(samples[start : start + _BLOCK])
            if until_end and self.ends:
                return

    def _said(self, message: Message) -> None:
        if isinstance(message, SpeechStarted):
            self.starts += 1
        elif isinstance(message, SpeechEnded):
            self.ends.append(self.now)


def endpoints(utterances: Sequence[Utterance], minutes: float) -> dict[str, object]:
    """Delay of the end, cut-offs, misses, and false starts per hour of noise."""
    watch = Stopwatch(EndpointTimes())
    delays: list[float] = []
    cut = missed = 0
    for number, utterance in enumerate(utterances):
        for level in (None, 20.0, 10.0):
            samples, ended = _in_a_room(utterance.samples, level, number)
            watch.run(samples)
            if not watch.ends:
                missed += 1
            elif watch.ends[0] < ended - _CUT:
                cut += 1
            else:
                delays.append(1000 * (watch.ends[0] - ended))
    trials = 3 * len(utterances)
    return {
        "endpoint_delay_ms_p50": round(statistics.median(delays)),
        "endpoint_delay_ms_p95": round(float(np.percentile(delays, 95))),
        "cut_off_rate": round(cut / trials, 4),
        "endpoint_missed_rate": round(missed / trials, 4),
        "endpoint_trials": trials,
        "cut_off_rate_by_pause": _cut_by_pauses(utterances),
        "false_starts_per_hour": _false_starts(minutes),
    }


def _cut_by_pauses(utterances: Sequence[Utterance]) -> dict[str, float]:
    """How often a speaker who stops to think for so many seconds in mid-sentence is cut off."""
    watch = Stopwatch(EndpointTimes())
    found = {}
    for pause in _PAUSES:
        cut = 0
        for number, utterance in enumerate(utterances):
            samples, ended = _in_a_room(_with_pause(utterance.samples, pause), 20.0, number)
            watch.run(samples)
            cut += bool(watch.ends) and watch.ends[0] < ended - _CUT
        found[f"{pause:g}"] = round(cut / len(utterances), 3)
    return found


def _with_pause(samples: Samples, seconds: float) -> Samples:
    """Silence put into the quietest place of the middle third."""
    begin, end = (int(RATE * bound) for bound in speech_bounds(samples))
    third = (end - begin) // 3
    middle = samples[begin + third : end - third]
    loudness = np.convolve(np.square(middle), np.ones(RATE // 20), mode="same")
    at = begin + third + int(np.argmin(loudness))
    silence = np.zeros(int(seconds * RATE), np.float32)
    return np.concatenate([samples[:at], silence, samples[at:]])


def _in_a_room(samples: Samples, level: float | None, seed: int) -> tuple[Samples, float]:
    """Speech between silences, noise over all of it, and when its last sound ended."""
    lead, trail = (np.zeros(int(seconds * RATE), np.float32) for seconds in (_LEAD, _TRAIL))
    whole = np.concatenate([lead, samples, trail])
    if level is not None:
        whole = at_snr(level)(whole, np.random.default_rng(seed))
    return whole, _LEAD + speech_bounds(samples)[1]


def _false_starts(minutes: float) -> dict[str, float]:
    generator = np.random.default_rng(7)
    count = int(60 * minutes * RATE)
    hum = np.sin(2 * np.pi * 100 * np.arange(count) / RATE).astype(np.float32)
    noises = {
        "digital-silence": np.zeros(count, np.float32),
        "pink-quiet": 0.003 * pink(count, generator),
        "pink-loud": 0.05 * pink(count, generator),
        "white-loud": (0.05 * generator.normal(size=count)).astype(np.float32),
        "mains-hum": 0.05 * hum,
        "coughs-and-bangs": coughs(60 * minutes, generator),
    }
    found = {}
    for name, noise in noises.items():
        watch = Stopwatch(EndpointTimes())
        watch.watch(noise.astype(np.float32))
        found[name] = round(watch.starts * 60 / minutes, 1)
    return found
