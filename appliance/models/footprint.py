"""What a language model needs in memory, from its header alone, before it is loaded.

File-backed and anonymous memory are counted apart: the kernel can drop a mapped weight and read it
again, an anonymous page it cannot.
"""

from __future__ import annotations

from dataclasses import dataclass

from appliance.models.gguf import Header

_KV_BYTES = {"f16": 2.0, "q8_0": 34 / 32, "q4_0": 18 / 32}
_F32 = 4
# Of a recurrent model: one for each sequence beside which scoring reads, and the snapshots.
_STATES = 8
# Quantizations of which llama.cpp keeps a second, interleaved copy on common CPUs: Q4_0, Q4_K,
# IQ4_NL. The embedding table is looked up, not multiplied, so it is never among them.
_REPACKED = (2, 12, 20)
# Python with the binding, the vocabulary, and slack of the allocator. Measured.
_PROCESS_BYTES = 70 << 20


@dataclass(frozen=True, slots=True)
class Need:
    """Bytes."""

    file_backed: int
    repacked: int
    kv_cache: int
    compute: int
    process: int = _PROCESS_BYTES

    @property
    def anonymous(self) -> int:
        return self.repacked + self.kv_cache + self.compute + self.process

    @property
    def total(self) -> int:
        return self.file_backed + self.anonymous


def estimate(
    header: Header,
    context: int,
    batch: int = 32,
    kv_type_k: str = "f16",
    kv_type_v: str = "f16",
    repack: bool = True,
    mapped: bool = True,
) -> Need:
    """Memory need of a model at `context` tokens, evaluated in batches of `batch`.

    Weights that are not `mapped` are read into memory, where the repacked ones replace the others.
    """
    repacked = sum(
        tensor.size
        for tensor in header.tensors
        if tensor.kind in _REPACKED and len(tensor.shape) == 2 and "embd" not in tensor.name
    )
    repacked = repacked if repack else 0
    return Need(
        header.weight_bytes if mapped else 0,
        repacked if mapped else header.weight_bytes,
        _kv_bytes(header, context, kv_type_k, kv_type_v) + _STATES * _state_bytes(header),
        _compute_bytes(header, context, batch),
    )


def decode_bytes(header: Header, depth: int, kv_type_k: str = "f16", kv_type_v: str = "f16") -> int:
    """What decoding one token reads after `depth` tokens: all weights once, and the KV cache.

    The embedding table counts where it is the output matrix too; else one row of it is looked up.
    """
    looked_up = sum(tensor.size for tensor in header.tensors if tensor.name == "token_embd.weight")
    tied = all(tensor.name != "output.weight" for tensor in header.tensors)
    weights = header.weight_bytes - (0 if tied else looked_up)
    return weights + _kv_bytes(header, depth, kv_type_k, kv_type_v)


def _kv_bytes(header: Header, context: int, kv_type_k: str, kv_type_v: str) -> int:
    heads = header.number("attention.head_count", 1)
    kv_heads = header.number("attention.head_count_kv", heads)
    width = header.number("embedding_length") // max(1, heads)
    key = header.number("attention.key_length", width) * kv_heads
    value = header.number("attention.value_length", width) * kv_heads
    per_token = key * _KV_BYTES[kv_type_k] + value * _KV_BYTES[kv_type_v]
    return int(per_token * _attention_layers(header) * context)


def _attention_layers(header: Header) -> int:
    """A hybrid has a cache for some of its layers only."""
    layers = header.number("block_count")
    heads = header.metadata.get(f"{header.architecture}.attention.head_count_kv")
    if isinstance(heads, list):
        return sum(1 for count in heads if count)
    return layers // (header.number("full_attention_interval") or 1)


def _state_bytes(header: Header) -> int:
    """One state of all recurrent layers (`n_embd_r` and `n_embd_s` of llama-hparams.cpp)."""
    layers, attention = header.number("block_count"), _attention_layers(header)
    recurrent = layers - attention if 0 < attention < layers else layers
    width, heads = header.number("embedding_length"), header.number("attention.head_count", 1)
    inner, state = header.number("ssm.inner_size"), header.number("ssm.state_size")
    shifted = max(0, header.number("ssm.conv_kernel") - 1)
    kda, wkv = header.number("kda.head_dim"), header.number("wkv.head_size")
    numbers = (
        shifted * (inner + 2 * header.number("ssm.group_count") * state)
        + inner * state
        + max(0, header.number("shortconv.l_cache") - 1) * width
        + kda * heads * (3 * shifted + kda)
        + width * (header.number("token_shift_count") + wkv)
    )
    return _F32 * numbers * recurrent


def _compute_bytes(header: Header, context: int, batch: int) -> int:
    """Activations of one batch at their widest, the attention mask, and two rows of logits."""
    vocabulary = header.array_length("tokenizer.ggml.tokens")
    width = header.number("embedding_length")
    feed_forward = header.number("feed_forward_length")
    heads = header.number("attention.head_count", 1)
    activations = batch * (4 * width + 3 * feed_forward + heads * context // 8)
    logits = 2 * batch * vocabulary
    return _F32 * (activations + logits + batch * context)
