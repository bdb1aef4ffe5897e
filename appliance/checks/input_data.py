"""The input method's data: without it the box starts and types no Chinese."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from appliance.checks.finding import Finding, fail, ok
from ui.input.engine import DATA, ENGLISH
from ui.input.english import EnglishWords
from ui.input.model import DataError, Model


def check_input_data(pinyin: Path = DATA, english: Path = ENGLISH) -> Iterator[Finding]:
    """Findings about the pinyin data, read as a whole, and the English words."""
    try:
        Model(pinyin)
        EnglishWords(english)
    except DataError as error:
        yield fail(
            "program",
            f"输入法数据不能用：{error}",
            f"the input method's data cannot be used: {error}",
            "重新安装 lory",
            "install lory again",
        )
    else:
        yield ok("program", "输入法数据完好", "the input method's data is sound")
