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

from appliance.engines.llama.template_render import Message, Reply, Request

MAX_TEMPLATE = 256 << 10
_TIMEOUT_SECONDS = 60.0  # for a busy machine: what does not end is ended by its CPU time
# Plain words, so that no template finds anything in them to trim, split or escape.
_SYSTEM = "lorySystemMarker"
_QUESTIONS = ("loryQuestionMarkerA", "loryQuestionMarkerB", "loryQuestionMarkerC")
_ANSWERS = ("loryAnswerMarkerA", "loryAnswerMarkerB")


class TemplateError(ValueError):
    """The template is hostile, broken, or has no stable prefix. The message says which."""


class UnboundedError(TemplateError):
    """It would not end, or fill the memory."""


class Wrappers(msgspec.Struct, frozen=True):
    """The texts of a template around system, questions and answers.

    A conversation reads: `begin` system `after_system` question `after_question` answer
    `after_answer` question ... and to be answered next: question `generate` (or
    `generate_thinking`). `stops` are texts that end an answer beside the vocabulary's own end
    tokens.
    """

    begin: str
    after_system: str
    after_question: str
    after_answer: str
    generate: str
    generate_thinking: str
    stops: tuple[str, ...] = ()

    @property
    def can_think(self) -> bool:
        """Whether the template tells thinking from not thinking."""
        return self.generate != self.generate_thinking


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


def fallback(is_control: Callable[[str], bool]) -> tuple[str, Wrappers] | None:
    """The family whose control token the vocabulary has: its name and wrappers."""
    for name, (marker, wrappers) in FAMILIES.items():
        if is_control(marker):
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
    failures = []
    for fold in (False, True):
        try:
            texts = _render(template, begin, end, fold)
            calm, keen = _cut(texts[: len(texts) // 2]), _cut(texts[len(texts) // 2 :])
        except UnboundedError:
            raise
        except TemplateError as error:
            failures.append(str(error))
            continue
        return msgspec.structs.replace(calm, generate_thinking=keen.generate)
    raise TemplateError(failures[0])


def _render(template: str, begin: str, end: str, fold: bool) -> tuple[str, ...]:
    conversations = tuple(_conversation(turns, fold) for turns in (1, 2, 3))
    request = Request(template, begin, end, conversations)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "appliance.engines.llama.template_render"],
            input=msgspec.json.encode(request),
            capture_output=True,
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UnboundedError("it does not end") from error
    if done.returncode < 0:
        raise UnboundedError("it takes too long or too much memory")
    try:
        reply = msgspec.json.decode(done.stdout, type=Reply)
    except msgspec.DecodeError as error:
        last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise TemplateError(last or "its renderer died") from error
    if reply.error:
        raise TemplateError(reply.error)
    return reply.texts


def _conversation(turns: int, fold: bool) -> tuple[Message, ...]:
    first = Message("user", f"{_SYSTEM}\n\n{_QUESTIONS[0]}" if fold else _QUESTIONS[0])
    messages = [first] if fold else [Message("system", _SYSTEM), first]
    for answer, question in zip(_ANSWERS[: turns - 1], _QUESTIONS[1:turns], strict=True):
        messages += [Message("assistant", answer), Message("user", question)]
    return tuple(messages)


def _cut(texts: tuple[str, ...]) -> Wrappers:
    """The wrappers, when all three renderings agree on them."""
    cuts = [_pieces(text, turns) for turns, text in enumerate(texts, start=1)]
    longest = cuts[-1]
    wrappers = _family(longest[0], longest[1], longest[2], longest[3])
    wrappers = msgspec.structs.replace(wrappers, generate=longest[-1])
    for turns, pieces in enumerate(cuts, start=1):
        between = [wrappers.after_question, wrappers.after_answer] * (turns - 1)
        expected = [wrappers.begin, wrappers.after_system, *between, wrappers.generate]
        if pieces != expected:
            raise TemplateError("a conversation is not the beginning of its continuation")
    return wrappers


def _pieces(text: str, turns: int) -> list[str]:
    markers = [_SYSTEM]
    for turn in range(turns):
        markers += [_QUESTIONS[turn], *_ANSWERS[turn : min(turn + 1, turns - 1)]]
    pieces = []
    for marker in markers:
        before, found, text = text.partition(marker)
        if not found:
            raise TemplateError("it leaves out or reorders what was said")
        pieces.append(before)
    pieces.append(text)
    if any(marker in piece for piece in pieces for marker in markers):
        raise TemplateError("it repeats what was said")
    return pieces
