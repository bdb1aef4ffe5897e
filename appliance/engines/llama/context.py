"""A KV cache over a model, and the calls that change it. Nothing here knows of chats.

Source: llama.h of llama.cpp, as llama-cpp-python 0.3.36 wraps it.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any

import llama_cpp.llama_cpp as native
import numpy as np

from appliance.engines.llama.abort import AbortFlag
from appliance.engines.llama.backend import Aborted, ContextFullError, NativeError, backend
from appliance.engines.llama.batch import Batch
from appliance.engines.llama.model import Model
from appliance.engines.llm import KvType

_KV_TYPES: dict[KvType, int] = {
    "f16": native.GGML_TYPE_F16,
    "q8_0": native.GGML_TYPE_Q8_0,
    "q4_0": native.GGML_TYPE_Q4_0,
}
_PARTIAL = native.LLAMA_STATE_SEQ_FLAGS_PARTIAL_ONLY
_ABORTED = 2
_NO_SLOT = 1


class Context:
    """A KV cache over a model, and the calls that change it.

    `size` in tokens, shared by all `sequences`; `batch` is the longest run evaluated at once.
    `whole_window`: layers that look back no further than a window keep all of it, so that what
    was read can be taken back.

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
        whole_window: bool = True,
    ) -> None:
        log = backend()
        log.drain()
        parameters = native.llama_context_default_params()
        parameters.n_ctx = size
        parameters.n_batch = parameters.n_ubatch = batch
        parameters.n_outputs_max = batch
        parameters.n_outputs_max_per_seq = batch
        parameters.n_seq_max = sequences
        parameters.kv_unified = True
        parameters.swa_full = whole_window
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
        self._batch = Batch(batch, sequences)
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

    def decode_rows(self, rows: Sequence[tuple[int, int, tuple[int, ...]]]) -> None:
        """Evaluate (token, position, sequences) rows; every row's logits are kept.

        A row of several sequences is evaluated as one of the first and shared by all.

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
        reason = backend().drain()
        if status == _ABORTED:
            raise Aborted
        if status == _NO_SLOT:
            raise ContextFullError(f"no room at position {position}: {reason}")
        raise NativeError(f"llama_decode returned {status}: {reason}")

    def logits(self, row: int) -> Any:
        """Logits of a row of the last batch: a C array of the vocabulary's size."""
        return native.llama_get_logits_ith(self._handle, row)

    def is_sound(self) -> bool:
        """Whether the last row's logits are numbers."""
        row = np.ctypeslib.as_array(self.logits(-1), shape=(self.model.vocabulary_size,))
        return not np.isnan(row).any()

    def last_logits(self) -> bytes:
        """A copy of the last row's logits, for `put_last_logits`."""
        return ctypes.string_at(self.logits(-1), self._logits_size)

    def put_last_logits(self, logits: bytes) -> None:
        """Let the last row of the last batch have these logits instead of its own."""
        ctypes.memmove(self.logits(-1), logits, self._logits_size)

    @property
    def _logits_size(self) -> int:
        return self.model.vocabulary_size * ctypes.sizeof(ctypes.c_float)

    def remove(self, sequence: int, position: int) -> bool:
        """Forget a sequence from `position` on; False where only all of it can be forgotten."""
        if not native.llama_memory_seq_rm(self._memory, sequence, position, -1):
            return False
        if position == 0:
            return True
        # A window may have moved over what the next token has to see, or over all of it (-1).
        oldest = int(native.llama_memory_seq_pos_min(self._memory, sequence))
        return 0 <= oldest <= max(0, position - max(1, self.model.window))

    def copy(self, source: int, target: int, length: int = -1) -> None:
        """Make `target` share the first `length` tokens of `source`; -1 for all."""
        native.llama_memory_seq_cp(self._memory, source, target, 0, length)

    def snapshot_size(self, sequence: int) -> int:
        """Bytes that `snapshot` would give, at most."""
        return int(native.llama_state_seq_get_size_ext(self._handle, sequence, _PARTIAL))

    def snapshot(self, sequence: int) -> bytearray:
        """What of a sequence cannot be cut at a position: recurrent states, windows."""
        size = self.snapshot_size(sequence)
        data = bytearray(size)
        buffer = (ctypes.c_uint8 * size).from_buffer(data)
        written = native.llama_state_seq_get_data_ext(
            self._handle, buffer, size, sequence, _PARTIAL
        )
        del buffer  # or the array could not be cut
        del data[written:]
        return data

    def restore(self, data: bytearray, sequence: int, length: int) -> bool:
        """Bring a sequence that began so back to its first `length` tokens, by a snapshot of then.

        False, and an empty sequence, when llama.cpp does not take it.
        """
        buffer = (ctypes.c_uint8 * len(data)).from_buffer(data)
        taken = native.llama_state_seq_set_data_ext(
            self._handle, buffer, len(data), sequence, _PARTIAL
        )
        if taken and native.llama_memory_seq_rm(self._memory, sequence, length, -1):
            return True
        self.remove(sequence, 0)
        return False

    def state_size(self, sequence: int) -> int:
        """Bytes that `state` would give, at most."""
        return int(native.llama_state_seq_get_size(self._handle, sequence))

    def state(self, sequence: int) -> bytearray:
        """A sequence as bytes, for `set_state` of an equal context."""
        size = self.state_size(sequence)
        data = bytearray(size)
        buffer = (ctypes.c_uint8 * size).from_buffer(data)
        written = native.llama_state_seq_get_data(self._handle, buffer, size, sequence)
        del buffer  # or the array could not be cut
        del data[written:]
        return data

    def set_state(self, data: bytearray | memoryview) -> bool:
        """Replace sequence 0; False, and an empty sequence, when llama.cpp does not take it.

        The data must be what `state` gave: llama.cpp checks little (see state_file).
        """
        buffer = (ctypes.c_uint8 * len(data)).from_buffer(data)
        if native.llama_state_seq_set_data(self._handle, buffer, len(data), 0):
            return True
        self.remove(0, 0)
        return False

    def close(self) -> None:
        if self._handle:
            native.llama_free(self._handle)
            self._handle = None
