"""The table of the speech recognisers there are, and how one is loaded. Only workers import it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from appliance.engines.asr import AsrConfig, Decoder, Recogniser
from appliance.engines.asr_segments import SegmentRecogniser
from appliance.engines.asr_two_pass import TwoPass
from appliance.engines.lazy import load_class

STREAMING: Mapping[str, tuple[str, str]] = {
    "online-transducer": ("appliance.engines.asr_sherpa_online", "OnlineTransducer"),
    "online-paraformer": ("appliance.engines.asr_sherpa_online", "OnlineParaformer"),
    "online-ctc": ("appliance.engines.asr_sherpa_online", "OnlineCtc"),
    "funasr-server-cpp": ("appliance.engines.asr_funasr_server", "CppServer"),
    "funasr-server-python": ("appliance.engines.asr_funasr_server", "PythonServer"),
}
DECODERS: Mapping[str, tuple[str, str]] = {
    "whisper": ("appliance.engines.asr_whisper", "Whisper"),
    "sense-voice": ("appliance.engines.asr_sherpa_offline", "SenseVoice"),
    "paraformer": ("appliance.engines.asr_sherpa_offline", "Paraformer"),
    "zipformer-ctc": ("appliance.engines.asr_sherpa_offline", "ZipformerCtc"),
    "fire-red-ctc": ("appliance.engines.asr_sherpa_offline", "FireRedCtc"),
    "qwen3-asr": ("appliance.engines.asr_sherpa_offline", "Qwen3Asr"),
    "transducer": ("appliance.engines.asr_sherpa_offline", "Transducer"),
    "funasr": ("appliance.engines.asr_funasr", "FunAsr"),
}


def load_recogniser(config: AsrConfig, first: AsrConfig | None = None) -> Recogniser:
    """Load the model; takes seconds. Only in a worker: native code may end the process.

    `first`: a streaming engine whose words are shown until those of `config` replace them.

    Raises:
        EngineError: one of those of `appliance.engines.errors`.
    """
    if config.engine in STREAMING:
        return cast(Recogniser, load_class(STREAMING, config.engine)(config))
    decoder = load_class({**STREAMING, **DECODERS}, config.engine)(config)
    second = SegmentRecogniser(cast(Decoder, decoder), config.language)
    if first is None or first.engine not in STREAMING:
        return second
    return TwoPass(cast(Recogniser, load_class(STREAMING, first.engine)(first)), second)
