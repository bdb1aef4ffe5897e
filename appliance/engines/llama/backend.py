"""llama.cpp as a library: started once, its last words kept for errors, its build named.

Source: llama.h of llama.cpp, as llama-cpp-python 0.3.36 wraps it.
"""

from __future__ import annotations

import ctypes
from collections import deque

import llama_cpp.llama_cpp as native

from appliance.errors import LoryError


class NativeError(LoryError, RuntimeError):
    """llama.cpp refused; its own last words are in the message."""


class Aborted(Exception):  # noqa: N818  (not an error: somebody asked for it)
    """A batch was stopped by the abort flag. The memory holds only what was there before."""


class ContextFullError(NativeError):
    """No room in the KV cache for the batch."""


class Log:
    """The engine's last warnings and errors, for the message of a NativeError."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=6)
        self._callback = native.llama_log_callback(self._take)
        native.llama_log_set(self._callback, ctypes.c_void_p(0))

    def _take(self, level: int, text: bytes, _data: object) -> None:
        if level in (3, 4):  # GGML_LOG_LEVEL_WARN, _ERROR
            self._lines.append(text.decode("utf-8", "replace").strip())

    def drain(self) -> str:
        lines = [line for line in self._lines if line]
        self._lines.clear()
        return "; ".join(lines) or "no reason given"


_log: Log | None = None


def backend() -> Log:
    global _log
    if _log is None:
        _log = Log()
        native.llama_backend_init()
    return _log


def build() -> str:
    """The llama.cpp build, and what its CPU back end was compiled for: part of a state's key."""
    backend()
    return f"{native.llama_version().decode()} {native.llama_print_system_info().decode()}"
