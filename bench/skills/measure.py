"""Precision, recall and exactness of what is claimed; how long a claim takes."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterable
from dataclasses import dataclass

from appliance.skills.registry import Skills
from appliance.skills.skill import Claim, Said
from bench.skills.sentences import SAID_AT, Sentence


@dataclass(frozen=True, slots=True)
class Row:
    """One sentence as it was typed or heard, and what was made of it."""

    sentence: Sentence
    text: str
    claim: Claim | None
    seconds: float

    @property
    def right(self) -> bool:
        """By whom it was meant to be, and as what; where that is not named, any."""
        if self.claim is None:
            return False
        meant, claim = self.sentence, self.claim
        return meant.intent in ("", claim.intent) and claim.skill in (
            meant.skills or (claim.skill,)
        )

    @property
    def exact(self) -> bool:
        """Every time that was said was understood as it was meant."""
        return self.claim is not None and all(_told(self.claim, it) for it in self.sentence.times)


def _told(claim: Claim, wanted: str) -> bool:
    if wanted.startswith("FREQ"):
        return claim.repeat == wanted
    if wanted.lstrip("-").isdigit():
        return claim.seconds == int(wanted)
    return claim.due is not None and claim.due.isoformat().startswith(wanted)


def ask(skills: Skills, sentence: Sentence, text: str, heard: bool) -> Row:
    """Let the skills claim one sentence; the time is that of the processor, whoever else runs."""
    said = Said(text, now=SAID_AT, heard=heard)
    began = time.thread_time()
    claim = skills.claim(said)
    return Row(sentence, text, claim, time.thread_time() - began)


def figures(rows: Iterable[Row]) -> dict[str, float]:
    """`precision`: of what was claimed, what should have been, and as what it should. `recall`: of
    what should be claimed, what was. `time_exact`: of the times in what was rightly claimed."""
    rows = list(rows)
    claimed = [row for row in rows if row.claim is not None]
    wanted = [row for row in rows if row.sentence.claimed]
    right = [row for row in wanted if row.right]
    timed = [row for row in right if row.sentence.times]
    return {
        "sentences": len(rows),
        "precision": _share(
            sum(row.sentence.claimed and row.right for row in claimed), len(claimed)
        ),
        "recall": _share(len(right), len(wanted)),
        "time_exact": _share(sum(row.exact for row in timed), len(timed)),
    }


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 1.0


def p99(rows: Iterable[Row]) -> float:
    """Milliseconds of the slowest claim but one in a hundred."""
    times = sorted(row.seconds for row in rows)
    if not times:
        return 0.0
    return round(1000 * statistics.quantiles(times, n=100, method="inclusive")[98], 3)
