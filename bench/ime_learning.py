"""What typing teaches: repairs in one half of a domain before and after the other half was typed.

A domain is a source of the file. Both halves are seen in turn, so that every sentence counts once.
With few sentences little can be learnt: `seen` says how many were typed and repaired.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from bench.ime_repair import sentence_cost
from bench.ime_rows import Json, Row, percent, type_keys
from ui.input.engine import Engine
from ui.input.learning.user import MemoryWords

OTHERS = 3  # every so manieth sentence of the other sources is typed for what learning spoils


def learning(rows: Sequence[Row], compiled: bool = True) -> Json:
    """By source: fixes per sentence before and after. `fixed_once`: of the sentences repaired,
    those right when typed again at once. `unrelated`: sentences right of all other sources, before
    and after: what learning spoils."""
    sources: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        sources[row.source].append(row)
    result: Json = {}
    whole: Counter[str] = Counter()
    for source, found in sorted(sources.items()):
        others = [row for row in rows if row.source != source][::OTHERS]
        counts: Counter[str] = Counter()
        for seen, unseen in ((found[::2], found[1::2]), (found[1::2], found[::2])):
            if seen and unseen:
                counts += learn(Engine(MemoryWords(), compiled=compiled), seen, unseen, others)
        result[source] = fixes(counts)
        whole += counts
    return result | {
        "all": fixes(whole),
        "fixed_once": percent(whole["again"], whole["repaired"]),
        "unrelated": {
            "before": percent(whole["others_before"], whole["others"]),
            "after": percent(whole["others_after"], whole["others"]),
        },
    }


def learn(
    engine: Engine, seen: Sequence[Row], unseen: Sequence[Row], others: Sequence[Row]
) -> Counter[str]:
    """Counts of one user's life, for `fixes` and the rates."""
    counts = Counter(
        sentences=len(unseen),
        before=sum(sentence_cost(engine, row)[1] for row in unseen),
        others=len(others),
        others_before=right(engine, others),
    )
    for row in seen:
        _, repairs, composition = sentence_cost(engine, row)
        if composition.text() != row.sentence:
            continue
        composition.commit()
        engine.settle()
        counts["seen"] += 1
        counts["repaired"] += repairs > 0
        counts["again"] += repairs > 0 and type_keys(engine, row.keys).text() == row.sentence
    counts["after"] = sum(sentence_cost(engine, row)[1] for row in unseen)
    counts["others_after"] = right(engine, others)
    return counts


def right(engine: Engine, rows: Sequence[Row]) -> int:
    """Sentences that come out as they should without any fix."""
    return sum(type_keys(engine, row.keys).text() == row.sentence for row in rows)


def fixes(counts: Counter[str]) -> Json:
    """Per sentence, and the change."""
    sentences, before, after = (counts[name] for name in ("sentences", "before", "after"))
    return {
        "seen": counts["seen"] // 2,
        "before": round(before / max(sentences, 1), 3),
        "after": round(after / max(sentences, 1), 3),
        "change_percent": round(100 * (after - before) / max(before, 1), 1),
    }
