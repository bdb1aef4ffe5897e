"""How tokens may be drawn: the bounds of what somebody writes into a file.

A value beyond them makes nonsense of every answer, or cannot even be told to the engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

_BOUNDS: dict[str, tuple[float, float]] = {
    "temperature": (0.0, 5.0),
    "top_k": (-1, 1_000_000),  # 0 and -1: all tokens
    "top_p": (0.0, 1.0),
    "min_p": (0.0, 1.0),
    "repeat_penalty": (0.5, 3.0),
    "seed": (-1, 2**32 - 1),  # -1: a fresh one each turn
}
MOST_LORA = 10.0
"""Of a LoRA adapter's scale, either way: 1 is what it was trained for."""


def complaints(values: Mapping[str, float | None]) -> Iterator[str]:
    """What is wrong with samplings, by their names; None is not set."""
    for name, (low, high) in _BOUNDS.items():
        value = values.get(name)
        if value is not None and not low <= value <= high:
            yield f"sampling.{name} must be {low:.10g} to {high:.10g}, not {value:g}"
