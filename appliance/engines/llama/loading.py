"""Loading a model: what may be refused on the way, and what is taken where a wish is not met."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from appliance.engines.llama.abort import AbortFlag
from appliance.engines.llama.backend import NativeError
from appliance.engines.llama.context import Context
from appliance.engines.llama.model import Model
from appliance.engines.llama.preflight import checked_header, choose_wrappers, fitted
from appliance.engines.llama.score import BRANCH_SEQUENCES
from appliance.engines.llama.wrappers import Wrappers
from appliance.engines.llm import FaultCode, LlmError, LlmOptions
from appliance.health import machine
from appliance.models.gguf import Header

SEQUENCES = 11  # the conversation, and ten sentences to score beside it
_TEMPLATE_KEY = "tokenizer.chat_template"


@dataclass(frozen=True, slots=True)
class Parts:
    """A model that is loaded, and how it is used.

    `options` are those in force, `template` names where `wrappers` come from. `forgets`: what it
    has read cannot be taken back in part. `warnings` are for the log.
    """

    header: Header
    options: LlmOptions
    model: Model
    context: Context
    template: str
    wrappers: Wrappers
    forgets: bool
    warnings: tuple[str, ...]


def load(options: LlmOptions, progress: Callable[[float], None] | None, flag: AbortFlag) -> Parts:
    """Everything that needs the file; `progress` gets 0..1, `flag` stops what is computed later.

    Raises:
        LlmError: it cannot be used.
    """
    header = checked_header(options)
    options, short = fitted(options, header)
    threads = options.threads or machine.big_cores()
    options = replace(options, threads=threads, batch_threads=options.batch_threads or threads)
    model = _open(options, header, progress)
    forgets = options.cache == "snapshot" or not model.rolls_back
    template, wrappers, refused = choose_wrappers(
        options.template, header.text(_TEMPLATE_KEY), model
    )
    context, options, replaced = _with_context(model, options, forgets, flag)
    warnings = tuple(one for one in (short, refused, replaced) if one)
    return Parts(header, options, model, context, template, wrappers, forgets, warnings)


def _open(options: LlmOptions, header: Header, progress: Callable[[float], None] | None) -> Model:
    try:
        model = Model(
            Path(options.model),
            progress,
            options.repack,
            options.lock_memory,
            options.memory_map,
        )
    except NativeError as error:
        raise LlmError("model-corrupt", str(error)) from error
    if not model.generates:
        model.close()
        raise LlmError("model-corrupt", f"{header.architecture} is no model for chats")
    return model


def _with_context(
    model: Model, options: LlmOptions, forgets: bool, flag: AbortFlag
) -> tuple[Context, LlmOptions, str]:
    """A context, with a plain cache where the model does not take another, which is told."""
    try:
        return _context(model, options, forgets, flag), options, ""
    except NativeError as error:
        plain = replace(options, kv_type_k="f16", kv_type_v="f16")
        if plain == options:
            code: FaultCode = "out-of-memory" if "alloc" in str(error) else "internal"
            raise LlmError(code, str(error)) from error
        context, plain, _ = _with_context(model, plain, forgets, flag)
        return context, plain, f"{error}; the cache is f16"


def _context(model: Model, options: LlmOptions, forgets: bool, flag: AbortFlag) -> Context:
    return Context(
        model,
        min(options.context, model.trained_context or options.context),
        options.block,
        options.threads,
        options.batch_threads,
        flag,
        options.kv_type_k,
        options.kv_type_v,
        BRANCH_SEQUENCES if forgets else SEQUENCES,
        options.flash_attention,
        whole_window=not forgets,
    )
