"""FunASR's runtime server over WebSocket, 2-pass: partials as one speaks, then the final text.

Two servers speak two dialects. The C++ one (`funasr-wss-server-2pass`) takes hot words as a JSON
object inside a string and ends an utterance with `is_final: true`. The Python one
(`funasr_wss_server.py`) takes plain words, sets `is_final` on every message, and at the end either
acknowledges (`is_end`) or, in its older versions, falls silent. Both send the running text in
pieces (`2pass-online`) and each finished segment whole (`2pass-offline`).
"""

from __future__ import annotations

import contextlib
import re
import time
from typing import Any, ClassVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from appliance.engines.asr import AsrConfig, require_rate
from appliance.engines.errors import EngineMissingError, ServerAwayError
from appliance.speech.transcript import tidy

_CHUNK = (5, 10, 5)  # of 60 ms: look-back, chunk, look-ahead
_INTERVAL = 10
_FRAME_BYTES = 60 * _CHUNK[1] // _INTERVAL * 16 * 2
_OPEN_SECONDS = 5.0
_END_SECONDS = 10.0  # for the last segment; then what there is counts
_OUTSTANDING_SECONDS = 2.0  # for the final form of what was already heard
_HOT_WORD_WEIGHT = 20
_BLANKS = re.compile(r"\s+")
_SIGNS = re.compile(r"[\W_]+")
_LEADING = " ，。、！？；：,.!?;:"


class Reply(msgspec.Struct, frozen=True):
    """What is read of a server's message; other fields are ignored."""

    mode: str | None = None
    text: str | None = None
    is_final: bool | None = None
    is_end: bool | None = None


class FunAsrServer:
    """A `Recogniser`; one connection an utterance. Readiness is asked: by opening one.

    Raises:
        EngineMissingError: `websockets` is not installed.
        ServerAwayError: nobody answers at the address, or no WebSocket server does.
    """

    quiet_seconds: ClassVar[float]
    """After the end was told: silence that long is the server's way to say that it is done."""

    def __init__(self, config: AsrConfig) -> None:
        self._address = config.server
        self._socket: Any = None
        self._open = contextlib.ExitStack()
        self._unsent = b""
        self._done = self._running = ""
        self._ending = self._complete = False
        self._connect()
        self._disconnect()

    def reset(self, language: str = "", hot_words: tuple[str, ...] = ()) -> None:
        """See `appliance.engines.asr.Recogniser`. The language is the server's."""
        self._disconnect()
        self._begin()
        self._connect()
        self._send(msgspec.json.encode(self._hello(hot_words)).decode())

    def accept(self, samples: NDArray[np.float32], rate: int) -> None:
        """See `appliance.engines.asr.Recogniser`."""
        require_rate(rate)
        whole = np.round(np.clip(samples, -1.0, 1.0) * 32767).astype("<i2")
        self._unsent += whole.tobytes()
        while len(self._unsent) >= _FRAME_BYTES:
            self._send(self._unsent[:_FRAME_BYTES])
            self._unsent = self._unsent[_FRAME_BYTES:]

    def partial(self) -> str:
        """See `appliance.engines.asr.Recogniser`. What has come so far."""
        while self._receive(0.0) is not None:
            pass
        return self._text()

    def finish(self) -> str:
        """See `appliance.engines.asr.Recogniser`."""
        if self._unsent:
            self._send(self._unsent)
        self._send('{"is_speaking": false, "is_end": true}')
        self._ending = True
        deadline = time.monotonic() + _END_SECONDS
        while not self._complete and time.monotonic() < deadline:
            # What was heard meanwhile is an answer, too: nobody waits long for a better one.
            quiet = _OUTSTANDING_SECONDS if self._running else self.quiet_seconds
            if self._receive(min(quiet, deadline - time.monotonic())) is None:
                break
        self._disconnect()
        return self._text()

    # ------------------------------------------------------------ the dialects

    def _hot_words(self, words: tuple[str, ...]) -> str:
        raise NotImplementedError

    def _is_end(self, reply: Reply) -> bool:
        raise NotImplementedError

    # ------------------------------------------------------------ the connection

    def _begin(self) -> None:
        self._unsent = b""
        self._done = self._running = ""
        self._ending = self._complete = False

    def _hello(self, hot_words: tuple[str, ...]) -> dict[str, object]:
        return {
            "mode": "2pass",
            "chunk_size": list(_CHUNK),
            "chunk_interval": _INTERVAL,
            "encoder_chunk_look_back": 4,
            "decoder_chunk_look_back": 1,
            "audio_fs": 16000,
            "wav_name": "lory",
            "wav_format": "pcm",
            "is_speaking": True,
            "hotwords": self._hot_words(hot_words),
            "itn": True,
        }

    def _connect(self) -> None:
        try:
            from websockets.exceptions import WebSocketException
            from websockets.sync.client import connect, unix_connect
        except ImportError as error:
            raise EngineMissingError(f"pip install 'lory[funasr-server]': {error}") from error
        options: dict[str, Any] = {
            "subprotocols": ["binary"],
            "open_timeout": _OPEN_SECONDS,
            "close_timeout": 0.2,
            "ping_interval": None,
            "max_size": 1 << 20,
        }
        scheme, _, rest = self._address.partition(":")
        try:
            if scheme == "unix":
                dialled = unix_connect(rest, uri="ws://localhost/", **options)
            else:
                dialled = connect(self._address, proxy=None, **options)
            self._socket = self._open.enter_context(dialled)
        # AssertionError: websockets' own, when a stranger hangs up while our request is sent.
        except (OSError, WebSocketException, ValueError, AssertionError) as error:
            raise ServerAwayError(f"{self._address}: {error}") from error

    def _disconnect(self) -> None:
        self._socket = None
        with contextlib.suppress(OSError):
            self._open.close()

    def _send(self, data: str | bytes) -> None:
        from websockets.exceptions import WebSocketException

        if self._socket is None:
            raise ServerAwayError(f"{self._address}: not connected")
        try:
            self._socket.send(data)
        except (OSError, WebSocketException) as error:
            raise ServerAwayError(f"{self._address}: {error}") from error

    def _receive(self, timeout: float) -> Reply | None:
        """One reply taken in; None when none comes within `timeout`, or none will ever."""
        from websockets.exceptions import ConnectionClosed

        try:
            raw = self._socket.recv(timeout=timeout)
            reply = msgspec.json.decode(raw, type=Reply)
        except TimeoutError:
            return None
        except ConnectionClosed as error:
            if self._ending:
                self._complete = True
                return None
            raise ServerAwayError(f"{self._address}: {error}") from error
        except msgspec.DecodeError as error:
            raise ServerAwayError(f"{self._address} is no FunASR server: {error}") from error
        self._take(reply)
        return reply

    def _take(self, reply: Reply) -> None:
        text = reply.text or ""
        if (reply.mode or "").endswith("online"):
            self._running += text
        elif text:
            before, after = _around(self._running, text)
            self._done = _joined(self._done, before + text)
            self._running = after
        self._complete = self._ending and self._is_end(reply)

    def _text(self) -> str:
        return tidy(_joined(self._done, self._running).lstrip(_LEADING))


def _around(running: str, final: str) -> tuple[str, str]:
    """What of the running text stands before and after the part that `final` is the final form of.

    A segment may begin late, or end while the next is already heard: what only the running text
    has is kept. Where its final form reads otherwise, it replaces all of it.
    """
    heard, core = _BLANKS.sub("", running), _SIGNS.sub("", final)
    place = heard.find(core) if core else -1
    return (heard[:place], heard[place + len(core) :]) if place >= 0 else ("", "")


def _joined(done: str, more: str) -> str:
    """Some models begin a segment with the mark that ends the one before."""
    if done and done[-1] in _LEADING and more[:1] in _LEADING[1:]:
        more = more.lstrip(_LEADING)
    return done + more


class CppServer(FunAsrServer):
    """`funasr-wss-server-2pass`."""

    quiet_seconds = _END_SECONDS

    def _hot_words(self, words: tuple[str, ...]) -> str:
        return msgspec.json.encode(dict.fromkeys(words, _HOT_WORD_WEIGHT)).decode()

    def _is_end(self, reply: Reply) -> bool:
        return bool(reply.is_final)


class PythonServer(FunAsrServer):
    """`funasr_wss_server.py`."""

    quiet_seconds = 2.0

    def _hot_words(self, words: tuple[str, ...]) -> str:
        return " ".join(words)

    def _is_end(self, reply: Reply) -> bool:
        return bool(reply.is_end)
