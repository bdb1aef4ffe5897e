"""The last turn's latency, step by step, for its page on the glass."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from appliance.dialogue.conductor import Conductor
from ui.screens.selftest import Check, SelfTestRow
from ui.strings import TEXTS


def latency_rows(conductor: Conductor) -> tuple[SelfTestRow, ...]:
    """One row a step that was measured, each from the end of the one before, and their sum."""
    answer = conductor.answer
    if answer is None:
        return (SelfTestRow(conductor.teller.say("hint.no-answer")),)
    rows = list(seconds_rows(conductor.teller.say, answer.timing.seconds()))
    stats = answer.stats
    if stats is not None and stats.decode_seconds > 0:
        fed = f"{stats.tokens_in - stats.tokens_reused}/{stats.tokens_in}"
        rows.append(SelfTestRow(conductor.teller.say("latency.prefilled"), fed, Check.OK))
        speed = f"{stats.tokens_out / stats.decode_seconds:.1f} tok/s"
        rows.append(SelfTestRow(conductor.teller.say("latency.decode"), speed, Check.OK))
    return tuple(rows)


def seconds_rows(
    say: Callable[[str], str], seconds: Mapping[str, float]
) -> tuple[SelfTestRow, ...]:
    """One row a step of a turn's record; steps that are not told any more are left out."""
    return tuple(
        SelfTestRow(say(key), f"{value:.2f} s", Check.OK)
        for name, value in seconds.items()
        if (key := f"latency.{name}") in TEXTS
    )
