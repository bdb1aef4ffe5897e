"""One sentence to one request of alarms, timers and reminders, or to none."""

from __future__ import annotations

from datetime import datetime

from appliance.understanding.alarms.chinese_calls import call
from appliance.understanding.alarms.chinese_care import care
from appliance.understanding.alarms.chinese_nouns import named
from appliance.understanding.alarms.english import english_setting
from appliance.understanding.alarms.english_care import english_care
from appliance.understanding.alarms.requests import Request
from appliance.understanding.sketches import sketch


def parse(text: str, now: datetime | None) -> Request | None:
    """What is asked for, said at `now` (local time; None: it is not known)."""
    drawing = sketch(text)
    if any("\u3400" <= sign <= "\u9fff" for sign in drawing.drawn[:200]):
        return care(drawing, now) or named(drawing, now) or call(drawing, now)
    return english_care(drawing, now) or english_setting(drawing, now)
