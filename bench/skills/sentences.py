"""The sentences, what each of them asks for, and how they were heard.

`sentences.tsv` is ours; `fresh.tsv` was written by somebody who had not seen the rules, and is
never changed. `heard.tsv` holds what the default recogniser made of two voices of the default TTS.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

HERE = Path(__file__).parent
SAID_AT = datetime(2026, 11, 24, 8, 30)
"""A Tuesday."""


_SKILLS = {
    **dict.fromkeys(("alarm", "timer", "reminder"), ("alarms",)),
    **dict.fromkeys(("date", "clock"), ("clock",)),
    **dict.fromkeys(("calc", "unit"), ("calculator",)),
    **{"box": ("controls", "status"), "random": ("chance",), "list": ("lists", "remember")},
}
"""What the fresh eyes called the kinds, and the skills that are meant."""
_RULES = {
    "daily": "FREQ=DAILY",
    "workdays": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    **{
        day: f"FREQ=WEEKLY;BYDAY={day[:2].upper()}"
        for day in ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    },
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """`claimed`: a skill must claim it. `skills`, `intent`, `times` and `what` (empty: any) are who
    and what must be understood: of `times` the due moment (ISO), seconds, a rule of RFC 5545."""

    text: str
    claimed: bool
    intent: str = ""
    times: tuple[str, ...] = ()
    what: str = ""
    skills: tuple[str, ...] = ()
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was heard when `text` was said by `voice`."""

    text: str
    voice: str
    heard: str


def sentences() -> list[Sentence]:
    """All of them, in the order of the files."""
    own = [
        Sentence(text, claimed == "yes", intent, tuple(times.split()))
        for text, claimed, intent, times in _rows(HERE / "sentences.tsv")
    ]
    return own + [_fresh(*row) for row in _rows(HERE / "fresh.tsv")]


def _rows(path: Path) -> list[tuple[str, str, str, str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line.strip() and not line.startswith("#")]
    return [(*line.split("\t"), "", "", "")[:4] for line in kept]  # type: ignore[misc]


def _fresh(text: str, claimed: str, kind: str, expected: str) -> Sentence:
    fields = dict(re.findall(r"(\w+)=(.*?)(?= \w+=|$)", expected))
    named = (fields.get("due"), fields.get("seconds"), _RULES.get(fields.get("repeat", "")))
    return Sentence(
        text,
        claimed == "yes",
        fields.get("intent", "").partition("_")[0],
        tuple(time for time in named if time),
        fields.get("text", ""),
        _SKILLS.get(kind, ()),
        fresh=True,
    )


def transcripts(path: Path = HERE / "heard.tsv") -> list[Transcript]:
    """Every utterance that was made, as it was heard."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]
    return [Transcript(*row) for row in rows if len(row) == 3]
