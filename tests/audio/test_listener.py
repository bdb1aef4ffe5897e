"""Endpointing, pre-roll and what the recogniser is given."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from appliance.audio.endpoint import Endpointer
from appliance.audio.listener import Listener
from appliance.audio.vad import RATE, WINDOW, EnergyVad, SureEnd, Vad
from appliance.messages import (
    EndpointTimes,
    Level,
    Listen,
    Message,
    Pcm,
    PcmEnd,
    SpeechEnded,
    SpeechStarted,
)

BLOCK = RATE // 50


class LoudVad:
    """Speech is whatever is loud: the decision under test is the endpointer's."""

    def is_speech(self, window: NDArray[np.float32]) -> bool:
        return bool(np.abs(window).max() > 0.1)

    def reset(self) -> None:
        pass


class Ear:
    def __init__(self, times: EndpointTimes | None = None) -> None:
        self.sent: list[Message] = []
        self.pcm: list[Message] = []
        self.listener = Listener(LoudVad(), self.sent.append, self.pcm.append)
        self.fed = 0.0
        self._times = times or EndpointTimes()

    def begin(self, turn: int, endpoint: bool, preroll: float, private: bool = False) -> None:
        self.listener.begin(
            Listen(turn, endpoint, preroll, times=self._times, gain=False, private=private)
        )

    def feed(self, seconds: float, level: float) -> None:
        for _ in range(round(seconds / 0.02)):
            if self.listener.turn < 0 and self.ended():
                return
            self.listener.feed(np.full(BLOCK, level, np.float32))
            self.fed += 0.02

    def ended(self) -> list[SpeechEnded]:
        return [message for message in self.sent if isinstance(message, SpeechEnded)]

    def audio(self) -> NDArray[np.float32]:
        parts = [np.frombuffer(m.samples, "<f4") for m in self.pcm if isinstance(m, Pcm)]
        return np.concatenate([*parts, np.zeros(0, np.float32)])


def test_nothing_leaves_before_a_key() -> None:
    ear = Ear()
    ear.feed(3.0, 0.5)
    assert ear.pcm == [] and ear.sent == []


def test_the_syllable_before_the_key_is_kept() -> None:
    ear = Ear()
    ear.feed(0.6, 0.0)
    ear.feed(0.3, 0.5)
    ear.begin(1, False, 0.5)
    ear.feed(0.5, 0.5)
    ear.listener.end("key")
    assert np.count_nonzero(ear.audio()) == pytest.approx(0.8 * RATE, abs=BLOCK)
    assert ear.pcm[-1] == PcmEnd(1, 0, True, discard=False)


def test_the_end_of_speech_is_found_within_600_ms() -> None:
    ear = Ear()
    ear.begin(1, True, 0.0)
    ear.feed(1.0, 0.5)
    ear.feed(5.0, 0.0)
    (ended,) = ear.ended()
    assert ended.reason == "endpoint" and ended.heard
    assert ended.waited == pytest.approx(EndpointTimes().hangover, abs=0.04)
    assert 0.4 <= ear.fed - 1.0 <= 0.45, "Silero's own 0.14 s come on top"


def test_a_pause_inside_a_sentence_does_not_end_it() -> None:
    ear = Ear()
    ear.begin(1, True, 0.0)
    for _ in range(4):
        ear.feed(0.5, 0.5)
        ear.feed(0.36, 0.0)
    assert ear.ended() == []


@pytest.mark.parametrize("click", [0.02, 0.04, 0.06])
def test_a_click_is_no_speech(click: float) -> None:
    ear = Ear()
    ear.begin(1, True, 0.0)
    ear.feed(0.5, 0.0)
    ear.feed(click, 0.5)
    ear.feed(10.0, 0.0)
    (ended,) = ear.ended()
    assert not ended.heard
    assert ended.seconds <= 8.1, "nobody waits for ever"
    assert ear.pcm[-1] == PcmEnd(1, 0, True, discard=True)


def test_a_monologue_is_ended_at_the_limit() -> None:
    ear = Ear(EndpointTimes(longest=10.0))
    ear.begin(1, False, 0.0)
    ear.feed(30.0, 0.5)
    (ended,) = ear.ended()
    assert ended.reason == "limit" and ended.heard
    assert ended.seconds == pytest.approx(10.0, abs=0.05)


def test_a_stop_ends_listening_without_a_word() -> None:
    ear = Ear()
    ear.begin(4, False, 0.0)
    ear.feed(1.0, 0.5)
    ear.listener.stop(4)
    assert ear.pcm[-1] == PcmEnd(4, 0, True, discard=True)
    assert ear.ended() == []


def test_levels_come_ten_times_a_second_with_the_decision() -> None:
    ear = Ear()
    ear.begin(1, False, 0.0)
    ear.feed(1.0, 0.5)
    levels = [message for message in ear.sent if isinstance(message, Level)]
    assert len(levels) == 10
    assert levels[-1].rms == pytest.approx(-6.0, abs=0.1)
    assert levels[-1].speech
    assert SpeechStarted(1) in ear.sent


def test_a_recogniser_that_comes_late_is_told_all_of_it() -> None:
    ear = Ear()
    ear.begin(1, False, 0.0)
    ear.feed(0.53, 0.5)
    replayed = ear.listener.replay()
    late = np.concatenate([np.frombuffer(m.samples, "<f4") for m in replayed if type(m) is Pcm])
    before = len(ear.pcm)
    ear.feed(0.5, 0.5)
    ear.listener.end("key")
    rest = np.concatenate(
        [np.frombuffer(m.samples, "<f4") for m in ear.pcm[before:] if type(m) is Pcm]
    )
    assert len(late) + len(rest) == len(ear.listener.recorded())


def test_what_was_said_before_the_microphone_closed_is_forgotten() -> None:
    ear = Ear()
    ear.feed(1.0, 0.5)
    ear.listener.forget()
    ear.begin(1, False, 1.0)
    assert len(ear.listener.recorded()) == 0


def test_the_vad_of_last_resort_follows_the_noise_floor() -> None:
    vad, random = EnergyVad(), np.random.default_rng(0)
    noise = [random.normal(0, 0.01, WINDOW).astype(np.float32) for _ in range(200)]
    assert not any([vad.is_speech(window) for window in noise][100:])
    assert vad.is_speech(random.normal(0, 0.2, WINDOW).astype(np.float32))
    assert not vad.is_speech(np.zeros(WINDOW, np.float32))


def test_onset_needs_speech_in_one_piece() -> None:
    endpointer = Endpointer(EndpointTimes(), WINDOW / RATE)
    for speech in [True, False, False, True, False, False] * 5:
        endpointer.update(speech)
    assert not endpointer.started
    for _ in range(4):
        endpointer.update(True)
    assert endpointer.started


# ------------------------------------------------------------------ the VAD begins and ends it


def test_until_somebody_speaks_nothing_but_levels_leaves() -> None:
    ear = Ear(EndpointTimes(patience=1e9))
    ear.begin(1, True, 0.0)
    ear.feed(60.0, 0.01)
    assert ear.pcm == []
    assert len(ear.listener.recorded()) < 0.7 * RATE, "an hour of waiting costs no memory"


def test_what_was_said_before_the_vad_was_sure_is_sent_too() -> None:
    ear = Ear()
    ear.begin(1, True, 0.0)
    ear.feed(3.0, 0.0)
    ear.feed(1.0, 0.5)
    ear.feed(2.0, 0.0)
    assert ear.ended()[-1].heard
    assert np.count_nonzero(ear.audio()) == RATE
    first = int(np.flatnonzero(ear.audio())[0])
    assert 0.4 * RATE < first < 0.6 * RATE, "with a little of the silence before it"


@pytest.mark.parametrize("cough", [0.14, 0.2])
def test_coughs_start_nothing_and_the_waiting_goes_on(cough: float) -> None:
    ear = Ear(EndpointTimes(patience=20.0))
    ear.begin(1, True, 0.0)
    for _ in range(5):
        ear.feed(cough, 0.5)
        ear.feed(1.0, 0.0)
    assert ear.pcm == [] and ear.ended() == [] and SpeechStarted(1) not in ear.sent
    ear.feed(0.6, 0.5)
    ear.feed(1.0, 0.0)
    assert ear.ended()[-1].heard


def test_a_held_key_takes_the_shortest_word() -> None:
    ear = Ear()
    ear.begin(1, False, 0.0)
    ear.feed(0.16, 0.5)
    ear.feed(1.0, 0.0)
    ear.listener.end("key")
    assert ear.ended()[-1].heard


def test_an_utterance_is_bounded_from_its_first_word_on() -> None:
    ear = Ear(EndpointTimes(longest=10.0, patience=1e9))
    ear.begin(1, True, 0.0)
    ear.feed(30.0, 0.0)
    ear.feed(30.0, 0.5)
    (ended,) = ear.ended()
    assert ended.reason == "limit"
    assert ended.seconds == pytest.approx(10.5, abs=0.2)


def test_private_listening_tells_decisions_and_gives_no_sample() -> None:
    ear = Ear()
    ear.begin(1, True, 0.0, private=True)
    ear.feed(1.0, 0.5)
    assert ear.listener.replay() == []
    ear.feed(1.0, 0.0)
    assert ear.ended()[-1].heard and ear.pcm == []
    assert any(isinstance(message, Level) for message in ear.sent)


@pytest.mark.parametrize(("level", "flaw"), [(0.0, "dead"), (0.3, ""), (1.0, "clipped")])
def test_a_microphone_that_is_muted_or_too_loud_is_told(level: float, flaw: str) -> None:
    ear = Ear()
    ear.begin(1, False, 0.0)
    ear.feed(1.0, level)
    ear.listener.end("key")
    assert ear.ended()[-1].flaw == flaw


def test_silence_in_place_of_our_own_voice_is_no_muted_microphone() -> None:
    ear = Ear()
    ear.begin(1, False, 0.0)
    for _ in range(50):
        ear.listener.feed(np.zeros(BLOCK, np.float32), muted=True)
    ear.listener.end("key")
    assert ear.ended()[-1].flaw == ""


class ScriptedVad:
    """Says window by window what it was told to."""

    def __init__(self, decisions: str) -> None:
        self._decisions = iter(decisions)

    def is_speech(self, window: NDArray[np.float32]) -> bool:
        return next(self._decisions) == "#"

    def reset(self) -> None:
        pass


@pytest.mark.parametrize(
    ("likely", "sure", "speech"),
    [
        (".#######.", "...###...", ".#####..."),  # begins when likely, ends when no longer sure
        (".####....", ".........", ".####...."),  # a soft voice is heard all the same
        (".######..", "..##.##..", ".###.##.."),  # sure once more
        (".###.###.", "..##.....", ".###.###."),  # another word, as soft as it may be
    ],
)
def test_speech_begins_when_it_is_likely_and_ends_when_it_is_no_longer_sure(
    likely: str, sure: str, speech: str
) -> None:
    vad = SureEnd(ScriptedVad(likely), ScriptedVad(sure))
    window = np.zeros(WINDOW, np.float32)
    assert "".join("#" if vad.is_speech(window) else "." for _ in likely) == speech


class LateVad:
    """As a real one: sure of speech two windows late, and past it one window early."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self._loud = 0
        self._next: list[bool] = []

    def is_speech(self, window: NDArray[np.float32]) -> bool:
        loud = bool(np.abs(window).max() > 0.1)
        self._loud = self._loud + 1 if loud else 0
        full = bool(np.abs(window).min() > 0.1)
        return self._loud > 2 and full


@pytest.mark.parametrize("vad", [LoudVad, LateVad, EnergyVad])
@pytest.mark.parametrize("syllable", [0.24, 0.34])
@pytest.mark.parametrize("before", [0.0, 0.5])
def test_an_answer_of_one_syllable_is_heard(vad: type[Vad], syllable: float, before: float) -> None:
    ear = Ear()
    ear.listener.use(vad())
    ear.begin(1, True, 0.0)
    ear.feed(before, 0.0)
    ear.feed(syllable, 0.5)
    ear.feed(2.0, 0.0)
    (ended,) = ear.ended()
    assert ended.heard and ended.reason == "endpoint"


class EveryVoice:
    """A VAD that hears speech and not whose."""

    def is_speech(self, window: NDArray[np.float32]) -> bool:
        return bool(np.abs(window).max() > 0.005)

    def reset(self) -> None:
        pass


@pytest.mark.parametrize("decibels", [13.0, 15.0, 25.0])
@pytest.mark.parametrize("gain", [False, True])
def test_other_voices_behind_do_not_hold_the_microphone_open(decibels: float, gain: bool) -> None:
    ear = Ear()
    ear.listener.use(EveryVoice())
    ear.listener.begin(Listen(1, True, 0.0, gain=gain))
    ear.feed(2.0, 0.3)
    ear.feed(33.0, 0.3 * 10 ** (-decibels / 20))
    (ended,) = ear.ended()
    assert ended.heard and ended.reason == "endpoint"
    assert ear.fed <= 2.0 + 5.0


def test_somebody_who_goes_on_more_softly_is_not_cut() -> None:
    ear = Ear()
    ear.listener.use(EveryVoice())
    ear.begin(1, True, 0.0)
    for level in (0.4, 0.3, 0.2, 0.15, 0.15, 0.15):
        ear.feed(1.0, level)
    assert ear.ended() == []


def test_a_few_soft_syllables_do_not_end_it() -> None:
    ear = Ear()
    ear.listener.use(EveryVoice())
    ear.begin(1, True, 0.0)
    for _ in range(5):
        ear.feed(1.0, 0.4)
        ear.feed(1.5, 0.05)
    assert ear.ended() == []
