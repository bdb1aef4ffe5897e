"""What recogniser and synthesiser are started with. Main makes it: nothing here is an engine."""

from __future__ import annotations

import msgspec

from appliance.engines.asr import AsrConfig
from appliance.engines.kws import KwsConfig
from appliance.engines.tts import TtsConfig


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
