"""The service console over a pseudo-terminal, served by a real asyncio loop."""

from __future__ import annotations

import asyncio
import os
import tty
from collections.abc import Callable, Iterator

import pytest

from drivers.console import Command, Console, ConsoleError
from tests.waiting import PATIENCE


def status(words: list[str]) -> str:
    """Show how the box is."""
    return f"fine {words}" if words else "fine"


def fail(words: list[str]) -> str:
    """Fail always."""
    raise ConsoleError("no such model")


def flood(words: list[str]) -> str:
    """Print very much."""
    return "x" * 30_000


def mumble(words: list[str]) -> str:
    """Give what is no text."""
    return "a\udcffb \x1b[2J\x07c\td \ud83d 小鹿"


def stumble(words: list[str]) -> str:
    """Raise what nobody expects."""
    raise RuntimeError("\udcff")


COMMANDS: dict[str, Command] = {
    "status": status,
    "fail": fail,
    "flood": flood,
    "mumble": mumble,
    "stumble": stumble,
}


class Terminal:
    """The other end of the line."""

    def __init__(self) -> None:
        self.fd, self.slave = os.openpty()
        tty.setraw(self.fd)
        os.set_blocking(self.fd, False)
        self.console = Console(os.ttyname(self.slave), COMMANDS)
        self.seen = b""

    def type(self, text: bytes) -> None:
        os.write(self.fd, text)

    def read(self) -> None:
        try:
            self.seen += os.read(self.fd, 65536)
        except BlockingIOError:
            return

    async def until(self, wanted: bytes) -> str:
        """Let the loop run until `wanted` has come; what has come since the last call."""
        async with asyncio.timeout(PATIENCE):
            while wanted not in self.seen:
                await asyncio.sleep(0)
                self.read()
        end = self.seen.index(wanted) + len(wanted)
        text, self.seen = self.seen[:end], self.seen[end:]
        return text.decode()

    def close(self) -> None:
        self.console.close()
        for fd in (self.fd, self.slave):
            if fd >= 0:
                os.close(fd)


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    opened = Terminal()
    yield opened
    opened.close()


def session(terminal: Terminal, *lines: bytes, then: Callable[[], None] = lambda: None) -> str:
    """Type each line, wait for the prompt after it; all that was printed."""

    async def main() -> str:
        terminal.console.serve(asyncio.get_running_loop())
        text = await terminal.until(b"lory> ")
        for line in lines:
            terminal.type(line)
            text += await terminal.until(b"\r\nlory> ")
        then()
        return text

    return asyncio.run(main())


def test_a_command_is_echoed_and_answered(terminal: Terminal) -> None:
    assert session(terminal, b"status\r") == "\r\nlory> status\r\nfine\r\nlory> "


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n"])
def test_any_line_end_is_one_line_end(terminal: Terminal, end: bytes) -> None:
    text = session(terminal, b"status" + end, b"status" + end)
    assert text.count("fine") == 2 and text.count("lory> ") == 3


def test_words_are_split_as_a_shell_does(terminal: Terminal) -> None:
    text = session(terminal, "status a 'b c' 你好\r".encode())
    assert "fine ['a', 'b c', '你好']" in text


def test_backspace_ctrl_u_and_ctrl_c_edit_the_line(terminal: Terminal) -> None:
    text = session(
        terminal, b"rubbish\x15statux\x7fs\r", b"rubbish\x03", b"stat\xe4\xbd\xa0\x08us\r"
    )
    assert text.count("fine\r\n") == 2
    assert "error" not in text


def test_errors_are_one_line(terminal: Terminal) -> None:
    text = session(terminal, b"fail\r", b"nonsense\r", b"status 'open\r", b"\r")
    assert "error: no such model\r\n" in text
    assert "error: no command 'nonsense'; try help\r\n" in text
    assert "error: No closing quotation\r\n" in text


def test_what_is_no_text_comes_with_replacements_and_the_prompt_after_it(
    terminal: Terminal,
) -> None:
    text = session(terminal, b"mumble\r", b"status\r")
    assert "a\ufffdb \ufffd[2J\ufffdc\td \ufffd 小鹿\r\n" in text
    assert text.endswith("fine\r\nlory> ")


def test_a_command_that_raises_costs_its_answer_and_no_more(terminal: Terminal) -> None:
    text = session(terminal, b"stumble\r", b"status\r")
    assert "error: RuntimeError(" in text
    assert text.endswith("fine\r\nlory> ")


def test_help_lists_commands_with_the_first_line_of_their_docstrings(terminal: Terminal) -> None:
    text = session(terminal, b"help\r")
    assert "fail     Fail always.\r\nflood    Print very much.\r\n" in text


def test_long_output_arrives_whole_through_a_slow_line(terminal: Terminal) -> None:
    assert session(terminal, b"flood\r").count("x") == 30_000


def test_output_nobody_reads_neither_blocks_nor_grows_without_bound(terminal: Terminal) -> None:
    async def main() -> str:
        terminal.console.serve(asyncio.get_running_loop())
        for _ in range(50):
            terminal.console.print("#" * 10_000)
            await asyncio.sleep(0)
        while terminal.console._unsent:  # else there is no room for what is typed next
            await asyncio.sleep(0)
            terminal.read()
        terminal.type(b"status\r")
        return await terminal.until(b"fine\r\nlory> ")

    read = asyncio.run(main())
    kept = "what fits is kept, the rest of 500,000 is dropped"
    assert 64 * 1024 <= len(read) <= 100_000, kept


def test_a_notice_leaves_the_typed_line_standing(terminal: Terminal) -> None:
    async def main() -> str:
        terminal.console.serve(asyncio.get_running_loop())
        await terminal.until(b"lory> ")
        terminal.type(b"stat")
        await terminal.until(b"stat")
        terminal.console.print("model loaded")
        notice = await terminal.until(b"lory> stat")
        terminal.type(b"us\r")
        return notice + await terminal.until(b"\r\nlory> ")

    assert asyncio.run(main()) == "\r\x1b[Kmodel loaded\r\nlory> status\r\nfine\r\nlory> "


def test_a_line_that_hangs_up_is_left_alone(terminal: Terminal) -> None:
    async def main() -> None:
        terminal.console.serve(asyncio.get_running_loop())
        await terminal.until(b"lory> ")
        os.close(terminal.slave)
        os.close(terminal.fd)
        terminal.fd = terminal.slave = -1
        async with asyncio.timeout(PATIENCE):
            while not terminal.console.lost:
                await asyncio.sleep(0)
        terminal.console.print("nobody hears")

    asyncio.run(main())


def test_closing_stops_serving_and_is_harmless_twice(terminal: Terminal) -> None:
    session(terminal, b"status\r", then=terminal.console.close)
    terminal.console.close()


def test_a_port_that_cannot_be_opened_is_an_os_error() -> None:
    with pytest.raises(OSError, match="ttyNONE"):
        Console("/dev/ttyNONE", COMMANDS)
