"""Leaner ways to run an engine that fails in the fastest one, the fastest first.

Each gives something up that has been seen to crash: repacked weights (code of its own for every
kind of processor), threads, a second model in the process, a part of the sound card.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from appliance.audio.options import AudioOptions
from appliance.engines.llm import LlmOptions
from appliance.supervision.team import Name
from appliance.workers.options import AsrOptions, TtsOptions

_with = msgspec.structs.replace


@dataclass(frozen=True, slots=True)
class Way:
    """`change` makes the leaner options out of the plain ones; the same ones: not a way here."""

    name: str
    change: Callable[[Any], Any]


def _in_the_file_s_order(options: LlmOptions) -> LlmOptions:
    return _with(options, repack=False)


def _llm_alone(options: LlmOptions) -> LlmOptions:
    return _with(options, repack=False, threads=1, batch_threads=1, draft=0, flash_attention=False)


def _asr_alone(options: AsrOptions) -> AsrOptions:
    return _with(options, config=_with(options.config, threads=1), first=None, kws=None)


def _tts_alone(options: TtsOptions) -> TtsOptions:
    return _with(options, config=_with(options.config, threads=1))


def _by_energy(options: AudioOptions) -> AudioOptions:
    return _with(options, vad_model="")


def _deaf(options: AudioOptions) -> AudioOptions:
    return _with(options, vad_model="", capture=False)


WAYS: dict[Name, tuple[Way, ...]] = {
    "llm": (Way("no-repack", _in_the_file_s_order), Way("one-thread", _llm_alone)),
    "asr": (Way("one-thread", _asr_alone),),
    "tts": (Way("one-thread", _tts_alone),),
    "audio": (Way("no-vad", _by_energy), Way("no-microphone", _deaf)),
}
