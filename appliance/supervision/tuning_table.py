"""What `lory models tune` measured and chose, as a table for people."""

from __future__ import annotations

from appliance.supervision.llm_trial import ANSWER_TOKENS, QUESTION_TOKENS
from appliance.supervision.tuned import Tuning


def format_table(tuning: Tuning) -> str:
    """The result for people."""
    head = f"{'setting':<20} {'value':<28} {'question':>9} {'decode':>12} {'unpageable':>11}"
    lines = [tuning.model, "", head]
    last = ""
    for row in tuning.rows:
        name = row.setting if row.setting != last else ""
        last = row.setting
        question = f"{row.question:.0f} ms" if row.question else ""
        decode = f"{row.decode:.1f} tok/s" if row.decode else ""
        memory = f"{row.unpageable_mb} MB" if row.unpageable_mb else ""
        mark = "*" if row.chosen else " "
        line = f"{name:<20}{mark}{row.value:<28} {question:>9} {decode:>12} {memory:>11}"
        lines.append(f"{line}  {row.note}".rstrip())
    lines += [
        "",
        f"* in use from the next start. A question is {QUESTION_TOKENS} tokens, to the first token;"
        f" an answer {ANSWER_TOKENS}.",
        "A value other than the plain one (the first) is taken where the whole turn is at least "
        "3 % faster.",
    ]
    return "\n".join(lines)
