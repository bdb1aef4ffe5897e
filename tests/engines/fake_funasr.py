"""FunASR's runtime server as its two implementations behave, with a script in place of a model.

Of every second of audio it "recognises" one word online; a second of zeros is a pause, at which a
segment ends.
"""

from __future__ import annotations

import contextlib
import json
import threading
from pathlib import Path
from typing import Any

import numpy as np
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, unix_serve

SECOND = 16 * 1920
"""In bytes: nearly a second, and whole frames of 60 ms."""
WORDS = ("今天", "天气", "怎么", "样")


class FakeServer:
    """`dialect` cpp or python; `acknowledges`: a newer Python one, which says `is_end`."""

    def __init__(self, path: Path, dialect: str, *, acknowledges: bool = True) -> None:
        self.hellos: list[dict[str, Any]] = []
        self.frame_lengths: set[int] = set()
        self.break_after = -1  # frames, then the connection is cut
        self._dialect, self._acknowledges = dialect, acknowledges
        self._server: Server = unix_serve(self._serve, str(path), subprotocols=["binary"])
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()

    def _serve(self, connection: ServerConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            self._talk(connection)

    def _talk(self, connection: ServerConnection) -> None:
        hello = json.loads(connection.recv())
        self.hellos.append(hello)
        if self._dialect == "python" and "chunk_size" not in hello:
            return  # drops audio
        audio = b""
        online: list[str] = []
        segments = frames = 0
        is_speaking = True
        while is_speaking:
            message = connection.recv()
            if isinstance(message, str):
                is_speaking = json.loads(message)["is_speaking"]
                break
            frames += 1
            self.frame_lengths.add(len(message))
            if frames == self.break_after:
                connection.socket.close()
                return
            audio += message
            if len(audio) < SECOND:
                continue
            second, audio = audio[:SECOND], audio[SECOND:]
            if np.frombuffer(second, "<i2").any():
                online.append(WORDS[len(online) % len(WORDS)])
                self._say(connection, "2pass-online", online[-1], self._dialect == "python")
            elif online:
                segments += 1
                self._say(
                    connection, "2pass-offline", "".join(online) + "，", self._dialect == "python"
                )
                online = []
        text = "".join(online) + "。" if online else ""
        if self._dialect == "cpp":
            self._say(connection, "2pass-offline" if text else "", text, True)
        else:
            if text:
                self._say(connection, "2pass-offline", text, True)
            if self._acknowledges:
                connection.send(json.dumps({"is_end": True}))

    @staticmethod
    def _say(connection: ServerConnection, mode: str, text: str, is_final: bool) -> None:
        reply = {"text": text, "wav_name": "lory", "is_final": is_final, "timestamp": "[[0,1]]"}
        connection.send(json.dumps({**reply, "mode": mode} if mode else reply))
