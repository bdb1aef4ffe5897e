"""Saved KV states: our own file around llama.cpp's bytes.

llama.cpp takes a flipped byte without a word and aborts the process on a truncated file, so
nothing reaches it that is not whole: the header holds the state's key and the SHA-256 of all that
follows. A file that does not match is as good as none, so a power cut may leave what it likes.

Layout: magic, SHA-256 of the rest, length of the key (4 bytes LE), key, tokens (4 bytes LE each,
their number first), state.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

MAGIC = b"LORYKV1\n"
SUFFIX = ".kv"
_DRAFT = ".new"
_LENGTH = struct.Struct("<I")
_DIGEST_BYTES = hashlib.sha256().digest_size
_CHUNK = 1 << 20
_SPARE_BYTES = 64 << 20  # left free on the disk for what cannot be rebuilt


@dataclass(frozen=True, slots=True)
class SavedState:
    """`state` is what llama.cpp wrote: tens of megabytes, so nobody copies it without need."""

    tokens: tuple[int, ...]
    state: bytearray | memoryview


def head(key: str, saved: SavedState) -> bytes:
    """Everything of a file that comes before the state."""
    name = key.encode()
    count = len(saved.tokens)
    tokens = struct.pack(f"<{count}I", *saved.tokens)
    body = b"".join((_LENGTH.pack(len(name)), name, _LENGTH.pack(count), tokens))
    digest = hashlib.sha256(body)
    digest.update(saved.state)
    return MAGIC + digest.digest() + body


def unpack(key: str, data: bytes | bytearray) -> SavedState | None:
    """What was saved under this key, a view of `data`; None for anything else."""
    start = len(MAGIC) + _DIGEST_BYTES
    body = memoryview(data)[start:]
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
    """Saved states of one model and context in a directory; at most `limit` bytes, the latest.

    `identity` is everything the bytes depend on beside the tokens: model, build, context and KV
    types, cut, adapter.
    """

    def __init__(self, directory: Path, identity: str, limit: int) -> None:
        self._directory = directory
        self._identity = identity
        self._limit = limit

    def _key(self, tokens: Sequence[int]) -> str:
        packed = struct.pack(f"<{len(tokens)}I", *tokens)
        return f"{self._identity}\n{hashlib.sha256(packed).hexdigest()}"

    def _path(self, key: str) -> Path:
        return self._directory / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}{SUFFIX}"

    def load(self, tokens: Sequence[int]) -> SavedState | None:
        """The state of exactly these tokens. A damaged file is removed."""
        key = self._key(tokens)
        path = self._path(key)
        try:
            data = bytearray(path.stat().st_size)
            with path.open("rb") as file:
                file.readinto(data)
        except OSError:
            return None
        saved = unpack(key, data)
        with contextlib.suppress(OSError):
            if saved is None:
                path.unlink()
            else:
                os.utime(path)  # used now: the last to be dropped
        return saved

    def save(
        self,
        tokens: Sequence[int],
        state: bytearray,
        give_way: Callable[[], bool] = lambda: False,
    ) -> bool:
        """Write, then drop the oldest beyond the limit. False when it gave way, nothing written.

        Raises:
            OSError: disk full, read-only; nothing half-written is left.
        """
        key = self._key(tokens)
        path = self._path(key)
        self._directory.mkdir(parents=True, exist_ok=True)
        need = len(state) + _SPARE_BYTES
        if shutil.disk_usage(self._directory).free < need:
            raise OSError(f"less than {need >> 20} MB are free in {self._directory}")
        draft = path.with_suffix(_DRAFT)
        try:
            start = head(key, SavedState(tuple(tokens), state))
            if written := self._write(draft, start, state, give_way):
                draft.replace(path)
                self._prune()
        finally:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
        return written

    @staticmethod
    def _write(draft: Path, head: bytes, state: bytearray, give_way: Callable[[], bool]) -> bool:
        view = memoryview(state)
        with draft.open("wb") as file:
            file.write(head)
            for at in range(0, len(view), _CHUNK):
                if give_way():
                    return False
                file.write(view[at : at + _CHUNK])
        return True

    def _prune(self) -> None:
        """Keep the latest within the limit; drop drafts of a process that was killed."""
        for draft in self._directory.glob(f"*{_DRAFT}"):
            draft.unlink(missing_ok=True)
        files = [(path.stat(), path) for path in self._directory.glob(f"*{SUFFIX}")]
        total = 0
        for stat, path in sorted(files, key=lambda item: item[0].st_mtime_ns, reverse=True):
            total += stat.st_size
            if total > self._limit:
                path.unlink(missing_ok=True)
