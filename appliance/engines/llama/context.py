"""The low-level binding: a model, a context over it, batches, memory, states.

Nothing here knows of chats. Source: llama.h of llama.cpp, as llama-cpp-python 0.3.36 wraps it.
"""

from __future__ import annotations

import ctypes
import os
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

# An assertion in ggml would start gdb for its backtrace; in a worker it must just die.
os.environ.setdefault("GGML_NO_BACKTRACE", "1")

import llama_cpp.llama_cpp as native

from appliance.engines.llama.abort import AbortFlag

KvType = Literal["f16", "q8_0", "q4_0"]
_KV_TYPES: dict[KvType, int] = {
    "f16": native.GGML_TYPE_F16,
    "q8_0": native.GGML_TYPE_Q8_0,
    "q4_0": native.GGML_TYPE_Q4_0,
}
_ABORTED = 2
_NO_SLOT = 1


class NativeError(RuntimeError):
    """llama.cpp refused; its own last words are in the message."""


class Aborted(Exception):  # noqa: N818  (not an error: somebody asked for it)
    """A batch was stopped by the abort flag. The memory holds only what was there before."""


class ContextFullError(NativeError):
    """No room in the KV cache for the batch."""


class _Log:
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


_log: _Log | None = None


def _backend() -> _Log:
    global _log
    if _log is None:
        _log = _Log()
        native.llama_backend_init()
    return _log


def build() -> str:
    """The llama.cpp build, and what its CPU back end was compiled for: part of a state's key."""
    _backend()
    return f"{native.llama_version().decode()} {native.llama_print_system_info().decode()}"


class Model:
    """Weights and vocabulary of one GGUF file, memory-mapped.

    `progress` gets 0..1 while loading, in steps that may be two seconds apart. `repack` lets
    llama.cpp keep a second copy of some weights in the order the CPU likes: faster prefill, more
    anonymous memory.

    Raises:
        NativeError: llama.cpp cannot load the file.
    """

    def __init__(
        self,
        path: Path,
        progress: Callable[[float], None] | None = None,
        repack: bool = True,
        lock_memory: bool = False,
    ) -> None:
        log = _backend()
        log.drain()
        parameters = native.llama_model_default_params()
        parameters.n_gpu_layers = 0
        parameters.load_mode = (
            native.LLAMA_LOAD_MODE_MMAP_MLOCK if lock_memory else native.LLAMA_LOAD_MODE_MMAP
        )
        parameters.use_extra_bufts = repack

        def report(fraction: float, _data: object) -> bool:
            if progress is not None:
                progress(fraction)
            return True

        callback = native.llama_progress_callback(report)
        parameters.progress_callback = callback
        self._handle: Any = native.llama_model_load_from_file(os.fsencode(path), parameters)
        if not self._handle:
            raise NativeError(f"llama.cpp cannot load {path.name}: {log.drain()}")
        self._vocab: Any = native.llama_model_get_vocab(self._handle)
        self.vocabulary_size = int(native.llama_vocab_n_tokens(self._vocab))
        self.trained_context = int(native.llama_model_n_ctx_train(self._handle))
        self.layers = int(native.llama_model_n_layer(self._handle))
        self._pieces: dict[int, bytes] = {}

    @property
    def handle(self) -> Any:
        return self._handle

    @property
    def vocab(self) -> Any:
        return self._vocab

    @property
    def description(self) -> str:
        """Such as `qwen2 1.5B Q4_K - Medium`."""
        buffer = ctypes.create_string_buffer(256)
        native.llama_model_desc(self._handle, buffer, len(buffer))
        return buffer.value.decode("utf-8", "replace")

    def tokenize(self, text: str, control: bool) -> list[int]:
        """Token ids of `text`. `control`: whether control tokens written in it are meant."""
        if not text:
            return []
        data = text.encode("utf-8", "replace")
        size = len(data) + 8
        buffer = (native.llama_token * size)()
        count = native.llama_tokenize(self._vocab, data, len(data), buffer, size, False, control)
        if count < 0:
            raise NativeError(f"cannot tokenize {len(data)} bytes")
        return buffer[:count]

    def piece(self, token: int) -> bytes:
        """The bytes a token stands for; empty for a control token."""
        known = self._pieces.get(token)
        if known is None:
            known = self._pieces[token] = self._piece(token, special=False)
        return known

    def control_text(self, token: int) -> str:
        """How a token is written in a template, control tokens too; empty for none (-1)."""
        return self._piece(token, special=True).decode("utf-8", "replace") if token >= 0 else ""

    def _piece(self, token: int, special: bool) -> bytes:
        size = 64
        while True:
            buffer = ctypes.create_string_buffer(size)
            count = native.llama_token_to_piece(self._vocab, token, buffer, size, 0, special)
            if count >= 0:
                return buffer.raw[:count]
            size = -count

    def is_end(self, token: int) -> bool:
        """Whether the token ends a generation."""
        return bool(native.llama_vocab_is_eog(self._vocab, token))

    def is_control(self, token: int) -> bool:
        return bool(native.llama_vocab_is_control(self._vocab, token))

    @property
    def begin_token(self) -> int:
        return int(native.llama_vocab_bos(self._vocab))

    @property
    def end_token(self) -> int:
        return int(native.llama_vocab_eos(self._vocab))

    @property
    def wants_begin(self) -> bool:
        """Whether every sequence must start with `begin_token`."""
        return bool(native.llama_vocab_get_add_bos(self._vocab))

    def close(self) -> None:
        if self._handle:
            native.llama_model_free(self._handle)
            self._handle = None


class Batch:
    """Room for `size` tokens, filled anew for every call."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._tokens = (native.llama_token * size)()
        self._positions = (native.llama_pos * size)()
        self._counts = (ctypes.c_int32 * size)(*([1] * size))
        self._sequences = (native.llama_seq_id * size)()
        pointer = ctypes.POINTER(native.llama_seq_id)
        width = ctypes.sizeof(native.llama_seq_id)
        base = ctypes.addressof(self._sequences)
        self._pointers = (pointer * size)(
            *(ctypes.cast(base + index * width, pointer) for index in range(size))
        )
        self._outputs = (ctypes.c_int8 * size)()
        self.native = native.llama_batch(
            0,
            ctypes.cast(self._tokens, ctypes.POINTER(native.llama_token)),
            None,
            ctypes.cast(self._positions, ctypes.POINTER(native.llama_pos)),
            ctypes.cast(self._counts, ctypes.POINTER(ctypes.c_int32)),
            ctypes.cast(self._pointers, ctypes.POINTER(pointer)),
            ctypes.cast(self._outputs, ctypes.POINTER(ctypes.c_int8)),
        )

    def fill(self, tokens: Sequence[int], position: int) -> None:
        """A run of sequence 0 from `position`; only the last token's logits are wanted."""
        count = len(tokens)
        self._tokens[:count] = list(tokens)
        self._positions[:count] = list(range(position, position + count))
        self._sequences[:count] = [0] * count
        self._outputs[:count] = [*([0] * (count - 1)), 1]
        self.native.n_tokens = count

    def fill_rows(self, rows: Sequence[tuple[int, int, int]]) -> None:
        """Rows of (token, position, sequence), every row's logits wanted."""
        count = len(rows)
        self._tokens[:count] = [row[0] for row in rows]
        self._positions[:count] = [row[1] for row in rows]
        self._sequences[:count] = [row[2] for row in rows]
        self._outputs[:count] = [1] * count
        self.native.n_tokens = count

    def step(self, token: int, position: int) -> None:
        """One token. Only for a batch of size 1 that was filled once."""
        self._tokens[0] = token
        self._positions[0] = position


class Context:
    """A KV cache over a model, and the calls that change it.

    `size` in tokens, shared by all `sequences`; `batch` is the longest run evaluated at once.

    Raises:
        NativeError: no memory for it, or a KV type the model does not take.
    """

    def __init__(
        self,
        model: Model,
        size: int,
        batch: int,
        threads: int,
        batch_threads: int,
        abort: AbortFlag,
        kv_type_k: KvType = "f16",
        kv_type_v: KvType = "f16",
        sequences: int = 8,
        flash_attention: bool | None = None,
    ) -> None:
        log = _backend()
        log.drain()
        parameters = native.llama_context_default_params()
        parameters.n_ctx = size
        parameters.n_batch = parameters.n_ubatch = batch
        parameters.n_outputs_max = batch
        parameters.n_outputs_max_per_seq = batch
        parameters.n_seq_max = sequences
        parameters.kv_unified = True
        parameters.n_threads = threads
        parameters.n_threads_batch = batch_threads
        parameters.type_k = _KV_TYPES[kv_type_k]
        parameters.type_v = _KV_TYPES[kv_type_v]
        parameters.flash_attn_type = {
            None: native.LLAMA_FLASH_ATTN_TYPE_AUTO,
            True: native.LLAMA_FLASH_ATTN_TYPE_ENABLED,
            False: native.LLAMA_FLASH_ATTN_TYPE_DISABLED,
        }[flash_attention]
        parameters.abort_callback = abort.callback(native.ggml_abort_callback)
        parameters.abort_callback_data = abort.address
        self._abort = abort  # its buffer must live as long as the context
        self.model = model
        self._handle: Any = native.llama_init_from_model(model.handle, parameters)
        if not self._handle:
            raise NativeError(f"no context of {size} tokens: {log.drain()}")
        self._memory = native.llama_get_memory(self._handle)
        self.size = int(native.llama_n_ctx(self._handle))
        self.batch_size = batch
        self._batch = Batch(batch)
        self._step = Batch(1)
        self._step.fill([0], 0)

    @property
    def handle(self) -> Any:
        return self._handle

    def set_threads(self, threads: int, batch_threads: int) -> None:
        native.llama_set_n_threads(self._handle, threads, batch_threads)

    def decode(self, tokens: Sequence[int], position: int) -> None:
        """Evaluate a run of sequence 0 in one batch; its last token's logits are kept.

        Raises:
            Aborted: the abort flag was set; nothing of the run is left in the memory.
            ContextFullError: no room.
            NativeError: anything else.
        """
        self._batch.fill(tokens, position)
        self._run(self._batch, 0, position)

    def decode_one(self, token: int, position: int) -> None:
        """The same for one token, with as little Python as possible."""
        self._step.step(token, position)
        status = native.llama_decode(self._handle, self._step.native)
        if status:
            self._failed(status, 0, position)

    def decode_rows(self, rows: Sequence[tuple[int, int, int]]) -> None:
        """Evaluate (token, position, sequence) rows; every row's logits are kept.

        After an abort the caller removes the sequences it used.
        """
        self._batch.fill_rows(rows)
        self._run(self._batch, -1, 0)

    def _run(self, batch: Batch, sequence: int, position: int) -> None:
        status = native.llama_decode(self._handle, batch.native)
        if status:
            self._failed(status, sequence, position)

    def _failed(self, status: int, sequence: int, position: int) -> None:
        if sequence >= 0:
            self.remove(sequence, position)
        reason = _backend().drain()
        if status == _ABORTED:
            raise Aborted
        if status == _NO_SLOT:
            raise ContextFullError(f"no room at position {position}: {reason}")
        raise NativeError(f"llama_decode returned {status}: {reason}")

    def logits(self, row: int) -> Any:
        """Logits of a row of the last batch: a C array of the vocabulary's size."""
        return native.llama_get_logits_ith(self._handle, row)

    def remove(self, sequence: int, position: int) -> bool:
        """Forget a sequence from `position` on; False where only all of it can be forgotten."""
        return bool(native.llama_memory_seq_rm(self._memory, sequence, position, -1))

    def copy(self, source: int, target: int, length: int = -1) -> None:
        """Make `target` share the first `length` tokens of `source`; -1 for all."""
        native.llama_memory_seq_cp(self._memory, source, target, 0, length)

    def state(self, sequence: int) -> bytes:
        """A sequence as bytes, for `set_state` of an equal context."""
        size = native.llama_state_seq_get_size(self._handle, sequence)
        buffer = (ctypes.c_uint8 * size)()
        written = native.llama_state_seq_get_data(self._handle, buffer, size, sequence)
        return bytes(memoryview(buffer)[:written])

    def set_state(self, data: bytes) -> bool:
        """Replace sequence 0; False, and an empty sequence, when llama.cpp does not take it.

        The data must be what `state` gave: llama.cpp checks little (see state_file).
        """
        buffer = (ctypes.c_uint8 * len(data)).from_buffer_copy(data)
        if native.llama_state_seq_set_data(self._handle, buffer, len(data), 0):
            return True
        self.remove(0, 0)
        return False

    def close(self) -> None:
        if self._handle:
            native.llama_free(self._handle)
            self._handle = None
