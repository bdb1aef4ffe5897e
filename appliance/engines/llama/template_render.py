"""Child process: render a chat template that nobody vouches for, within bounds of time and memory.

Run as `python -m appliance.engines.llama.template_render`: one JSON request on stdin, one JSON
reply on stdout. Jinja's sandbox keeps the template from Python's internals; the resource limits
keep it from looping or filling the memory. Whatever goes wrong ends this process with a message,
not the worker.
"""

from __future__ import annotations

import math
import resource
import sys
import time

import msgspec
from jinja2 import Template
from jinja2.exceptions import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

CPU_SECONDS = 2  # after the imports, which take a slow machine as long
MEMORY_BYTES = 512 << 20
MAX_OUTPUT = 64 << 10


class Message(msgspec.Struct, frozen=True):
    role: str
    content: str


class Request(msgspec.Struct, frozen=True):
    """Several conversations to render with one template."""

    template: str
    begin: str  # the vocabulary's own text of its begin and end tokens
    end: str
    conversations: tuple[tuple[Message, ...], ...]


class Reply(msgspec.Struct, frozen=True):
    """One text per conversation, without and then with thinking; or why not."""

    texts: tuple[str, ...] = ()
    error: str = ""


def _refuse(message: str) -> None:
    raise TemplateError(message)


def render(request: Request) -> Reply:
    """All conversations, each ending with the prompt for the next answer."""
    texts: list[str] = []
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
    )
    environment.globals["raise_exception"] = _refuse
    try:
        template = environment.from_string(request.template)
        for thinking in (False, True):
            for conversation in request.conversations:
                texts.append(_render_one(template, request, conversation, thinking))
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        return Reply(error=str(error) or type(error).__name__)
    except (RecursionError, MemoryError) as error:
        return Reply(error=type(error).__name__)
    return Reply(texts=tuple(texts))


def _render_one(
    template: Template, request: Request, conversation: tuple[Message, ...], thinking: bool
) -> str:
    parts: list[str] = []
    size = 0
    for part in template.generate(
        messages=[{"role": one.role, "content": one.content} for one in conversation],
        add_generation_prompt=True,
        enable_thinking=thinking,
        bos_token=request.begin,
        eos_token=request.end,
    ):
        parts.append(part)
        size += len(part)
        if size > MAX_OUTPUT:
            raise TemplateError(f"it writes more than {MAX_OUTPUT} characters")
    return "".join(parts)


def main() -> int:
    seconds = math.ceil(time.process_time()) + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    request = msgspec.json.decode(sys.stdin.buffer.read(), type=Request)
    sys.stdout.buffer.write(msgspec.json.encode(render(request)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
