"""The LLM contract: what the worker asks of an engine, whatever runs the model."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from msgspec import Struct

from appliance.engines.errors import EngineError
from appliance.messages import Adapt, Answered, Ask, Message, Prefill, Sampling, Score

Cache = Literal["auto", "snapshot"]
KvType = Literal["f16", "q8_0", "q4_0"]
FaultCode = Literal[
    "model-missing",
    "model-corrupt",
    "engine-missing",
    "engine-foreign",
    "out-of-memory",
    "template-refused",
    "adapter-refused",
    "too-long",
    "internal",
]


class LlmOptions(Struct, frozen=True):
    """What an LLM worker is started with.

    `model` is a GGUF file; `name` is what people call it. `threads` 0 means all big cores,
    `batch_threads` 0 the same as `threads`.
    `block` is the batch size of the prefill, in tokens. `template` is empty for the model's own,
    a family's name, `continuation` for a base model, or a Jinja template. `think_open` and
    `think_close` are marks of a thought that nobody would guess. `cache`: `snapshot` for a model
    whose memory cannot be taken back, which `auto` finds by itself. `state_directory` holds
    saved prompt states, empty: none are kept; at most `state_limit` bytes of them. `memory_limit`
    in bytes, 0: what the machine has free. `draft` tokens are guessed at once while decoding (0:
    none). `sampling` is for questions that name none. `adapter` is a LoRA file to start with.
    """

    model: str
    name: str = ""
    context: int = 4096
    threads: int = 0
    batch_threads: int = 0
    block: int = 32
    kv_type_k: KvType = "f16"
    kv_type_v: KvType = "f16"
    flash_attention: bool | None = None
    repack: bool = True
    memory_map: bool = True
    lock_memory: bool = False
    template: str = ""
    think_open: str = ""
    think_close: str = ""
    stops: tuple[str, ...] = ()
    cache: Cache = "auto"
    state_directory: str = ""
    state_limit: int = 256 << 20
    memory_limit: int = 0
    draft: int = 0
    sampling: Sampling = Sampling()
    adapter: str = ""
    adapter_scale: float = 1.0


class LlmError(EngineError):
    """Why a language model cannot load or answer."""

    def __init__(self, code: FaultCode, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Loaded:
    """An engine as it stands after loading. `warnings` are for the log."""

    engine: str
    model: str
    detail: dict[str, str | int | float]
    warnings: tuple[str, ...] = field(default=())


class LlmEngine(ABC):
    """One loaded model. All methods run on the worker's main thread, unless they say otherwise."""

    loaded: Loaded

    @abstractmethod
    def answer(self, ask: Ask, send: Callable[[Message], None]) -> Answered:
        """Prefill and decode; Prefilling and Token messages go to `send` on the way.

        Raises:
            LlmError: it cannot be answered.
        """

    @abstractmethod
    def prefill(self, message: Prefill, waiting: Callable[[], bool]) -> bool:
        """Evaluate ahead what is certain. False when it gave way to something that waits."""

    @abstractmethod
    def tidy(self, waiting: Callable[[], bool]) -> bool:
        """Idle work: make the last answer reusable, save states. False when it gave way."""

    @abstractmethod
    def score(
        self, message: Score, waiting: Callable[[], bool] = lambda: False
    ) -> tuple[float, ...]:
        """Log-probability per candidate (natural log); empty when it gave way."""

    @abstractmethod
    def adapt(self, message: Adapt) -> None:
        """Attach a LoRA adapter, or detach the one there is.

        Raises:
            LlmError: it cannot be used; what was attached before stays.
        """

    @abstractmethod
    def stop(self, turn: int) -> None:
        """Any thread: give up the answer of this or an earlier turn, at once."""

    @abstractmethod
    def begin(self, turn: int) -> None:
        """The answer of this turn comes next: from now on `stop` concerns it."""

    @abstractmethod
    def give_way(self, message: Message) -> None:
        """Any thread: `message` waits. Interrupt idle work that does not serve it as well."""

    @abstractmethod
    def set_threads(self, threads: int) -> None:
        """Any thread: compute with so many from the next token or batch on."""

    @abstractmethod
    def close(self) -> None: ...
