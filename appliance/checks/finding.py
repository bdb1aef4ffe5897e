"""One thing that was looked at, and all of them together."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from ui.strings import Text

Area = Literal[
    "program", "machine", "memory", "temperature", "battery", "clock", "storage",
    "bus", "display", "keypad", "console", "sound", "models", "files", "engines",
]  # fmt: skip

AREA_NAMES: dict[Area, Text] = {
    "program": Text("程序", "program"),
    "machine": Text("机器", "machine"),
    "memory": Text("内存", "memory"),
    "temperature": Text("温度", "temperature"),
    "battery": Text("电池", "battery"),
    "clock": Text("时钟", "clock"),
    "storage": Text("存储", "storage"),
    "bus": Text("I2C", "I2C"),
    "display": Text("显示屏", "display"),
    "keypad": Text("键盘", "keypad"),
    "console": Text("串口", "console"),
    "sound": Text("声音", "sound"),
    "models": Text("模型", "models"),
    "files": Text("文件", "files"),
    "engines": Text("引擎", "engines"),
}


class Level(StrEnum):
    """`fail`: the box cannot do its work. `warn`: it can, with something missing or slow."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


_MARKS = {Level.OK: "✓", Level.WARN: "!", Level.FAIL: "✗"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What was seen, in both languages, and what to do about it (empty: nothing)."""

    area: Area
    level: Level
    zh: str
    en: str
    todo_zh: str = ""
    todo_en: str = ""

    def what(self, language: str) -> str:
        return Text(self.zh, self.en).of(language)

    def todo(self, language: str) -> str:
        return Text(self.todo_zh, self.todo_en).of(language)


def ok(area: Area, zh: str, en: str) -> Finding:
    return Finding(area, Level.OK, zh, en)


def warn(area: Area, zh: str, en: str, todo_zh: str = "", todo_en: str = "") -> Finding:
    return Finding(area, Level.WARN, zh, en, todo_zh, todo_en)


def fail(area: Area, zh: str, en: str, todo_zh: str, todo_en: str) -> Finding:
    return Finding(area, Level.FAIL, zh, en, todo_zh, todo_en)


@dataclass(frozen=True, slots=True)
class Report:
    """All findings, in the order in which they were made."""

    findings: tuple[Finding, ...]

    @property
    def exit_status(self) -> int:
        """1 if anything failed; warnings alone are 0."""
        return int(any(finding.level is Level.FAIL for finding in self.findings))

    def count(self, level: Level) -> int:
        return sum(finding.level is level for finding in self.findings)

    def text(self, language: str) -> str:
        """For people: a mark, the area, what was seen, and below it what to do."""
        width = max((_columns(_area(f, language)) for f in self.findings), default=0)
        lines: list[str] = []
        for finding in self.findings:
            area = _pad(_area(finding, language), width)
            lines.append(f"{_MARKS[finding.level]} {area}  {finding.what(language)}")
            if todo := finding.todo(language):
                lines.append(f"{' ' * (width + 4)}→ {todo}")
        return "\n".join([*lines, "", self._summary(language)])

    def as_data(self) -> dict[str, object]:
        """For programs: the same, as JSON types."""
        return {
            "ok": self.exit_status == 0,
            "findings": [
                {
                    "area": finding.area,
                    "level": str(finding.level),
                    "zh": finding.zh,
                    "en": finding.en,
                    "todo_zh": finding.todo_zh,
                    "todo_en": finding.todo_en,
                }
                for finding in self.findings
            ],
        }

    def _summary(self, language: str) -> str:
        failed, warned = self.count(Level.FAIL), self.count(Level.WARN)
        if not failed and not warned:
            return Text("一切正常", "everything is fine").of(language)
        return Text(
            f"{failed} 项故障，{warned} 项注意",
            f"{_plural(failed, 'failure')}, {_plural(warned, 'warning')}",
        ).of(language)


def join(*groups: Iterable[Finding]) -> Report:
    """One report of all groups, in order."""
    return Report(tuple(finding for group in groups for finding in group))


def _area(finding: Finding, language: str) -> str:
    return AREA_NAMES[finding.area].of(language)


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _columns(text: str) -> int:
    """Terminal columns: full-width characters take two."""
    return sum(2 if unicodedata.east_asian_width(ch) in "WF" else 1 for ch in text)


def _pad(text: str, columns: int) -> str:
    return text + " " * (columns - _columns(text))
