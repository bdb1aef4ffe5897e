"""What must hold before llama.cpp may see a model file, and which wrappers its chats get."""

from __future__ import annotations

from pathlib import Path

import msgspec

from appliance.engines.llama.marks import thought_marks
from appliance.engines.llama.model import Model
from appliance.engines.llama.template import (
    CONTINUATION,
    FAMILIES,
    TemplateError,
    fallback,
    reduce,
)
from appliance.engines.llama.wrappers import Wrappers
from appliance.engines.llm import LlmError, LlmOptions
from appliance.health import machine
from appliance.models import footprint
from appliance.models.gguf import GgufError, Header, read_header

_MEGABYTE = 1 << 20
_LEAST_CONTEXT = 512  # tokens: less is no conversation


def fitted(options: LlmOptions, header: Header) -> tuple[LlmOptions, str]:
    """The options, or the first leaner ones that fit the memory, and a warning or an empty text.

    Speed is given up first (the second copy of the weights), then the length of the memory.

    Raises:
        LlmError: not even the leanest fit.
    """
    limit = options.memory_limit
    if limit <= 0:
        found = machine.memory()
        if found is None:
            return options, ""
        limit = found.available
    longest = header.number("context_length", options.context)
    options = msgspec.structs.replace(options, context=min(options.context, longest))
    leaner = [options, msgspec.structs.replace(options, repack=False, memory_map=True)]
    while leaner[-1].context > 2 * _LEAST_CONTEXT:
        leaner.append(msgspec.structs.replace(leaner[-1], context=leaner[-1].context // 2))
    for one in leaner:
        if need_of(one, header).total <= limit:
            changed = "" if one is options else _what_was_given_up(options, one)
            return one, changed
    need = need_of(leaner[-1], header)
    raise LlmError(
        "out-of-memory",
        f"needs {need.total // _MEGABYTE} MB ({need.anonymous // _MEGABYTE} MB of it "
        f"unpageable), {limit // _MEGABYTE} MB are available",
    )


def _what_was_given_up(wanted: LlmOptions, got: LlmOptions) -> str:
    said = "memory is short: the weights are not repacked"
    if got.context != wanted.context:
        said += f", the context is {got.context} tokens"
    return said


def need_of(options: LlmOptions, header: Header) -> footprint.Need:
    """What a model needs with these options."""
    return footprint.estimate(
        header,
        options.context,
        options.block,
        options.kv_type_k,
        options.kv_type_v,
        options.repack,
        options.memory_map,
    )


def checked_header(options: LlmOptions) -> Header:
    """The model file's header, once it is certain that llama.cpp may see the file.

    Raises:
        LlmError: missing, damaged, or no language model.
    """
    path = Path(options.model)
    try:
        header = read_header(path)
    except FileNotFoundError as error:
        raise LlmError("model-missing", f"no file {path}") from error
    except (GgufError, OSError) as error:
        raise LlmError("model-corrupt", str(error)) from error
    kind = header.text("general.type") or "model"
    if kind != "model" or not header.array_length("tokenizer.ggml.tokens"):
        raise LlmError("model-corrupt", f"{path.name} is no language model but a {kind}")
    return header


def choose_wrappers(wanted: str, own: str, model: Model) -> tuple[str, Wrappers, str]:
    """Name and wrappers of the template in force, and a warning or an empty text.

    `wanted` is the option, `own` what the GGUF carries. A model's own template that is refused is
    replaced by its family's, where the vocabulary or the template tells the family, else by the
    best guess at it.

    Raises:
        LlmError: what was wanted is refused.
    """
    if wanted == "continuation":
        return wanted, CONTINUATION, ""
    if wanted in FAMILIES:
        return wanted, FAMILIES[wanted][1], ""
    begin = model.control_text(model.begin_token)
    end = model.control_text(model.end_token)
    template = wanted or own
    if not template:
        found = fallback(lambda mark: _has(model, mark))
        if found is not None:
            return *found, ""
        return "continuation", CONTINUATION, "no chat template: taken for a base model"
    try:
        return "own" if own == template else "given", reduce(template, begin, end), ""
    except TemplateError as error:
        if wanted:
            raise LlmError("template-refused", str(error)) from error
        name, wrappers = _instead(model, template, error)
        return name, wrappers, f"the model's chat template is refused ({error}); using {name}"


def _instead(model: Model, template: str, error: TemplateError) -> tuple[str, Wrappers]:
    """The name of what is used instead of a template, and its wrappers."""
    family = fallback(lambda mark: _has(model, mark)) or fallback(lambda mark: mark in template)
    if family is None and error.guess is not None:
        return "a guess at it", error.guess
    name, wrappers = family or ("continuation", CONTINUATION)
    # A model that was made to find its thought open would not open it.
    opened = thought_marks(wrappers).last_opened(template.rpartition("add_generation_prompt")[2])
    if opened:
        generate = f"{wrappers.generate}{opened}\n"
        wrappers = msgspec.structs.replace(wrappers, generate=generate, generate_thinking=generate)
    return name, wrappers


def _has(model: Model, mark: str) -> bool:
    tokens = model.tokenize(mark, control=True)
    return len(tokens) == 1 and model.is_mark(tokens[0])
