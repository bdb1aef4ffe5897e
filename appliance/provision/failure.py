"""Why a step failed and what to do about it, read from the end of its log."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from ui.strings import Text


class Failure(NamedTuple):
    """What went wrong in a few words, and what to do. `general`: whatever is tried next fails too,
    until that is done.
    """

    what: Text
    remedy: Text
    general: bool = False


BY_HAND = Text("然后再运行 make run", "then run make run again")
BY_ITSELF = Text("会自己再试，装好的都在", "it is tried again by itself; what came stays")

# Looked for in this order: a full disk makes compilers and networks fail in many ways.
_KNOWN: tuple[tuple[str, Failure], ...] = (
    (
        r"No space left on device|Disk quota exceeded|\[Errno 28\]",
        Failure(
            Text("磁盘已满", "the disk is full"),
            Text("请腾出空间", "make room"),
            general=True,
        ),
    ),
    (
        # Above the next: pip says "Max retries exceeded" of both.
        r"too many 5\d\d error responses|HTTP error 5\d\d|5\d\d Server Error"
        r"|HTTP error 429|429 Client Error",
        Failure(
            Text("软件源太忙或出错", "the package index is busy or broken"),
            Text(
                "等一会，或换一个软件源（pip config list）",
                "wait, or use another index (pip config list)",
            ),
            general=True,
        ),
    ),
    (
        r"Temporary failure in name resolution|Name or service not known|Network is unreachable"
        r"|Connection refused|Connection reset|Failed to establish a new connection"
        r"|ProxyError|ConnectTimeout|[Rr]ead timed out|NewConnectionError|NameResolutionError"
        r"|Could not resolve|Failed to fetch|No route to host|Max retries exceeded",
        Failure(
            Text("连不上软件源", "the package index cannot be reached"),
            Text(
                "检查网络与 pip 配置（pip config list）",
                "check the network and pip's configuration (pip config list)",
            ),
            general=True,
        ),
    ),
    (
        r"Killed signal|signal 9|cannot allocate memory|virtual memory exhausted|bad_alloc",
        Failure(
            Text("编译时内存不足", "out of memory while compiling"),
            Text(
                "关掉其他程序，或退出后运行 CMAKE_BUILD_PARALLEL_LEVEL=1 make run",
                "close other programs, or run CMAKE_BUILD_PARALLEL_LEVEL=1 make run",
            ),
        ),
    ),
    (
        r"CMAKE_C(XX)?_COMPILER|[Nn]o C(\+\+)? compiler|[Cc]ould not find .*compiler"
        # One that goes away while it is at work: the shell, and the compiler's own driver.
        r"|(c\+\+|g\+\+|gcc|cc|clang|clang\+\+|ld|as): (command )?not found"
        r"|(c\+\+|g\+\+|gcc|/cc|clang\S*): No such file or directory"
        r"|cannot execute '?(cc1plus|cc1|as|ld|collect2)"
        r"|The CXX compiler identification is unknown",
        Failure(
            Text("没有 C++ 编译器", "there is no C++ compiler"),
            Text("安装编译器（Debian：apt install g++）", "install one (Debian: apt install g++)"),
        ),
    ),
    (
        r"Python\.h: No such file",
        Failure(
            Text("没有 Python 头文件", "the headers of Python are missing"),
            Text("Debian：apt install python3-dev", "Debian: apt install python3-dev"),
        ),
    ),
    (
        r"No matching distribution found|Could not find a version that satisfies",
        Failure(
            Text("软件源里没有需要的软件包", "the package index lacks a package"),
            Text("换一个软件源（pip config list）", "use another index (pip config list)"),
        ),
    ),
)


def explain(log_text: str, log: Path) -> Failure:
    """The known cause, or the last error line and where the whole log is."""
    for sign, failure in _KNOWN:
        if re.search(sign, log_text):
            return failure
    last = last_error(log_text)
    return Failure(Text(last or "失败", last or "failed"), _with_log(log))


def _with_log(log: Path) -> Text:
    return Text(f"记录在 {log}", f"the log is {log}")


def last_error(log_text: str) -> str:
    """The last line that begins like an error, else the last line."""
    lines = [line.strip() for line in log_text.splitlines() if line.strip()]
    errors = [line for line in lines if re.match(r"(ERROR|E|error):", line, re.IGNORECASE)]
    return (errors or lines or [""])[-1][:200]
