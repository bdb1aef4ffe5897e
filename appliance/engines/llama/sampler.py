"""The sampler chain: all of it native, one call per token."""

from __future__ import annotations

import secrets
from typing import Any

import llama_cpp.llama_cpp as native

from appliance.engines.llama.context import Context
from appliance.engines.llama.model import Model
from appliance.messages import Sampling

PENALTY_WINDOW = 64
_MIN_KEEP = 1


class Sampler:
    """Penalties, top-k, top-p, min-p, temperature, then a draw; greedy at temperature 0.

    The order is llama.cpp's own. A seed of -1 draws a fresh one; `seed` tells which it was.
    """

    def __init__(self, model: Model, sampling: Sampling) -> None:
        self.seed = sampling.seed if sampling.seed >= 0 else secrets.randbelow(1 << 31)
        self._chain: Any = native.llama_sampler_chain_init(
            native.llama_sampler_chain_default_params()
        )
        for stage in self._stages(model, sampling):
            native.llama_sampler_chain_add(self._chain, stage)

    def _stages(self, model: Model, sampling: Sampling) -> list[Any]:
        stages = []
        if sampling.repeat_penalty != 1.0:
            stages.append(
                native.llama_sampler_init_penalties(
                    model.vocabulary_size, PENALTY_WINDOW, sampling.repeat_penalty, 0.0, 0.0
                )
            )
        if sampling.temperature <= 0.0:
            return [*stages, native.llama_sampler_init_greedy()]
        if sampling.top_k > 0:
            stages.append(native.llama_sampler_init_top_k(sampling.top_k))
        if sampling.top_p < 1.0:
            stages.append(native.llama_sampler_init_top_p(sampling.top_p, _MIN_KEEP))
        if sampling.min_p > 0.0:
            stages.append(native.llama_sampler_init_min_p(sampling.min_p, _MIN_KEEP))
        stages.append(native.llama_sampler_init_temp(sampling.temperature))
        return [*stages, native.llama_sampler_init_dist(self.seed)]

    def sample(self, context: Context, row: int = -1) -> int:
        """The next token after a row of the last batch; -1 is the last evaluated one."""
        return int(native.llama_sampler_sample(self._chain, context.handle, row))

    def close(self) -> None:
        if self._chain:
            native.llama_sampler_free(self._chain)
            self._chain = None
