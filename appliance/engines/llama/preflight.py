"""What must hold before llama.cpp may see a model file, and which wrappers its chats get."""

from __future__ import annotations

from pathlib import Path

from appliance import machine
from appliance.engines.llama.model import Model
from appliance.engines.llama.template import (
    CONTINUATION,
    FAMILIES,
    TemplateError,
    Wrappers,
    fallback,
    reduce,
)
from appliance.engines.llm import LlmError, LlmOptions
from appliance.models import footprint
from appliance.models.gguf import GgufError, Header, read_header

_MEGABYTE = 1 << 20


def check_memory(need: footprint.Need, limit: int) -> None:
    """`limit` in bytes; 0 asks the machine.

    Raises:
        LlmError: it would not fit.
    """
    if limit <= 0:
        found = machine.memory()
        if found is None:
            return
        limit = found.available
    if need.total > limit:
        raise LlmError(
            "out-of-memory",
            f"needs {need.total // _MEGABYTE} MB ({need.anonymous // _MEGABYTE} MB of it "
            f"unpageable), {limit // _MEGABYTE} MB are available",
        )


def checked_header(options: LlmOptions) -> Header:
    """The model file's header, once it is certain that llama.cpp may see the file.

    Raises:
        LlmError: missing, damaged, no language model, or too large for the memory.
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
    check_memory(
        footprint.estimate(
            header,
            options.context,
            options.block,
            options.kv_type_k,
            options.kv_type_v,
            options.repack,
        ),
        options.memory_limit,
    )
    return header


def choose_wrappers(wanted: str, own: str, model: Model) -> tuple[str, Wrappers, str]:
    """Name and wrappers of the template in force, and a warning or an empty text.

    `wanted` is the option, `own` what the GGUF carries. A model's own template that is refused is
    replaced by its family's, where the vocabulary tells the family.

    Raises:
        LlmError: refused, and nothing to take instead.
    """
    if wanted == "continuation":
        return wanted, CONTINUATION, ""
    if wanted in FAMILIES:
        return wanted, FAMILIES[wanted][1], ""
    begin = model.control_text(model.begin_token)
    end = model.control_text(model.end_token)
    family = fallback(lambda marker: _is_control(model, marker))
    template = wanted or own
    warning = ""
    if template:
        try:
            return "own" if own == template else "given", reduce(template, begin, end), ""
        except TemplateError as error:
            if wanted or family is None:
                raise LlmError("template-refused", str(error)) from error
            warning = f"the model's chat template is refused ({error}); using {family[0]}"
    if family is not None:
        return family[0], family[1], warning
    return "continuation", CONTINUATION, "no chat template: taken for a base model"


def _is_control(model: Model, marker: str) -> bool:
    tokens = model.tokenize(marker, control=True)
    return len(tokens) == 1 and model.is_control(tokens[0])
