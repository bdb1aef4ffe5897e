"""What alarms, timers and reminders are called."""

from __future__ import annotations

import re

from appliance.understanding.alarms.requests import Kind

ALARM_ZH = r"(?:小?闹钟|闹铃|闹表|起床铃|叫早|叫醒|铃声?(?=$))"
TIMER_ZH = r"(?:计时器?|倒计时器?|倒计(?=[\ue001])|定时器?|番茄钟|番茄时钟|煮蛋器|倒数)"
REMINDER_ZH = r"(?:备忘提醒|日程提醒|提醒事项|提醒)"
NOUN_ZH = rf"(?:{ALARM_ZH}|{TIMER_ZH}|{REMINDER_ZH})"
ALARM_EN = r"(?:alarm clocks?|alarms?|wake[- ]?up calls?)"
TIMER_EN = r"(?:timers?|countdowns?|count down|pomodoros?)"
REMINDER_EN = r"(?:reminders?)"
NOUN_EN = rf"(?:{ALARM_EN}|{TIMER_EN}|{REMINDER_EN})"

POMODORO = 25 * 60
"""Seconds of a 番茄钟 (F. Cirillo's technique)."""

_KINDS = (
    (re.compile(rf"{TIMER_ZH}|{TIMER_EN}"), Kind.TIMER),
    (re.compile(rf"{ALARM_ZH}|{ALARM_EN}"), Kind.ALARM),
    (re.compile(rf"{REMINDER_ZH}|{REMINDER_EN}"), Kind.REMINDER),
)


def kind_of(noun: str) -> Kind:
    """What a noun names."""
    return next((kind for pattern, kind in _KINDS if pattern.search(noun)), Kind.ALARM)
