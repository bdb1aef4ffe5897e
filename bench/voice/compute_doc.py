"""The compute policy's table as a page of the documentation."""

from __future__ import annotations

from pathlib import Path

_HEAD = """\
# Who computes when: decode and TTS at every split of the cores

Written by `python -m bench.voice --only policy --write-table docs/compute.md`; medians, every row
measured in turn, on a machine with {cores} cores that others used too. RTF is computing time over
audio time: below 1 the voice keeps up. TTS is a process of its own, as on the box.

| LLM threads | TTS threads | decode tok/s | TTS RTF |
|---|---|---|---|
"""
_FOOT = """
The policy (`appliance/supervision/compute.py`) gives the LLM all cores while it computes alone, and
takes `cores // 4`, at least one, away while ASR or TTS runs on them. Cores that other programs keep
busy (`appliance/supervision/neighbours.py` looks every two seconds) are left to them. How threads
wait for one another, and what other work costs: [load](load.md).
"""


def write_table(path: Path, figures: dict[str, object]) -> None:
    """Needs the figures of the part `policy`."""
    rows = figures["compute_policy"]
    assert isinstance(rows, list)
    lines = [
        " | ".join(
            [
                f"| {row['llm_threads'] or '–'}",
                f"{row['tts_threads'] or '–'}",
                f"{row['decode_tok_s'] or '–'}",
                f"{row['tts_rtf'] or '–'} |",
            ]
        )
        for row in rows
    ]
    text = _HEAD.format(cores=figures["cores"]) + "\n".join(lines) + "\n" + _FOOT
    path.write_text(text, encoding="utf-8")
