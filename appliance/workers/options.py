"""What each speech worker is started with. Main makes these, so nothing here imports an engine."""

from __future__ import annotations

import msgspec

from appliance.engines.asr import AsrConfig
from appliance.engines.kws import KwsConfig
from appliance.engines.tts import TtsConfig


class AudioOptions(msgspec.Struct, frozen=True):
    """`pcm_socket`: where asr and tts connect, in a private directory.

    `sink` auto: the speaker, else WAV files where `wav_directory` is given, else none; `wav` and
    `none` do not touch the sound card's output. `fast`: do not keep real time (wav and none).
    `capture` false: no microphone is looked for. `microphone`, `speaker`: part of a device's name.
    """

    pcm_socket: str
    sink: str = "auto"
    wav_directory: str = ""
    fast: bool = False
    capture: bool = True
    microphone: str = ""
    speaker: str = ""
    volume: float = 0.8
    vad_model: str = ""
    vad_threshold: float = 0.5
    ring_seconds: float = 1.5


class AsrOptions(msgspec.Struct, frozen=True):
    """`pcm_socket` is the audio worker's. `partials`: report what was heard so far.

    `first`: a streaming engine that shows words while one speaks. `kws`: a keyword spotter for the
    wake word; without one the recogniser itself looks for it.

    sherpa-onnx fixes its threads when it loads: `SetThreads` changes nothing here.
    """

    config: AsrConfig
    pcm_socket: str
    partials: bool = True
    warm_up: bool = True
    first: AsrConfig | None = None
    kws: KwsConfig | None = None


class TtsOptions(msgspec.Struct, frozen=True):
    """`pcm_socket` is the audio worker's. `voice`: when a `Say` names none.

    sherpa-onnx fixes its threads when it loads: `SetThreads` changes nothing here, the compute
    policy grants `config.threads` for as long as this worker runs.
    """

    config: TtsConfig
    pcm_socket: str
    voice: str = ""
    warm_up: bool = True
