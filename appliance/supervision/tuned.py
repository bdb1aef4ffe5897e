"""The fastest settings found for a model on this machine, kept in the state directory.

`lory models tune` writes them, the LLM worker is started with them. They hold for one model, one
processor and one build of llama.cpp: another one has another file, or none yet.
"""

from __future__ import annotations

import hashlib
from importlib import metadata
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from appliance.engines.llm import KvType, LlmOptions
from appliance.health import machine
from appliance.models.catalogue import LlmModel
from appliance.models.store import Store

Loading = Literal["mmap", "mmap+mlock", "read"]


class Knobs(Struct, frozen=True):
    """What is tuned. The names are those of LlmOptions."""

    threads: int
    batch_threads: int
    block: int = 32
    repack: bool = True
    flash_attention: bool | None = None
    kv_type_k: KvType = "f16"
    kv_type_v: KvType = "f16"
    loading: Loading = "mmap"
    draft: int = 0


class Row(Struct, frozen=True):
    """One value of one setting, measured. Zero: not measured, `note` says why.

    `question` is the milliseconds from a question of 40 tokens to its first token, `decode` tokens
    per second, `unpageable_mb` what the kernel cannot drop, by the estimate.
    """

    setting: str
    value: str
    question: float = 0.0
    decode: float = 0.0
    unpageable_mb: int = 0
    chosen: bool = False
    note: str = ""


class Tuning(Struct, frozen=True):
    """Result of one run of tuning. `key` names model, machine and build."""

    key: str
    model: str
    knobs: Knobs
    rows: tuple[Row, ...]
    quick: bool = False


def identity(store: Store, model: LlmModel) -> str:
    """The SHA-256 of a model's file as it was installed; size and time of one used in place."""
    file = model.file("model")
    manifest = store.manifest(model)
    records = manifest.files if manifest is not None else ()
    known = file.sha256 or next((one.sha256 for one in records if one.path == file.path), "")
    if known:
        return known
    stat = store.files(model)["model"].stat()
    return f"{model.name} {stat.st_size} {stat.st_mtime_ns}"


def tuning_key(model: str, threads: int = 0, root: Path = machine.ROOT) -> str:
    """What measurements depend on: model, processor, cores granted, llama.cpp's build."""
    try:
        build = metadata.version("llama-cpp-python")
    except metadata.PackageNotFoundError:
        build = "none"
    cores = threads or machine.big_cores(root)
    return f"{model}|{machine.processor(root)}|{cores} cores|{build}"


def _path(state: Path, key: str) -> Path:
    return state / "tuning" / f"{hashlib.sha256(key.encode()).hexdigest()[:16]}.json"


def read_tuning(state: Path, key: str) -> Tuning | None:
    """None where nothing was measured yet, or the file is damaged: then it is as good as none."""
    try:
        found = msgspec.json.decode(_path(state, key).read_bytes(), type=Tuning)
    except (OSError, msgspec.DecodeError):
        return None
    return found if found.key == key else None


def write_tuning(state: Path, tuning: Tuning) -> Path:
    """Raises: OSError."""
    path = _path(state, tuning.key)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_bytes(msgspec.json.format(msgspec.json.encode(tuning)))
    draft.replace(path)
    return path


def apply(knobs: Knobs, options: LlmOptions) -> LlmOptions:
    """The options with the tuned settings in them."""
    return msgspec.structs.replace(
        options,
        threads=knobs.threads,
        batch_threads=knobs.batch_threads,
        block=knobs.block,
        repack=knobs.repack,
        flash_attention=knobs.flash_attention,
        kv_type_k=knobs.kv_type_k,
        kv_type_v=knobs.kv_type_v,
        memory_map=knobs.loading != "read",
        lock_memory=knobs.loading == "mmap+mlock",
        draft=knobs.draft,
    )
