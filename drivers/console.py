"""The UART service console: one command per line, served from the app's own loop."""

from __future__ import annotations

import inspect
import logging
import os
import re
import shlex
from collections.abc import Callable, Mapping
from typing import Protocol

from drivers.serial_port import open_port

BAUD = 115_200
_LONGEST_LINE = 512
_PROMPT = b"lory> "
_BACKSPACES = (0x08, 0x7F)
_CONTROL_C, _CONTROL_U = 0x03, 0x15
_MOST_UNSENT = 64 * 1024
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# Control characters but for the tab, and halves of a pair, which come of bytes that were no UTF-8.
_NOT_SHOWN = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\ud800-\udfff]")

log = logging.getLogger("lory.console")

# A command gets its words and gives the text to print. Its docstring's first line is its help.
Command = Callable[[list[str]], str]


class ConsoleError(Exception):
    """A command cannot do what was asked; the message is printed."""


class Loop(Protocol):
    """The part of `asyncio.AbstractEventLoop` the console needs."""

    def add_reader(self, fd: int, callback: Callable[[], None], /) -> object: ...

    def remove_reader(self, fd: int, /) -> bool: ...

    def add_writer(self, fd: int, callback: Callable[[], None], /) -> object: ...

    def remove_writer(self, fd: int, /) -> bool: ...


class Console:
    """A line-oriented server on a serial port, without a thread.

    `commands` are called on the loop that serves the port. Input is echoed; Backspace, Ctrl-U and
    Ctrl-C edit it. Output waits in a buffer while the line is slow and is cut off beyond 64 KiB,
    so a console nobody reads costs the app nothing. Raises OSError if the port cannot be opened.
    """

    def __init__(self, path: str, commands: Mapping[str, Command], baud: int = BAUD) -> None:
        self._commands = dict(commands)
        self._port = open_port(path, baud)
        self._fd: int = self._port.fileno()
        self._line = bytearray()
        self._unsent = bytearray()
        self._after_cr = False
        self._loop: Loop | None = None
        self._is_writing = False
        self.lost = False

    def serve(self, loop: Loop) -> None:
        """Answer from `loop` until `close`."""
        self._loop = loop
        loop.add_reader(self._fd, self._readable)
        self._send(b"\r\n" + _PROMPT)

    def print(self, text: str) -> None:
        """Write `text` above the line that is being typed, such as the end of a long job."""
        self._send(b"\r\x1b[K" + _as_lines(text) + _PROMPT + bytes(self._line))

    def close(self) -> None:
        """Stop serving; what the line has not taken by now is dropped."""
        if self._fd < 0:
            return
        self._detach()
        self._port.close()
        self._fd = -1

    def _detach(self) -> None:
        if self._loop is not None:
            self._loop.remove_reader(self._fd)
            if self._is_writing:
                self._loop.remove_writer(self._fd)
                self._is_writing = False
            self._loop = None

    def _readable(self) -> None:
        try:
            data = os.read(self._fd, 256)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._lose()
            return
        for byte in data:
            self._take(byte)

    def _lose(self) -> None:
        """The line hung up: a USB adapter was unplugged."""
        self.lost = True
        self._detach()

    def _take(self, byte: int) -> None:
        is_second_of_crlf = byte == 0x0A and self._after_cr
        self._after_cr = byte == 0x0D
        if is_second_of_crlf:
            return
        if byte in (0x0D, 0x0A):
            self._enter()
        elif byte in _BACKSPACES:
            self._erase(1)
        elif byte == _CONTROL_U:
            self._erase(len(self._text()))
        elif byte == _CONTROL_C:
            self._line.clear()
            self._send(b"^C\r\n" + _PROMPT)
        elif byte >= 0x20 and len(self._line) < _LONGEST_LINE:
            self._line.append(byte)
            self._send(bytes((byte,)))

    def _text(self) -> str:
        return self._line.decode("utf-8", "replace")

    def _erase(self, characters: int) -> None:
        for _ in range(characters):
            while self._line and self._line[-1] & 0xC0 == 0x80:  # the rest of a UTF-8 character
                self._line.pop()
            if self._line:
                self._line.pop()
                self._send(b"\b \b")

    def _enter(self) -> None:
        line = self._text()
        self._line.clear()
        self._send(b"\r\n")
        answer = self._answer(line)
        self._send(_as_lines(answer) + _PROMPT)

    def _answer(self, line: str) -> str:
        try:
            words = shlex.split(line)
        except ValueError as error:
            return f"error: {error}"
        if not words:
            return ""
        if words[0] in ("help", "?"):
            return self._help()
        command = self._commands.get(words[0])
        if command is None:
            return f"error: no command {words[0]!r}; try help"
        try:
            return command(words[1:])
        except ConsoleError as error:
            return f"error: {error}"
        except Exception as error:  # whoever holds the cable has nothing else left to ask
            log.exception("the console's command %s failed", words[0])
            return f"error: {error!r}"

    def _help(self) -> str:
        width = max((len(name) for name in self._commands), default=0)
        summaries = {
            name: (inspect.getdoc(command) or "").partition("\n")[0]
            for name, command in sorted(self._commands.items())
        }
        return "\n".join(f"{name:<{width}}  {text}".rstrip() for name, text in summaries.items())

    def _send(self, data: bytes) -> None:
        self._unsent += data
        del self._unsent[_MOST_UNSENT:]
        self._flush()

    def _flush(self) -> None:
        try:
            sent = os.write(self._fd, self._unsent) if self._unsent else 0
        except BlockingIOError:
            sent = 0
        except OSError:
            self._lose()
            return
        del self._unsent[:sent]
        if self._loop is None or bool(self._unsent) == self._is_writing:
            return
        self._is_writing = bool(self._unsent)
        if self._is_writing:
            self._loop.add_writer(self._fd, self._flush)
        else:
            self._loop.remove_writer(self._fd)


def _as_lines(text: str) -> bytes:
    """Lines as a terminal takes them: what is no text, or would move its cursor, is replaced."""
    lines = "".join(f"{_NOT_SHOWN.sub(_REPLACEMENT, line)}\r\n" for line in text.splitlines())
    return lines.encode("utf-8", "replace")
