"""CER and the folder format of bench.asr."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.asr import BenchError, main, read_truth
from bench.cer import errors, total


@pytest.mark.parametrize(
    ("truth", "heard", "edits", "characters"),
    [
        ("你好，世界。", "你好世界", 0, 4),
        ("早上七点", "早上7点", 0, 4),
        ("你好世界", "你号世", 2, 4),
        ("你好", "", 2, 2),
        ("", "你", 1, 0),
        ("WiFi", "wifi", 0, 4),
    ],
)
def test_cer_counts_what_is_spoken(truth: str, heard: str, edits: int, characters: int) -> None:
    result = errors(truth, heard)
    assert (result.edits, result.characters) == (edits, characters)


def test_a_set_is_the_sum_of_its_files() -> None:
    assert total([errors("一二三四", "一二三四"), errors("五六", "五")]).rate == pytest.approx(
        1 / 6
    )


def test_truth_is_file_tab_text(tmp_path: Path) -> None:
    (tmp_path / "truth.tsv").write_text("# made by hand\na.wav\t你好\n\nb.wav\t世界\n")
    assert [(path.name, text) for path, text in read_truth(tmp_path)] == [
        ("a.wav", "你好"),
        ("b.wav", "世界"),
    ]


@pytest.mark.parametrize("content", ["a.wav 你好\n", "", "# nothing\n"])
def test_a_bad_truth_file_says_so(tmp_path: Path, content: str) -> None:
    (tmp_path / "truth.tsv").write_text(content)
    with pytest.raises(BenchError, match=r"truth\.tsv"):
        read_truth(tmp_path)


def test_a_folder_without_truth_is_one_line_and_exit_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path)]) == 1
    assert capsys.readouterr().err.startswith("bench.asr: ")


@pytest.mark.parametrize(
    ("truth", "heard", "edits"),
    [
        ("我的电话是幺三八零零一三八零零零", "我的电话是1380013800", 1),
        ("房间号是三零二", "房间号是302", 0),
        ("一共三百零二块", "一共302块", 0),
        ("密码是一二三四五六", "密码是12345", 1),
        ("今天七点", "今天7点", 0),
    ],
)
def test_a_missing_digit_costs_one_character(truth: str, heard: str, edits: int) -> None:
    assert errors(truth, heard).edits == edits


def test_digits_of_the_truth_are_held_against_hanzi_that_were_heard() -> None:
    assert errors("班级302", "班级三零二").edits == 0
    assert errors("10086", "幺零零八六").edits == 0
    assert errors("1000米", "一千米").edits == 0
    assert errors("10086", "一零零八").edits == 1
