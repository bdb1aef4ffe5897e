"""The bench of the input method: its measures on things that can be counted by hand."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.ime_learning import learning
from bench.ime_repair import keystrokes, reach, sentence_cost, word_cost
from bench.ime_rerank import second_opinions
from bench.ime_rows import DEV, Row, distance, quantile, read_rows, segment, type_keys, wrong_words
from ui.input.engine import Engine

HELLO = Row("你好", ("ni", "hao"), "64426", "x")


def test_the_development_set_is_read_whole() -> None:
    rows = read_rows(DEV)
    assert len(rows) == 500
    assert {row.source for row in rows} == {"crosswoz", "tatoeba-q", "tatoeba-s", "xsid"}


@pytest.mark.parametrize("text", ["", "# only a comment\n", "你好\n", "你好\tni hao\t6442x\ts\n"])
def test_a_file_of_another_form_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "rows.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"rows\.tsv"):
        read_rows(path)


def test_distance_counts_insertions_deletions_and_replacements() -> None:
    assert distance("今天天气", "今天天气") == 0
    assert distance("今天天气", "今天气") == 1
    assert distance("早上", "晚上") == 1
    assert distance("", "好") == 1


def test_quantiles_are_values_that_were_seen() -> None:
    assert quantile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert quantile([], 0.5) == 0.0


def test_a_sentence_that_is_right_at_once_costs_its_keys_and_one(engine: Engine) -> None:
    assert sentence_cost(engine, HELLO)[:2] == (6, 0)


def test_word_by_word_each_word_is_accepted(engine: Engine) -> None:
    assert segment(engine, HELLO) == [("你", "64"), ("好", "426")]
    assert word_cost(engine, HELLO) == 2 + 1 + 3 + 1


def test_a_repair_costs_opening_the_choice_and_the_pick(engine: Engine) -> None:
    row = Row("早上", ("zao", "shang"), "92674264", "x")
    cost, fixes, composition = sentence_cost(engine, row)
    assert (cost, fixes) == (8 + 1 + 1 + 1, 1)
    assert composition.text() == "早上"


def test_typing_hanzi_by_hanzi_costs_more(engine: Engine) -> None:
    result = keystrokes(engine, read_rows(DEV)[:10])
    by_sentence, by_hanzi = result["kspc_sentence"], result["kspc_hanzi"]
    assert isinstance(by_sentence, float)
    assert isinstance(by_hanzi, float)
    assert by_sentence < by_hanzi


def test_learning_is_told_by_source_and_spoils_nothing_else(engine: Engine) -> None:
    wash = Row("洗碗", ("xi", "wan"), "94926", "home")
    result = learning([wash, wash, HELLO, HELLO])
    assert result["home"] == {"seen": 1, "before": 1.0, "after": 0.0, "change_percent": -100.0}
    assert result["x"] == {"seen": 1, "before": 0.0, "after": 0.0, "change_percent": 0.0}
    assert result["fixed_once"] == 100
    assert result["unrelated"] == {"before": 50.0, "after": 50.0}


class Contrarian:
    """Likes best what the input method likes least."""

    def scores(self, sentences: tuple[str, ...]) -> tuple[float, ...]:
        return tuple(1000.0 * n for n in range(len(sentences)))


def test_the_second_pass_shows_what_both_judges_like_best() -> None:
    found = [[("早上", 1000), ("晚上", 1001)], [("好", 5)]]
    shown, milliseconds = second_opinions(Contrarian(), found)
    assert shown == ["晚上", "好"]
    assert len(milliseconds) == 1


def test_the_command_prints_one_json_object(tmp_path: Path) -> None:
    path = tmp_path / "rows.tsv"
    path.write_text("你好\tni hao\t64426\tmine\n", encoding="utf-8")
    command = [sys.executable, "-m", "bench.ime", str(path), "--json", "--no-learning"]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    result = json.loads(output)
    assert result["sentence_top1"] == 100
    assert set(result) >= {
        "char_top1", "kspc_sentence", "kspc_word", "ms_per_key_p50", "ms_per_key_p99",
        "rss_mb", "data_mb", "librime", "sources",
    }  # fmt: skip


def test_a_missing_file_is_one_clear_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bench.ime", str(tmp_path / "none.tsv")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("bench.ime:")
    assert done.stderr.count("\n") == 1


EVENING = Row("早上七点", ("zao", "shang", "qi", "dian"), "92674264743426", "x")


def test_the_words_that_the_reference_reads_otherwise_are_wrong(engine: Engine) -> None:
    composition = type_keys(engine, EVENING.keys)
    words = [composition.word_text(word) for word in composition.words()]
    wrong = wrong_words(composition, EVENING)
    assert wrong == {place for place, word in enumerate(words) if word not in EVENING.sentence}


def test_choosing_is_opened_where_it_is_nearest(engine: Engine) -> None:
    composition = type_keys(engine, EVENING.keys)
    last = len(composition.words()) - 1
    marked = composition.weakest()
    assert marked is not None
    assert reach(composition, marked, None) == 1
    assert reach(composition, last, None) == 1
    assert reach(composition, last, 0) == last


def test_every_hanzi_of_a_syllable_can_be_repaired(engine: Engine) -> None:
    row = Row("蹿", ("cuan",), "2826", "x")
    cost, fixes, composition = sentence_cost(engine, row)
    assert fixes == 1
    assert cost < len(row.keys) + 30
    assert composition.text() == "蹿"
