"""What of the first syllable is kept when the talk key comes late or early.

`offset` is when speech begins, in milliseconds after the key went down: at -300 the first syllable
is nearly over by then. The box is told to talk only by the *long* press, 400 ms after the key went
down; the ring has to give back what was said before. Positive offsets work without pre-roll too.
"""

from __future__ import annotations

import statistics

import numpy as np

from appliance.audio.listener import Listener
from appliance.audio.vad import EnergyVad
from appliance.dialogue.ear import PREROLL_SECONDS
from appliance.engines.asr import RATE
from appliance.messages import Listen
from bench.voice.conditions import Samples, speech_bounds
from bench.voice.corpus import Utterance

OFFSETS_MS = (-300, -200, -100, 0, 100, 200, 300)
_LONG_PRESS = 0.4
_SYLLABLE = 0.25
_BLOCK = RATE // 50
_LEAD = 2.0


def talk_key(utterances: list[Utterance]) -> dict[str, object]:
    """Median share of the first syllable's energy that is in what the recogniser gets."""
    kept: dict[str, dict[str, float]] = {"preroll_on": {}, "preroll_off": {}}
    for name, preroll in (("preroll_on", True), ("preroll_off", False)):
        for offset in OFFSETS_MS:
            shares = [_kept(utterance.samples, offset / 1000, preroll) for utterance in utterances]
            kept[name][str(offset)] = round(statistics.median(shares), 3)
    return {"first_syllable_kept": kept}


def _kept(speech: Samples, offset: float, preroll: bool) -> float:
    begins = speech_bounds(speech)[0]
    lead = np.zeros(int(_LEAD * RATE), np.float32)
    samples = np.concatenate([lead, speech])
    onset = _LEAD + begins
    key = onset - offset
    listener = Listener(EnergyVad(), lambda _: None, lambda _: None)
    told = False
    for start in range(0, len(samples), _BLOCK):
        now = start / RATE
        if not told and now >= key + _LONG_PRESS:
            listener.begin(Listen(1, endpoint=False, preroll=now - key + PREROLL_SECONDS))
            told = True
        if preroll or now >= key:  # without pre-roll the microphone opens at the key
            listener.feed(samples[start : start + _BLOCK])
    heard = listener.recorded()
    begin, end = int(onset * RATE), int((onset + _SYLLABLE) * RATE)
    syllable = samples[begin:end]
    # What was heard is the end of what was said: it is the rest that may be missing.
    first = len(samples) - len(heard)
    lost = syllable[: max(0, first - begin)]
    energy = float(np.sum(np.square(syllable, dtype=np.float64)))
    return 1.0 - float(np.sum(np.square(lost, dtype=np.float64))) / energy
