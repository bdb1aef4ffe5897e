"""The weights and the vocabulary of one GGUF file."""

from __future__ import annotations

import ctypes
import itertools
import os
import re
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import llama_cpp.llama_cpp as native

from appliance.engines.llama.backend import NativeError, backend

_LINE_END = "\n"
_SPECIAL = (
    native.LLAMA_TOKEN_ATTR_UNKNOWN
    | native.LLAMA_TOKEN_ATTR_CONTROL
    | native.LLAMA_TOKEN_ATTR_USER_DEFINED
)


class Model:
    """Weights and vocabulary of one GGUF file, memory-mapped unless that is not wanted.

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
        memory_map: bool = True,
    ) -> None:
        log = backend()
        log.drain()
        parameters = native.llama_model_default_params()
        parameters.n_gpu_layers = 0
        parameters.load_mode = {
            (False, False): native.LLAMA_LOAD_MODE_NONE,
            (False, True): native.LLAMA_LOAD_MODE_MLOCK,
            (True, False): native.LLAMA_LOAD_MODE_MMAP,
            (True, True): native.LLAMA_LOAD_MODE_MMAP_MLOCK,
        }[memory_map, lock_memory]
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
        self.window = int(native.llama_model_n_swa(self._handle))  # tokens; 0: all are seen
        # What recurrent layers have read cannot be taken back.
        self.rolls_back = not (
            native.llama_model_is_recurrent(self._handle)
            or native.llama_model_is_hybrid(self._handle)
        )
        self.generates = bool(
            native.llama_model_has_decoder(self._handle)
            and not native.llama_model_has_encoder(self._handle)
            and not native.llama_model_is_diffusion(self._handle)
        )
        self._pieces: dict[int, bytes] = {}
        self._marks: dict[int, bool] = {}

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

    def tokenize(self, text: str, control: bool, follows: bool = False) -> list[int]:
        """Token ids of `text`. `control`: whether marks written in it (`is_mark`) are meant.

        `follows`: it goes on a text, so that a vocabulary that begins texts with a space adds none.
        """
        if follows and text and self._adds_space:
            return self._continued(text, control)
        tokens = self._tokenize(text, control)
        if control or not any(map(self.is_mark, tokens)):
            return tokens
        return self._spelled(text, [token for token in tokens if self.is_mark(token)])

    def _tokenize(self, text: str, control: bool) -> list[int]:
        if not text:
            return []
        data = text.encode("utf-8", "replace")
        size = len(data) + 8
        buffer = (native.llama_token * size)()
        count = native.llama_tokenize(self._vocab, data, len(data), buffer, size, False, control)
        if count < 0:
            raise NativeError(f"cannot tokenize {len(data)} bytes")
        return buffer[:count]

    def _spelled(self, text: str, marks: Sequence[int]) -> list[int]:
        """The same text with none of these `marks`, which llama.cpp finds in any text.

        It is cut inside each of them, and the pieces are tokenized one by one.
        """
        written = sorted({self.control_text(mark) for mark in marks}, key=len, reverse=True)
        cuts = {
            found.start() + 1 for found in re.finditer("|".join(map(re.escape, written)), text)
        } or set(range(1, len(text)))
        edges = [0, *sorted(cuts), len(text)]
        first, *rest = (text[start:end] for start, end in itertools.pairwise(edges))
        tokens = self.tokenize(first, control=False)
        for part in rest:
            tokens += self.tokenize(part, control=False, follows=True)
        return tokens

    @cached_property
    def _adds_space(self) -> bool:
        """Whether the vocabulary puts a space before a text (SentencePiece: `add_dummy_prefix`)."""
        first, *_ = [*self._tokenize("a", control=False), -1]
        return first >= 0 and self.piece(first).startswith(b" ")

    def _continued(self, text: str, control: bool) -> list[int]:
        before = self._tokenize(_LINE_END, control=False)
        whole = self.tokenize(_LINE_END + text, control)
        if whole[: len(before)] == before:
            return whole[len(before) :]
        return self.tokenize(text, control)

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

    def is_mark(self, token: int) -> bool:
        """Whether it is a control token or one like it, such as `<think>`: nobody types it.

        Blanks and single characters may be user-defined tokens too, and are no marks.
        """
        known = self._marks.get(token)
        if known is None:
            attributes = native.llama_vocab_get_attr(self._vocab, token)
            special = bool(attributes & _SPECIAL) and len(self.control_text(token).strip()) > 1
            known = self._marks[token] = special
        return known

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
