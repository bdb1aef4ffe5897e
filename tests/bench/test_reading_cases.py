"""The files of bench.reading."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.reading.cases import Case, CasesError, read_cases


def files(folder: Path, sentences: str, readings: str) -> tuple[Path, Path]:
    sent, lb = folder / "a.sent", folder / "a.lb"
    sent.write_text(sentences, encoding="utf-8")
    lb.write_text(readings, encoding="utf-8")
    return sent, lb


def test_a_line_is_a_sentence_with_its_marked_character(tmp_path: Path) -> None:
    cases = read_cases(*files(tmp_path, "一次▁旅▁行\n", "lu:3\n"))
    assert cases == [Case("一次旅行", 2, "lv3")]


@pytest.mark.parametrize(
    ("sentences", "readings", "told"),
    [
        ("▁还▁书\n", "", "has 1 lines"),
        ("还书\n", "huan2\n", "a.sent:1"),
        ("▁还书▁\n", "huan2\n", "a.sent:1"),
        ("▁还书\n", "huan2\n", "a.sent:1"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_line(
    tmp_path: Path, sentences: str, readings: str, told: str
) -> None:
    with pytest.raises(CasesError, match=told):
        read_cases(*files(tmp_path, sentences, readings))


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(CasesError, match="missing"):
        read_cases(tmp_path / "missing", tmp_path / "missing")
