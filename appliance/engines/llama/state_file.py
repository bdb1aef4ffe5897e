"""Saved KV states: our own file around llama.cpp's bytes.

llama.cpp takes a flipped byte without a word and aborts the process on a truncated file, so
nothing reaches it that is not whole: the header holds the state's key and the SHA-256 of all that
follows. A file that does not match is as good as none.

Layout: magic, SHA-256 of the rest, length of the key (4 bytes LE), key, tokens (4 bytes LE each,
their number first), state.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MAGIC = b"LORYKV1\n"
_LENGTH = struct.Struct("<I")
_DIGEST_BYTES = hashlib.sha256().digest_size
_KEPT = 8
_SUFFIX = ".kv"


@dataclass(frozen=True, slots=True)
class SavedState:
    tokens: tuple[int, ...]
    state: bytes


def pack(key: str, saved: SavedState) -> bytes:
    name = key.encode()
    body = b"".join(
        (
            _LENGTH.pack(len(name)),
            name,
            _LENGTH.pack(len(saved.tokens)),
            struct.pack(f"<{len(saved.tokens)}I", *saved.tokens),
            saved.state,
        )
    )
    return MAGIC + hashlib.sha256(body).digest() + body


def unpack(key: str, data: bytes) -> SavedState | None:
    """What `pack` packed under this key; None for anything else."""
    start = len(MAGIC) + _DIGEST_BYTES
    body = data[start:]
    if not data.startswith(MAGIC) or hashlib.sha256(body).digest() != data[len(MAGIC) : start]:
        return None
    # The digest matches, so the lengths are those that were written.
    (length,) = _LENGTH.unpack_from(body)
    at = _LENGTH.size + length
    if body[_LENGTH.size : at] != key.encode():
        return None
    (count,) = _LENGTH.unpack_from(body, at)
    at += _LENGTH.size
    tokens = struct.unpack_from(f"<{count}I", body, at)
    return SavedState(tokens, body[at + 4 * count :])


class StateStore:
    """Saved states of one model and context in a directory, the latest few of them.

    `identity` is everything the bytes depend on beside the tokens: model, build, context and KV
    types, cut.
    """

    def __init__(self, directory: Path, identity: str) -> None:
        self._directory = directory
        self._identity = identity

    def _key(self, tokens: Sequence[int]) -> str:
        return f"{self._identity}\n{','.join(map(str, tokens))}"

    def _path(self, key: str) -> Path:
        return self._directory / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}{_SUFFIX}"

    def load(self, tokens: Sequence[int]) -> SavedState | None:
        """The state of exactly these tokens. A damaged file is removed."""
        key = self._key(tokens)
        path = self._path(key)
        try:
            data = path.read_bytes()
        except OSError:
            return None
        saved = unpack(key, data)
        if saved is None:
            with contextlib.suppress(OSError):
                path.unlink()
        return saved

    def save(self, tokens: Sequence[int], state: bytes) -> None:
        """Write atomically, then drop the oldest beyond a few.

        Raises:
            OSError: disk full, read-only; nothing half-written is left under the name.
        """
        key = self._key(tokens)
        path = self._path(key)
        self._directory.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}.new")
        try:
            with draft.open("wb") as file:
                file.write(pack(key, SavedState(tuple(tokens), state)))
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                draft.unlink()
            raise
        self._prune()

    def _prune(self) -> None:
        files = sorted(
            self._directory.glob(f"*{_SUFFIX}"), key=lambda path: path.stat().st_mtime, reverse=True
        )
        for path in files[_KEPT:]:
            path.unlink(missing_ok=True)
