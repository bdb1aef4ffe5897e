"""One LoRA adapter over a model, attached and detached while the model stays loaded."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path
from typing import Any

import llama_cpp.llama_cpp as native

from appliance.engines.llama.backend import backend
from appliance.engines.llama.context import Context
from appliance.engines.llm import LlmError
from appliance.models.gguf import GgufError, Header, read_header
from appliance.sampling import MOST_LORA


def checked_adapter(path: Path, architecture: str) -> Header:
    """An adapter file's header, once it is certain that llama.cpp may see the file.

    Raises:
        LlmError: missing, damaged, no LoRA adapter, or one for another architecture.
    """
    try:
        header = read_header(path)
    except (GgufError, OSError) as error:
        raise LlmError("adapter-refused", str(error)) from error
    kind = header.text("general.type") or "model"
    if kind != "adapter" or header.text("adapter.type") != "lora":
        raise LlmError("adapter-refused", f"{path.name} is no LoRA adapter but a {kind}")
    if header.architecture != architecture:
        raise LlmError(
            "adapter-refused",
            f"{path.name} is for {header.architecture}, the model is {architecture}",
        )
    return header


class Adapter:
    """What is attached to a context now. `identity` names it in the keys of saved states."""

    def __init__(self, context: Context, architecture: str) -> None:
        self._context = context
        self._architecture = architecture
        self._handle: Any = None
        self.identity = ""

    def use(self, path: str, scale: float) -> bool:
        """Attach the adapter of a file, or none for an empty path; whether anything changed.

        Raises:
            LlmError: it cannot be used; what was attached before stays.
        """
        if not path or not scale:
            return self._set("", None, 0.0)
        if not -MOST_LORA <= scale <= MOST_LORA:
            raise LlmError("adapter-refused", f"{Path(path).name}: a scale of {scale:g}")
        header = checked_adapter(Path(path), self._architecture)
        identity = f"{header.fingerprint} {scale:g}"
        if identity == self.identity:
            return False
        log = backend()
        log.drain()
        handle = native.llama_adapter_lora_init(self._context.model.handle, os.fsencode(path))
        if not handle:
            raise LlmError("adapter-refused", f"{Path(path).name}: {log.drain()}")
        return self._set(identity, handle, scale)

    def _set(self, identity: str, handle: Any, scale: float) -> bool:
        if identity == self.identity:
            return False
        handles = [handle] if handle else []
        native.llama_set_adapters_lora(
            self._context.handle,
            (native.llama_adapter_lora_p_ctypes * 1)(*handles),
            len(handles),
            (ctypes.c_float * 1)(scale),
        )
        if self._handle:
            native.llama_adapter_lora_free(self._handle)
        self._handle, self.identity = handle, identity
        return True
