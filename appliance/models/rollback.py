"""Whether what a language model has read can be taken back in part, from its GGUF file alone.

A transformer's cache is cut where two prompts part. A recurrent layer (Mamba, RWKV, a linear
attention, a short convolution) keeps one state of all that it read, which only a copy made in time
brings back. Source: `llm_arch_is_recurrent`, `llm_arch_is_hybrid` and the keys of llama-arch.cpp.
"""

from __future__ import annotations

from collections.abc import Mapping

from appliance.models.catalogue import LlmModel
from appliance.models.errors import ModelError
from appliance.models.gguf import Value, read_settings
from appliance.models.store import Store

# Sections that only recurrent layers have. A model that is not known yet is known by them too.
_SECTIONS = ("ssm.", "wkv.", "shortconv.", "kda.", "token_shift_count", "full_attention_interval")
_WITHOUT_SECTION = ("minimax-01", "deepseek4")


def forgets(metadata: Mapping[str, Value]) -> bool:
    """Whether a header's metadata are those of a recurrent or hybrid model."""
    architecture = metadata.get("general.architecture", "")
    return architecture in _WITHOUT_SECTION or any(
        key.startswith(f"{architecture}.{section}") for key in metadata for section in _SECTIONS
    )


def model_forgets(model: LlmModel, store: Store) -> bool:
    """The same of a model: as it is described, or as its file says where it is installed."""
    if model.facts.cache == "snapshot":
        return True
    try:
        return forgets(read_settings(store.files(model)["model"]))
    except (ModelError, KeyError, OSError):
        return False
