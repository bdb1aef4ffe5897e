"""The PCM link: the audio worker listens on a Unix socket, asr and tts connect, and come back.

Same framing as between main and the workers. A worker that dies and is restarted connects again;
so does one whose audio worker was restarted.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from appliance.messages import Message, PcmHello
from appliance.workers.channel import Channel, WireError

Role = Literal["asr", "tts"]

_SEND_TIMEOUT = struct.pack("ll", 5, 0)  # a peer that reads nothing for 5 s is gone
_FIRST_RETRY, _LAST_RETRY = 0.05, 1.0


OnConnect = Callable[[Role, Callable[[], None]], None]


class PcmServer:
    """The audio worker's end. Callbacks run on the connection's own thread.

    `on_connect` gets the role and `admit`: from the moment it calls that, `send` reaches the
    newcomer. What came before it must be told of, it tells after `admit` and before anything else
    can be sent, else the newcomer would hear a part of it twice.
    """

    def __init__(
        self,
        path: str,
        on_message: Callable[[Role, Message], None],
        on_connect: OnConnect,
    ) -> None:
        self._path = Path(path)
        self._on_message = on_message
        self._on_connect = on_connect
        self._clients: dict[str, Channel] = {}
        self._closed = False
        self._lock = threading.Lock()
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()  # left by a worker that was killed
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(path)
        self._path.chmod(0o600)
        self._listener.listen(4)

    def start(self) -> None:
        """Accept from now on."""
        threading.Thread(target=self._accept, name="pcm-accept", daemon=True).start()

    def send(self, role: Role, message: Message) -> bool:
        """False when nobody of that role is connected, or it stopped reading."""
        with self._lock:
            client = self._clients.get(role)
        if client is None:
            return False
        try:
            client.send(message)
        except OSError:
            self._drop(role, client)
            return False
        return True

    def close(self) -> None:
        """Close everything and remove the socket."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            self._closed = True
            clients = list(self._clients.values())
        for client in clients:
            client.close()
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _SEND_TIMEOUT)
            threading.Thread(
                target=self._serve, args=(Channel(connection),), name="pcm", daemon=True
            ).start()

    def _serve(self, channel: Channel) -> None:
        role: Role | None = None
        try:
            hello = channel.receive()
            if isinstance(hello, PcmHello):
                role = hello.role
                self._take(role, channel)
                while (message := channel.receive()) is not None:
                    self._on_message(role, message)
        except (OSError, WireError):
            pass  # the same as a peer that is gone: it may connect again
        finally:
            if role is not None:
                self._drop(role, channel)
            channel.close()

    def _take(self, role: Role, channel: Channel) -> None:
        def admit() -> None:
            with self._lock:
                if self._closed:  # meanwhile: nobody else would let the newcomer go
                    channel.close()
                    return
                former = self._clients.get(role)
                self._clients[role] = channel
            if former is not None:
                former.close()

        self._on_connect(role, admit)

    def _drop(self, role: Role, channel: Channel) -> None:
        with self._lock:
            if self._clients.get(role) is channel:
                del self._clients[role]


class PcmClient:
    """A recogniser's or synthesiser's end; connects, and connects again, on its own thread."""

    def __init__(
        self,
        path: str,
        role: Role,
        on_message: Callable[[Message], None],
        on_lost: Callable[[], None],
    ) -> None:
        self._path, self._role = path, role
        self._on_message, self._on_lost = on_message, on_lost
        self._channel: Channel | None = None
        self._closed = threading.Event()
        self.connected = threading.Event()
        threading.Thread(target=self._run, name="pcm", daemon=True).start()

    def send(self, message: Message) -> bool:
        """False when there is no connection."""
        channel = self._channel
        if channel is None:
            return False
        try:
            channel.send(message)
        except OSError:
            return False
        return True

    def close(self) -> None:
        """Connect no more."""
        self._closed.set()
        if self._channel is not None:
            self._channel.close()

    def _run(self) -> None:
        wait = _FIRST_RETRY
        while not self._closed.is_set():
            channel = self._connect()
            if channel is None:
                self._closed.wait(wait)
                wait = min(_LAST_RETRY, 2 * wait)
                continue
            wait = _FIRST_RETRY
            self._serve(channel)

    def _connect(self) -> Channel | None:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(self._path)
            channel = Channel(connection)
            channel.send(PcmHello(self._role))
        except OSError:
            connection.close()
            return None
        return channel

    def _serve(self, channel: Channel) -> None:
        self._channel = channel
        if self._closed.is_set():  # while it connected: `close` had nothing to close yet
            channel.close()
            return
        self.connected.set()
        try:
            while (message := channel.receive()) is not None:
                self._on_message(message)
        except (OSError, WireError):
            pass  # the audio worker is gone, or was never one: connect again
        self._channel = None
        self.connected.clear()
        channel.close()
        self._on_lost()
