"""Child process: render a chat template that nobody vouches for, within bounds of time and memory.

Run as `python -m appliance.engines.llama.template_render`: one JSON request on stdin, one JSON
reply on stdout. Jinja's sandbox keeps the template from Python's internals; the resource limits
keep it from looping or filling the memory. Whatever goes wrong ends this process with a message,
not the worker.

What a template may rely on is what the transformers library gives it ("Writing a chat template" in
its documentation). Templates differ in what they cannot do without, so several ways to give it are
tried, the usual one first.
"""

from __future__ import annotations

import itertools
import json
import math
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

import msgspec
from jinja2 import ChainableUndefined, Template, nodes
from jinja2.exceptions import SecurityError, TemplateError
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from appliance.engines.llama.wrappers import (
    CutError,
    Said,
    Wrappers,
    conversations,
    cut,
    thoughtful,
)

CPU_SECONDS = 2  # after the imports, which take a slow machine as long
MEMORY_BYTES = 512 << 20
MAX_OUTPUT = 64 << 10
# A prompt that names the day would be another one tomorrow, and one that names a wrong day would
# mislead; so the day stays blank, unless the template comes to grief over that.
_DATES = ("", "2026-01-01")

_FAILURES = (
    TemplateError,
    CutError,
    TypeError,
    ValueError,
    ArithmeticError,
    LookupError,
    AttributeError,
    RecursionError,
    MemoryError,
)


class Request(msgspec.Struct, frozen=True):
    """A template, and the vocabulary's own text of its begin and end tokens."""

    template: str
    begin: str
    end: str


class Reply(msgspec.Struct, frozen=True):
    """The wrappers; or why there are none, and the best guess at them, if any."""

    wrappers: Wrappers | None = None
    error: str = ""
    guess: Wrappers | None = None


class _Way(msgspec.Struct, frozen=True):
    """How a template is given what it renders.

    `fold`: it gets no system message. `parts`: contents are lists of parts. `nothing`: what it
    gets for tools and documents, of which there are none. `today` answers `strftime_now`.
    """

    fold: bool
    parts: bool
    nothing: list[Any] | None
    today: str


def _ways() -> Iterator[_Way]:
    nothings: tuple[list[Any] | None, ...] = (None, [])
    no_yes = (False, True)
    for today, parts, nothing, fold in itertools.product(_DATES, no_yes, nothings, no_yes):
        yield _Way(fold, parts, nothing, today)


class _Generation(Extension):
    """`{% generation %}` marks for training what an assistant said; here it is only its body."""

    tags = {"generation"}  # noqa: RUF012  (as the base class has it)

    def parse(self, parser: Parser) -> nodes.Node | list[nodes.Node]:
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


class _Absent(ChainableUndefined):
    """What a template asks for and nobody has: blank, whatever is done with it."""

    def __call__(self, *_: Any, **__: Any) -> Any:
        return self


class _Environment(ImmutableSandboxedEnvironment):
    def unsafe_undefined(self, obj: object, attribute: str) -> NoReturn:
        raise SecurityError(f"access to attribute {attribute!r} is unsafe")


def _environment() -> _Environment:
    environment = _Environment(
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=_Absent,
        extensions=["jinja2.ext.loopcontrols", "jinja2.ext.do", _Generation],
    )
    environment.globals["raise_exception"] = _refuse
    environment.filters["tojson"] = _as_json
    return environment


def _refuse(message: str = "it refuses") -> NoReturn:
    raise TemplateError(message)


def _as_json(value: Any, indent: int | None = None, **_: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)


def reduce(request: Request) -> Reply:
    """The wrappers of the first way in which the template gives any."""
    error, guess = "", None
    try:
        template = _environment().from_string(request.template)
    except _FAILURES as failure:
        return Reply(error=_words(failure))
    for way in _ways():
        try:
            calm, keen = (_render_all(template, request, way, on) for on in (False, True))
        except _FAILURES as failure:
            error = error or _words(failure)
            continue
        thought = _render_thought(template, request, way)
        try:
            return Reply(cut(calm, keen, thought))
        except CutError as failure:
            error = error or _words(failure)
        if guess is None:
            guess = _guess(calm, keen, thought)
    return Reply(error=error, guess=guess)


def _words(failure: BaseException) -> str:
    return str(failure) or type(failure).__name__


def _guess(calm: Sequence[str], keen: Sequence[str], thought: str) -> Wrappers | None:
    try:
        return cut(calm, keen, thought, strict=False)
    except CutError:
        return None


def _render_all(template: Template, request: Request, way: _Way, thinking: bool) -> list[str]:
    return [_render(template, request, way, one, thinking) for one in conversations(way.fold)]


def _render_thought(template: Template, request: Request, way: _Way) -> str:
    try:
        return _render(template, request, way, thoughtful(way.fold), thinking=True, more=False)
    except _FAILURES:
        return ""


def _render(
    template: Template,
    request: Request,
    way: _Way,
    conversation: Sequence[Said],
    thinking: bool,
    more: bool = True,
) -> str:
    """A conversation, and where there is `more` to come, the prompt for the next answer."""
    parts: list[str] = []
    size = 0
    for part in template.generate(
        messages=[_as_dict(message, way.parts) for message in conversation],
        tools=way.nothing,
        documents=way.nothing,
        functions=way.nothing,
        strftime_now=lambda *_: way.today,
        add_generation_prompt=more,
        enable_thinking=thinking,
        thinking=thinking,
        bos_token=request.begin,
        eos_token=request.end,
    ):
        parts.append(part)
        size += len(part)
        if size > MAX_OUTPUT:
            raise TemplateError(f"it writes more than {MAX_OUTPUT} characters")
    return "".join(parts)


def _as_dict(message: Said, parts: bool) -> dict[str, Any]:
    content = [{"type": "text", "text": message.content}] if parts else message.content
    found: dict[str, Any] = {"role": message.role, "content": content}
    if message.thought:
        # The names that templates have for it.
        found |= dict.fromkeys(("reasoning_content", "reasoning", "thinking"), message.thought)
    return found


def main() -> int:
    seconds = math.ceil(time.process_time()) + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    request = msgspec.json.decode(sys.stdin.buffer.read(), type=Request)
    sys.stdout.buffer.write(msgspec.json.encode(reduce(request)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
