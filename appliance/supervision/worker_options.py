"""From settings and catalogue to what each worker is started with."""

from __future__ import annotations

from pathlib import Path

import msgspec

from appliance.audio.options import AudioOptions
from appliance.configuration.loudness import loudness
from appliance.configuration.settings import Settings
from appliance.engines.asr import AsrConfig
from appliance.engines.kws import KwsConfig
from appliance.engines.llm import LlmOptions
from appliance.engines.tts import TtsConfig
from appliance.health import machine
from appliance.messages import Sampling
from appliance.models.catalogue import AnyModel, AsrModel, LlmModel
from appliance.models.errors import ModelError
from appliance.supervision.compute import Compute
from appliance.supervision.roster import Roster
from appliance.supervision.tuned import apply, identity, read_tuning, tuning_key
from appliance.workers.options import AsrOptions, TtsOptions

_ASR_ENGINES = {
    "streaming-paraformer": "online-paraformer",
    "streaming-zipformer": "online-transducer",
    "streaming-zipformer2-ctc": "online-ctc",
}
_SOCKET = "pcm.sock"


class WorkerOptions:
    """Asked anew at every start of a worker, so that a changed setting takes effect."""

    def __init__(self, settings: Settings, roster: Roster, runtime: Path, state: Path) -> None:
        self.wav_directory: Path | None = None
        self._settings = settings
        self._roster = roster
        self._socket = str(runtime / _SOCKET)
        self._state = state
        self._sink = "auto"
        self._fast = False
        self._capture = True

    def speak_into_files(self, directory: Path, fast: bool) -> None:
        """No sound card is touched."""
        self.wav_directory = directory
        self._sink = "wav"
        self._fast = fast
        self._capture = False

    def audio(self) -> AudioOptions:
        settings = self._settings
        return AudioOptions(
            pcm_socket=self._socket,
            sink=self._sink,
            wav_directory=str(self.wav_directory.resolve()) if self.wav_directory else "",
            fast=self._fast,
            capture=self._capture,
            microphone=settings.text("audio.microphone"),
            speaker=settings.text("audio.speaker"),
            volume=loudness(settings),
            vad_model=self._vad_model(),
        )

    def asr(self) -> AsrOptions:
        """Raises: ModelError."""
        server = self._settings.text("asr.server")
        if server:
            engine = f"funasr-server-{self._settings.text('asr.server_kind')}"
            config = AsrConfig(engine, "", server=server)
            return AsrOptions(config, self._socket, warm_up=False, kws=self._kws())
        model = self._roster.asr()
        first = None
        if self._settings.flag("asr.two_pass") and not model.facts.streaming:
            streaming = self._roster.first_pass()
            first = self._asr_config(streaming) if streaming is not None else None
        return AsrOptions(self._asr_config(model), self._socket, first=first, kws=self._kws())

    def _asr_config(self, model: AsrModel) -> AsrConfig:
        return AsrConfig(
            engine=_ASR_ENGINES.get(model.facts.type, model.facts.type),
            directory=str(self._roster.store.path(model)),
            files=self._files(model),
            threads=self._share(),
            language=model.facts.language,
            tail_paddings=model.facts.tail_paddings,
            sha256=_hashes(model),
        )

    def _kws(self) -> KwsConfig | None:
        """A few megabytes, where one is installed; without one the recogniser spots."""
        model = self._roster.kws()
        if model is None:
            return None
        return KwsConfig(
            directory=str(self._roster.store.path(model)),
            files=self._files(model),
            threads=1,
            sha256=_hashes(model),
        )

    def tts(self) -> TtsOptions:
        """Raises: ModelError."""
        model = self._roster.tts()
        config = TtsConfig(
            engine=model.facts.type,
            directory=str(self._roster.store.path(model)),
            files=self._files(model),
            voices={voice.name: voice.speaker for voice in model.facts.voices},
            threads=self._share(),
            sha256=_hashes(model),
        )
        return TtsOptions(config, self._socket, voice=model.facts.default_voice)

    def llm(self) -> LlmOptions:
        """With what was found fastest for this model on this machine, where that was measured.

        Raises:
            ModelError: the model is not there.
        """
        options = self.untuned_llm()
        tuning = read_tuning(self._state, self.tuning_key())
        return options if tuning is None else apply(tuning.knobs, options)

    def tuning_key(self) -> str:
        """Raises: ModelError."""
        store, model = self._roster.store, self._roster.llm()
        return tuning_key(identity(store, model), self._settings.integer("compute.threads"))

    def untuned_llm(self) -> LlmOptions:
        """Raises: ModelError."""
        model = self._roster.llm()
        path = self._roster.store.files(model)["model"]
        context = min(self._settings.integer("llm.context"), model.facts.context)
        return LlmOptions(
            model=str(path),
            name=model.name,
            context=context,
            threads=self._settings.integer("compute.threads") or machine.big_cores(),
            kv_type_k=model.facts.kv_type,
            kv_type_v=model.facts.kv_type,
            template=_template(model),
            think_open=model.facts.think_open,
            think_close=model.facts.think_close,
            stops=model.facts.stop,
            cache=model.facts.cache,
            state_directory=str(self._state / "prompts"),
            sampling=Sampling(**msgspec.structs.asdict(model.facts.sampling)),
        )

    def _share(self) -> int:
        cores = self._settings.integer("compute.threads") or machine.big_cores()
        return Compute(cores).share

    def _files(self, model: AnyModel) -> dict[str, str]:
        """By key: from the model's directory on, or whole where a file lies elsewhere."""
        store = self._roster.store
        directory = store.path(model)
        return {
            key: str(path.relative_to(directory) if path.is_relative_to(directory) else path)
            for key, path in store.files(model).items()
        }

    def _vad_model(self) -> str:
        """Empty where there is none: the audio worker then goes by energy, and says so."""
        try:
            return str(self._roster.store.files(self._roster.vad())["model"])
        except (ModelError, KeyError):
            return ""


def _hashes(model: AnyModel) -> dict[str, str]:
    return {file.key: file.sha256 for file in model.files if file.sha256}


def _template(model: LlmModel) -> str:
    if model.facts.mode == "continuation":
        return "continuation"
    return "" if model.facts.template == "gguf" else model.facts.template
