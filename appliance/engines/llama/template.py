"""Chat templates, reduced to the few texts between what people say.

A template is rendered once, over marker texts, and cut at the markers. What is left are the
wrappers of a turn. From then on no template runs: a prompt is wrappers and texts in turn, so that
n turns are a prefix of n + 1 by construction, and only wrappers may hold control tokens.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import msgspec

from appliance.engines.llama.template_render import Reply, Request
from appliance.engines.llama.wrappers import Wrappers
from appliance.errors import LoryError

MAX_TEMPLATE = 256 << 10
_TIMEOUT_SECONDS = 60.0  # for a busy machine: what does not end is ended by its CPU time


class TemplateError(LoryError, ValueError):
    """The template is hostile, broken, or has no stable prefix. The message says which.

    `guess`: wrappers that are better than none, where its turns are told apart at all.
    """

    def __init__(self, message: str, guess: Wrappers | None = None) -> None:
        super().__init__(message)
        self.guess = guess


def _family(begin: str, system: str, question: str, answer: str, *stops: str) -> Wrappers:
    return Wrappers(begin, system, question, answer, question, question, stops)


# For GGUF files without a template, or with one that was refused: by the control token that gives
# the family away. Sources: the model cards of Qwen, Llama 3, Gemma, Phi-3 and Mistral.
FAMILIES: dict[str, tuple[str, Wrappers]] = {
    "chatml": (
        "<|im_start|>",
        _family(
            "<|im_start|>system\n",
            "<|im_end|>\n<|im_start|>user\n",
            "<|im_end|>\n<|im_start|>assistant\n",
            "<|im_end|>\n<|im_start|>user\n",
        ),
    ),
    "llama3": (
        "<|start_header_id|>",
        _family(
            "<|start_header_id|>system<|end_header_id|>\n\n",
            "<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n",
            "<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
            "<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n",
        ),
    ),
    "gemma": (
        "<start_of_turn>",
        _family(
            "<start_of_turn>user\n",
            "\n\n",
            "<end_of_turn>\n<start_of_turn>model\n",
            "<end_of_turn>\n<start_of_turn>user\n",
        ),
    ),
    "phi3": (
        "<|assistant|>",
        _family(
            "<|system|>\n",
            "<|end|>\n<|user|>\n",
            "<|end|>\n<|assistant|>\n",
            "<|end|>\n<|user|>\n",
        ),
    ),
    "mistral": (
        "[INST]",
        _family("[INST] ", "\n\n", " [/INST]", "</s>[INST] "),
    ),
}
# A base model only continues text, so it is given a text to continue.
CONTINUATION = _family("", "\n\n问：", "\n答：", "\n问：", "\n问：", "\n\n")


def fallback(has: Callable[[str], bool]) -> tuple[str, Wrappers] | None:
    """The family whose mark there is: its name and wrappers."""
    for name, (marker, wrappers) in FAMILIES.items():
        if has(marker):
            return name, wrappers
    return None


def reduce(template: str, begin: str = "", end: str = "") -> Wrappers:
    """Render `template` in a bounded process and cut it at the markers.

    `begin` and `end` are the vocabulary's begin and end tokens as text. A template that refuses a
    system message gets it in front of the first question.

    Raises:
        TemplateError: it cannot be used.
    """
    if len(template) > MAX_TEMPLATE:
        raise TemplateError(f"it is {len(template)} characters long")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "appliance.engines.llama.template_render"],
            input=msgspec.json.encode(Request(template, begin, end)),
            capture_output=True,
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TemplateError("it does not end") from error
    if done.returncode < 0:
        raise TemplateError("it takes too long or too much memory")
    try:
        reply = msgspec.json.decode(done.stdout, type=Reply)
    except msgspec.DecodeError as error:
        last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise TemplateError(last or "its renderer died") from error
    if reply.wrappers is None:
        raise TemplateError(reply.error, reply.guess)
    return reply.wrappers
