"""Messages over a stream socket: 4-byte little-endian length, then msgpack."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from functools import cache
from typing import Any, Union

import msgspec

from appliance.errors import LoryError
from appliance.messages import Message

_LENGTH = struct.Struct("<I")
MAX_FRAME = 64 << 20


class WireError(LoryError, ValueError):
    """A frame that no version of this program writes."""


@cache
def _decoder() -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(Union[tuple(Message.__subclasses__())])  # noqa: UP007


_encoder = msgspec.msgpack.Encoder()


def encode(message: Message) -> bytes:
    """One frame, length first."""
    body = _encoder.encode(message)
    return _LENGTH.pack(len(body)) + body


def decode(body: bytes) -> Message:
    """The message in a frame's body.

    Raises:
        WireError: the body is not a message.
    """
    try:
        message: Message = _decoder().decode(body)
    except msgspec.MsgspecError as error:
        raise WireError(str(error)) from error
    return message


def frame_length(header: bytes) -> int:
    """Length of the body that follows a 4-byte header.

    Raises:
        WireError: longer than any message may be.
    """
    (length,) = _LENGTH.unpack(header)
    if length > MAX_FRAME:
        raise WireError(f"frame of {length} bytes")
    return int(length)


HEADER_BYTES = _LENGTH.size


class Channel:
    """Blocking, thread-safe for senders; one receiver."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._lock = threading.Lock()

    def send(self, message: Message) -> None:
        """Raises OSError when the other side is gone."""
        data = encode(message)
        with self._lock:
            self._socket.sendall(data)

    def receive(self) -> Message | None:
        """The next message; None when the other side closed."""
        header = self._read(HEADER_BYTES)
        if header is None:
            return None
        body = self._read(frame_length(header))
        return None if body is None else decode(body)

    def _read(self, count: int) -> bytes | None:
        parts = bytearray()
        while len(parts) < count:
            try:
                part = self._socket.recv(count - len(parts))
            except ConnectionResetError:
                return None
            if not part:
                return None
            parts += part
        return bytes(parts)

    def close(self) -> None:
        # Shut down first: closing alone does not wake a receiver blocked in another thread.
        with contextlib.suppress(OSError):  # the other side may be gone already
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


__all__ = [
    "HEADER_BYTES",
    "Channel",
    "WireError",
    "decode",
    "encode",
    "frame_length",
]
