"""What the audio worker is started with. Main makes it, so nothing here imports an engine."""

from __future__ import annotations

import msgspec


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
