"""The sentences, what each of them asks for, and how they were heard.

`sentences.tsv` is ours; `fresh.tsv` was written by somebody who had not seen the rules, and is
never changed. `heard.tsv` holds what the default recogniser made of two voices of the default TTS.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

HERE = Path(__file__).parent
SAID_AT = datetime(2026, 11, 24, 8, 30)
"""A Tuesday."""
SETS = ("sentences.tsv", "fresh.tsv")


@dataclass(frozen=True, slots=True)
class Sentence:
    """`claimed`: a skill must claim it. `intent` and `times` ("" and empty: any) are what must be
    understood: of `times` the due moment (ISO), seconds, a rule of RFC 5545."""

    text: str
    claimed: bool
    intent: str
    times: tuple[str, ...]
    fresh: bool


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was heard when `text` was said by `voice`."""

    text: str
    voice: str
    heard: str


def sentences() -> list[Sentence]:
    """All of them, in the order of the files."""
    return [one for name in SETS for one in _read(HERE / name, name == "fresh.tsv")]


def _read(path: Path, fresh: bool) -> list[Sentence]:
    if not path.exists():
        return []
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        text, claimed, intent, times = (*line.split("\t"), "", "", "")[:4]
        found.append(Sentence(text, claimed == "yes", intent, tuple(times.split()), fresh))
    return found


def transcripts(path: Path = HERE / "heard.tsv") -> list[Transcript]:
    """Every utterance that was made, as it was heard."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]
    return [Transcript(*row) for row in rows if len(row) == 3]
