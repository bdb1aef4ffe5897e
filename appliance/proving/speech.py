"""sherpa-onnx and PortAudio: each model in use hears or says one second, PortAudio opens."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from appliance.audio.options import AudioOptions
from appliance.workers.options import AsrOptions, TtsOptions

Say = Callable[[str], None]

RATE = 16000
_SYLLABLES = "你好，很高兴。"


def _second_of_sound() -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Something between a vowel and a breath: no silence, no words."""
    time = np.arange(RATE, dtype=np.float32) / RATE
    voice = sum(np.sin(2 * np.pi * 140 * n * time) / n for n in range(1, 12))
    noise = np.random.default_rng(3).normal(0.0, 0.2, RATE)
    return (0.1 * (voice + noise) * np.hanning(RATE)).astype(np.float32)


def prove_asr(options: AsrOptions, say: Say) -> str:
    """Raises: EngineError. A crash ends the process."""
    from appliance.engines.recognisers import load_recogniser

    say("load the recogniser")
    engine = load_recogniser(options.config, options.first)
    say("recognise one second")
    engine.reset()
    engine.accept(_second_of_sound(), RATE)
    engine.finish()
    return options.config.engine


def prove_tts(options: TtsOptions, say: Say) -> str:
    """Raises: EngineError, ValueError. A crash ends the process."""
    from appliance.engines.synthesisers import load_synthesiser

    say("load the voice")
    engine = load_synthesiser(options.config)
    say("say a few syllables")
    parts: list[np.ndarray[tuple[int], np.dtype[np.float32]]] = []
    engine.synthesise(_SYLLABLES, options.voice, 1.0, parts.append, lambda: False)
    samples = np.concatenate(parts) if parts else np.zeros(0, np.float32)
    if len(samples) < engine.rate // 4 or not np.isfinite(samples).all() or not samples.any():
        raise ValueError(f"{len(samples)} samples of a few syllables, or silence")
    return options.config.engine


def prove_audio(options: AudioOptions, say: Say) -> str:
    """Raises: OSError (PortAudio), EngineError (the detector). A crash ends the process."""
    said = "PortAudio"
    say("open PortAudio")
    import sounddevice

    sounddevice.query_devices()
    if options.vad_model:
        from appliance.audio.vad import WINDOW, SileroVad

        say("detect speech in one second")
        detector = SileroVad(options.vad_model, options.vad_threshold)
        for window in _second_of_sound()[: RATE // WINDOW * WINDOW].reshape(-1, WINDOW):
            detector.is_speech(window)
        said += ", Silero VAD"
    return said
