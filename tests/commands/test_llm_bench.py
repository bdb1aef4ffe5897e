"""`lory bench llm`: what it records, and how it is shown."""

from __future__ import annotations

from pathlib import Path

import msgspec

from appliance.commands.llm_bench import format_table, measure
from appliance.engines.llm import LlmOptions


def test_every_length_that_fits_is_measured_and_both_ends_of_the_context(tiny_path: Path) -> None:
    options = LlmOptions(str(tiny_path), context=512, threads=1, block=16)
    said: list[str] = []
    found = measure(options, report=said.append, repeats=1)
    assert set(found.prefill) == {16, 64, 256}
    assert "decode after 480 tokens" in said
    assert min(*found.prefill.values(), found.decode, found.decode_full, found.load_seconds) > 0
    assert found.anonymous_mb > 0 and found.predicted_mb > 0
    assert (found.threads, found.block, found.context) == (1, 16, 512)
    assert {"frequencies", "celsius", "build"} <= set(msgspec.to_builtins(found))
    table = format_table(found)
    assert all(f"prefill, {length} tokens" in table for length in found.prefill)
    assert "context empty" in table and "context full" in table
